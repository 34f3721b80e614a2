import { z } from "zod";
import { adoptInput } from "../core/adopt";

const text = z.string().min(1, "must not be empty");

/** One object, by id or by name, never both. */
const reference = z
  .strictObject({ id: text.optional(), name: text.optional() })
  .refine(({ id, name }) => (id === undefined) !== (name === undefined), "must hold either id or name: { id: ... } or { name: ... }");

/** Inputs of an identity profile. The mapping is checked transform by transform in mapping.ts. */
export const identityProfileInputs = z.strictObject({
  name: text,
  description: z.string().optional(),
  owner: reference.optional(),
  priority: z.int("must be a whole number").positive("must be 1 or more; a lower number wins").optional(),
  authoritativeSource: reference,
  identityAttributeConfig: z.strictObject({ enabled: z.boolean().optional(), attributeTransforms: z.unknown() }).optional(),
  renameBy: z.enum(["update", "replace"]).optional(),
  changeSourceBy: z.enum(["update", "replace"]).optional(),
  forceDelete: z.boolean().optional(),
  adopt: adoptInput("the profile of that name", text).optional(),
});

const periodic = { requiresPeriodicRefresh: z.boolean().optional() };

/** Attributes by type of transform, for the types that the vendor's identity preview supports. */
export const transformSchemas: Record<string, z.ZodType> = {
  accountAttribute: z.strictObject({
    type: z.literal("accountAttribute"),
    attributeName: text,
    sourceName: text.optional(),
    sourceId: text.optional(),
    applicationId: text.optional(),
    applicationName: text.optional(),
    accountSortAttribute: text.optional(),
    accountSortDescending: z.boolean().optional(),
    accountReturnFirstLink: z.boolean().optional(),
    accountFilter: text.optional(),
    accountPropertyFilter: text.optional(),
    ...periodic,
  }),
  reference: z.strictObject({
    type: z.literal("reference"),
    id: text,
    input: z.strictObject({ type: text, attributes: z.record(z.string(), z.unknown()).optional() }).optional(),
    ...periodic,
  }),
  // A rule takes variables of any name.
  rule: z.looseObject({ type: z.literal("rule"), name: text.optional(), id: text.optional(), ...periodic }),
};

/** Any other transform: only its type is known to be needed. */
export const customTransform = z.looseObject({ type: text });
