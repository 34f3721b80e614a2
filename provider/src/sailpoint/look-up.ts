import { ConflictError, NotFoundError } from "../core/errors";
import { type IdentityProfile, quote, type SailPointApi } from "./api";
import { observe } from "./observe";

/** An object by id or by name. */
export interface Selector {
  id?: string;
  name?: string;
}

/** Errors: NotFoundError; ConflictError for a name that several have. */
export async function lookUpProfile(api: SailPointApi, { id, name = "" }: Selector): Promise<IdentityProfile> {
  if (id === undefined) {
    const found = await api.listIdentityProfiles(`name eq ${quote(name)}`);
    // The vendor compares without case, and a filter it does not understand must not choose a profile.
    const same = found.filter((profile) => profile.name.toLowerCase() === name.toLowerCase());
    return only(same, `identity profile named "${name}"`, `identity profiles are named "${name}"`, "Correct the name, or give an id");
  }
  const profile = await observe(api, id, {});
  if (profile) return profile;
  throw new NotFoundError(`There is no identity profile ${id} in the tenant`, "Correct the id, or give a name");
}

/** Errors: NotFoundError and ConflictError for a name; an id is taken as it is. */
export async function lookUpIdentity(api: SailPointApi, { id, name = "" }: Selector): Promise<string> {
  if (id !== undefined) return id;
  const advice = "Correct the name, or give an id; identities are there from the first aggregation of their source on";
  return only(await api.findIdentities(name), `identity named "${name}"`, `identities are named "${name}"`, advice).id;
}

function only<T extends { id: string }>(found: T[], one: string, several: string, advice: string): T {
  if (found.length > 1) throw new ConflictError(`${found.length} ${several}: ${found.map(({ id }) => id).join(", ")}`, "Give an id");
  if (!found[0]) throw new NotFoundError(`There is no ${one} in the tenant`, advice);
  return found[0];
}
