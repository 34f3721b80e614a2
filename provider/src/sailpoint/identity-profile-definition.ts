import { isDeepStrictEqual } from "node:util";
import { ConflictError, ContractError, ForbiddenError, GuardError, LostAnswerError, NotFoundError, PartialError, RejectedError, WrongTenantError } from "../core/errors";
import { backoffMs } from "../core/http/timing";
import { prune } from "../core/normalize";
import type { Context, ResourceDefinition } from "../core/resource";
import { type IdentityProfile, type PatchOperation, quote, type SailPointApi } from "./api";
import { awaitDeletion } from "./deletion";
import { checkMapping, covers, type Mapping, mappingToSend, toMapping, toVendorMapping } from "./mapping";
import { takePriority } from "./priority";
import { identityProfileInputs } from "./schema";
import { hasCode, sailPoint, type settings } from "./vendor";

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
  adopt?: true | { id: string };
  connection?: string;
}

export interface State extends Inputs {
  owner?: Ref & { id: string };
  authoritativeSource: Ref & { id: string };
  created?: string;
  identityCount?: number;
  tenant?: string;
  serverChosen?: string[];
}

/** The lifecycle of an identity profile. Source: developer.sailpoint.com, API reference, Identity Profiles. */
export const identityProfileDefinition: ResourceDefinition<Inputs, State, SailPointApi, typeof settings> = {
  type: "sailpoint:IdentityProfile",
  vendor: sailPoint,
  schema: identityProfileInputs,
  fields: {
    name: { mutability: "readWrite", replaceWhen: (inputs) => inputs.renameBy === "replace" },
    description: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    owner: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared", serverChosen: true, same: sameReference },
    priority: { mutability: "readWrite", whenDropped: "released", serverChosen: true },
    authoritativeSource: { mutability: "readWrite", same: sameReference, replaceWhen: (inputs) => inputs.changeSourceBy === "replace" },
    identityAttributeConfig: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "released" },
    renameBy: { mutability: "local" },
    changeSourceBy: { mutability: "local" },
    forceDelete: { mutability: "local" },
    adopt: { mutability: "local", createOnly: true },
  },
  rules: (inputs, report, warn) => checkMapping(inputs.identityAttributeConfig, report, warn),
  complete(inputs) {
    // The vendor's own default differs between versions of its API, so the value is always stated.
    const mapping = inputs.identityAttributeConfig;
    return mapping ? { ...inputs, identityAttributeConfig: { ...mapping, enabled: mapping.enabled ?? true } } : inputs;
  },

  async create(request) {
    const { api, inputs } = request;
    if (inputs.adopt) {
      const existing = await findToAdopt(api, inputs);
      return { id: existing.id, state: await converge(request, existing, inputs) };
    }
    const references = await resolve(api, inputs);
    let profile: IdentityProfile;
    try {
      profile = await api.createIdentityProfile(toRequest(inputs, references));
    } catch (error) {
      if (error instanceof LostAnswerError) profile = await settleLostCreate(request, references, error);
      else if (error instanceof ConflictError) profile = await settleConflict(request, references, error);
      else throw error;
    }
    return { id: profile.id, state: toState(profile, inputs, await api.tenant()) };
  },

  async read({ api, id, state }) {
    const profile = await observe(api, id, state);
    if (!profile) return undefined;
    const inputs = toInputs(profile, state);
    return { inputs, state: toState(profile, inputs, await api.tenant(), state.identityCount !== undefined) };
  },

  async update(request) {
    const { api, id, inputs, state } = request;
    const profile = await observe(api, id, state);
    if (!profile) throw new NotFoundError(`Identity profile "${state.name}" (${id}) is gone from the tenant`, "Run `pulumi up --refresh` to create it again");
    return converge(request, profile, inputs, state);
  },

  async delete(request) {
    const { api, id, state } = request;
    const profile = await observe(api, id, state);
    if (!profile) return;
    if ((profile.identityCount ?? 0) > 0 && !state.forceDelete) {
      throw new GuardError(
        `Identity profile "${profile.name}" (${id}) is not deleted: ${profile.identityCount} identities belong to it`,
        "If they are to lose it, set forceDelete: true, run `pulumi up`, and delete it then; to forget it without deleting, use retainOnDelete",
      );
    }
    await awaitDeletion(request, profile);
  },
};

/** Equal by what was declared: a name stands for the object that was found when it was declared. */
function sameReference(before: unknown, after: unknown): boolean {
  const [old, wanted] = [before as Ref, after as Ref];
  return wanted.name === undefined ? old.name === undefined && old.id === wanted.id : old.name === wanted.name;
}

// ---- towards the vendor

interface References {
  sourceId: string;
  ownerId?: string;
}

/** Finds the ids of what is declared by name. A name that did not change keeps the object found before, even if that was renamed since. */
async function resolve(api: SailPointApi, inputs: Inputs, state?: State): Promise<References> {
  const find = async (kind: "source" | "identity", wanted: Ref, before: Ref | undefined): Promise<string> => {
    if (wanted.id !== undefined) return wanted.id;
    if (before?.id !== undefined && before.name === wanted.name) return before.id;
    const name = wanted.name as string;
    const found = await (kind === "source" ? api.findSources(name) : api.findIdentities(name));
    const only = found.length === 1 ? found[0] : undefined;
    if (only) return only.id;
    const property = kind === "source" ? "authoritativeSource" : "owner";
    if (found.length === 0) throw new NotFoundError(`There is no ${kind} named "${name}" in the tenant`, `Correct ${property}.name, or give ${property}.id`);
    throw new ConflictError(`${found.length} objects of kind ${kind} are named "${name}": ${found.map((item) => item.id).join(", ")}`, `Give ${property}.id instead of its name`);
  };
  return {
    sourceId: await find("source", inputs.authoritativeSource, state?.authoritativeSource),
    ownerId: inputs.owner && (await find("identity", inputs.owner, state?.owner)),
  };
}

function toRequest(inputs: Inputs, { sourceId, ownerId }: References) {
  return prune({
    name: inputs.name,
    description: inputs.description,
    owner: ownerId && { type: "IDENTITY", id: ownerId },
    priority: inputs.priority,
    authoritativeSource: { type: "SOURCE", id: sourceId },
    identityAttributeConfig: inputs.identityAttributeConfig && toVendorMapping(inputs.identityAttributeConfig),
  }) as { name: string };
}

/** The operations that bring everything but the mapping to what is declared. */
function fieldOperations(profile: IdentityProfile, inputs: Inputs, { sourceId, ownerId }: References, state: State | undefined): PatchOperation[] {
  const operations: PatchOperation[] = [];
  if (profile.name !== inputs.name) operations.push(set("/name", profile.name, inputs.name));
  if (inputs.description !== undefined && profile.description !== inputs.description) operations.push(set("/description", profile.description, inputs.description));
  if (inputs.description === undefined && profile.description) operations.push({ op: "remove", path: "/description" });
  if (ownerId !== undefined && profile.owner?.id !== ownerId) operations.push(set("/owner", profile.owner, { type: "IDENTITY", id: ownerId }));
  const ownerWasDeclared = state?.owner !== undefined && !state.serverChosen?.includes("owner");
  if (ownerId === undefined && ownerWasDeclared && profile.owner) operations.push({ op: "remove", path: "/owner" });
  if (inputs.priority !== undefined && profile.priority !== inputs.priority) operations.push(set("/priority", profile.priority, inputs.priority));
  if (profile.authoritativeSource.id !== sourceId) operations.push(set("/authoritativeSource", profile.authoritativeSource, { type: "SOURCE", id: sourceId }));
  return operations;
}

function mappingOperations(profile: IdentityProfile, inputs: Inputs, state: State | undefined): PatchOperation[] {
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

function toState(profile: IdentityProfile, inputs: Inputs, tenant: string | undefined, counted = true): State {
  const withId = (declared: Ref | undefined, found: { id: string } | null | undefined) =>
    found ? { id: found.id, ...(declared?.name === undefined ? {} : { name: declared.name }) } : undefined;
  const chosen = (["owner", "priority"] as const).filter((key) => inputs[key] === undefined && profile[key]);
  return prune({
    ...inputs,
    owner: withId(inputs.owner, profile.owner),
    priority: profile.priority,
    authoritativeSource: withId(inputs.authoritativeSource, profile.authoritativeSource),
    created: profile.created,
    identityCount: counted ? profile.identityCount : undefined,
    tenant,
    serverChosen: chosen.length > 0 ? chosen : undefined,
  }) as State;
}

/** What a program would have to say to get this profile, in the words of the program that declared it, if one did. */
function toInputs(profile: IdentityProfile, state: Partial<State>): Inputs {
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

// ---- steps

/** Reads the profile. Undefined means proven gone: the vendor itself says so, in the tenant the profile was made in. */
export async function observe(api: SailPointApi, id: string, state: Partial<State>): Promise<IdentityProfile | undefined> {
  try {
    return await api.getIdentityProfile(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    // A wrong base URL or version also answers 404, but not in the vendor's words.
    if (!error.facts.vendorCode?.startsWith("404")) {
      throw new ContractError(`${error.message} That is not the API's own way to say that a profile is missing`, "Check that the base URL and sailpoint:apiVersion are right");
    }
    const tenant = await api.tenant();
    if (state.tenant !== undefined && tenant !== undefined && tenant !== state.tenant) {
      throw new WrongTenantError(
        `Identity profile ${id} is in tenant "${state.tenant}", but the credentials belong to "${tenant}"`,
        "Nothing was changed. Point sailpoint:tenant, sailpoint:baseUrl or the connection back to the first one",
      );
    }
    return undefined;
  }
}

/** Brings a profile to what is declared, sending only what differs from what was just read. */
async function converge(context: Context<SailPointApi>, profile: IdentityProfile, inputs: Inputs, state?: State): Promise<State> {
  const { api } = context;
  const references = await resolve(api, inputs, state);
  const fields = (fresh: IdentityProfile) => fieldOperations(fresh, inputs, references, state);
  const mapping = (fresh: IdentityProfile) => mappingOperations(fresh, inputs, state);
  if (profile.authoritativeSource.id === references.sourceId) {
    const done = await patch(context, profile, (fresh) => [...fields(fresh), ...mapping(fresh)]);
    return toState(done, inputs, await api.tenant());
  }
  // The vendor refuses source and mapping in one request, and a mapping usually refers to the new source: so the source goes first.
  const moved = await patch(context, profile, fields);
  try {
    // The move may have reset the mapping, whatever the answer to it says; it is read anew.
    const done = inputs.identityAttributeConfig ? await patch(context, await api.getIdentityProfile(profile.id), mapping) : moved;
    return toState(done, inputs, await api.tenant());
  } catch (error) {
    const half = toState(moved, { ...inputs, identityAttributeConfig: state?.identityAttributeConfig }, await api.tenant());
    throw new PartialError(profile.id, { ...half }, error as Error);
  }
}

/** Patches until nothing is left to do. After a lost answer it reads and compares again, because some operations cannot be sent twice. */
async function patch(context: Context<SailPointApi>, profile: IdentityProfile, remaining: (fresh: IdentityProfile) => PatchOperation[]): Promise<IdentityProfile> {
  const { api, clock, signal } = context;
  let fresh = profile;
  for (let attempt = 1; ; attempt += 1) {
    const operations = remaining(fresh);
    if (operations.length === 0) return fresh;
    try {
      return await api.patchIdentityProfile(profile.id, operations);
    } catch (error) {
      if (error instanceof LostAnswerError && attempt < 4) {
        await clock.sleep(backoffMs(attempt, clock.random()), signal);
        fresh = await api.getIdentityProfile(profile.id);
      } else if (error instanceof ConflictError && attempt === 1) {
        fresh = await yieldToConflict(context, fresh, operations, error);
      } else if (error instanceof RejectedError && hasCode(error.facts, "400.1.1") && operations.some(({ path }) => path === "/name")) {
        throw new RejectedError(
          `The tenant refuses to rename identity profile "${fresh.name}" (${fresh.id})`,
          'Set renameBy: "replace" to delete it and create it anew under the new name, which its identities will notice; or keep the name',
          error.facts,
        );
      } else {
        throw error;
      }
    }
  }
}

/** A priority that another profile of the same run is about to give up is waited for; any other conflict is explained. */
async function yieldToConflict(context: Context<SailPointApi>, profile: IdentityProfile, operations: PatchOperation[], error: ConflictError): Promise<IdentityProfile> {
  const wanted = Object.fromEntries(operations.map(({ path, value }) => [path.slice(1), value])) as Partial<IdentityProfile>;
  const others = (await context.api.listIdentityProfiles()).filter(({ id }) => id !== profile.id);
  if (wanted.priority && others.some(({ priority }) => priority === wanted.priority)) return takePriority(context, profile, wanted.priority);
  throw explainConflict(others, wanted, error);
}

/** Names the profile that holds what is wanted, and how to take it over. */
function explainConflict(profiles: IdentityProfile[], wanted: Partial<IdentityProfile>, error: ConflictError): ConflictError {
  const holders = profiles.flatMap((profile) => {
    const held = [
      profile.name.toLowerCase() === wanted.name?.toLowerCase() && `the name "${profile.name}"`,
      profile.authoritativeSource.id === wanted.authoritativeSource?.id && `the source ${profile.authoritativeSource.name ?? profile.authoritativeSource.id}`,
      wanted.priority !== undefined && profile.priority === wanted.priority && `the priority ${profile.priority}`,
    ].filter(Boolean);
    return held.length === 0 ? [] : [`identity profile "${profile.name}" (${profile.id}) holds ${held.join(" and ")}`];
  });
  if (holders.length === 0) return error;
  const sentence = holders.join("; ");
  return new ConflictError(
    `${error.message} ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`,
    "To take an existing profile over, set adopt: true or adopt: { id }; if only the resource's name in the program changed, declare the old one in aliases",
  );
}

async function settleConflict({ api, inputs, log }: Context<SailPointApi> & { inputs: Inputs }, references: References, error: ConflictError): Promise<IdentityProfile> {
  const profiles = await api.listIdentityProfiles();
  const twin = profiles.find((profile) => isWhatWasSent(profile, inputs, references));
  if (!twin) throw explainConflict(profiles, toRequest(inputs, references), error);
  log.warn(`Identity profile "${twin.name}" (${twin.id}) is exactly what is declared and has no identities, as an interrupted run leaves it; it is taken over.`);
  return twin;
}

/** Looks whether a create arrived whose answer was lost. It is never sent a second time: a late arrival would make a duplicate. */
async function settleLostCreate({ api, inputs, clock, signal }: Context<SailPointApi> & { inputs: Inputs }, references: References, error: LostAnswerError) {
  for (const waitMs of [0, 1000, 2000, 4000]) {
    await clock.sleep(waitMs, signal);
    const found = await api.listIdentityProfiles(`name eq ${quote(inputs.name)}`);
    const twin = found.find((profile) => isWhatWasSent(profile, inputs, references));
    if (twin) return twin;
    if (found.length > 0) throw explainConflict(found, toRequest(inputs, references), new ConflictError(error.message));
  }
  throw new LostAnswerError(`${error.message} No profile of that name is there now`, "Run `pulumi up` again; should the first attempt still arrive, it is recognised", error.facts);
}

/** Whether a profile is what a create with these inputs makes: equal in everything declared, and without any identity yet. */
function isWhatWasSent(profile: IdentityProfile, inputs: Inputs, references: References): boolean {
  const { identityAttributeConfig, ...plain } = toRequest(inputs, references) as Record<string, unknown>;
  return (
    covers(plain, profile) &&
    isDeepStrictEqual(profile.description || undefined, inputs.description) &&
    mappingOperations(profile, inputs, undefined).length === 0 &&
    !profile.identityCount
  );
}

async function findToAdopt(api: SailPointApi, inputs: Inputs): Promise<IdentityProfile> {
  if (typeof inputs.adopt === "object") return api.getIdentityProfile(inputs.adopt.id);
  const found = (await api.listIdentityProfiles(`name eq ${quote(inputs.name)}`)).filter(({ name }) => name.toLowerCase() === inputs.name.toLowerCase());
  if (found[0] && found.length === 1) return found[0];
  throw new NotFoundError(`There is no identity profile named "${inputs.name}" to adopt`, "Remove adopt to create it, or give adopt: { id }");
}
