import { z } from "zod";

const text = z.string().min(1, "must not be empty");
export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const guid = z.string().regex(GUID, "must be a GUID such as 0b9f6c1e-3f0d-4c55-9d1c-5a7e2f3b8c10");

/** Inputs of a person's link to Entra. */
export const personEntraLinkInputs = z.strictObject({
  person: z
    .strictObject({ id: guid.optional(), logonName: text.optional(), employeeId: text.optional(), email: text.optional() })
    .refine(
      (person) => Object.values(person).filter((value) => value !== undefined).length === 1,
      "must hold exactly one of id, logonName, employeeId and email",
    ),
  entraObjectId: guid,
  slot: z.union([z.literal(1), z.literal(2), z.literal(3)], "must be 1, 2 or 3, as External Entra Reference is set in MyID").optional(),
  pivApplicant: z.boolean().optional(),
  overwrite: z.boolean().optional(),
});
