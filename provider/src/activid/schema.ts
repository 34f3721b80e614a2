import { z } from "zod";
import { adoptInput } from "../core/adopt";

const text = z.string().min(1, "must not be empty");
const type = z.string().regex(/^\w+$/, "must be a word such as work").optional();

const coded = z.strictObject({ value: text });
const emails = z.array(z.strictObject({ value: text, type })).max(1, "a user has at most 1");
const phoneNumbers = z.array(z.strictObject({ value: text, type })).max(1, "a user has at most 1");
const addresses = z.array(z.strictObject({ formatted: text, type })).max(4, "a user has at most 4");
const name = z.strictObject({ givenName: text.optional(), familyName: text.optional() });

/** Inputs of a user. What depends on other inputs is checked in rules.ts. */
export const userInputs = z.strictObject({
  externalId: text.optional(),
  userName: text.optional(),
  userType: z.literal("SCIM_FED", 'can only be "SCIM_FED"; the server chooses every other type').optional(),
  name: name.optional(),
  emails: emails.optional(),
  phoneNumbers: phoneNumbers.optional(),
  addresses: addresses.optional(),
  title: z.string().optional(),
  active: z.boolean().optional(),
  groups: z.array(coded).length(1, "must hold exactly 1 group").optional(),
  roles: z.array(coded).optional(),
  attributes: z.record(text, z.union([text, z.array(text).min(1, "must not be empty")], "must be a text, or a list of texts")).optional(),
  enterprise: z.record(text, z.unknown()).optional(),
  devices: z.array(coded).optional(),
  onDelete: z.enum(["delete", "deleteAndForget", "disable"]).optional(),
  adopt: adoptInput("the user of that externalId", text.regex(/^[1-9]\d*$/, "must be the id of a user, a number as text")).optional(),
});

/** Inputs of an import. */
export const userImportInputs = z.strictObject({
  users: z
    .array(
      z.strictObject({
        externalId: text,
        userName: text.optional(),
        name: z.strictObject({ givenName: text, familyName: text }),
        emails: emails.min(1, "must hold 1"),
        phoneNumbers: phoneNumbers.optional(),
        addresses: addresses.optional(),
        title: text.optional(),
        active: z.boolean().optional(),
      }),
    )
    .min(1, "must hold at least 1 user"),
  group: coded,
  authenticatorPolicy: coded.optional(),
  onFailure: z.enum(["error", "warn"]).optional(),
  onDelete: z.enum(["keep", "delete"]).optional(),
});
