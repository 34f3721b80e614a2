/** What the vendor answers to questions and actions; only what is used is named. Profiles and tasks are in api.ts. */
import { z } from "zod";

/** A reference as answers hold it. */
export const reference = z.looseObject({ id: z.string(), name: z.string().nullish() });

export const identityPreview = z.looseObject({
  identity: reference.nullish(),
  previewAttributes: z.array(
    z.looseObject({
      name: z.string(),
      value: z.unknown(),
      previousValue: z.unknown(),
      errorMessages: z.array(z.looseObject({ text: z.string().nullish() })).nullish(),
    }),
  ),
});
export type IdentityPreview = z.output<typeof identityPreview>;

/** A profile in the form of the vendor's own exports; all of it is kept, so that it can be imported again. */
export const exportedProfile = z.looseObject({
  self: z.looseObject({ id: z.string().nullish(), name: z.string().nullish() }).nullish(),
  object: z.looseObject({}),
});

const note = z.looseObject({ key: z.string().nullish(), text: z.string().nullish() });
const notes = z
  .array(note)
  .nullish()
  .transform((list) => list ?? []);
export const importResult = z.looseObject({
  infos: notes,
  warnings: notes,
  errors: notes,
  importedObjects: z
    .array(z.looseObject({ id: z.string().nullish(), name: z.string().nullish() }))
    .nullish()
    .transform((list) => list ?? []),
});
export type ImportResult = z.output<typeof importResult>;

export const lifecycleState = z.looseObject({ id: z.string(), name: z.string() });
