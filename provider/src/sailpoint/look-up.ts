import { ConflictError, NotFoundError } from "../core/errors";
import { type IdentityProfile, quote, type SailPointApi } from "./api";
import { observe } from "./observe";

/** An object by id or by name. */
export interface Selector {
  id?: string;
  name?: string;
}

/** Names or ids in one filter: addresses longer than a few thousand characters are refused on the way. */
const CHUNK = 50;

/** Profiles with a name. The vendor compares without case, and a filter it does not understand must not choose a profile. */
export async function profilesNamed(api: SailPointApi, name: string): Promise<IdentityProfile[]> {
  const found = await api.listIdentityProfiles(`name eq ${quote(name)}`);
  return found.filter((profile) => profile.name.toLowerCase() === name.toLowerCase());
}

/** Profiles with any of several names or ids, in the same way; those that are not there are left out. */
export async function profilesWith(api: SailPointApi, key: "id" | "name", wanted: readonly string[]): Promise<IdentityProfile[]> {
  const found: IdentityProfile[] = [];
  for (let start = 0; start < wanted.length; start += CHUNK) {
    const chunk = wanted.slice(start, start + CHUNK);
    const asked = new Set(chunk.map((value) => value.toLowerCase()));
    const profiles = await api.listIdentityProfiles(`${key} in (${chunk.map(quote).join(",")})`);
    found.push(...profiles.filter((profile) => asked.has(profile[key].toLowerCase())));
  }
  return found;
}

/** Errors: NotFoundError; ConflictError for a name that several have. */
export async function lookUpProfile(api: SailPointApi, { id, name = "" }: Selector): Promise<IdentityProfile> {
  if (id === undefined) {
    const same = await profilesNamed(api, name);
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
