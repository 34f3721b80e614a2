import { isDeepStrictEqual } from "node:util";
import { applyPatch, type Operation } from "rfc6902";
import { Refusal } from "./errors.js";
import { checkedConfig, defaultConfig, isObject, isText } from "./mapping.js";
import { conflict } from "./seed.js";
import type { SailPointSwitches } from "./switches.js";
import type { IdentityAttributeConfig, IdentityProfile, Reference, SailPointState, Source } from "./types.js";

/** Assumed: the vendor publishes no limits. */
const MAX_NAME = 255;
const MAX_DESCRIPTION = 4000;

const IMMUTABLE = ["id", "created", "modified", "identityCount", "identityRefreshRequired"];
/** What the server derives by itself: a PATCH of it is neither refused nor heeded. */
const DERIVED = ["hasTimeBasedAttr", "identityExceptionReportReference"];
const UPDATABLE = ["name", "description", "owner", "priority", "authoritativeSource", "identityAttributeConfig"];

/** What the server alone decides about a profile. */
type Managed = Omit<
  IdentityProfile,
  "name" | "description" | "owner" | "priority" | "authoritativeSource" | "identityAttributeConfig" | "hasTimeBasedAttr"
>;

/**
 * Applies the operations of a PATCH to a document, in place. Hand it a copy: when it throws, some may have been applied.
 *
 * Errors: Refusal 400.1 for a body that is no patch or cannot be applied, 400.1.1 for fields that cannot be changed, 400.1.3 for unknown ones.
 */
export function applyOperations(document: IdentityProfile, operations: unknown, switches: SailPointSwitches): void {
  for (const operation of checkedOperations(operations, switches)) applyOne(document, operation);
}

function checkedOperations(operations: unknown, { patchAllowsNull, seedStrictName }: SailPointSwitches): Operation[] {
  if (!Array.isArray(operations)) throw new Refusal("400.1", "The body must be an array of JSON Patch operations.");
  const writes = new Set<string>();
  for (const operation of operations) {
    const { op, path, from, value } = isObject(operation) ? operation : {};
    if (typeof path !== "string" || !path.startsWith("/")) {
      throw new Refusal("400.1.3", `${path} is not a JSON Pointer below the profile.`);
    }
    if (value === null && !patchAllowsNull) throw new Refusal("400.1.3", `${op} ${path}: null is not a value.`);
    if (op !== "test") writes.add(field(path));
    if (op === "move") writes.add(field(String(from)));
  }
  for (const name of writes) {
    if (IMMUTABLE.includes(name) || (name === "name" && seedStrictName)) throw new Refusal("400.1.1", `${name} cannot be changed.`);
    if (![...UPDATABLE, ...DERIVED].includes(name)) throw new Refusal("400.1.3", `${name} is not a field of an identity profile.`);
  }
  if (writes.has("authoritativeSource") && writes.has("identityAttributeConfig")) {
    throw new Refusal("400.1", "authoritativeSource and identityAttributeConfig cannot be changed in one request.");
  }
  return operations as Operation[];
}

const field = (pointer: string): string => pointer.split("/", 2)[1] ?? "";

function applyOne(document: object, operation: Operation): void {
  let problem: Error | null | undefined;
  try {
    [problem] = applyPatch(document, [operation]);
  } catch (error) {
    // The library throws instead of answering when a pointer is missing or malformed.
    problem = error as Error;
  }
  if (problem) throw new Refusal("400.1", `${operation.op} ${operation.path} failed: ${problem.message}.`);
}

/**
 * The profile that a document describes, checked like everything a client sends.
 *
 * In:     the document; what the server decides; the version's default of `enabled`; what is stored so far, if anything.
 * Errors: Refusal 400.1.0, 400.1.2 and 400.1.3 for missing and bad values, 400.1.404 for unknown references, 400.1.409 for what is taken.
 */
export function checkedProfile(
  state: SailPointState,
  document: Partial<Record<keyof IdentityProfile, unknown>>,
  { id, ...managed }: Managed,
  enabled: boolean,
  before?: IdentityProfile,
): IdentityProfile {
  const source = checkedSource(state, document.authoritativeSource);
  const profile: IdentityProfile = {
    id,
    name: checkedName(document.name),
    description: checkedDescription(document.description),
    owner: checkedOwner(state, document.owner, before),
    priority: checkedPriority(document.priority),
    authoritativeSource: { type: "SOURCE", id: source.id, name: source.name },
    identityAttributeConfig: checkedMapping(state, document.identityAttributeConfig, source, enabled, before),
    hasTimeBasedAttr: false,
    ...managed,
  };
  const rival = conflict(state, profile);
  if (rival) throw new Refusal("400.1.409", rival);
  return profile;
}

function checkedName(name: unknown): string {
  if (name == null || name === "") throw new Refusal("400.1.0", "name is required.");
  if (!isText(name)) throw new Refusal("400.1.3", "name must be a text.");
  if (name.length > MAX_NAME) throw new Refusal("400.1.2", `name must have at most ${MAX_NAME} characters.`);
  return name;
}

function checkedDescription(description: unknown): string | null {
  if (description == null || description === "") return null;
  if (typeof description !== "string") throw new Refusal("400.1.3", "description must be a text.");
  if (description.length > MAX_DESCRIPTION) {
    throw new Refusal("400.1.2", `description must have at most ${MAX_DESCRIPTION} characters.`);
  }
  return description;
}

function checkedPriority(priority: unknown): number {
  if (priority == null) throw new Refusal("400.1.0", "priority is required.");
  if (typeof priority === "number" && Number.isSafeInteger(priority) && priority > 0) return priority;
  throw new Refusal("400.1.3", "priority must be a positive integer.");
}

function checkedSource(state: SailPointState, reference: unknown): Source {
  if (!isObject(reference)) throw new Refusal("400.1.0", "authoritativeSource is required.");
  const id = referenceId(reference, "authoritativeSource", "SOURCE");
  const source = state.sources.find((candidate) => candidate.id === id);
  if (!source) throw new Refusal("400.1.404", `Source ${id} was not found.`);
  return source;
}

// What was not touched is not checked again: an owner may have left, and a mapping goes stale when its source is renamed.

function checkedOwner(state: SailPointState, owner: unknown, before?: IdentityProfile): Reference | null {
  if (owner == null) return null;
  if (!isObject(owner)) throw new Refusal("400.1.3", "owner must be a reference.");
  const id = referenceId(owner, "owner", "IDENTITY");
  if (before?.owner?.id === id) return before.owner;
  const identity = state.identities.find((candidate) => candidate.id === id);
  if (!identity) throw new Refusal("400.1.404", `Identity ${id} was not found.`);
  return { type: "IDENTITY", id, name: identity.name };
}

function checkedMapping(state: SailPointState, config: unknown, source: Source, enabled: boolean, before?: IdentityProfile) {
  if (config == null) return defaultConfig(state, source, enabled);
  if (isDeepStrictEqual(config, before?.identityAttributeConfig)) return config as IdentityAttributeConfig;
  return structuredClone(checkedConfig(state, config, enabled));
}

function referenceId(reference: Record<string, unknown>, name: string, type: string): string {
  if (!isText(reference.id)) throw new Refusal("400.1.0", `${name}.id is required.`);
  if (reference.type != null && reference.type !== type) throw new Refusal("400.1.3", `${name}.type must be ${type}.`);
  return reference.id;
}
