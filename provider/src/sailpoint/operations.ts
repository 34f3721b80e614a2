import { z } from "zod";
import { ConflictError, GuardError, LostAnswerError, NotFoundError } from "../core/errors";
import { prune } from "../core/normalize";
import type { OperationDefinition } from "../core/operation";
import type { Context } from "../core/resource";
import type { IdentityProfile, SailPointApi } from "./api";
import { awaitDeletion } from "./deletion";
import type * as functions from "./functions";
import { importProfiles } from "./import";
import { lookUpIdentity, lookUpProfile, profilesWith } from "./look-up";
import { checkMapping, type Mapping, toMapping } from "./mapping";
import { observe } from "./observe";
import { previewMapping } from "./preview";
import { identityProfileInputs } from "./schema";
import { sailPoint, type settings } from "./vendor";

type Operation<Args extends object, Result> = OperationDefinition<Args, Result, SailPointApi, typeof settings>;

const text = z.string().min(1, "must not be empty");
const selector = z.strictObject({ id: text.optional(), name: text.optional() });
const hasOne = ({ id, name }: { id?: string; name?: string }) => (id === undefined) !== (name === undefined);
const ONE = "give either the id or the name of the profile, { id } or { name }";
const selects = {
  schema: selector,
  rules(args: functions.SailPointIdentityProfileSelector, report: (path: PropertyKey[], reason: string) => void) {
    if (!hasOne(args)) report(["id"], ONE);
  },
};
const part = z.strictObject({
  filters: z.string().min(1, "must not be empty; leave it out to get all").optional(),
  sorters: text.optional(),
  offset: z.int().nonnegative().optional(),
  limit: z.int().positive().optional(),
});

/** Source: developer.sailpoint.com, Identity Profiles, List. */
export const listIdentityProfiles: Operation<functions.ListSailPointIdentityProfilesArgs, functions.ListSailPointIdentityProfilesResult> = {
  name: "sailpoint:listIdentityProfiles",
  vendor: sailPoint,
  schema: part,
  writes: false,
  run: async ({ api, args: { filters, ...rest } }) => ({ profiles: (await api.listIdentityProfiles(filters, rest)).map(asResult) }),
};

/** Source: developer.sailpoint.com, Identity Profiles, Get, List. */
export const getIdentityProfile: Operation<functions.GetSailPointIdentityProfileArgs, functions.GetSailPointIdentityProfileResult> = {
  name: "sailpoint:getIdentityProfile",
  vendor: sailPoint,
  ...selects,
  writes: false,
  run: async ({ api, args }) => asResult(await lookUpProfile(api, args)),
};

/** Source: developer.sailpoint.com, Identity Profiles, Get default Identity Attribute Config. */
export const getDefaultMapping: Operation<functions.GetSailPointDefaultMappingArgs, functions.SailPointIdentityAttributeConfig> = {
  name: "sailpoint:getDefaultMapping",
  vendor: sailPoint,
  ...selects,
  writes: false,
  async run({ api, args }) {
    const { id } = await lookUpProfile(api, args);
    return asConfig(await api.getDefaultMapping(id));
  },
};

/** Source: developer.sailpoint.com, Identity Profiles, Generate Identity Profile Preview. */
export const previewIdentity: Operation<functions.PreviewSailPointIdentityArgs, functions.PreviewSailPointIdentityResult> = {
  name: "sailpoint:previewIdentity",
  vendor: sailPoint,
  schema: z.strictObject({
    identity: selector.refine(hasOne, "give either the id or the name of the identity, { id } or { name }"),
    identityAttributeConfig: identityProfileInputs.shape.identityAttributeConfig.unwrap(),
  }),
  rules({ identityAttributeConfig: mapping }, report, warn) {
    if (mapping?.attributeTransforms === undefined) report(["identityAttributeConfig", "attributeTransforms"], "is missing");
    checkMapping(prune(mapping), report, warn);
  },
  writes: false,
  async run({ api, args }) {
    const mapping = prune(args.identityAttributeConfig) as Mapping;
    return previewMapping(api, await lookUpIdentity(api, args.identity), { ...mapping, enabled: mapping.enabled ?? true });
  },
};

/** Source: developer.sailpoint.com, Identity Profiles, Process identities under profile. */
export const processIdentities: Operation<functions.ProcessSailPointIdentitiesArgs, functions.ProcessSailPointIdentitiesResult> = {
  name: "sailpoint:processIdentities",
  vendor: sailPoint,
  ...selects,
  schema: selector.extend({ force: z.boolean().optional() }),
  writes: true,
  async run({ api, args: { force = false, ...args } }) {
    const { id, name, identityRefreshRequired } = await lookUpProfile(api, args);
    if (identityRefreshRequired === false && !force) return { id, name, processed: false };
    await api.processIdentities(id).catch(async (error: unknown) => {
      if (!(error instanceof LostAnswerError)) throw error;
      // The vendor takes the mark away when it begins.
      if (identityRefreshRequired && (await api.getIdentityProfile(id)).identityRefreshRequired === false) return;
      const next = "It may be under way; a second time does no harm, but works everything out once more";
      throw new LostAnswerError(error.what, next, error.facts);
    });
    return { id, name, processed: true };
  },
};

/** Source: developer.sailpoint.com, Identity Profiles, Export. */
export const exportIdentityProfiles: Operation<
  functions.ExportSailPointIdentityProfilesArgs,
  functions.ExportSailPointIdentityProfilesResult
> = {
  name: "sailpoint:exportIdentityProfiles",
  vendor: sailPoint,
  schema: part,
  writes: false,
  run: async ({ api, args }) => ({ objects: (await api.exportIdentityProfiles(args)) as functions.SailPointExportObject[] }),
};

/** Source: developer.sailpoint.com, Identity Profiles, Import. */
export const importIdentityProfiles: Operation<
  functions.ImportSailPointIdentityProfilesArgs,
  functions.ImportSailPointIdentityProfilesResult
> = {
  name: "sailpoint:importIdentityProfiles",
  vendor: sailPoint,
  schema: z.strictObject({
    objects: z
      .array(
        z.looseObject({
          self: z.looseObject({}).nullish(),
          object: z.looseObject({ name: text }),
        }),
      )
      .min(1, "must hold at least one profile, as an export gives them"),
  }),
  writes: true,
  run: ({ api, args: { objects } }) => importProfiles(api, objects),
};

/** Source: developer.sailpoint.com, Identity Profiles, Delete identity profiles. */
export const deleteIdentityProfiles: Operation<
  functions.DeleteSailPointIdentityProfilesArgs,
  functions.DeleteSailPointIdentityProfilesResult
> = {
  name: "sailpoint:deleteIdentityProfiles",
  vendor: sailPoint,
  schema: z.strictObject({ ids: z.array(text).optional(), names: z.array(text).optional(), force: z.boolean().optional() }),
  rules({ ids = [], names = [] }, report) {
    if (ids.length + names.length === 0) report(["ids"], "no profile is named; give ids, names, or both");
  },
  writes: true,
  async run(context) {
    const { ids = [], names = [], force = false } = context.args;
    const { found, gone } = await findAll(context, [...new Set(ids)], names);
    const guarded = force ? [] : found.filter(({ identityCount }) => (identityCount ?? 0) > 0);
    if (guarded.length > 0) {
      const each = guarded.map(({ id, name, identityCount }) => `"${name}" (${id}) has ${identityCount}`);
      throw new GuardError(
        `Identity profiles with identities are not deleted: ${each.join(", ")}`,
        "Nothing was deleted. If the identities are to lose their profile, say force; else leave these profiles out",
      );
    }
    if (found.length > 0) await awaitDeletion(context, ...found);
    return { deleted: found.map(({ id, name }) => ({ id, name })), gone };
  },
};

/** Source: developer.sailpoint.com, Lifecycle States, List. */
export const listLifecycleStates: Operation<functions.ListSailPointLifecycleStatesArgs, functions.ListSailPointLifecycleStatesResult> = {
  name: "sailpoint:listLifecycleStates",
  vendor: sailPoint,
  ...selects,
  writes: false,
  async run({ api, args }) {
    const { id } = await lookUpProfile(api, args);
    const lifecycleStates = (await api.listLifecycleStates(id)).map((state) => prune(state));
    return { lifecycleStates } as functions.ListSailPointLifecycleStatesResult;
  },
};

function asConfig(mapping: IdentityProfile["identityAttributeConfig"]): functions.SailPointIdentityAttributeConfig {
  return toMapping(mapping) as functions.SailPointIdentityAttributeConfig;
}

function asResult(profile: IdentityProfile): functions.GetSailPointIdentityProfileResult {
  const identityAttributeConfig = asConfig(profile.identityAttributeConfig);
  return prune({ ...profile, identityAttributeConfig }) as functions.GetSailPointIdentityProfileResult;
}

/**
 * Finds what is to be deleted.
 *
 * Out:    profiles, and ids that are proven gone.
 * Errors: NotFoundError for names that are not there, ConflictError for one that several have.
 */
async function findAll({ api }: Context<SailPointApi>, ids: string[], names: string[]) {
  const profiles = [...(await profilesWith(api, "id", ids)), ...(await profilesWith(api, "name", names))];
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  for (const name of names) {
    const same = [...byId.values()].filter((profile) => profile.name.toLowerCase() === name.toLowerCase());
    if (same.length === 0) throw new NotFoundError(`There is no identity profile named "${name}"`, "Nothing was deleted; correct the name");
    if (same.length > 1) {
      const which = `${same.length} identity profiles are named "${name}": ${same.map(({ id }) => id).join(", ")}`;
      throw new ConflictError(which, "Nothing was deleted; give ids");
    }
  }
  const gone: string[] = [];
  for (const id of ids.filter((id) => !byId.has(id))) {
    const profile = await observe(api, id, {});
    if (profile) byId.set(id, profile);
    else gone.push(id);
  }
  return { found: [...byId.values()], gone };
}
