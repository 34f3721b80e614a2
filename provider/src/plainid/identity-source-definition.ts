import { ConflictError, GuardError, NotFoundError, PartialError } from "../core/errors";
import type { Context, CreateRequest, DeleteRequest, ResourceDefinition } from "../core/resource";
import { isUnknown } from "../core/unknown";
import type { IdentitySource, PlainIdApi } from "./api";
import { findIdentitySources, writeIdentitySource } from "./find";
import { demandImport, importSource } from "./import";
import { formatId, type Inputs, looksLike, parseId, type State, toInputs, toRequest, toState } from "./model";
import { holdingsOf, move, PATIENCE_MS } from "./move";
import { idBeforeParking, parkedId } from "./parking";
import { identitySourceReview } from "./review";
import { checkSourceId, identitySourceInputs } from "./schema";
import { plainId, type settings } from "./vendor";

/** The vendor gives all sources of a template or none, so they are read as one thing. */
const EVERYTHING = "sources";

/** The lifecycle of an identity source. Source: docs.plainid.io, Management APIs, Update Identity Source ID and Export Identity Sources. */
export const identitySourceDefinition: ResourceDefinition<Inputs, State, PlainIdApi, typeof settings> = {
  type: "plainid:IdentitySource",
  vendor: plainId,
  schema: identitySourceInputs,
  fields: {
    envId: { mutability: "immutable", same: (before, after) => String(before).toLowerCase() === String(after).toLowerCase() },
    identityTemplateId: { mutability: "immutable" },
    sourceId: { mutability: "readWrite" },
    adoptFrom: { mutability: "local", createOnly: true },
    displayName: { mutability: "readWrite", whenDropped: "released", serverChosen: true },
    description: { mutability: "readWrite", whenDropped: "released", serverChosen: true },
    sourceType: { mutability: "readWrite", whenDropped: "released", serverChosen: true },
    sourceMetaData: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "released", serverChosen: true },
    onDelete: { mutability: "local" },
  },
  rules: (inputs, report, warn) => checkSourceId(inputs.sourceId, report, warn),

  foresee({ id, state, inputs }) {
    if (state.sourceId !== undefined && !isUnknown(inputs.sourceId)) holdingsOf(inputs).note(id, state.sourceId, inputs.sourceId);
  },

  async create(request) {
    const { inputs } = request;
    const original = inputs.adoptFrom ?? inputs.sourceId;
    const id = formatId(inputs, original);
    try {
      const made = await createMissing(request);
      if (made) return { id, state: toState(made, inputs, original) };
      request.takesOver();
      return { id, state: await adopt(request, id, original) };
    } catch (error) {
      if (!(error instanceof PartialError)) holdingsOf(inputs).stays(id);
      throw error;
    }
  },

  async read({ api, id, state, log, together }) {
    const place = state.sourceId === undefined ? parseId(id) : { ...(state as State) };
    const { envId, identityTemplateId, sourceId } = place;
    const everything = { most: 1, get: async () => new Map([[EVERYTHING, await api.exportSources(place)]]) };
    const template = `${envId}/${identityTemplateId}`;
    const sources = (await together(template, EVERYTHING, { some: everything })) ?? (await api.exportSources(place));
    const source = at(sources, parkedId(id, sourceId)) ?? at(sources, sourceId);
    if (!source) {
      log.warn(`${missing(sourceId, sources)}. If it was renamed elsewhere, set sourceId, or adoptFrom, to the id that it has now`);
      return undefined;
    }
    const inputs = toInputs(source, { envId, identityTemplateId }, state);
    return { inputs, state: toState(source, inputs, state.originalSourceId ?? sourceId) };
  },

  async update(request) {
    const { api, id, inputs, state } = request;
    try {
      return await move(request, {
        place: inputs,
        owner: id,
        believed: state.sourceId,
        wanted: inputs.sourceId,
        find: (sources) => findKnown(sources, id, state, inputs),
        approve: (source) => approve(api, source, inputs),
        complete: (source, renamed) => withFields(request, id, source, inputs, state.originalSourceId, renamed),
      });
    } catch (error) {
      holdingsOf(inputs).stays(id);
      throw error;
    }
  },

  async delete(request) {
    const { id, state, log } = request;
    const { sourceId, onDelete = "retain" } = state;
    if (onDelete === "fail") {
      throw new GuardError(
        `Identity source "${sourceId}" is not given up: onDelete is "fail"`,
        'Set onDelete to "retain" or "restoreOriginalId", run `pulumi up`, and remove it then',
      );
    }
    // A killed run may have left a temporary id, and a refresh may have found it there; it is nobody's wish.
    const restored = onDelete === "restoreOriginalId" ? state.originalSourceId : idBeforeParking(sourceId);
    if (restored !== undefined) await restore(request, restored);
    else log.warn(`Identity source "${sourceId}" stays at PlainID, which has no way to delete it here; only this stack forgets it`);
    holdingsOf(state).forget(id);
  },

  find: findIdentitySources,
  write: writeIdentitySource,
  review: identitySourceReview,
};

// ---- steps

/** Creates a source that is nowhere, if program and stack say so. Out: undefined when there is one to take over. */
async function createMissing(request: CreateRequest<Inputs, PlainIdApi>): Promise<IdentitySource | undefined> {
  const { api, inputs, clock, signal } = request;
  const { sourceId, adoptFrom, displayName, description, sourceType, sourceMetaData } = inputs;
  if (adoptFrom !== undefined || displayName === undefined || sourceType === undefined) return undefined;
  const holdings = holdingsOf(inputs);
  // One that is about to be renamed by its own resource is not the one to take over.
  const leaves = () => holdings.holders(sourceId).some(({ wants }) => wants !== sourceId);
  for (let patient = true; ; ) {
    const { version } = holdings;
    const outcome = await holdings.exclusive(async () => {
      const sources = await api.exportSources(inputs);
      if (at(sources, parkedId(formatId(inputs, sourceId), sourceId))) return {};
      if (at(sources, sourceId)) return patient && leaves() ? undefined : {};
      demandImport(api, `Creating identity source "${sourceId}", which is not there,`);
      const fresh = { sourceId, displayName, description: description || null, sourceType, sourceMetaData: sourceMetaData ?? {} };
      return { made: await importSource(request, inputs, sourceId, (found) => (found ? toRequest(found, inputs) : fresh)) };
    });
    if (outcome) return outcome.made;
    patient = await holdings.learned(version, PATIENCE_MS, clock, signal);
  }
}

/** Takes a source over that is there, under its own id or the one to adopt it from. */
function adopt(request: CreateRequest<Inputs, PlainIdApi>, id: string, original: string) {
  const { api, inputs, log } = request;
  const holdings = holdingsOf(inputs);
  let known = false;
  const find = (sources: IdentitySource[]): IdentitySource => {
    const [first, there] = [at(sources, original), at(sources, inputs.sourceId)];
    // Ids were exchanged, and the engine never heard of this half: the first id has come to a source that another resource took over elsewhere.
    const passedOn = holdings.holders(original).some(({ owner }) => parseId(owner).sourceId !== original);
    const source = at(sources, parkedId(id, original)) ?? (passedOn ? (there ?? first) : (first ?? there));
    if (!source) {
      throw new NotFoundError(
        missing(original, sources),
        "Set adoptFrom to the id that the source has now. A new one is made only when displayName and sourceType are declared and the stack allows it (plainid:allowImport)",
      );
    }
    if (known) return source;
    known = true;
    if (holdings.holders(source.sourceId).length > 0) {
      throw new ConflictError(
        `Identity source "${source.sourceId}" is managed by another resource of this program already`,
        "Remove one of the two; a source that keeps its resource under another name in the program needs aliases",
      );
    }
    if (source.sourceId === inputs.sourceId && original !== inputs.sourceId)
      log.warn(
        `There is no identity source "${original}" to adopt${first ? " any more" : ""}, but "${inputs.sourceId}" is there: taken as the outcome of an earlier run`,
      );
    return source;
  };
  return move(request, {
    place: inputs,
    owner: id,
    believed: original,
    wanted: inputs.sourceId,
    find,
    approve: (source) => approve(api, source, inputs),
    complete: (source) => withFields(request, id, source, inputs, original, true),
  });
}

/** Finds a resource's source. The id is all that tells sources apart, so what an interrupted run left is told by what is under it. */
function findKnown(sources: IdentitySource[], id: string, state: State, inputs: Inputs): IdentitySource {
  const wanted = inputs.sourceId;
  const parked = at(sources, parkedId(id, state.sourceId));
  if (parked) return parked;
  const [here, there] = [at(sources, state.sourceId), at(sources, wanted)];
  const holdings = holdingsOf(inputs);
  const mine = (source: IdentitySource | undefined) => source !== undefined && looksLike(source, state, inputs);
  const keeps = (sourceId: string) => holdings.holders(sourceId).some(({ owner, wants }) => owner !== id && wants === sourceId);
  // The rename was done and the engine never heard of it: the source is where it is to be, and whatever has its old id is another one.
  const stillHere = mine(here) && !keeps(state.sourceId);
  if (there && mine(there) && !stillHere && !keeps(wanted)) return there;
  if (!here) {
    throw new NotFoundError(
      missing(state.sourceId, sources),
      "If it was renamed elsewhere, remove the resource from state with `pulumi state delete` and set adoptFrom to the id that it has now",
    );
  }
  if (keeps(state.sourceId)) {
    throw new ConflictError(
      `Identity source "${state.sourceId}" is claimed by two resources of this program`,
      "Nothing was changed. Remove one of them from state with `pulumi state delete`, and declare it anew with the id that its source has now",
    );
  }
  return here;
}

/** Refuses what could be done only in part. */
function approve(api: PlainIdApi, source: IdentitySource, inputs: Inputs): void {
  if (inputs.sourceType !== undefined && inputs.sourceType !== source.sourceType) {
    throw new GuardError(
      `Identity source "${source.sourceId}" is of type ${source.sourceType}, not ${inputs.sourceType}, and the type of a source cannot be changed`,
      "Nothing was changed. Declare the type that it has, or leave sourceType out",
    );
  }
  if (toRequest(source, inputs)) demandImport(api, `Changing more of identity source "${source.sourceId}" than its id`);
}

/** Brings everything but the id to what is declared. */
async function withFields(
  context: Context<PlainIdApi>,
  id: string,
  source: IdentitySource,
  inputs: Inputs,
  original: string,
  halfDone: boolean,
): Promise<State> {
  if (!toRequest(source, inputs)) return toState(source, inputs, original);
  try {
    const change = (found: IdentitySource | undefined) => toRequest(found ?? source, inputs);
    return toState(await importSource(context, inputs, source.sourceId, change), inputs, original);
  } catch (error) {
    if (!halfDone) throw error;
    const { displayName, description, sourceType, sourceMetaData, ...rest } = inputs;
    throw new PartialError(id, { ...toState(source, rest, original) }, error as Error);
  }
}

/** Gives a source an id back that it had, if nobody else has it. */
async function restore(request: DeleteRequest<State, PlainIdApi>, wanted: string): Promise<void> {
  const { api, id, state, log } = request;
  const { sourceId } = state;
  const gone = (sources: IdentitySource[]) => !at(sources, parkedId(id, sourceId)) && !at(sources, sourceId);
  if (sourceId === wanted || gone(await api.exportSources(state))) return;
  try {
    await move(request, {
      place: state,
      owner: id,
      believed: sourceId,
      wanted,
      find: (sources) => findKnown(sources, id, state, { ...state, sourceId: wanted }),
      complete: async () => undefined,
    });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    log.warn(`Identity source "${sourceId}" keeps its id: ${error.message}`);
  }
}

function at(sources: IdentitySource[], sourceId: string): IdentitySource | undefined {
  return sources.find((source) => source.sourceId === sourceId);
}

function missing(sourceId: string, sources: IdentitySource[]): string {
  return `There is no identity source "${sourceId}" in the template; there are: ${sources.map((source) => source.sourceId).join(", ") || "none"}`;
}
