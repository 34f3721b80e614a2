import { z } from "zod";
import type { OperationDefinition } from "../core/operation";
import type { PlainIdApi } from "./api";
import type {
  ExportPlainIdIdentitySourcesArgs,
  ExportPlainIdIdentitySourcesResult,
  ListPlainIdIdentitySourceReferencesArgs,
  ListPlainIdIdentitySourceReferencesResult,
} from "./functions";
import { findReferences } from "./references";
import { identitySourceInputs } from "./schema";
import { plainId, type settings } from "./vendor";

type Operation<Args extends object, Result> = OperationDefinition<Args, Result, PlainIdApi, typeof settings>;

const { envId, identityTemplateId } = identitySourceInputs.shape;

/** Source: docs.plainid.io, Management APIs, Export Identity Sources. */
export const exportIdentitySources: Operation<ExportPlainIdIdentitySourcesArgs, ExportPlainIdIdentitySourcesResult> = {
  name: "plainid:exportIdentitySources",
  vendor: plainId,
  schema: z.strictObject({ envId, identityTemplateId, includeUnimportableSources: z.boolean().optional() }),
  writes: false,
  async run({ api, args: { includeUnimportableSources = false, ...place } }) {
    return { sources: await api.exportSources(place, includeUnimportableSources) };
  },
};

/** Source: docs.plainid.io, Management APIs, List Mapper Sets. */
export const listIdentitySourceReferences: Operation<ListPlainIdIdentitySourceReferencesArgs, ListPlainIdIdentitySourceReferencesResult> = {
  name: "plainid:listIdentitySourceReferences",
  vendor: plainId,
  schema: z.strictObject({ envId, identityTemplateId, sourceId: z.string().min(1, "must not be empty") }),
  writes: false,
  run: ({ api, args: { sourceId, ...place } }) => findReferences(api, place, sourceId),
};
