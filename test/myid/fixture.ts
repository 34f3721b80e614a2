import { type MyIdOptions, type MyIdSeed, type MyIdSimulator, type Slot, startMyId } from "identity-simulators";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import type { ConfigSource } from "../../provider/src/core/config";
import { providerSource } from "../../provider/src/core/provider-source";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { personEntraLinkDefinition } from "../../provider/src/myid/person-entra-link-definition";
import { type Props, type ProviderHost, startProviderHost } from "../harness/rpc";
import { tenantClock } from "../harness/tenant-clock";

export { failure, kept } from "../harness/rpc";

const guid = (digit: string) => `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;

/** Users of Entra. */
export const [ENTRA, OTHER, FOREIGN] = [guid("a"), guid("b"), guid("f")] as const;

/** People of the server. Grace and Grace H. are what a loose search finds together. */
export const ADA = {
  id: guid("1"),
  logonName: "alovelace",
  employeeId: "E100",
  contact: { emailAddress: "ada@acme.example" },
  externalReferences: { id2: "badge-77", id3: "payroll-9" },
};
export const GRACE = { id: guid("2"), logonName: "grace", employeeId: "E200", contact: { emailAddress: "grace@acme.example" } };
export const GRACE_H = { id: guid("3"), logonName: "graceh", employeeId: "E2000", contact: { emailAddress: "grace.h@acme.example" } };
export const TWINS = [
  { id: guid("4"), logonName: "twin1", employeeId: "E300", contact: { emailAddress: "twins@acme.example" } },
  { id: guid("5"), logonName: "twin2", employeeId: "E300", contact: { emailAddress: "TWINS@acme.example" } },
] as const;
/** May be changed by Edit PIV Applicant only. */
export const PIV = { id: guid("6"), logonName: "piv", pivApplicant: true };
export const NOBODY = guid("0");

export const SEED: MyIdSeed = { people: [ADA, GRACE, GRACE_H, ...TWINS, PIV] };

/** The fewest inputs a link can have. */
export const MINIMAL = { person: { id: ADA.id }, entraObjectId: ENTRA };

/** The part of stack configuration that leads to a server. */
export function settings({ url, credentials }: MyIdSimulator): Record<string, string> {
  return { baseUrl: url, ...credentials };
}

export function startServer(options: MyIdOptions = {}): Promise<MyIdSimulator> {
  return startMyId({ seed: SEED, ...options });
}

/** The stock provider process, configured for a server. `more` are further settings of the unnamed connection. */
export function startHost(server: MyIdSimulator, more: Record<string, string> = {}): Promise<ProviderHost> {
  const unnamed = Object.entries({ ...settings(server), ...more }).map(([key, value]) => [`myid:${key}`, value]);
  return startProviderHost({ provider: providerSource("myid:PersonEntraLink"), config: Object.fromEntries(unnamed) });
}

/** A server and a provider process for all tests of a file. Each test finds the server as it was at the start, with an empty log. */
export async function useStack(): Promise<{ server: MyIdSimulator; host: ProviderHost }> {
  const server = await startServer();
  const host = await startHost(server);
  beforeEach(() => server.reset());
  afterEach(() => {
    expect(server.unknownRequests).toEqual([]);
    expect(server.count({ method: "DELETE" }), "a DELETE removes the person").toBe(0);
  });
  afterAll(() => Promise.all([host.close(), server.close()]));
  return { server, host };
}

/** Every request but those for tokens: method, path below the API with `:id` for ids, and status; `-` for an answer that never came. */
export function calls(server: MyIdSimulator): string[] {
  return server.requests
    .filter(({ path }) => path.startsWith("/rest.core/api"))
    .map(({ method, path, status = "-" }) => `${method} ${path.replace("/rest.core/api", "").replace(/[0-9a-f-]{36}/gi, ":id")} ${status}`);
}

/** What each PATCH asked for, in order. */
export function patches(server: MyIdSimulator) {
  return server.requests
    .filter(({ method }) => method === "PATCH")
    .map(({ path, query, body }) => ({ person: path.split("/").at(-1), query, body }));
}

/** What a slot of a person holds. */
export function slot(server: MyIdSimulator, person: { id: string } = ADA, name: Slot = "id1"): string | null {
  const found = server.dump().people.find(({ id }) => id === person.id);
  if (!found) throw new Error(`the server has no person ${person.id}`);
  return found.externalReferences[name];
}

export interface Bound {
  provider: ResourceProvider;
  warnings: string[];
  /** Inputs in normal form. Errors: the reasons why they are refused. */
  checked(inputs: Props): Props;
}

/** The provider in this process, where waits take no time. */
export function bindTo(server: MyIdSimulator, more: Record<string, string> = {}): Bound {
  const warnings: string[] = [];
  const given: Record<string, string> = { ...settings(server), ...more };
  const config: ConfigSource = { get: (key) => given[key.replace("myid:", "")], env: {} };
  const clock = tenantClock(server);
  const log = { warn: (message: string) => void warnings.push(message), progress() {} };
  const provider = bind(personEntraLinkDefinition, { config, clock, log });
  return {
    provider,
    warnings,
    checked(inputs) {
      const { inputs: checked, failures } = provider.check(inputs);
      if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
      return checked;
    },
  };
}
