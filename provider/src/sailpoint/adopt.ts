import { ConflictError } from "../core/errors";
import type { IdentityProfile, SailPointApi } from "./api";
import { profilesNamed } from "./look-up";
import { type Inputs, type References, type State, toInputs, toState } from "./model";
import { observe } from "./observe";

/**
 * Finds the profile that a create with `adopt` is to take over.
 *
 * Out:    undefined when there is none.
 * Errors: ConflictError when there are several.
 */
export async function findToAdopt(api: SailPointApi, { name }: Inputs, id: string | undefined): Promise<IdentityProfile | undefined> {
  if (id !== undefined) return observe(api, id, {});
  const found = await profilesNamed(api, name);
  if (found.length < 2) return found[0];
  // That a name is unique is assumed, not documented: taking the wrong one over would change other people's identities.
  throw new ConflictError(
    `${found.length} identity profiles are named "${name}": ${found.map((profile) => profile.id).join(", ")}`,
    "Give adopt: { id } instead of the name",
  );
}

/** A profile as a refresh would find it, had it been made with these inputs. */
export function asDeclared(
  profile: IdentityProfile,
  inputs: Inputs,
  { sourceId, ownerId }: References,
  tenant: string | undefined,
): { inputs: Inputs; state: State } {
  const declared: Inputs = {
    ...inputs,
    authoritativeSource: { ...inputs.authoritativeSource, id: sourceId },
    owner: inputs.owner && { ...inputs.owner, id: ownerId },
  };
  const found = toInputs(profile, declared as State);
  return { inputs: found, state: toState(profile, found, tenant) };
}
