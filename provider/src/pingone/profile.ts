import type { Report } from "../core/check";
import { isUnknown } from "../core/unknown";
import { attributesOf, toBody } from "./attributes";
import type { Inputs } from "./model";

/** The most that PingOne keeps of one user, as JSON (assumed), in bytes. */
const MAX_BYTES = 16 * 1024;
/** How many custom attributes the schema of an environment has at most: of texts, and of JSON. */
const MAX_OF_ONE_KIND = 200;

/**
 * Checks the limits of a user's profile, as far as its values are known. What others add to the user counts too, so PingOne may refuse less.
 *
 * Source: PingOne admin guide, Platform limits.
 */
export function checkProfile(inputs: Inputs, report: Report): void {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !isUnknown(value)));
  const attributes = attributesOf(known);
  const bytes = sizeOf(toBody(attributes));
  if (bytes > MAX_BYTES) {
    const [path, most] = [...attributes].map(([at, value]) => [at, sizeOf(value)] as const).reduce((a, b) => (b[1] > a[1] ? b : a));
    report(
      path.split(/\.(.*)/s, 2),
      `is the largest part, ${most} bytes, of a user that takes ${bytes} as JSON; PingOne keeps at most ${MAX_BYTES} of a user`,
    );
  }
  const values = [...attributes].flatMap(([path, value]) => (path.startsWith("customAttributes.") ? [value] : []));
  const texts = values.filter((value) => typeof value === "string" && !isUnknown(value));
  // A list may be an attribute of many texts or one of JSON, and what numbers are is not documented.
  const objects = values.filter((value) => typeof value === "object" && !Array.isArray(value));
  for (const [what, { length }, most] of [
    ["texts", texts, MAX_OF_ONE_KIND],
    ["JSON", objects, MAX_OF_ONE_KIND],
    ["both kinds together", values, 2 * MAX_OF_ONE_KIND],
  ] as const) {
    if (length > most) report(["customAttributes"], `holds ${length} attributes of ${what}; an environment has at most ${most}`);
  }
}

/** Bytes of a value as JSON. What is not known yet counts nothing: it may be short. */
function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value, (_key, inner) => (isUnknown(inner) ? "" : inner)));
}
