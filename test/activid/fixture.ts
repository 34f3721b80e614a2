import { type ActivIdOptions, type ActivIdSeed, type ActivIdSimulator, startActivId } from "identity-simulators";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { userDefinition } from "../../provider/src/activid/user-definition";
import { userImportDefinition } from "../../provider/src/activid/user-import-definition";
import type { ConfigSource } from "../../provider/src/core/config";
import { providerSource } from "../../provider/src/core/provider-source";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { type Props, type ProviderHost, startProviderHost } from "../harness/rpc";
import { tenantClock } from "../harness/tenant-clock";

export { failure, kept } from "../harness/rpc";

/** The fewest inputs a user can have. */
export const MINIMAL = {
  externalId: "mlopez",
  name: { givenName: "Maria", familyName: "Lopez" },
  emails: [{ value: "mlopez@example.org" }],
  groups: [{ value: "USG_FTEMP" }],
};

/** All inputs that are sent to the server. */
export const FULL = {
  ...MINIMAL,
  title: "Engineer",
  active: true,
  phoneNumbers: [{ value: "+34 600 000 001" }],
  addresses: [{ formatted: "1 Main Street", type: "work" }, { formatted: "2 Side Street" }],
  roles: [{ value: "RL_AUDITV" }, { value: "RL_HELPDESK" }],
  attributes: { DOB: "1990-02-03", DEPARTMENT: "R&D" },
  enterprise: { organization: "Example" },
  devices: [{ value: "501" }],
};

/** The fewest inputs a federated user can have. */
export const FEDERATED = { externalId: "ada@example.org", userType: "SCIM_FED", name: { givenName: "Ada", familyName: "Byron" } };

export const CREDENTIALS = { clientId: "simulator:client", clientSecret: "simulator secret+%&" };

/** The part of stack configuration that leads to a tenant. */
export function settings(tenant: ActivIdSimulator): Record<string, string> {
  return { baseUrl: tenant.url, tenant: "ACME", ...tenant.credentials };
}

export function startHost(tenant: ActivIdSimulator, type = "activid:User", more: Record<string, string> = {}): Promise<ProviderHost> {
  const unnamed = Object.entries({ ...settings(tenant), ...more }).map(([key, value]) => [`activid:${key}`, value]);
  return startProviderHost({ provider: providerSource(type), config: Object.fromEntries(unnamed) });
}

export interface Stack {
  tenant: ActivIdSimulator;
  host: ProviderHost;
}

/** A tenant and a provider process for all tests of a file. Each test finds the tenant as it was at the start, with an empty log. */
export async function useStack(
  type = "activid:User",
  { config = {}, ...options }: ActivIdOptions & { config?: Record<string, string> } = {},
): Promise<Stack> {
  const tenant = await startActivId(options);
  const host = await startHost(tenant, type, config);
  beforeEach(() => void tenant.reset());
  afterEach(() => expect(tenant.unknownRequests).toEqual([]));
  afterAll(() => Promise.all([host.close(), tenant.close()]));
  return { tenant, host };
}

/** Every request but those for tokens: method, path below the tenant with `:id` for ids, and status; `-` for an answer that never came. */
export function calls(tenant: ActivIdSimulator): string[] {
  return tenant.requests
    .filter(({ path }) => !path.endsWith("/token"))
    .map(({ method, path, status = "-" }) => `${method} ${path.replace("/scim/ACME/v2", "").replace(/\d+$/, ":id")} ${status}`);
}

/** The bodies of all requests with a method and a path that ends so, in order. */
export function sent(tenant: ActivIdSimulator, method: string, path = /Users(\/\d+)?$/): Props[] {
  return tenant.requests.filter((request) => request.method === method && path.test(request.path)).map(({ body }) => body as Props);
}

/** A user of the tenant, by externalId. */
export function stored(tenant: ActivIdSimulator, externalId = MINIMAL.externalId) {
  const user = tenant.dump().users.find((candidate) => candidate.externalId === externalId);
  if (!user) throw new Error(`the tenant has no user ${externalId}`);
  return user;
}

/** A stored user's attributes as a map. */
export function attributes(tenant: ActivIdSimulator, externalId = MINIMAL.externalId): Record<string, unknown> {
  return Object.fromEntries(stored(tenant, externalId).attributes.map(({ name, value }) => [name, value]));
}

/** Maria as somebody else made her. */
export function seeded(tenant: ActivIdSimulator, rest: Partial<NonNullable<ActivIdSeed["users"]>[number]> = {}): string {
  const entries = { FIRSTNAME: "Maria", LASTNAME: "Lopez", ATR_EMAIL: "mlopez@example.org" };
  const users = [
    {
      id: "300",
      externalId: "mlopez",
      attributes: Object.entries(entries).map(([name, value]) => ({ name, value, readOnly: false })),
      ...rest,
    },
  ];
  tenant.load({ users });
  return "300";
}

export interface Bound {
  provider: ResourceProvider;
  /** The waits that were asked for, in milliseconds. None was waited for: each moved the tenant's clock instead. */
  waits: number[];
  warnings: string[];
  progress: string[];
}

/** The provider in this process on the tenant's clock, for what takes long. */
export function bindTo(tenant: ActivIdSimulator, type: "User" | "UserImport" = "User", more: Record<string, string> = {}): Bound {
  const [waits, warnings, progress]: [number[], string[], string[]] = [[], [], []];
  const given: Record<string, string> = { ...settings(tenant), ...more };
  const config: ConfigSource = { get: (key) => given[key.replace("activid:", "")], env: {} };
  const clock = tenantClock(tenant, waits);
  const log = { warn: (message: string) => void warnings.push(message), progress: (message: string) => void progress.push(message) };
  // biome-ignore lint/suspicious/noExplicitAny: two kinds of definition, each consistent in itself.
  const definition: any = type === "User" ? userDefinition : userImportDefinition;
  return { provider: bind(definition, { config, clock, log }), waits, warnings, progress };
}
