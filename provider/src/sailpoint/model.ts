import type { Adopt } from "../core/adopt-options";
import { prune } from "../core/normalize";
import type { IdentityProfile, PatchOperation } from "./api";
import { type Mapping, mappingToSend, toMapping, toVendorMapping } from "./mapping";

/** An object by id, by name, or both: the name it was declared by and the id that was found for it. */
export interface Ref {
  id?: string;
  name?: string;
}

/** Inputs in normal form. */
export interface Inputs {
  name: string;
  description?: string;
  owner?: Ref;
  priority?: number;
  authoritativeSource: Ref;
  identityAttributeConfig?: Mapping;
  renameBy?: "update" | "replace";
  changeSourceBy?: "update" | "replace";
  forceDelete?: boolean;
  adopt?: Adopt;
  connection?: string;
}

export interface State extends Inputs {
  owner?: Ref & { id: string };
  authoritativeSource: Ref & { id: string };
  sourceId?: string;
  ownerId?: string;
  created?: string;
  identityCount?: number;
  tenant?: string;
  serverChosen?: string[];
}

// ---- towards the vendor

/** Ids of the objects a profile refers to, found by name where the program gives a name. */
export interface References {
  sourceId: string;
  ownerId?: string;
}

export function toRequest(inputs: Inputs, { sourceId, ownerId }: References) {
  return prune({
    name: inputs.name,
    description: inputs.description,
    owner: ownerId && { type: "IDENTITY", id: ownerId },
    priority: inputs.priority,
    authoritativeSource: { type: "SOURCE", id: sourceId },
    identityAttributeConfig: inputs.identityAttributeConfig && toVendorMapping(inputs.identityAttributeConfig),
  }) as { name: string; priority?: number };
}

/** The operations that bring everything but the mapping to what is declared. */
export function fieldOperations(
  profile: IdentityProfile,
  inputs: Inputs,
  { sourceId, ownerId }: References,
  state: State | undefined,
): PatchOperation[] {
  const operations: PatchOperation[] = [];
  if (profile.name !== inputs.name) operations.push(set("/name", profile.name, inputs.name));
  if (inputs.description !== undefined && profile.description !== inputs.description)
    operations.push(set("/description", profile.description, inputs.description));
  if (inputs.description === undefined && profile.description) operations.push({ op: "remove", path: "/description" });
  if (ownerId !== undefined && profile.owner?.id !== ownerId)
    operations.push(set("/owner", profile.owner, { type: "IDENTITY", id: ownerId }));
  const ownerWasDeclared = state?.owner !== undefined && !state.serverChosen?.includes("owner");
  if (ownerId === undefined && ownerWasDeclared && profile.owner) operations.push({ op: "remove", path: "/owner" });
  if (inputs.priority !== undefined && profile.priority !== inputs.priority)
    operations.push(set("/priority", profile.priority, inputs.priority));
  if (profile.authoritativeSource.id !== sourceId)
    operations.push(set("/authoritativeSource", profile.authoritativeSource, { type: "SOURCE", id: sourceId }));
  return operations;
}

export function mappingOperations(profile: IdentityProfile, inputs: Inputs, state: State | undefined): PatchOperation[] {
  const actual = profile.identityAttributeConfig;
  const mapping = inputs.identityAttributeConfig && mappingToSend(inputs.identityAttributeConfig, state?.identityAttributeConfig, actual);
  // One operation for the whole mapping: the indexes of single entries move when others edit it.
  return mapping ? [set("/identityAttributeConfig", actual, mapping)] : [];
}

/** The vendor refuses `replace` where nothing is yet. */
function set(path: string, current: unknown, value: unknown): PatchOperation {
  return { op: current === undefined || current === null ? "add" : "replace", path, value };
}

// ---- towards state

export function toState(profile: IdentityProfile, inputs: Inputs, tenant: string | undefined, counted = true): State {
  const withId = (declared: Ref | undefined, found: { id: string } | null | undefined) =>
    found ? { id: found.id, ...(declared?.name === undefined ? {} : { name: declared.name }) } : undefined;
  const chosen = (["owner", "priority"] as const).filter((key) => inputs[key] === undefined && profile[key]);
  return prune({
    ...inputs,
    owner: withId(inputs.owner, profile.owner),
    priority: profile.priority,
    authoritativeSource: withId(inputs.authoritativeSource, profile.authoritativeSource),
    sourceId: profile.authoritativeSource.id,
    ownerId: profile.owner?.id,
    created: profile.created,
    identityCount: counted ? profile.identityCount : undefined,
    tenant,
    serverChosen: chosen.length > 0 ? chosen : undefined,
  }) as State;
}

/** What a program would have to say to get this profile, in the words of the program that declared it, if one did. */
export function toInputs(profile: IdentityProfile, state: Partial<State>): Inputs {
  const managed = state.name !== undefined;
  const owns = (key: "owner" | "priority") => !managed || (state[key] !== undefined && !state.serverChosen?.includes(key));
  const declares = (found: { id: string; name?: string | null }, before: Ref | undefined): Ref => {
    if (before?.name === undefined) return { id: found.id };
    return { name: found.id === before.id ? before.name : (found.name ?? found.id) };
  };
  const mapped = !managed || state.identityAttributeConfig !== undefined;
  const { renameBy, changeSourceBy, forceDelete, adopt, connection } = state;
  return prune({
    name: profile.name,
    description: profile.description || undefined,
    owner: owns("owner") && profile.owner ? declares(profile.owner, state.owner) : undefined,
    priority: owns("priority") ? profile.priority : undefined,
    authoritativeSource: declares(profile.authoritativeSource, state.authoritativeSource),
    identityAttributeConfig: mapped ? toMapping(profile.identityAttributeConfig, state.identityAttributeConfig) : undefined,
    ...{ renameBy, changeSourceBy, forceDelete, adopt, connection },
  }) as Inputs;
}
