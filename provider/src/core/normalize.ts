import type { FieldTable } from "./fields";

/**
 * One form for inputs that mean the same, so that equal meaning is equal bytes for the engine's own comparison.
 *
 * In:     inputs as written.
 * Out:    a copy without undefined and null at any depth, and without empty values where the field table says that empty is absent.
 * Errors: none.
 */
export function normalize(inputs: Record<string, unknown>, fields: FieldTable): Record<string, unknown> {
  const kept = Object.entries(prune(inputs) as Record<string, unknown>);
  return Object.fromEntries(kept.filter(([key, value]) => !(fields[key]?.emptyIsAbsent && isEmpty(value))));
}

/** Removes undefined and null members at every depth: neither may be in outputs, and vendors treat null as absent. */
export function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined && item !== null).map(prune);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, prune(member)]));
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
