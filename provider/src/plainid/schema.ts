import { z } from "zod";
import type { Report } from "../core/check";
import { isUnknown } from "../core/unknown";
import { isParked } from "./parking";

const text = z.string().min(1, "must not be empty");

/** The vendor publishes no rule for ids; spaces at the ends are always a mistake. */
const sourceId = text
  .refine((id) => id.trim() === id, "must not begin or end with a space")
  .refine((id) => !isParked(id), "must not look like the temporary id that this library uses while ids are exchanged");

/** Inputs of an identity source. */
export const identitySourceInputs = z.strictObject({
  envId: z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "must be a UUID, as the Details tab of the environment's settings shows it"),
  identityTemplateId: text,
  sourceId,
  adoptFrom: sourceId.optional(),
  displayName: text.optional(),
  description: z.string().optional(),
  sourceType: text.optional(),
  sourceMetaData: z.record(text, z.unknown()).optional(),
  onDelete: z.enum(["retain", "restoreOriginalId", "fail"]).optional(),
});

/** What may be right but deserves a look. */
export function checkSourceId(id: unknown, _report: Report, warn: (message: string) => void): void {
  if (typeof id === "string" && !isUnknown(id) && id !== "" && !/^[\w.-]+$/.test(id))
    warn(`sourceId "${id}" has characters other than letters, digits, "_", "." and "-"; the vendor does not say that it accepts them`);
}
