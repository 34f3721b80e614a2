import { z } from "zod";
import { adoptInput } from "../core/adopt";
import { UUID } from "./vendor";

const text = (max?: number) => {
  const schema = z.string().min(1, "must not be empty; leave it out to clear it");
  // Characters, not halves of them (assumed).
  return max === undefined ? schema : schema.refine((value) => [...value].length <= max, `must have at most ${max} characters`);
};
const uuid = z.string().regex(UUID, "must be a UUID");
const phone = text(32).regex(/\d/, "must hold a digit");

/** Inputs of a user. Custom attributes are checked in custom-attributes.ts. Source: PingOne API, Users, data model, for lengths and forms. */
export const directMappedUserInputs = z.strictObject({
  environmentId: uuid,
  username: text(128),
  population: z.strictObject({ id: uuid }).optional(),
  email: text().optional(),
  name: z
    .strictObject({
      formatted: text(256).optional(),
      given: text(256).optional(),
      family: text(256).optional(),
      middle: text(256).optional(),
      honorificPrefix: text().optional(),
      honorificSuffix: text().optional(),
    })
    .optional(),
  nickname: text(256).optional(),
  title: text(256).optional(),
  type: text(256).optional(),
  address: z
    .strictObject({
      streetAddress: text(256).optional(),
      locality: text(256).optional(),
      region: text(256).optional(),
      postalCode: text(40).optional(),
      // Not checked against ISO's list: the vendor's own example has UK.
      countryCode: z
        .string()
        .regex(/^[A-Z]{2}$/, "must be two capital letters, such as GB")
        .optional(),
    })
    .optional(),
  primaryPhone: phone.optional(),
  mobilePhone: phone.optional(),
  locale: text(256).optional(),
  preferredLanguage: text().optional(),
  // The published pattern would refuse UTC and America/Argentina/Salta.
  timezone: text().optional(),
  photo: z.strictObject({ href: z.string().regex(/^https?:\/\/\S+$/i, "must be an http or https URL") }).optional(),
  externalId: text(1024).optional(),
  accountId: text().optional(),
  customAttributes: z.record(z.string(), z.unknown()).optional(),
  password: text().optional(),
  ownership: z.enum(["managed", "full"], 'must be "managed" or "full"').optional(),
  adopt: adoptInput("the user of that username", uuid).optional(),
});
