import { isDeepStrictEqual } from "node:util";
import { formatPath } from "../core/check";
import { systemClock } from "../core/clock";
import { IdentityError } from "../core/errors";
import type { Log } from "../core/log";
import { DYNAMIC } from "../core/provider-source";
import { bind, type ResourceDefinition } from "../core/resource";
import { type PulumiStack, resourceOf } from "./stack";

// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
type Definitions = Record<string, ResourceDefinition<any, any, any, any>>;
type Values = Record<string, unknown>;

/** One attribute, or a whole object, in which code, state and tenant do not say the same. */
export interface Difference {
  /** Name of the resource in the program. */
  name: string;
  /** `<vendor>:<Noun>`. */
  type: string;
  /** Path of the attribute; undefined for the object as a whole. */
  attribute?: string;
  /** What the program says, what was true after the last run, and what is true now; undefined where it says nothing. */
  code?: unknown;
  state?: unknown;
  tenant?: unknown;
  /** Who moved away from state, and so has to explain it; for a whole object, what became of it there. */
  by: "tenant" | "code" | "both";
  change: "changed" | "added" | "removed";
}

/** An object that the systems have and no program of this stack declares. */
export interface Unmanaged {
  type: string;
  id: string;
  name: string;
  /** The command that takes it over. */
  command: string;
}

/** The inputs of one object: as the program says, as state knows, and as the tenant has them. */
interface Sides {
  code?: Values;
  state?: Values;
  tenant?: Values;
}

/**
 * Compares code, state and tenant of every object of this library in a stack. Nothing is written anywhere.
 *
 * Out:    a row for each attribute that differs, in the order of the program's names.
 * Errors: ConfigError for a stack, program or tenant that cannot be read.
 */
export async function findDrift(stack: PulumiStack, definitions: Definitions): Promise<Difference[]> {
  const [code, tenant] = [await stack.preview(), await stack.previewRefresh()];
  const objects = new Map<string, Sides>();
  for (const { urn, op, oldState, newState } of tenant.steps) {
    // The preview of the program leaves out what it would not change.
    objects.set(urn, { code: oldState?.inputs, state: oldState?.inputs, tenant: op === "delete" ? undefined : newState?.inputs });
  }
  for (const { urn, op, newState } of code.steps) {
    // A replacement is several steps; the one that deletes the old object says nothing of what the program wants.
    if (op === "delete") objects.set(urn, { ...objects.get(urn), code: undefined });
    else if (newState?.inputs) objects.set(urn, { ...objects.get(urn), code: newState.inputs });
  }
  return [...objects]
    .flatMap(([urn, sides]) => {
      const resource = resourceOf(urn);
      const definition = resource && definitions[resource.type];
      return definition ? differences(resource, sides, definition) : [];
    })
    .sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
}

function differences(
  object: { name: string; type: string },
  { code, state, tenant }: Sides,
  definition: Definitions[string],
): Difference[] {
  if (!state) return code ? [{ ...object, by: "code", change: "added" }] : [];
  if (!tenant) return [{ ...object, by: code ? "tenant" : "both", change: "removed" }];
  if (!code) return [{ ...object, by: "code", change: "removed" }];
  const hidden = (path: string) => {
    const key = path.split(/[.[]/)[0] ?? "";
    // What is only sent once is in no answer, so it always seems to be gone; the rest is this library's own.
    return ["__provider", "timeouts"].includes(key) || ["writeOnly", "local"].includes(String(definition?.fields[key]?.mutability));
  };
  const [inCode, inState, inTenant] = [leaves(code), leaves(state), leaves(tenant)];
  const paths = [...new Set([...inState.keys(), ...inTenant.keys(), ...inCode.keys()])].filter((path) => !hidden(path));
  return paths.flatMap((path) => {
    const [said, was, is] = [inCode.get(path), inState.get(path), inTenant.get(path)];
    const [codeMoved, tenantMoved] = [!isDeepStrictEqual(said, was), !isDeepStrictEqual(is, was)];
    // Both may have moved to the same place.
    if ((!codeMoved && !tenantMoved) || isDeepStrictEqual(said, is)) return [];
    const by = codeMoved && tenantMoved ? "both" : codeMoved ? "code" : "tenant";
    const now = by === "code" ? said : is;
    const change = was === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [{ ...object, attribute: path, code: said, state: was, tenant: is, by, change }];
  });
}

/** Every value of an object by its path; lists are values as a whole, because their places mean nothing by themselves. */
function leaves(value: unknown, path: string[] = []): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map([[formatPath(path), value]]);
  return new Map(Object.entries(value).flatMap(([key, member]) => [...leaves(member, [...path, key])]));
}

/** Objects in the places of this stack's objects that no program of it declares. */
export async function findUnmanaged(stack: PulumiStack, stackName: string, definitions: Definitions, log: Log): Promise<Unmanaged[]> {
  const { resources: stored } = await stack.state();
  const config = await stack.config();
  const found: Unmanaged[] = [];
  for (const definition of Object.values(definitions)) {
    const mine = stored.filter(({ type, id }) => type === DYNAMIC + definition.type && id !== undefined);
    if (mine.length === 0 || !definition.find) continue;
    const ids = new Set(mine.map(({ id }) => id));
    // What stands before the last slash of an id is the place that the object is in.
    const places = new Set(mine.map(({ id = "" }) => (id.includes("/") ? id.slice(0, id.lastIndexOf("/")) : undefined)));
    const provider = bind(definition, { config, clock: systemClock, log });
    for (const within of places) {
      try {
        for (const { id, name } of await provider.find({ all: true, names: [], ids: [], within })) {
          const place = within === undefined ? "" : ` --within ${within}`;
          const command = `npx identity-as-code import ${definition.vendor.name} ${JSON.stringify(name)}${place} --stack ${stackName}`;
          if (!ids.has(id)) found.push({ type: definition.type, id, name, command });
        }
      } catch (error) {
        if (!(error instanceof IdentityError)) throw error;
        log.warn(error.message);
        break;
      }
    }
  }
  return found;
}
