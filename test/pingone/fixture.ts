import { type PingOneOptions, type PingOneSeed, type PingOneSimulator, startPingOne } from "identity-simulators";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import type { ConfigSource } from "../../provider/src/core/config";
import { providerSource } from "../../provider/src/core/provider-source";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { directMappedUserDefinition } from "../../provider/src/pingone/direct-mapped-user-definition";
import { type Props, type ProviderHost, startProviderHost } from "../harness/rpc";
import { tenantClock } from "../harness/tenant-clock";

export { failure, kept } from "../harness/rpc";

/** The environment of the users, which is not the one of the worker. */
export const ENV = "11111111-1111-4111-8111-111111111111";
export const OTHER_ENV = "22222222-2222-4222-8222-222222222222";
export const WORKER_ENV = "33333333-3333-4333-8333-333333333333";
export const EMPLOYEES = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa1";
export const PARTNERS = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa2";
/** A population that `NARROW` does not see. */
export const HIDDEN = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa3";
export const OTHER_POPULATION = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa4";

export const SEED: PingOneSeed = {
  environments: [
    {
      id: ENV,
      populations: [
        { id: EMPLOYEES, name: "Employees" },
        { id: PARTNERS, name: "Partners" },
        { id: HIDDEN, name: "Hidden" },
      ],
      customAttributes: [
        { name: "badge", unique: true },
        { name: "costCenter" },
        { name: "devices" },
        { name: "settings" },
        { name: "note.text" },
      ],
      users: [],
    },
    { id: OTHER_ENV, populations: [{ id: OTHER_POPULATION, name: "Default" }], users: [] },
    { id: WORKER_ENV },
  ],
};

export const CLIENTS = [
  { clientId: "worker", clientSecret: "worker-secret-nobody-may-see", environmentId: WORKER_ENV },
  {
    clientId: "narrow",
    clientSecret: "narrow-secret",
    environmentId: WORKER_ENV,
    roles: [{ environmentId: ENV, populationIds: [EMPLOYEES, PARTNERS] }],
  },
  { clientId: "post", clientSecret: "post-secret", environmentId: WORKER_ENV, tokenEndpointAuthMethod: "CLIENT_SECRET_POST" as const },
  { clientId: "idle", clientSecret: "idle-secret", environmentId: WORKER_ENV, roles: [] },
];

/** The fewest inputs a user can have. */
export const MINIMAL = { environmentId: ENV, username: "a.lovelace" };

/** Every attribute that a program can declare. */
export const FULL = {
  ...MINIMAL,
  population: { id: PARTNERS },
  email: "ada@example.com",
  name: {
    formatted: "Dr. Ada K. Lovelace PhD",
    given: "Ada",
    family: "Lovelace",
    middle: "K.",
    honorificPrefix: "Dr.",
    honorificSuffix: "PhD",
  },
  nickname: "Ada",
  title: "Analyst",
  type: "Contractor",
  address: { streetAddress: "12 Square\nBack door", locality: "London", region: "Greater London", postalCode: "SW1", countryCode: "UK" },
  primaryPhone: "1234567890",
  mobilePhone: "+44 20 1",
  locale: "en-GB",
  preferredLanguage: "en-gb;q=0.8, en;q=0.7",
  timezone: "America/Argentina/Salta",
  photo: { href: "https://example.com/ada.png" },
  externalId: "hr-1815",
  accountId: "8c1d2f7e-3a4b-4c5d-9e6f-0a1b2c3d4e5f",
  customAttributes: { badge: "1815", devices: ["laptop", "phone"], settings: { theme: { dark: true }, columns: 3 } },
};

/** The part of stack configuration that leads to an organization. */
export function settings(tenant: PingOneSimulator, client = CLIENTS[0]): Record<string, string> {
  return {
    regionCode: "EU",
    baseUrl: tenant.url,
    authBaseUrl: tenant.authUrl,
    environmentId: WORKER_ENV,
    clientId: client?.clientId ?? "",
    clientSecret: client?.clientSecret ?? "",
  };
}

export function startTenant(options: PingOneOptions = {}): Promise<PingOneSimulator> {
  return startPingOne({ seed: SEED, clients: CLIENTS, ...options });
}

export function startHost(tenant: PingOneSimulator, more: Record<string, string> = {}): Promise<ProviderHost> {
  const unnamed = Object.entries({ ...settings(tenant), ...more }).map(([key, value]) => [`pingone:${key}`, value]);
  return startProviderHost({ provider: providerSource("pingone:DirectMappedUser"), config: Object.fromEntries(unnamed) });
}

/** An organization and a provider process for all tests of a file. Each test finds the organization as it was, with an empty log. */
export async function useStack(more: Record<string, string> = {}) {
  const tenant = await startTenant();
  const host = await startHost(tenant, more);
  // The first call loads the library, which on a busy machine takes longer than a test may.
  await host.check(undefined, MINIMAL);
  useReset(tenant);
  afterAll(() => host.close());
  return { tenant, host };
}

/** Each test finds the organization as it was at the start, and sends only requests that the vendor's API has. */
export function useReset(tenant: PingOneSimulator): void {
  beforeEach(async () => void (await fetch(`${tenant.url}/_simulator/reset`, { method: "POST" })));
  afterEach(() => expect(tenant.unknownRequests).toEqual([]));
  afterAll(() => tenant.close());
}

/** Every request but those for tokens: method, last part of the path with `:id` for the user's, and status; `-` for an answer that never came. */
export function calls(tenant: PingOneSimulator): string[] {
  return tenant.requests
    .filter(({ path }) => !path.endsWith("/as/token"))
    .map(
      ({ method, path, status = "-" }) =>
        `${method} ${path.replace(/^.*\/DirectMappedUsers/, "users").replace(/[0-9a-f-]{36}/, ":id")} ${status}`,
    );
}

/** The bodies of all requests with a method, searches and tokens left out. */
export function sent(tenant: PingOneSimulator, method: string): Record<string, unknown>[] {
  return tenant.requests
    .filter((request) => request.method === method && !/token|search/.test(request.path))
    .map(({ body }) => body as Record<string, unknown>);
}

/** A user of the organization, by username. */
export function stored(tenant: PingOneSimulator, username = MINIMAL.username) {
  const users = tenant.dump().environments.flatMap((environment) => environment.users);
  const user = users.find((candidate) => candidate.attributes.username === username);
  if (!user) throw new Error(`there is no user ${username}`);
  return user;
}

/** How many users there are in all. */
export const count = (tenant: PingOneSimulator) => tenant.dump().environments.flatMap(({ users }) => users).length;

export interface Bound {
  provider: ResourceProvider;
  /** The waits that were asked for, in milliseconds. None was waited for: each moved the organization's clock instead. */
  waits: number[];
  warnings: string[];
}

/** The provider in this process on the organization's clock, for what takes long. */
export function bindTo(tenant: PingOneSimulator, more: Record<string, string> = {}): Bound {
  const [waits, warnings]: [number[], string[]] = [[], []];
  const given: Record<string, string> = { ...settings(tenant), ...more };
  const config: ConfigSource = { get: (key) => given[key.replace("pingone:", "")], env: {} };
  const clock = tenantClock(tenant, waits);
  const log = { warn: (message: string) => void warnings.push(message), progress: () => {} };
  return { provider: bind(directMappedUserDefinition, { config, clock, log }), waits, warnings };
}

/** Runs one `up` in this process: check, diff and what follows. Returns the next memory. */
export async function up(provider: ResourceProvider, inputs: Props, old?: Memory): Promise<Memory> {
  const checked = provider.check(inputs, old?.inputs);
  if (checked.failures.length > 0) throw new Error(JSON.stringify(checked.failures));
  if (!old) return { ...(await provider.create(checked.inputs)), inputs: checked.inputs };
  const diff = provider.diff(old.state, checked.inputs);
  if (diff.changes === false) return { ...old, inputs: checked.inputs };
  return { id: old.id, state: await provider.update(old.id, old.state, checked.inputs), inputs: checked.inputs };
}

export interface Memory {
  id: string;
  state: Props;
  inputs: Props;
}
