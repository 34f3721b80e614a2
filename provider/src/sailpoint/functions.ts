import type * as pulumi from "@pulumi/pulumi";
import { act, actOutput, call, callOutput, type OutputArgs } from "../core/call";
import type { ConnectionArgs } from "../core/operation";
import type { IdentityAttributeConfigArgs } from "./identity-profile";

/** Which identity profile is meant; exactly one of `id` and `name` is given. */
export interface SailPointIdentityProfileSelector extends ConnectionArgs {
  /** Id of the profile. */
  id?: string;
  /** Name of the profile; upper and lower case count the same. */
  name?: string;
}

/** A mapping as answers hold it, in the form that `SailPointIdentityProfile` and `previewSailPointIdentity` take. */
export type SailPointIdentityAttributeConfig = pulumi.Unwrap<IdentityAttributeConfigArgs> & { enabled: boolean };

/** A part of a collection. */
export interface SailPointPart extends ConnectionArgs {
  /** Fields to sort by, with commas between them and `-` before those in descending order, such as `priority` or `-created`. @default "id" */
  sorters?: string;
  /** How many to pass over. @default 0 */
  offset?: number;
  /** How many at most. Left out, all: pages of 250 are asked for one after the other. */
  limit?: number;
}

/** Arguments of `getSailPointIdentityProfile`. */
export interface GetSailPointIdentityProfileArgs extends SailPointIdentityProfileSelector {}

/** An identity profile as the vendor answers, without empty values; what is not named here is there under the vendor's own names. */
export interface GetSailPointIdentityProfileResult {
  id: string;
  name: string;
  description?: string;
  owner?: { id: string; name?: string };
  priority?: number;
  authoritativeSource: { id: string; name?: string };
  /** The mapping in this library's form, keyed by identity attribute. */
  identityAttributeConfig: SailPointIdentityAttributeConfig;
  /** How many identities belong to it. */
  identityCount?: number;
  /** Whether its identities wait to be processed, as after a change of the mapping. */
  identityRefreshRequired?: boolean;
  created?: string;
  modified?: string;
  [field: string]: unknown;
}

/**
 * Reads one identity profile, whoever made it.
 *
 * Errors: InputError, ConfigError, NotFoundError, ConflictError for a name that several have, and those of the vendor.
 * Source: developer.sailpoint.com, Identity Profiles, Get, List.
 * Command: sailpoint get
 */
export function getSailPointIdentityProfile(args: GetSailPointIdentityProfileArgs): Promise<GetSailPointIdentityProfileResult> {
  return call("sailpoint:getIdentityProfile", args);
}

/** The same for arguments that are outputs. */
export function getSailPointIdentityProfileOutput(
  args: OutputArgs<GetSailPointIdentityProfileArgs>,
): pulumi.Output<GetSailPointIdentityProfileResult> {
  return callOutput("sailpoint:getIdentityProfile", args);
}

/** Arguments of `listSailPointIdentityProfiles`. */
export interface ListSailPointIdentityProfilesArgs extends SailPointPart {
  /**
   * Expression in the vendor's filter language, such as `name sw "Contractors"` or `priority eq 10`: `eq`, `ne`, `in`, `le` and `sw` for id
   * and name, `eq` and `ne` for priority. Source: developer.sailpoint.com, Standard Collection Parameters.
   */
  filters?: string;
}

/** What `listSailPointIdentityProfiles` found. */
export interface ListSailPointIdentityProfilesResult {
  profiles: GetSailPointIdentityProfileResult[];
}

/**
 * Lists identity profiles, whoever made them.
 *
 * Errors: InputError, ConfigError, and those of the vendor: a filter that it does not understand is IDP_REJECTED.
 * Source: developer.sailpoint.com, Identity Profiles, List.
 * Command: sailpoint list
 */
export function listSailPointIdentityProfiles(args: ListSailPointIdentityProfilesArgs = {}): Promise<ListSailPointIdentityProfilesResult> {
  return call("sailpoint:listIdentityProfiles", args);
}

/** The same for arguments that are outputs. */
export function listSailPointIdentityProfilesOutput(
  args: OutputArgs<ListSailPointIdentityProfilesArgs> = {},
): pulumi.Output<ListSailPointIdentityProfilesResult> {
  return callOutput("sailpoint:listIdentityProfiles", args);
}

/** Arguments of `getSailPointDefaultMapping`. */
export interface GetSailPointDefaultMappingArgs extends SailPointIdentityProfileSelector {}

/**
 * Reads the mapping that the vendor gives a profile for which none is declared. Nothing is changed.
 *
 * Out:    the mapping, as `identityAttributeConfig` of a `SailPointIdentityProfile` takes it.
 * Errors: as for `getSailPointIdentityProfile`.
 * Source: developer.sailpoint.com, Identity Profiles, Get default Identity Attribute Config.
 * Command: sailpoint default-mapping
 */
export function getSailPointDefaultMapping(args: GetSailPointDefaultMappingArgs): Promise<SailPointIdentityAttributeConfig> {
  return call("sailpoint:getDefaultMapping", args);
}

/** The same for arguments that are outputs. */
export function getSailPointDefaultMappingOutput(
  args: OutputArgs<GetSailPointDefaultMappingArgs>,
): pulumi.Output<SailPointIdentityAttributeConfig> {
  return callOutput("sailpoint:getDefaultMapping", args);
}

/** Arguments of `previewSailPointIdentity`. */
export interface PreviewSailPointIdentityArgs extends ConnectionArgs {
  /** The identity, `{ id }` or `{ name }`; exactly one must have the name. It exists from the first aggregation of its source on. */
  identity: { id?: string; name?: string };
  /** The mapping, as a `SailPointIdentityProfile` takes it. */
  identityAttributeConfig: IdentityAttributeConfigArgs;
}

/** What `previewSailPointIdentity` found. */
export interface PreviewSailPointIdentityResult {
  identity: { id: string; name?: string };
  /** One for each attribute of the mapping, in its order. */
  attributes: {
    /** Name of the identity attribute. */
    name: string;
    /** What the mapping gives. */
    value?: unknown;
    /** What the identity has now. */
    previousValue?: unknown;
    /** Why the attribute cannot be worked out, in the vendor's words; empty when it can. */
    errors: string[];
  }[];
}

/**
 * Works out what a mapping would give one identity. Nothing is changed. The vendor previews transforms of the types accountAttribute,
 * reference and rule; an attribute with another one gets an error and is not sent.
 *
 * Errors: InputError for a mapping that is not right, ConfigError, NotFoundError and ConflictError for the identity, and those of the vendor.
 *         An attribute that cannot be worked out is none: it stands in the result.
 * Source: developer.sailpoint.com, Identity Profiles, Generate Identity Profile Preview.
 * Command: sailpoint preview-identity
 */
export function previewSailPointIdentity(args: PreviewSailPointIdentityArgs): Promise<PreviewSailPointIdentityResult> {
  return call("sailpoint:previewIdentity", args);
}

/** The same for arguments that are outputs. */
export function previewSailPointIdentityOutput(
  args: OutputArgs<PreviewSailPointIdentityArgs>,
): pulumi.Output<PreviewSailPointIdentityResult> {
  return callOutput("sailpoint:previewIdentity", args);
}

/** Arguments of `processSailPointIdentities`. */
export interface ProcessSailPointIdentitiesArgs extends SailPointIdentityProfileSelector {
  /**
   * Whether to process although the vendor says that it is not required. It is no schedule: the vendor processes twice a day by itself.
   * @default false
   */
  force?: boolean;
}

/** What `processSailPointIdentities` did. */
export interface ProcessSailPointIdentitiesResult {
  id: string;
  name: string;
  /** Whether processing was begun; false when nothing required it. */
  processed: boolean;
}

/**
 * Has the attributes, manager, lifecycle state and access of all identities of a profile worked out anew, if the profile requires it. It
 * can change the access of people who are at work. It is only begun: the vendor does not say when it ends. Not done in a preview.
 *
 * Out:    undefined in a preview.
 * Errors: as for `getSailPointIdentityProfile`; LostAnswerError when it is not known whether it was begun.
 * Source: developer.sailpoint.com, Identity Profiles, Process identities under profile.
 * Command: sailpoint process-identities
 */
export function processSailPointIdentities(args: ProcessSailPointIdentitiesArgs): Promise<ProcessSailPointIdentitiesResult | undefined> {
  return act("sailpoint:processIdentities", args);
}

/** The same for arguments that are outputs, such as the id of a profile that the program declares: then it follows the profile's change. */
export function processSailPointIdentitiesOutput(
  args: OutputArgs<ProcessSailPointIdentitiesArgs>,
): pulumi.Output<ProcessSailPointIdentitiesResult | undefined> {
  return actOutput("sailpoint:processIdentities", args);
}

/** Arguments of `exportSailPointIdentityProfiles`. */
export interface ExportSailPointIdentityProfilesArgs extends SailPointPart {
  /** Expression in the vendor's filter language; an export takes `eq` and `ne` for id, name and priority alone, and sorts by these. */
  filters?: string;
}

/** A profile in the vendor's own form of export. */
export interface SailPointExportObject {
  version?: number;
  self?: { type?: string; id?: string; name?: string } | null;
  /** The profile as the vendor answers it. */
  object: { [field: string]: unknown };
}

/** What `exportSailPointIdentityProfiles` found. */
export interface ExportSailPointIdentityProfilesResult {
  objects: SailPointExportObject[];
}

/**
 * Exports identity profiles in the vendor's own form, for `importSailPointIdentityProfiles`. Lifecycle states are not in it.
 *
 * Errors: InputError, ConfigError, and those of the vendor: a filter that it does not understand is IDP_REJECTED.
 * Source: developer.sailpoint.com, Identity Profiles, Export.
 * Command: sailpoint export
 */
export function exportSailPointIdentityProfiles(
  args: ExportSailPointIdentityProfilesArgs = {},
): Promise<ExportSailPointIdentityProfilesResult> {
  return call("sailpoint:exportIdentityProfiles", args);
}

/** The same for arguments that are outputs. */
export function exportSailPointIdentityProfilesOutput(
  args: OutputArgs<ExportSailPointIdentityProfilesArgs> = {},
): pulumi.Output<ExportSailPointIdentityProfilesResult> {
  return callOutput("sailpoint:exportIdentityProfiles", args);
}

/** Arguments of `importSailPointIdentityProfiles`. */
export interface ImportSailPointIdentityProfilesArgs extends ConnectionArgs {
  /** What an export gave. */
  objects: SailPointExportObject[];
}

/** A remark of the vendor on an import. */
export interface SailPointImportMessage {
  key?: string | null;
  text?: string | null;
  [field: string]: unknown;
}

/** What `importSailPointIdentityProfiles` did. */
export interface ImportSailPointIdentityProfilesResult {
  infos: SailPointImportMessage[];
  warnings: SailPointImportMessage[];
  /** Empty in a result: where there are some, the import is an error. */
  errors: SailPointImportMessage[];
  importedObjects: { id?: string | null; name?: string | null; [field: string]: unknown }[];
}

/**
 * Imports exported identity profiles: those that the tenant has are changed, the others made. Whatever a program declares is better declared
 * than imported. Not done in a preview.
 *
 * Out:    undefined in a preview.
 * Errors: InputError, ConfigError, those of the vendor; RejectedError when a profile was not imported, with the vendor's words and what was
 *         imported all the same; LostAnswerError when it is not known what was imported.
 * Source: developer.sailpoint.com, Identity Profiles, Import, which answers with status 200 whatever became of the profiles.
 * Command: sailpoint import
 */
export function importSailPointIdentityProfiles(
  args: ImportSailPointIdentityProfilesArgs,
): Promise<ImportSailPointIdentityProfilesResult | undefined> {
  return act("sailpoint:importIdentityProfiles", args);
}

/** The same for arguments that are outputs. */
export function importSailPointIdentityProfilesOutput(
  args: OutputArgs<ImportSailPointIdentityProfilesArgs>,
): pulumi.Output<ImportSailPointIdentityProfilesResult | undefined> {
  return actOutput("sailpoint:importIdentityProfiles", args);
}

/** Arguments of `deleteSailPointIdentityProfiles`. */
export interface DeleteSailPointIdentityProfilesArgs extends ConnectionArgs {
  /** Ids of profiles; one that is gone already is a success. */
  ids?: string[];
  /** Names of profiles; each must be there. */
  names?: string[];
  /**
   * Whether profiles may be deleted to which identities belong.
   * @default false
   */
  force?: boolean;
}

/** What `deleteSailPointIdentityProfiles` did. */
export interface DeleteSailPointIdentityProfilesResult {
  deleted: { id: string; name: string }[];
  /** Ids of profiles that were gone before. */
  gone: string[];
}

/**
 * Deletes identity profiles with one call and one task of the vendor, and waits until all are gone. Not done in a preview. What a program
 * declares is deleted by the program.
 *
 * Out:    undefined in a preview.
 * Errors: InputError, ConfigError; NotFoundError for a name, and GuardError for a profile with identities, both before anything is deleted;
 *         TaskError when the vendor's task fails or takes too long: 5 minutes, and a quarter of a minute for each profile.
 * Source: developer.sailpoint.com, Identity Profiles, Delete identity profiles.
 * Command: sailpoint delete
 */
export function deleteSailPointIdentityProfiles(
  args: DeleteSailPointIdentityProfilesArgs,
): Promise<DeleteSailPointIdentityProfilesResult | undefined> {
  return act("sailpoint:deleteIdentityProfiles", args);
}

/** The same for arguments that are outputs. */
export function deleteSailPointIdentityProfilesOutput(
  args: OutputArgs<DeleteSailPointIdentityProfilesArgs>,
): pulumi.Output<DeleteSailPointIdentityProfilesResult | undefined> {
  return actOutput("sailpoint:deleteIdentityProfiles", args);
}

/** Arguments of `listSailPointLifecycleStates`. */
export interface ListSailPointLifecycleStatesArgs extends SailPointIdentityProfileSelector {}

/** What `listSailPointLifecycleStates` found. */
export interface ListSailPointLifecycleStatesResult {
  /** As the vendor answers; what is not named here is there under the vendor's own names. */
  lifecycleStates: {
    id: string;
    name: string;
    technicalName?: string;
    enabled?: boolean;
    identityCount?: number;
    [field: string]: unknown;
  }[];
}

/**
 * Lists the lifecycle states of an identity profile.
 *
 * Errors: as for `getSailPointIdentityProfile`.
 * Source: developer.sailpoint.com, Lifecycle States, List; version beta has no list, so it is asked for in v3 there.
 * Command: sailpoint lifecycle-states
 */
export function listSailPointLifecycleStates(args: ListSailPointLifecycleStatesArgs): Promise<ListSailPointLifecycleStatesResult> {
  return call("sailpoint:listLifecycleStates", args);
}

/** The same for arguments that are outputs. */
export function listSailPointLifecycleStatesOutput(
  args: OutputArgs<ListSailPointLifecycleStatesArgs>,
): pulumi.Output<ListSailPointLifecycleStatesResult> {
  return callOutput("sailpoint:listLifecycleStates", args);
}
