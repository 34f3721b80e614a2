import { ConflictError, GuardError, IdentityError } from "../core/errors";
import { Holdings } from "../core/holdings";
import type { Context } from "../core/resource";
import type { IdentitySource, Place, PlainIdApi } from "./api";
import { isBuiltIn } from "./model";
import { isParked, parkedId } from "./parking";
import { findReferences } from "./references";
import { rename } from "./rename";

/** How long nothing may be learned about other resources before an id that is taken counts as taken for good. */
export const PATIENCE_MS = 5000;

const templates = new Map<string, Holdings>();

/** What the resources of this run hold and want in one identity template. An environment's id is unique in the world. */
export function holdingsOf({ envId, identityTemplateId }: Place): Holdings {
  const key = `${envId.toLowerCase()} ${identityTemplateId}`;
  const holdings = templates.get(key) ?? new Holdings();
  templates.set(key, holdings);
  return holdings;
}

/** One source on its way to an id. */
export interface Move<T> {
  place: Place;
  /** Id of the resource that owns the source. */
  owner: string;
  /** The id that the source has as far as its resource knows. */
  believed: string;
  wanted: string;
  /** Finds the source among all; throws when it is not there. */
  find(sources: IdentitySource[]): IdentitySource;
  /** Last objections, before anything is written. */
  approve?(source: IdentitySource): void;
  /**
   * What is left to do with the source where it is to be. Done before the turn of the next one: a crash must leave no more than one source
   * of which the engine does not know where it is, because its id is all that tells it apart.
   */
  complete(source: IdentitySource, renamed: boolean): Promise<T>;
}

/**
 * Gives a source the id it is to have, one source of a template at a time.
 *
 * If the id is taken by a source that another resource of this run is known to rename, that source is parked first, under an id by which its
 * own resource finds it in this run or the next. So any exchange ends right, in whatever order resources are handled. If nobody is known to
 * give the id up, the others are waited for a little, because their turn to be compared may be yet to come; then it is a conflict.
 *
 * A holder of which nothing is known in this run is never parked: it may be anybody's. The engine compares only as many resources ahead as
 * `--parallel` says, and says nothing of any resource before it compares that one, so with fewer a longer ring is refused.
 *
 * Out:    what `complete` returns.
 * Errors: ConflictError before any write, GuardError for a built-in source, and those of `find`, `approve`, `complete` and the rename.
 */
export async function move<T>(context: Context<PlainIdApi>, request: Move<T>): Promise<T> {
  const { api, clock, signal } = context;
  const { place, owner, believed, wanted } = request;
  const holdings = holdingsOf(place);
  for (let patient = true; ; ) {
    let version = holdings.version;
    const outcome = await holdings.exclusive(async () => {
      const sources = await api.exportSources(place);
      findParked(holdings, sources);
      const source = request.find(sources);
      const from = source.sourceId;
      if (isBuiltIn(source)) throw builtIn(source);
      request.approve?.(source);
      if (from !== believed) holdings.moved(owner, believed, from);
      holdings.note(owner, from, wanted);
      version = holdings.version;
      if (from === wanted) return { done: await request.complete(source, false) };

      const holder = sources.find(({ sourceId }) => sourceId === wanted);
      if (holder) {
        if (isBuiltIn(holder)) throw taken(source, holder);
        const prospect = holdings.prospect(wanted, from, (id) => sources.some(({ sourceId }) => sourceId === id));
        const mayPark = prospect === "clear" || (prospect === "perhaps" && !patient);
        if (!mayPark && patient) return undefined;
        if (!mayPark) throw taken(source, holder);
        await park(context, place, holdings, wanted);
      }
      // Of a parked source that was said when it was parked.
      if (!isParked(from)) await warnOfReferences(context, place, from, wanted);
      const after = await rename(context, place, from, wanted);
      holdings.moved(owner, from, wanted);
      const there = after.find(({ sourceId }) => sourceId === wanted) ?? { ...source, sourceId: wanted };
      return { done: await request.complete(there, true) };
    });
    if (outcome) return outcome.done;
    patient = await holdings.learned(version, PATIENCE_MS, clock, signal);
  }
}

/** Notices sources that are parked, by this run or by one that was killed: they are not where their resources' states say. */
function findParked(holdings: Holdings, sources: IdentitySource[]): void {
  for (const { owner, holds } of holdings.all()) {
    const parked = parkedId(owner, holds);
    if (sources.some(({ sourceId }) => sourceId === parked)) holdings.moved(owner, holds, parked);
  }
}

/** Takes a source out of the way whose own resource is about to rename it. */
async function park(context: Context<PlainIdApi>, place: Place, holdings: Holdings, sourceId: string): Promise<void> {
  const [holder] = holdings.holders(sourceId);
  if (!holder) throw new Error(`nobody is known to hold ${sourceId}`);
  const parked = parkedId(holder.owner, sourceId);
  context.log.progress(`Identity source "${sourceId}" makes room as "${parked}" until its own turn comes`);
  await warnOfReferences(context, place, sourceId, holder.wants);
  await rename(context, place, sourceId, parked);
  holdings.moved(holder.owner, sourceId, parked);
}

/** Whether references follow a rename is not documented, so whoever renames should look. */
async function warnOfReferences({ api, log }: Context<PlainIdApi>, place: Place, from: string, to: string): Promise<void> {
  try {
    // Asked once: a rename does not depend on it.
    const { mapperSets, apiMappers } = await findReferences(api, place, from, false);
    const names = [
      ...mapperSets.map(({ mappersSetId }) => `mapper set ${mappersSetId}`),
      ...apiMappers.map(({ mapperId, apiMappersSetId }) => `API mapper ${mapperId} of ${apiMappersSetId}`),
    ];
    if (names.length > 0)
      log.warn(
        `Identity source "${from}" becomes "${to}" and is referred to by ${names.join(", ")}; check that they follow, and copies kept elsewhere`,
      );
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    log.warn(`Identity source "${from}" becomes "${to}"; what refers to it could not be listed: ${error.message}`);
  }
}

function builtIn({ sourceId, sourceType }: IdentitySource): GuardError {
  return new GuardError(
    `Identity source "${sourceId}" is built in (type ${sourceType}): the vendor neither renames nor imports it (EMIS-001)`,
    "Nothing was changed. Remove it from the program; `PlainIdIdentitySource.get` can look it up",
  );
}

function taken(source: IdentitySource, holder: IdentitySource): ConflictError {
  const changed = isParked(source.sourceId)
    ? "It keeps this temporary id until then, and the next `pulumi up` finds it there"
    : "Nothing was changed";
  return new ConflictError(
    `Identity source "${source.sourceId}" cannot become "${holder.sourceId}": that id belongs to another source ("${holder.displayName}", type ${holder.sourceType})`,
    `${changed}. If a resource of this program is to give that id up, the engine had not come to it: run \`pulumi up --parallel N\`, N being the number of resources that exchange ids, none of which may depend on another. Otherwise rename that source first, or take it over by a resource without adoptFrom`,
  );
}
