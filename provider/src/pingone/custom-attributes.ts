import type { Report } from "../core/check";
import { RESERVED } from "./attributes";

/**
 * Checks custom attributes: names that are something else on the wire, and values that PingOne would take and lose.
 *
 * Source: PingOne API, Users, data model; Foundations, API requests (fractions are cut off).
 */
export function checkCustomAttributes(attributes: unknown, report: Report): void {
  if (typeof attributes !== "object" || attributes === null) return;
  for (const [name, value] of Object.entries(attributes)) {
    const path = ["customAttributes", name];
    if (RESERVED.includes(name)) report(path, `"${name}" is no custom attribute: it is a property of its own, or set by PingOne alone`);
    if (isEmpty(value)) report(path, "must not be empty; leave it out to clear it");
    checkNumbers(value, path, report);
  }
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function checkNumbers(value: unknown, path: PropertyKey[], report: Report): void {
  if (typeof value === "number" && !Number.isInteger(value)) report(path, `PingOne cuts fractions off; write it as text (given: ${value})`);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) checkNumbers(inner, [...path, Array.isArray(value) ? Number(key) : key], report);
}
