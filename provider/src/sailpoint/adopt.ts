import { isDeepStrictEqual } from "node:util";
import { ConflictError, NotFoundError } from "../core/errors";
import { type IdentityProfile, quote, type SailPointApi } from "./api";
import type { Inputs } from "./model";
import { observe } from "./observe";

/** Inputs with `adopt` that belong to a profile in state, as far as this run compared them. */
const inState: Inputs[] = [];

/**
 * Remembers that a profile in state is declared with these inputs. If a create with the very same inputs follows, it makes the profile's
 * replacement: the old one was deleted just now, or by a run that was killed then, and adopting is over and done with.
 */
export function rememberAdoption(inputs: Inputs): void {
  if (inputs.adopt !== undefined) inState.push(inputs);
}

/**
 * Finds the profile that a create with `adopt` is to take over.
 *
 * Out:    undefined when there is none because this create replaces the one that was taken over before.
 * Errors: NotFoundError when there never was one, ConflictError when there are several.
 */
export async function findToAdopt(api: SailPointApi, inputs: Inputs): Promise<IdentityProfile | undefined> {
  const id = typeof inputs.adopt === "object" ? inputs.adopt.id : undefined;
  const found = id === undefined ? await findByName(api, inputs.name) : await observe(api, id, {});
  if (found || inState.some((known) => isDeepStrictEqual(known, inputs))) return found;
  throw new NotFoundError(
    `There is no identity profile ${id ?? `named "${inputs.name}"`} to adopt`,
    id === undefined ? "Remove adopt to create it, or give adopt: { id }" : "Correct adopt.id, or remove adopt to create the profile",
  );
}

async function findByName(api: SailPointApi, name: string): Promise<IdentityProfile | undefined> {
  const found = (await api.listIdentityProfiles(`name eq ${quote(name)}`)).filter(
    (profile) => profile.name.toLowerCase() === name.toLowerCase(),
  );
  if (found.length < 2) return found[0];
  // That a name is unique is assumed, not documented: taking the wrong one over would change other people's identities.
  throw new ConflictError(
    `${found.length} identity profiles are named "${name}": ${found.map(({ id }) => id).join(", ")}`,
    "Give adopt: { id } instead of true",
  );
}
