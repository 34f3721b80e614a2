import { ConflictError, GuardError, LostAnswerError, NotFoundError, PartialError, RejectedError } from "../core/errors";
import type { Holdings } from "../core/holdings";
import { backoffMs } from "../core/http/timing";
import type { Context, CreateRequest, ResourceDefinition } from "../core/resource";
import { isUnknown } from "../core/unknown";
import { asDeclared, findToAdopt } from "./adopt";
import type { IdentityProfile, PatchOperation, SailPointApi } from "./api";
import { explainConflict, settleConflict, settleLostCreate } from "./conflict";
import { awaitDeletion } from "./deletion";
import { findIdentityProfiles, writeIdentityProfile } from "./find";
import { checkMapping } from "./mapping";
import {
  fieldOperations,
  type Inputs,
  mappingOperations,
  type Ref,
  type References,
  type State,
  toInputs,
  toRequest,
  toState,
} from "./model";
import { observe } from "./observe";
import { expect, leftAside, makeRoom, PRIORITY_ADVICE, prioritiesOf } from "./priority";
import { identityProfileReview } from "./review";
import { identityProfileInputs } from "./schema";
import { hasCode, sailPoint, type settings } from "./vendor";

/** How often one write is tried when its answer is lost or something is in its way. */
const MAX_ATTEMPTS = 4;

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
    authoritativeSource: {
      mutability: "readWrite",
      same: sameReference,
      replaceWhen: (inputs, state) => inputs.changeSourceBy === "replace" && !sameId(state.authoritativeSource, inputs.authoritativeSource),
    },
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
    return mapping && !isUnknown(mapping)
      ? { ...inputs, identityAttributeConfig: { ...mapping, enabled: mapping.enabled ?? true } }
      : inputs;
  },

  foresee({ id, state, inputs }) {
    if (state.priority !== undefined && !isUnknown(inputs.priority))
      expect(prioritiesOf(state), id, state.priority, inputs.priority ?? state.priority);
  },

  adoption: {
    describe: ({ name }, id) => `identity profile ${id ?? `named "${name}"`}`,
    async find(request) {
      const { api, inputs } = request;
      const profile = await findToAdopt(api, inputs, request.id);
      return (
        profile && {
          id: profile.id,
          observe: async () => asDeclared(profile, inputs, await resolve(api, inputs), await api.tenant()),
          converge: () => converge(request, profile, inputs),
        }
      );
    },
  },

  async create(request) {
    const { api, inputs } = request;
    const references = await resolve(api, inputs);
    // Asked for first, because nothing may fail between the creation and its entry in state.
    const tenant = await api.tenant();
    const profile = await make(request, references, prioritiesOf({ ...inputs, tenant }));
    return { id: profile.id, state: toState(profile, inputs, tenant) };
  },

  async read({ api, id, state, together }) {
    const profile = (await together("", id, api.identityProfiles)) ?? (await observe(api, id, state));
    if (!profile) return undefined;
    const inputs = toInputs(profile, state);
    return { inputs, state: toState(profile, inputs, await api.tenant(), state.identityCount !== undefined) };
  },

  async update(request) {
    const { api, id, inputs, state } = request;
    const profile = await observe(api, id, state);
    if (!profile)
      throw new NotFoundError(
        `Identity profile "${state.name}" (${id}) is gone from the tenant`,
        "Run `pulumi up --refresh` to create it again",
      );
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
    const priorities = prioritiesOf(state);
    expect(priorities, id, profile.priority ?? 0, undefined);
    try {
      await awaitDeletion(request, profile);
      priorities.forget(id);
    } catch (error) {
      priorities.stays(id);
      throw error;
    }
  },

  find: findIdentityProfiles,
  write: writeIdentityProfile,
  review: identityProfileReview,
};

/** Equal by what was declared: a name stands for the object that was found when it was declared. */
function sameReference(before: unknown, after: unknown): boolean {
  const [old, wanted] = [before as Ref, after as Ref];
  return wanted.name === undefined ? old.name === undefined && old.id === wanted.id : old.name === wanted.name;
}

/** Whether an id that took the place of a name is the one that was found by it: that changes the words only. */
function sameId(before: unknown, after: unknown): boolean {
  return (before as Ref).id === (after as Ref).id;
}

// ---- steps

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
    if (found.length === 0)
      throw new NotFoundError(`There is no ${kind} named "${name}" in the tenant`, `Correct ${property}.name, or give ${property}.id`);
    throw new ConflictError(
      `${found.length} objects of kind ${kind} are named "${name}": ${found.map((item) => item.id).join(", ")}`,
      `Give ${property}.id instead of its name`,
    );
  };
  return {
    sourceId: await find("source", inputs.authoritativeSource, state?.authoritativeSource),
    ownerId: inputs.owner && (await find("identity", inputs.owner, state?.owner)),
  };
}

/** Makes a profile, once its priority is free. */
async function make(request: CreateRequest<Inputs, SailPointApi>, references: References, priorities: Holdings): Promise<IdentityProfile> {
  const { api, inputs } = request;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.createIdentityProfile(toRequest(inputs, references));
    } catch (error) {
      if (error instanceof LostAnswerError) return settleLostCreate(request, references, error);
      if (!(error instanceof ConflictError)) throw error;
      const twin = await settleConflict(request, references, error);
      if (twin) return twin;
      const { priority } = inputs;
      if (priority === undefined || attempt >= MAX_ATTEMPTS) throw error;
      const explain = (holder: IdentityProfile) => explainConflict([holder], { priority }, error);
      await makeRoom(request, priorities, { wanted: priority, explain });
    }
  }
}

/** Brings a profile to what is declared, sending only what differs from what was just read. */
async function converge(context: Context<SailPointApi>, profile: IdentityProfile, inputs: Inputs, state?: State): Promise<State> {
  const priorities = prioritiesOf(state ?? { ...inputs, tenant: await context.api.tenant() });
  // An adopted profile was not compared before.
  if (!state && profile.priority) expect(priorities, profile.id, profile.priority, inputs.priority ?? profile.priority);
  try {
    return await sync(context, priorities, profile, inputs, state);
  } catch (error) {
    throw leftAside(context, priorities, profile, state, error);
  }
}

async function sync(
  context: Context<SailPointApi>,
  priorities: Holdings,
  profile: IdentityProfile,
  inputs: Inputs,
  state: State | undefined,
): Promise<State> {
  const { api } = context;
  const references = await resolve(api, inputs, state);
  const fields = (fresh: IdentityProfile) => fieldOperations(fresh, inputs, references, state);
  const mapping = (fresh: IdentityProfile) => mappingOperations(fresh, inputs, state);
  if (profile.authoritativeSource.id === references.sourceId) {
    const done = await patch(context, priorities, profile, (fresh) => [...fields(fresh), ...mapping(fresh)]);
    return toState(done, inputs, await api.tenant());
  }
  // The vendor refuses source and mapping in one request, and a mapping usually refers to the new source: so the source goes first.
  const moved = await patch(context, priorities, profile, fields);
  try {
    // The move may have reset the mapping, whatever the answer to it says; it is read anew.
    const done = inputs.identityAttributeConfig
      ? await patch(context, priorities, await api.getIdentityProfile(profile.id), mapping)
      : moved;
    return toState(done, inputs, await api.tenant());
  } catch (error) {
    const half = toState(moved, { ...inputs, identityAttributeConfig: state?.identityAttributeConfig }, await api.tenant());
    throw new PartialError(profile.id, { ...half }, error as Error);
  }
}

/** Patches until nothing is left to do. After a lost answer it reads and compares again, because some operations cannot be sent twice. */
async function patch(
  context: Context<SailPointApi>,
  priorities: Holdings,
  profile: IdentityProfile,
  remaining: (fresh: IdentityProfile) => PatchOperation[],
): Promise<IdentityProfile> {
  const { api, clock, signal } = context;
  let fresh = profile;
  for (let attempt = 1; ; attempt += 1) {
    const operations = remaining(fresh);
    if (operations.length === 0) return fresh;
    const send = () => api.patchIdentityProfile(profile.id, operations);
    try {
      // One priority at a time: nobody may move a profile aside that is on its way.
      return await (operations.some(({ path }) => path === "/priority") ? priorities.exclusive(send) : send());
    } catch (error) {
      if (error instanceof LostAnswerError && attempt < MAX_ATTEMPTS) {
        await clock.sleep(backoffMs(attempt, clock.random()), signal);
        fresh = await api.getIdentityProfile(profile.id);
      } else if (error instanceof ConflictError && attempt < MAX_ATTEMPTS) {
        fresh = (await yieldToConflict(context, priorities, fresh, operations, error)) ?? fresh;
      } else if (error instanceof RejectedError && refusesName(error, operations)) {
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

/** Whether a tenant does not rename at all; the published accounts of that differ. The general code says so only where nothing else was sent. */
function refusesName({ facts }: RejectedError, operations: PatchOperation[]): boolean {
  const renames = operations.some(({ path }) => path === "/name");
  return renames && (hasCode(facts, "400.1.1") || (hasCode(facts, "400.1") && operations.length === 1));
}

/** A priority that another profile of the same run is about to give up is made free; any other conflict is explained. */
async function yieldToConflict(
  context: Context<SailPointApi>,
  priorities: Holdings,
  profile: IdentityProfile,
  operations: PatchOperation[],
  error: ConflictError,
): Promise<IdentityProfile | undefined> {
  const { id, name } = profile;
  const { priority, ...rest } = Object.fromEntries(operations.map(({ path, value }) => [path.slice(1), value])) as Partial<IdentityProfile>;
  const others = (await context.api.listIdentityProfiles()).filter((other) => other.id !== id);
  const explained = explainConflict(others, rest, error);
  // Who held the priority may have given it up since.
  if (typeof priority !== "number" || explained !== error) throw explained;
  const explain = (holder: IdentityProfile) => {
    const what = `Priority ${priority} of identity profile "${name}" (${id}) is held by "${holder.name}" (${holder.id})`;
    return new ConflictError(what, PRIORITY_ADVICE, error.facts);
  };
  return makeRoom(context, priorities, { id, wanted: priority, explain });
}
