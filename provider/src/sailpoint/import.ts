import { LostAnswerError, RejectedError } from "../core/errors";
import type { ImportResult } from "./answers";
import type { SailPointApi } from "./api";
import type { ImportSailPointIdentityProfilesResult, SailPointExportObject } from "./functions";

/** An import of which not everything arrived. */
export class IncompleteImportError extends RejectedError {
  constructor(
    readonly result: ImportSailPointIdentityProfilesResult,
    what: string,
  ) {
    const done = result.importedObjects.map(({ id, name }) => `"${name ?? id}"`);
    super(what, `${done.length > 0 ? `Imported were ${done.join(", ")}` : "Nothing was imported"}; mend the cause and import again`);
  }
}

/**
 * Imports profiles. The vendor answers with status 200 whatever became of them.
 *
 * Errors: IncompleteImportError when the answer holds errors or leaves a profile out; LostAnswerError when none comes.
 * Source: developer.sailpoint.com, Identity Profiles, Import.
 */
export async function importProfiles(api: SailPointApi, objects: SailPointExportObject[]): Promise<ImportResult> {
  const result = await api.importIdentityProfiles(objects).catch((error: unknown) => {
    if (!(error instanceof LostAnswerError)) throw error;
    const next = "Compare with an export which profiles arrived, and import what is missing; one that the tenant has is only changed";
    throw new LostAnswerError(error.what, next, error.facts);
  });
  if (result.errors.length > 0) {
    const words = result.errors.map(({ key, text }) => [key, text].filter(Boolean).join(": "));
    throw new IncompleteImportError(result, `Importing ${objects.length} identity profiles ended with errors: ${words.join("; ")}`);
  }
  const { length } = result.importedObjects;
  if (length >= objects.length) return result;
  throw new IncompleteImportError(result, `SailPoint names no error, but imported ${length} of ${objects.length} identity profiles`);
}
