import type * as pulumi from "@pulumi/pulumi";
import { call, callOutput, type OutputArgs } from "../core/call";
import type { ConnectionArgs } from "../core/operation";

/** An identity source as the vendor exports it; members that are not named here are there under their own names. */
export interface PlainIdExportedIdentitySource {
  sourceId: string;
  displayName?: string | null;
  description?: string | null;
  sourceType?: string | null;
  sourceMetaData?: Record<string, unknown> | null;
  [member: string]: unknown;
}

/** Arguments of `exportPlainIdIdentitySources`. */
export interface ExportPlainIdIdentitySourcesArgs extends ConnectionArgs {
  /** Id of the environment, a UUID, from the Details tab of its settings. */
  envId: string;
  /** Id of the identity template, such as `User`, from the Details tab of the identity workspace's settings. */
  identityTemplateId: string;
  /**
   * Whether built-in sources are in the answer, which can be neither imported nor renamed.
   * @default false
   */
  includeUnimportableSources?: boolean;
}

/** What `exportPlainIdIdentitySources` found; the body that the vendor's import takes, unless built-in sources are in it. */
export interface ExportPlainIdIdentitySourcesResult {
  sources: PlainIdExportedIdentitySource[];
}

/**
 * Exports the identity sources of a template of PlainID, as they are.
 *
 * Errors: InputError, ConfigError, and those of the vendor; IDP_NOT_FOUND says whether environment or template are not there.
 * Source: docs.plainid.io, Management APIs, Export Identity Sources.
 * Command: plainid export
 */
export function exportPlainIdIdentitySources(args: ExportPlainIdIdentitySourcesArgs): Promise<ExportPlainIdIdentitySourcesResult> {
  return call("plainid:exportIdentitySources", args);
}

/** The same for arguments that are outputs. */
export function exportPlainIdIdentitySourcesOutput(
  args: OutputArgs<ExportPlainIdIdentitySourcesArgs>,
): pulumi.Output<ExportPlainIdIdentitySourcesResult> {
  return callOutput("plainid:exportIdentitySources", args);
}

/** Arguments of `listPlainIdIdentitySourceReferences`. */
export interface ListPlainIdIdentitySourceReferencesArgs extends ConnectionArgs {
  /** Id of the environment, a UUID. */
  envId: string;
  /** Id of the identity template. */
  identityTemplateId: string;
  /** Id of the source; one that is not there any more may still be referred to. */
  sourceId: string;
}

/** What `listPlainIdIdentitySourceReferences` found. */
export interface ListPlainIdIdentitySourceReferencesResult {
  /** Mapper sets of the template that link the source, and what they use it as, such as `BASE`. */
  mapperSets: { mappersSetId: string; sourceUsedAs?: string }[];
  /** API mappers of the environment that name a source of this id. They do not say of which template. */
  apiMappers: { apiMappersSetId: string; mapperId: string }[];
}

/**
 * Lists what refers to an identity source by its id: what to look at before and after the id is changed.
 *
 * Errors: InputError, ConfigError, and those of the vendor; IDP_NOT_FOUND says whether environment or template are not there.
 * Source: docs.plainid.io, Management APIs, List Mapper Sets; that API mapper sets can be listed is assumed.
 * Command: plainid references
 */
export function listPlainIdIdentitySourceReferences(
  args: ListPlainIdIdentitySourceReferencesArgs,
): Promise<ListPlainIdIdentitySourceReferencesResult> {
  return call("plainid:listIdentitySourceReferences", args);
}

/** The same for arguments that are outputs. */
export function listPlainIdIdentitySourceReferencesOutput(
  args: OutputArgs<ListPlainIdIdentitySourceReferencesArgs>,
): pulumi.Output<ListPlainIdIdentitySourceReferencesResult> {
  return callOutput("plainid:listIdentitySourceReferences", args);
}
