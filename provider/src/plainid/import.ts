import { isDeepStrictEqual } from "node:util";
import { ContractError, GuardError, LostAnswerError } from "../core/errors";
import type { Context } from "../core/resource";
import type { IdentitySource, Place, PlainIdApi } from "./api";

const MAX_ATTEMPTS = 3;

/** Errors: GuardError when the stack does not allow the vendor's import, which is needed for `purpose`. */
export function demandImport(api: PlainIdApi, purpose: string): void {
  if (api.allowImport) return;
  throw new GuardError(
    `${purpose} needs the vendor's import, which writes all identity sources of the template at once`,
    "Nothing was changed. Whether it keeps sources that are not in its body is not documented: try it in an environment of no consequence, then allow it with `pulumi config set plainid:allowImport true`",
  );
}

/**
 * Changes or creates one source by writing all of them, so that it ends right whether the vendor keeps or removes those that are left out.
 *
 * In:     `change`, given the source as it is (undefined for none), gives what it is to be, or undefined when it is so already.
 * Out:    the source as it is afterwards.
 * Errors: ContractError when the vendor did something else, to this source or any other; LostAnswerError when that stays unknown.
 */
export async function importSource(
  { api, clock, signal }: Context<PlainIdApi>,
  place: Place,
  sourceId: string,
  change: (source: IdentitySource | undefined) => IdentitySource | undefined,
): Promise<IdentitySource> {
  for (let attempt = 1; ; attempt += 1) {
    // Without the flag, exactly what an import accepts.
    const before = await api.exportSources(place, false);
    const current = before.find((source) => source.sourceId === sourceId);
    const wanted = change(current);
    if (!wanted && current) return current;
    const others = before.filter((source) => source !== current);
    let lost: LostAnswerError | undefined;
    try {
      await api.importSources(place, wanted ? [...others, wanted] : others);
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error;
      lost = error;
    }
    await clock.sleep(lost ? 1000 : 0, signal);
    const after = await api.exportSources(place, false);
    const found = after.find((source) => source.sourceId === sourceId);
    const harmed = others.filter((other) => !after.some((source) => isDeepStrictEqual(source, other)));
    if (found && !change(found) && harmed.length === 0) return found;
    if (lost && attempt < MAX_ATTEMPTS) continue;
    if (lost) throw lost;
    const what =
      harmed.length > 0 ? `left ${harmed.map((source) => `"${source.sourceId}"`).join(", ")} changed` : `left "${sourceId}" as it was`;
    throw new ContractError(
      `Importing identity source "${sourceId}" ${what}`,
      "Look at the template's sources, and report what the vendor does",
    );
  }
}
