import { randomUUID } from "node:crypto";
import { type PlainIdOptions, type PlainIdSimulator, startPlainId } from "identity-simulators";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import type { Clock } from "../../provider/src/core/clock";
import { providerSource } from "../../provider/src/core/provider-source";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { identitySourceDefinition } from "../../provider/src/plainid/identity-source-definition";
import { type Props, type ProviderHost, startProviderHost } from "../harness/rpc";
import { tenantClock } from "../harness/tenant-clock";

export { failure, kept } from "../harness/rpc";

export type Source = { sourceId: string; displayName?: string } & Props;

/** An environment's template of its own for each test, because the provider process remembers what it saw of one. */
export interface Place {
  envId: string;
  identityTemplateId: string;
}

export function settings(tenant: PlainIdSimulator): Record<string, string> {
  return { baseUrl: tenant.url, ...tenant.credentials };
}

/** The stock provider process, configured for a tenant. `more` are further settings of the unnamed connection. */
export function startHost(tenant: PlainIdSimulator, more: Record<string, string> = {}): Promise<ProviderHost> {
  const unnamed = Object.entries({ ...settings(tenant), ...more }).map(([key, value]) => [`plainid:${key}`, value]);
  return startProviderHost({ provider: providerSource("plainid:IdentitySource"), config: Object.fromEntries(unnamed) });
}

export interface Stack {
  tenant: PlainIdSimulator;
  host: ProviderHost;
}

/** A tenant and a provider process for all tests of a file. Each test finds default switches and an empty log. */
export async function useStack(more: Record<string, string> = {}, options: PlainIdOptions = {}): Promise<Stack> {
  const tenant = await startPlainId(options);
  const host = await startHost(tenant, more);
  beforeEach(async () => {
    await fetch(`${tenant.url}/_simulator/reset`, { method: "POST" });
    host.logs.length = 0;
  });
  afterEach(() => expect(tenant.unknownRequests).toEqual([]));
  afterAll(() => Promise.all([host.close(), tenant.close()]));
  return { tenant, host };
}

/** Puts sources into a new environment of the tenant; a text is a source of that id, which looks like no other. */
export function lay(
  tenant: PlainIdSimulator,
  sources: (string | Source)[],
  rest: { mapperSets?: []; apiMapperSets?: [] } & Props = {},
): Place {
  const envId = randomUUID();
  const { apiMapperSets, ...template } = rest as { apiMapperSets?: [] };
  const complete = sources.map((source) => (typeof source === "string" ? named(source) : source));
  const { environments } = tenant.dump();
  tenant.load({
    environments: [...environments, { envId, templates: [{ identityTemplateId: "User", sources: complete, ...template }], apiMapperSets }],
  });
  return { envId, identityTemplateId: "User" };
}

export const named = (id: string): Source => ({
  sourceId: id,
  displayName: `made as ${id}`,
  description: `about ${id}`,
  sourceMetaData: { logoUrl: null, viewName: `view of ${id}` },
});

/** The sources of a place: what was made as which id, by the id it has now. Built-in ones are left out. */
export function found(tenant: PlainIdSimulator, place: Place): Record<string, string> {
  return Object.fromEntries(all(tenant, place).map(({ sourceId, displayName }) => [sourceId, displayName.replace("made as ", "")]));
}

export function all(tenant: PlainIdSimulator, { envId, identityTemplateId }: Place) {
  const environment = tenant.dump().environments.find((candidate) => candidate.envId === envId);
  const template = environment?.templates.find((candidate) => candidate.identityTemplateId === identityTemplateId);
  return template?.sources.filter(({ sourceType, sourceId }) => sourceType !== sourceId) ?? [];
}

/** Every request but those for tokens: method, what it is for, and status; `-` for an answer that never came. */
export function calls(tenant: PlainIdSimulator): string[] {
  return tenant.requests
    .filter(({ path }) => !path.endsWith("/token"))
    .map(({ method, path, status = "-" }) => {
      const [, , , noun, , , collection, id] = path.split("/");
      return `${method} ${[collection ?? noun, id]
        .filter(Boolean)
        .map(decodeURIComponent as (part?: string) => string)
        .join("/")} ${status}`;
    });
}

/** Renames that were asked for: `from>to status`. */
export function renames(tenant: PlainIdSimulator): string[] {
  return tenant.requests
    .filter(({ method }) => method === "PATCH")
    .map(({ path, body, status = "-" }) => {
      const [{ value }] = body as [{ value: string }];
      return `${plain(decodeURIComponent(path.split("/").at(-1) ?? ""))}>${plain(value)} ${status}`;
    });
}

const plain = (id: string) => id.replace(/__parked_\w{8}$/, "~");

export const writes = (tenant: PlainIdSimulator) =>
  tenant.requests.filter(({ method, path }) => method !== "GET" && !path.endsWith("/token"));

export interface Bound {
  provider: ResourceProvider;
  /** The waits that were asked for, in milliseconds. None was waited for: each moved the tenant's clock instead. */
  waits: number[];
  warnings: string[];
}

/** The provider in this process for what takes long: on the tenant's clock, or on another one. */
export function bindTo(tenant: PlainIdSimulator, more: Record<string, string> = {}, other?: Clock): Bound {
  const [waits, warnings]: [number[], string[]] = [[], []];
  const given: Record<string, string> = { ...settings(tenant), ...more };
  const config = { get: (key: string) => given[key.replace("plainid:", "")], env: {} };
  const clock = other ?? tenantClock(tenant, waits);
  const log = { warn: (message: string) => void warnings.push(message), progress: () => undefined };
  return { provider: bind(identitySourceDefinition, { config, clock, log }), waits, warnings };
}
