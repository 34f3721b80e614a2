import { type SailPointOptions, type SailPointSeed, type SailPointSimulator, startSailPoint } from "identity-simulators";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import type { ConfigSource } from "../../provider/src/core/config";
import { providerSource } from "../../provider/src/core/provider-source";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { identityProfileDefinition } from "../../provider/src/sailpoint/identity-profile-definition";
import { type Props, type ProviderHost, startProviderHost } from "../harness/rpc";
import { tenantClock } from "../harness/tenant-clock";

export { failure, kept } from "../harness/rpc";

const id = (digit: string) => digit.repeat(32);

/** Sources of the tenant; two of them share a name. */
export const HR = { id: id("f"), name: "HR", accountAttributes: ["login", "mail", "givenName", "sn"] };
export const PARTNERS = { id: id("e"), name: "Partners", accountAttributes: ["login", "workMail"] };
export const OPEN = { id: id("d"), name: 'Open "source" \\ #1' };
export const TWINS = [
  { id: id("c"), name: "Twins" },
  { id: id("b"), name: "Twins" },
];
/** Identities of the tenant. */
export const ADA = { id: id("1"), name: "Ada Lovelace" };
export const GRACE = { id: id("2"), name: "Grace Hopper" };

export const SEED: SailPointSeed = {
  sources: [HR, PARTNERS, OPEN, ...TWINS],
  identities: [ADA, GRACE],
  transforms: [{ name: "Upper" }, { name: "Lower" }],
  rules: [
    { id: id("9"), name: "Make uid" },
    { id: id("8"), name: "Make email" },
  ],
};

/** The fewest inputs a profile can have. */
export const MINIMAL = { name: "Employees", authoritativeSource: { id: HR.id } };

/** A mapping of one attribute, in a profile's inputs. */
export const mail = (attributes: Props = {}) => ({ type: "accountAttribute", attributeName: "mail", sourceId: HR.id, ...attributes });
export const mapping = (attributeTransforms: Props, rest: Props = {}) => ({ identityAttributeConfig: { attributeTransforms, ...rest } });

/** The part of stack configuration that leads to a tenant. The pace is not limited, so that tests need not wait. */
export function settings(tenant: SailPointSimulator): Record<string, string> {
  const { clientId, clientSecret } = tenant.credentials;
  return { baseUrl: tenant.url, clientId, clientSecret, requestsPer10Seconds: "10000" };
}

export function startTenant(options: SailPointOptions = {}): Promise<SailPointSimulator> {
  return startSailPoint({ seed: SEED, rateLimit: false, ...options });
}

/** The stock provider process, configured for a tenant. `more` are further settings of the unnamed connection. */
export function startHost(tenant: SailPointSimulator, more: Record<string, string> = {}): Promise<ProviderHost> {
  const unnamed = Object.entries({ ...settings(tenant), ...more }).map(([key, value]) => [`sailpoint:${key}`, value]);
  return startProviderHost({ provider: providerSource("sailpoint:IdentityProfile"), config: Object.fromEntries(unnamed) });
}

export interface Stack {
  tenant: SailPointSimulator;
  host: ProviderHost;
}

/** A tenant and a provider process for all tests of a file. Each test finds the tenant as it was at the start, with an empty log. */
export async function useStack({
  options,
  more = () => ({}),
}: {
  options?: SailPointOptions;
  more?: (tenant: SailPointSimulator) => Record<string, string>;
} = {}): Promise<Stack> {
  const tenant = await startTenant(options);
  const host = await startHost(tenant, more(tenant));
  beforeEach(() => reset(tenant));
  afterEach(() => expect(tenant.unknownRequests).toEqual([]));
  afterAll(() => Promise.all([host.close(), tenant.close()]));
  return { tenant, host };
}

async function reset(tenant: SailPointSimulator): Promise<void> {
  await fetch(`${tenant.url}/_simulator/reset`, { method: "POST" });
}

/** Every request but those for tokens: method, path below the version with `:id` for ids, and status; `-` for an answer that never came. */
export function calls(tenant: SailPointSimulator): string[] {
  return tenant.requests
    .filter(({ path }) => path !== "/oauth/token")
    .map(({ method, path, status = "-" }) => `${method} ${path.replace("/beta/", "/").replace(/[0-9a-f]{32}/g, ":id")} ${status}`);
}

/** The bodies of all requests with a method, in order; tokens left out. */
export function sent(tenant: SailPointSimulator, method: string): unknown[] {
  return tenant.requests.filter((request) => request.method === method && request.path !== "/oauth/token").map(({ body }) => body);
}

/** A profile of the tenant, by name. */
export function stored(tenant: SailPointSimulator, name = MINIMAL.name) {
  const profile = tenant.dump().profiles.find((candidate) => candidate.name === name);
  if (!profile) throw new Error(`the tenant has no profile ${name}`);
  return profile;
}

export interface Bound {
  provider: ResourceProvider;
  /** The waits that were asked for, in milliseconds. None was waited for: each moved the tenant's clock instead. */
  waits: number[];
  warnings: string[];
  progress: string[];
}

/**
 * The provider in this process on the tenant's clock, for what takes long.
 *
 * Connections are shared within a process: the HTTP client's own waits show only in what was bound first to a tenant.
 */
export function bindTo(tenant: SailPointSimulator, more: Record<string, string> = {}): Bound {
  const [waits, warnings, progress]: [number[], string[], string[]] = [[], [], []];
  const given: Record<string, string> = { ...settings(tenant), ...more };
  const config: ConfigSource = { get: (key) => given[key.replace("sailpoint:", "")], env: {} };
  const clock = tenantClock(tenant, waits);
  const log = { warn: (message: string) => void warnings.push(message), progress: (message: string) => void progress.push(message) };
  return { provider: bind(identityProfileDefinition, { config, clock, log }), waits, warnings, progress };
}
