import { ContractError, LostAnswerError, NotFoundError } from "../core/errors";
import type { Context } from "../core/resource";
import type { IdentitySource, Place, PlainIdApi } from "./api";

/** Waits before each look at the list after a rename: what it shows may lag behind. */
const LOOKS_MS = [0, 1000, 2000];
const MAX_ATTEMPTS = 3;

/**
 * Renames a source and reads back that it has happened.
 *
 * A rename whose answer is lost is settled by the list: done when only the new id is there, sent again only when only the old one is.
 * Out:    all sources as they are afterwards.
 * Errors: LostAnswerError when the list does not tell, ContractError when the vendor said yes and nothing happened, and those of the call.
 */
export async function rename(context: Context<PlainIdApi>, place: Place, from: string, to: string): Promise<IdentitySource[]> {
  const { api } = context;
  for (let attempt = 1; ; attempt += 1) {
    let lost: LostAnswerError | NotFoundError | undefined;
    try {
      await api.renameSource(place, from, to);
    } catch (error) {
      // The first attempt may arrive late, and then the second one finds nothing to rename.
      const late = attempt > 1 && error instanceof NotFoundError && error.facts.vendorCode === "EMIS-007";
      if (!late && !(error instanceof LostAnswerError)) throw error;
      lost = error;
    }
    const { sources, done, untouched } = await lookFor(context, place, from, to);
    if (done) return sources;
    if (lost && untouched && attempt < MAX_ATTEMPTS) continue;
    const seen = `The list shows ${describe(sources, from)} and ${describe(sources, to)}`;
    if (lost) throw new LostAnswerError(lost.what, `${seen}. Run \`pulumi up\` again once that is explained`, lost.facts);
    throw new ContractError(`Renaming identity source "${from}" to "${to}" was confirmed, but did not happen`, `${seen}. Run again`);
  }
}

async function lookFor({ api, clock, signal }: Context<PlainIdApi>, place: Place, from: string, to: string) {
  for (let look = 0; ; look += 1) {
    await clock.sleep(LOOKS_MS[look] ?? 0, signal);
    const sources = await api.exportSources(place);
    const [old, renamed] = [from, to].map((id) => sources.some(({ sourceId }) => sourceId === id));
    const done = !old && renamed === true;
    if (done || look === LOOKS_MS.length - 1) return { sources, done, untouched: old === true && !renamed };
  }
}

function describe(sources: IdentitySource[], id: string): string {
  return sources.some(({ sourceId }) => sourceId === id) ? `"${id}"` : `no "${id}"`;
}
