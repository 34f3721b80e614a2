import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { type Failure, type Report, validate } from "../core/check";
import { prune } from "../core/normalize";
import { isUnknown } from "../core/unknown";
import type { attributeTransform, IdentityProfile } from "./api";
import { customTransform, transformSchemas } from "./schema";

/** A transform as programs write it: type and attributes side by side. */
export type FlatTransform = { type: string } & Record<string, unknown>;

/** A mapping as programs write it, keyed by the name of the identity attribute. */
export interface Mapping {
  enabled?: boolean;
  attributeTransforms: Record<string, FlatTransform>;
}

type VendorMapping = NonNullable<IdentityProfile["identityAttributeConfig"]>;
type VendorEntry = z.output<typeof attributeTransform>;

/**
 * The mapping to send so that the tenant has what the program declares.
 *
 * In:     wanted, as declared; before, what the program declared last time; actual, from a fresh answer.
 * Out:    the whole mapping, or undefined when the tenant already has it. Entries that already are as wanted are sent as they were found,
 *         because the vendor adds keys to them (a source's id beside its name) that are not the program's to remove.
 */
export function mappingToSend(wanted: Mapping, before: Mapping | undefined, actual: VendorMapping | null | undefined): object | undefined {
  const found = new Map((actual?.attributeTransforms ?? []).map((entry) => [entry.identityAttributeName, entry]));
  let same = actual?.enabled === wanted.enabled && found.size === Object.keys(wanted.attributeTransforms).length;
  const entries = Object.entries(wanted.attributeTransforms).map(([name, transform]) => {
    const entry = found.get(name);
    if (entry && fulfils(entry, transform, before?.attributeTransforms[name])) return entry;
    same = false;
    return toVendorEntry(name, transform);
  });
  return same ? undefined : { enabled: wanted.enabled, attributeTransforms: entries };
}

function fulfils(entry: VendorEntry, wanted: FlatTransform, before: FlatTransform | undefined): boolean {
  const actual = toFlat(entry);
  return covers(wanted, actual) && !holdsDropped(before, wanted, actual);
}

/** Whether `actual` still holds a key that the program wrote before and no longer writes. */
function holdsDropped(before: unknown, wanted: unknown, actual: unknown): boolean {
  if (!isPlainObject(before) || !isPlainObject(wanted) || !isPlainObject(actual)) return false;
  return Object.keys(before).some(
    (key) => Object.hasOwn(actual, key) && (!Object.hasOwn(wanted, key) || holdsDropped(before[key], wanted[key], actual[key])),
  );
}

/** Whether `actual` holds everything that `wanted` says; keys that `wanted` does not mention do not count. */
export function covers(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(wanted, actual);
  if (typeof actual !== "object" || actual === null) return false;
  return Object.entries(wanted).every(([key, value]) => covers(value, (actual as Record<string, unknown>)[key]));
}

/**
 * The tenant's mapping as inputs, so that a comparison with the program shows exactly what was changed elsewhere.
 *
 * In:     actual, from an answer; declared, what the program wrote, or undefined for an object that no program described yet.
 * Out:    declared entries with the tenant's values of just the keys that the program wrote; all other entries in full.
 */
export function toMapping(actual: VendorMapping | null | undefined, declared?: Mapping): Mapping {
  const entries = (actual?.attributeTransforms ?? []).map((entry) => {
    const flat = toFlat(entry);
    const wanted = declared?.attributeTransforms[entry.identityAttributeName];
    return [entry.identityAttributeName, wanted ? (project(flat, wanted) as FlatTransform) : flat];
  });
  return { enabled: actual?.enabled ?? false, attributeTransforms: Object.fromEntries(entries) };
}

/** The part of `actual` that `shape` mentions. */
function project(actual: unknown, shape: unknown): unknown {
  if (!isPlainObject(actual) || !isPlainObject(shape)) return actual;
  const shared = Object.keys(shape).filter((key) => key in actual);
  return Object.fromEntries(shared.map((key) => [key, project(actual[key], shape[key])]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function toVendorMapping(mapping: Mapping): object {
  return {
    enabled: mapping.enabled,
    attributeTransforms: Object.entries(mapping.attributeTransforms).map(([name, transform]) => toVendorEntry(name, transform)),
  };
}

function toVendorEntry(name: string, { type, $type, ...attributes }: FlatTransform): VendorEntry {
  return {
    identityAttributeName: name,
    transformDefinition: { type, attributes: $type === undefined ? attributes : { type: $type, ...attributes } },
  };
}

function toFlat({ transformDefinition }: VendorEntry): FlatTransform {
  const { type: $type, ...attributes } = prune(transformDefinition?.attributes ?? {}) as Record<string, unknown>;
  return { type: transformDefinition?.type ?? "", ...attributes, ...($type === undefined ? {} : { $type }) };
}

/** Checks a mapping: each transform by its type, and what only shows when entries are seen side by side. */
export function checkMapping(mapping: unknown, report: Report, warn: (message: string) => void): void {
  const path = ["identityAttributeConfig", "attributeTransforms"];
  if (!isPlainObject(mapping)) return;
  const transforms = mapping.attributeTransforms;
  if (transforms === undefined) return;
  if (!isPlainObject(transforms)) {
    report(path, "must be a map keyed by the name of the identity attribute, such as { email: accountAttribute({ ... }) }");
    return;
  }
  if (Object.keys(transforms).length === 0) {
    report(path, "maps no attribute, which would remove every mapping; leave identityAttributeConfig out to leave the mapping alone");
  }
  const byLowerCase = new Map<string, string>();
  for (const [name, transform] of Object.entries(transforms)) {
    const twin = byLowerCase.get(name.toLowerCase());
    if (twin !== undefined) report([...path, name], `names the same identity attribute as "${twin}"; keep one of them`);
    byLowerCase.set(name.toLowerCase(), name);
    if (name.trim() === "") report([...path, name], "the name of an identity attribute must not be empty");
    for (const failure of checkTransform(transform, (message) => warn(`${name}: ${message}`)))
      report([...path, name, ...failure.path], failure.reason);
  }
}

const UUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

function checkTransform(transform: unknown, warn: (message: string) => void): Failure[] {
  if (!isPlainObject(transform))
    return [{ path: [], reason: "must be a transform, such as accountAttribute({ attributeName: ..., sourceId: ... })" }];
  const { type } = transform;
  if (isUnknown(type)) return [];
  if (isPlainObject(transform.transformDefinition))
    return [{ path: [], reason: 'is written as { type, ...attributes }, without "transformDefinition"' }];
  const known = typeof type === "string" && Object.hasOwn(transformSchemas, type) ? transformSchemas[type] : undefined;
  if (typeof type === "string" && type !== "" && !known) {
    warn(`transforms of type "${type}" are not checked here, and the vendor's preview does not support them`);
  }
  // A value that is not known yet is a UUID itself.
  if (type === "reference" && !isUnknown(transform.id) && UUID.test(String(transform.id))) {
    warn(`"${transform.id}" looks like the id of a transform; a reference takes its name`);
  }
  return validate(known ?? customTransform, transform, (report) => {
    if (type === "accountAttribute" && !["sourceName", "sourceId", "applicationName", "applicationId"].some((key) => key in transform)) {
      report([], "says no source; give sourceId (better, it survives a rename) or sourceName");
    }
    if (type === "rule" && !("name" in transform) && !("id" in transform)) report([], "says no rule; give its name");
  });
}
