/** Tenants of any size, one shape for all vendors, for tests about reading many objects. */
import { type Simulator, startActivId, startPingOne, startPlainId, startSailPoint } from "identity-simulators";
import { userDefinition } from "../../provider/src/activid/user-definition";
import type { Clock } from "../../provider/src/core/clock";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { directMappedUserDefinition } from "../../provider/src/pingone/direct-mapped-user-definition";
import { identitySourceDefinition } from "../../provider/src/plainid/identity-source-definition";
import { identityProfileDefinition } from "../../provider/src/sailpoint/identity-profile-definition";
import type { Props } from "../harness/rpc";

export interface BigTenant {
  provider: ResourceProvider;
  /** What the engine's state knows of the objects: their ids, and almost nothing else. */
  ids: string[];
  /** State of an object that a program declares, with a text of its own. */
  stateOf(id: string): Props;
  /** The inputs of such an object, with the text. */
  inputsOf(id: string, text: string): Props;
  /** The text of an object, out of what a read gave. */
  textOf(state: Props): unknown;
  /** Changes the text behind the program's back. */
  change(id: string, text: string): void;
  simulator: Pick<Simulator<unknown, unknown, object, object>, "requests" | "clearRequests" | "close">;
}

/** Time that only moves when somebody sleeps, or is told to. */
export class StepClock implements Clock {
  private time = 0;
  now = () => this.time;
  random = () => 0.5;
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await new Promise((done) => setImmediate(done));
  }
  advance(ms: number): void {
    this.time += ms;
  }
}

const hex = (index: number, length: number) => index.toString(16).padStart(length, "0");
const numbers = (size: number) => Array.from({ length: size }, (_, index) => index);
const indexOf = new Map<string, number>();

// biome-ignore lint/suspicious/noExplicitAny: definitions of many types; each is consistent in itself.
function bound(definition: any, config: Record<string, string>, clock: Clock): ResourceProvider {
  const log = { warn: () => {}, progress: () => {} };
  return bind(definition, { config: { get: (key) => config[key], env: {} }, clock, log });
}

async function sailpoint(size: number, clock: Clock): Promise<BigTenant> {
  const profiles = numbers(size).map((index) => ({
    id: hex(index + 1, 32),
    name: `Profile ${index}`,
    description: "0",
    priority: index + 1,
    authoritativeSource: { id: hex(index + 1, 32) },
    identityAttributeConfig: { enabled: true, attributeTransforms: [] },
  }));
  const sources = profiles.map(({ authoritativeSource: { id }, name }) => ({ id, name: `Source of ${name}` }));
  const simulator = await startSailPoint({ seed: { sources, profiles }, rateLimit: false });
  const { clientId, clientSecret } = simulator.credentials;
  const config = {
    "sailpoint:baseUrl": simulator.url,
    "sailpoint:clientId": clientId,
    "sailpoint:clientSecret": clientSecret,
    "sailpoint:requestsPer10Seconds": "10000",
  };
  const inputsOf = (id: string, description: string) => ({
    name: `Profile ${Number.parseInt(id, 16) - 1}`,
    description,
    authoritativeSource: { id },
  });
  return {
    provider: bound(identityProfileDefinition, config, clock),
    ids: profiles.map(({ id }) => id),
    inputsOf,
    stateOf: (id) => ({ ...inputsOf(id, "0"), sourceId: id, serverChosen: ["priority"] }),
    textOf: ({ description }) => description,
    change: (id, description) => simulator.drift.changeProfile(id, { description }),
    simulator,
  };
}

const ENV = "11111111-1111-4111-8111-111111111111";

async function pingone(size: number, clock: Clock): Promise<BigTenant> {
  const users = numbers(size).map((index) => ({
    id: `aaaaaaaa-aaaa-4aaa-8aaa-${hex(index, 12)}`,
    attributes: { username: `user-${index}`, title: "0" },
  }));
  const simulator = await startPingOne({
    seed: { environments: [{ id: ENV, populations: [{ id: ENV, name: "All" }], users }] },
    clients: [{ clientId: "worker", clientSecret: "worker-secret", environmentId: ENV }],
  });
  const config = {
    "pingone:baseUrl": simulator.url,
    "pingone:authBaseUrl": simulator.authUrl,
    "pingone:environmentId": ENV,
    "pingone:clientId": "worker",
    "pingone:clientSecret": "worker-secret",
    "pingone:concurrency": "16",
  };
  for (const [index, { id }] of users.entries()) indexOf.set(id, index);
  const inputsOf = (id: string, title: string) => ({ environmentId: ENV, username: `user-${indexOf.get(id.slice(37))}`, title });
  return {
    provider: bound(directMappedUserDefinition, config, clock),
    ids: users.map(({ id }) => `${ENV}/${id}`),
    inputsOf,
    stateOf: (id) => ({ ...inputsOf(id, "0"), userId: id.slice(37), serverChosen: ["population"] }),
    textOf: ({ title }) => title,
    change: (id, title) => simulator.drift.changeUser(id.slice(37), { title }),
    simulator,
  };
}

async function activid(size: number, clock: Clock): Promise<BigTenant> {
  const users = numbers(size).map((index) => ({
    id: String(30_000 + index),
    externalId: `user-${index}`,
    title: "0",
    attributes: Object.entries({ FIRSTNAME: "A", LASTNAME: `B${index}`, ATR_EMAIL: "a@example.org" }).map(([name, value]) => ({
      name,
      value,
      readOnly: false,
    })),
  }));
  const simulator = await startActivId({ seed: { users } });
  const { clientId, clientSecret } = simulator.credentials;
  const config = {
    "activid:baseUrl": simulator.url,
    "activid:tenant": "ACME",
    "activid:clientId": clientId,
    "activid:clientSecret": clientSecret,
    "activid:concurrency": "16",
  };
  const inputsOf = (id: string, title: string) => ({
    externalId: `user-${Number(id) - 30_000}`,
    name: { givenName: "A", familyName: `B${Number(id) - 30_000}` },
    emails: [{ value: "a@example.org" }],
    groups: [{ value: "USG_FTEMP" }],
    title,
  });
  const provider = bound(userDefinition, config, clock);
  const tenant = (await provider.read("30000", {}))?.state.tenant;
  simulator.clearRequests();
  return {
    provider,
    ids: users.map(({ id }) => id),
    inputsOf,
    stateOf: (id) => ({ ...inputsOf(id, "0"), tenant }),
    textOf: ({ title }) => title,
    change: (id, title) => simulator.drift.changeUser(id, { title }),
    simulator,
  };
}

/** One template for every 200 sources. */
async function plainid(size: number, clock: Clock): Promise<BigTenant> {
  const sourceIds = numbers(size).map((index) => `source_${index}`);
  const templateOf = (sourceId: string) => `Template${Math.floor(Number(sourceId.slice(7)) / 200)}`;
  const templates = [...new Set(sourceIds.map(templateOf))].map((identityTemplateId) => ({
    identityTemplateId,
    sources: sourceIds
      .filter((sourceId) => templateOf(sourceId) === identityTemplateId)
      .map((sourceId) => ({ sourceId, displayName: "0", sourceType: "EXTERNAL_INPUT" })),
  }));
  const simulator = await startPlainId({ seed: { environments: [{ envId: ENV, templates }] } });
  const { clientId, clientSecret } = simulator.credentials;
  const config = {
    "plainid:baseUrl": simulator.url,
    "plainid:clientId": clientId,
    "plainid:clientSecret": clientSecret,
    "plainid:allowImport": "true",
  };
  const inputsOf = (id: string, displayName: string) => {
    const [envId, identityTemplateId, sourceId] = id.split("/");
    return { envId, identityTemplateId, sourceId, displayName };
  };
  return {
    provider: bound(identitySourceDefinition, config, clock),
    ids: sourceIds.map((sourceId) => `${ENV}/${templateOf(sourceId)}/${sourceId}`),
    inputsOf,
    stateOf: (id) => ({
      ...inputsOf(id, "0"),
      originalSourceId: id.split("/")[2],
      sourceType: "EXTERNAL_INPUT",
      serverChosen: ["sourceType"],
    }),
    textOf: ({ displayName }) => displayName,
    change: (id, displayName) => {
      const [envId = "", identityTemplateId = "", sourceId = ""] = id.split("/");
      simulator.drift.changeSource(envId, identityTemplateId, sourceId, { displayName });
    },
    simulator,
  };
}

export const tenants: Record<string, (size: number, clock: Clock) => Promise<BigTenant>> = { sailpoint, pingone, activid, plainid };

/** As many objects as the engine asks for at the same time on a machine with two cores. */
const IN_FLIGHT = 8;

/** Reads objects as the engine's refresh does. Out: their texts, undefined for those that are gone. */
export async function readAll({ provider, stateOf, textOf }: BigTenant, ids: readonly string[]): Promise<unknown[]> {
  const texts: unknown[] = [];
  const queue = ids.map((id, index) => ({ id, index }));
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const found = await provider.read(next.id, stateOf(next.id));
      texts[next.index] = found && textOf(found.state);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return texts;
}

/** Requests to a tenant, those for tokens left out. */
export function requestCount({ simulator }: BigTenant): number {
  return simulator.requests.filter(({ path }) => !/token/.test(path)).length;
}
