import { defaultConfig, enriched } from "./mapping.js";
import type { Tenant } from "./store.js";
import type { IdentityProfile } from "./types.js";

/** Changes behind the client's back, as a person in the vendor's console or the server itself makes them. Nothing is checked. */
export interface Drift {
  /** Sets fields of a profile, or hands the profile to a function that changes it. Always moves `modified`; `{}` does only that. */
  changeProfile(id: string, change: Partial<IdentityProfile> | ((profile: IdentityProfile) => void)): void;
  /** Adds the missing one of `sourceId` and `sourceName` to each account attribute of the mapping. */
  enrichMapping(id: string): void;
  /** Replaces the mapping with the default one of the source. */
  resetMapping(id: string): void;
  /** Renames a source. Profiles show the new name; names inside mappings stay as they are. */
  renameSource(id: string, name: string): void;
  /** Renames an identity; profiles that it owns show the new name. */
  renameIdentity(id: string, name: string): void;
  setIdentityCount(id: string, count: number): void;
  /** Removes a profile at once, without a task. */
  removeProfile(id: string): void;
}

export function driftOf(tenant: Tenant): Drift {
  const changeProfile: Drift["changeProfile"] = (id, change) => {
    const profile = tenant.stored(id);
    profile.modified = tenant.laterThan(profile.modified);
    if (typeof change === "function") change(profile);
    else Object.assign(profile, structuredClone(change));
  };
  const rename = (objects: { id: string; name: string }[], id: string, name: string) => {
    const object = objects.find((candidate) => candidate.id === id);
    if (!object) throw new Error(`nothing to rename has the id ${id}`);
    object.name = name;
  };
  return {
    changeProfile,
    enrichMapping: (id) =>
      changeProfile(id, (profile) => {
        profile.identityAttributeConfig = enriched(tenant.current, profile.identityAttributeConfig);
      }),
    resetMapping: (id) =>
      changeProfile(id, (profile) => {
        profile.identityAttributeConfig = defaultConfig(tenant.current, tenant.sourceOf(profile), profile.identityAttributeConfig.enabled);
      }),
    renameSource: (id, name) => rename(tenant.current.sources, id, name),
    renameIdentity: (id, name) => rename(tenant.current.identities, id, name),
    setIdentityCount: (id, identityCount) => changeProfile(id, { identityCount }),
    removeProfile(id) {
      const { profiles } = tenant.current;
      profiles.splice(profiles.indexOf(tenant.stored(id)), 1);
    },
  };
}
