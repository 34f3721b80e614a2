import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { formatPath } from "../core/check";
import type { FieldTable } from "../core/fields";
import { DYNAMIC } from "../core/provider-source";
import { type Change, without } from "../core/review";
import { nameOf } from "./stack";

type Values = Record<string, unknown>;

/** What the engine writes in place of a secret, and what this library writes in place of what looks like one. */
export const SECRET = "[secret]";
/** The key that marks a secret in the engine's own form, and its value. Source: Pulumi SDK for Go, package common/resource, SigKey and SecretSig. */
const [SIGNATURE, SIGNED] = ["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"];
/** Names of what nobody may read, whoever declared it; in lower case, words apart by underscores. */
const SECRETIVE = /pass(word|wd|phrase|code)|secret|token|credential|(private|api)_?key|(^|[^a-z])(pass|pwd|pin|otp)([^a-z]|$)/;

const values = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((record) => record ?? {});
const resource = z
  .looseObject({
    type: z.string().default(""),
    custom: z.boolean().default(false),
    inputs: values,
    outputs: values,
    retainOnDelete: z.boolean().default(false),
    propertyDependencies: z
      .record(z.string(), z.array(z.string()).nullish())
      .nullish()
      .transform((record) => Object.values(record ?? {}).flatMap((urns) => urns ?? [])),
  })
  .nullish();
const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: resource,
  newState: resource,
  detailedDiff: values,
});
/** The answer of `pulumi preview --json`. */
const preview = z
  .looseObject({
    steps: z.array(step).nullish(),
    diagnostics: z
      .array(z.looseObject({ severity: z.string(), message: z.string(), urn: z.string().optional() }))
      .nullish()
      .transform((list) => list ?? []),
    changeSummary: z.record(z.string(), z.number()).nullish(),
  })
  // A preview without any step has no list of them, so anything else would pass for an empty one.
  .refine(
    ({ steps, changeSummary, diagnostics }) => steps || changeSummary || diagnostics.length > 0,
    "no steps, no summary, no diagnostics",
  );

/** One value of an object before and after; undefined where there is none. Secrets are masked. */
export interface Line {
  /** Path of the attribute; `[]` at its end stands for one item of a list. */
  path: string;
  before?: unknown;
  after?: unknown;
}

/** What becomes of one object, with secrets masked everywhere. */
export interface PlannedChange extends Change {
  urn: string;
  /** `<vendor>:<Noun>` for objects of this library, the engine's type for others. */
  type: string;
  /** Name of the resource in the program. */
  name: string;
  /** Whether the engine only forgets the object. */
  retained: boolean;
  lines: Line[];
}

export interface Plan {
  /** Name of the stack, if anything tells. */
  stack?: string;
  changes: PlannedChange[];
  /** Errors and warnings in the engine's words. */
  errors: string[];
  warnings: string[];
}

const OPS: Record<string, Change["op"]> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
};

/**
 * Reads a preview. What a refresh only looks at, what stays the same, components and providers are left out.
 *
 * In:     preview, parsed JSON; fieldsOf, the field table of a type of this library.
 * Out:    what becomes of each object, in no particular order.
 * Errors: ZodError for something else than a preview.
 */
export function readPlan(answer: unknown, fieldsOf: (type: string) => FieldTable | undefined): Plan {
  const { steps, diagnostics } = preview.parse(answer);
  const taken = new Map<string, string[]>();
  const found = new Map<string, z.output<typeof step>>();
  for (const one of steps ?? []) {
    const { urn, op, oldState, newState } = one;
    for (const source of newState?.propertyDependencies ?? []) taken.set(source, [...(taken.get(source) ?? []), nameOf(urn)]);
    if (!OPS[op] || !(newState ?? oldState)?.custom || (newState ?? oldState)?.type.startsWith("pulumi:")) continue;
    // What is left of an earlier replacement goes by itself; a replacement of this run may be several steps, of which one says it all.
    const key = op === "delete-replaced" ? `${urn} old` : urn;
    if (!found.has(key)) found.set(key, one);
  }
  for (const [urn, { op }] of found) if (OPS[op] === "replace") found.delete(`${urn} old`);
  const said = (severity: string) => diagnostics.filter((one) => one.severity === severity).map(({ message }) => message.trim());
  return {
    stack: steps?.[0]?.urn.split("::")[0]?.split(":").at(-1),
    changes: [...found.values()].map((one) => toChange(one, fieldsOf, taken.get(one.urn) ?? [])),
    errors: said("error"),
    warnings: said("warning"),
  };
}

function toChange(
  { urn, op, oldState, newState, detailedDiff }: z.output<typeof step>,
  fieldsOf: (type: string) => FieldTable | undefined,
  referrers: string[],
): PlannedChange {
  const type = (newState ?? oldState)?.type ?? "";
  const own = type.startsWith(DYNAMIC) ? type.slice(DYNAMIC.length) : type;
  const fields = fieldsOf(own) ?? {};
  const hidden = (path: string[]) =>
    fields[path[0] ?? ""]?.mutability === "writeOnly" ||
    path.some((key) => SECRETIVE.test(key.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase()));
  // The text that leads to this library is of no interest to anybody.
  const { __provider: _old, ...before } = oldState?.inputs ?? {};
  const { __provider: _new, ...after } = (OPS[op] === "delete" ? undefined : newState?.inputs) ?? {};
  const lines = compare(before, after, [], hidden);
  // Both sides of a secret are masked alike, so only the engine knows that it differs.
  for (const path of OPS[op] === "delete" ? [] : Object.keys(detailedDiff)) {
    const stem = path.replace(/\[.*$/s, "");
    const shown = lines.some((line) => line.path.startsWith(stem) || path.startsWith(line.path));
    if (!shown && stem !== "__provider") lines.push({ path, before: SECRET, after: SECRET });
  }
  return {
    urn,
    type: own,
    name: nameOf(urn),
    op: OPS[op] ?? "update",
    before: mask(before, [], hidden) as Values,
    after: mask(after, [], hidden) as Values,
    state: mask(oldState?.outputs ?? {}, [], hidden) as Values,
    changed: new Set(lines.map(({ path }) => path.split(/[.[]/)[0] ?? "")),
    referrers: [...new Set(referrers)].sort(),
    retained: oldState?.retainOnDelete ?? false,
    lines: lines.sort((a, b) => order(a.path, b.path)),
  };
}

type Hidden = (path: string[]) => boolean;

/** Every value that differs. An object that is only on one side is taken apart down to those that hold no further ones. */
function compare(before: unknown, after: unknown, path: string[], hidden: Hidden): Line[] {
  if (isDeepStrictEqual(before, after)) return [];
  const shown = formatPath(path);
  const masked = (value: unknown) => mask(value, path, hidden);
  if (hidden(path) || isSecret(before) || isSecret(after)) return [{ path: shown, before: masked(before), after: masked(after) }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const [gone, added] = [without(before, after), without(after, before)];
    if (gone.length + added.length === 0) return [{ path: shown, before: masked(before), after: masked(after) }];
    return [
      ...gone.map((item) => ({ path: `${shown}[]`, before: masked(item) })),
      ...added.map((item) => ({ path: `${shown}[]`, after: masked(item) })),
    ];
  }
  const [old, wanted] = [isRecord(before) ? before : undefined, isRecord(after) ? after : undefined];
  const only = old && after === undefined ? old : wanted && before === undefined ? wanted : undefined;
  if ((old && wanted) || path.length === 0 || (only && Object.values(only).some((value) => typeof value === "object")))
    return [...new Set([...Object.keys(old ?? {}), ...Object.keys(wanted ?? {})])].flatMap((key) =>
      compare(old?.[key], wanted?.[key], [...path, key], hidden),
    );
  return [{ path: shown, before: masked(before), after: masked(after) }];
}

/** A copy without anything that nobody may read. */
function mask(value: unknown, path: string[], hidden: Hidden): unknown {
  if (value === undefined || value === null) return value;
  if (isSecret(value) || hidden(path)) return SECRET;
  if (Array.isArray(value)) return value.map((item) => mask(item, path, hidden));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mask(inner, [...path, key], hidden)]));
}

function isSecret(value: unknown): boolean {
  return value === SECRET || (isRecord(value) && value[SIGNATURE ?? ""] === SIGNED);
}

/** Whether a value is a secret, or holds one at any depth. */
export function holdsSecret(value: unknown): boolean {
  return isSecret(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsSecret));
}

function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same order everywhere, whatever the language of the machine. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
