import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { hasUnknown, isUnknown } from "./unknown";

/** One reason why inputs are refused: the exact place, and what was given, what is allowed, what to do. */
export interface Failure {
  path: PropertyKey[];
  reason: string;
}

/** Reports a failure at a path below the inputs. */
export type Report = (path: PropertyKey[], reason: string) => void;

/**
 * Checks inputs against a schema and against rules a schema cannot say.
 *
 * In:     inputs as the program wrote them; any value at any depth may not be known yet. `secrets`: names of those that no message may show.
 * Out:    failures, none when the inputs are good as far as they are known.
 * Errors: none. A complaint about a value that is not known, or about anything inside one, is dropped: it may yet be right.
 */
export function validate(
  schema: z.ZodType,
  inputs: Record<string, unknown>,
  rules: (report: Report) => void,
  secrets: readonly PropertyKey[] = [],
): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => {
    if (!passesThroughUnknown(inputs, path)) failures.push({ path, reason });
  };
  const parsed = schema.safeParse(inputs, { reportInput: true });
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === "unrecognized_keys") {
      // The name is wrong whatever its value may become, so only the object around it must be known.
      if (passesThroughUnknown(inputs, issue.path)) continue;
      for (const key of issue.keys) {
        const reason = `unknown property "${key}"${didYouMean(key, allowedKeys(schema, issue.path))}`;
        failures.push({ path: [...issue.path, key], reason });
      }
    } else if (issue.code !== "invalid_union" || !hasUnknown(issue.input)) {
      // A choice between shapes does not say where it fails, so it may be at a value inside that is not known.
      report(issue.path, explain(issue, secrets.includes(issue.path[0] ?? "")));
    }
  }
  rules(report);
  return failures;
}

/** A half-sentence ` - did you mean "x"?` when one of the candidates is close enough, else a list of what is allowed, else nothing. */
export function didYouMean(given: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const lower = given.toLowerCase();
  const within = candidates.find((candidate) => candidate.length > 3 && lower.startsWith(candidate.toLowerCase()));
  const best = closest(given, candidates);
  if (distance(lower, best.toLowerCase()) <= Math.max(2, given.length / 3)) return ` - did you mean "${best}"?`;
  return within ? ` - did you mean "${within}"?` : `; allowed: ${candidates.join(", ")}`;
}

function explain(issue: z.core.$ZodIssue, secret: boolean): string {
  const given = issue.input === undefined ? "nothing was given" : `given: ${shorten(JSON.stringify(issue.input) ?? String(issue.input))}`;
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_type" && issue.input === undefined) return "is required";
  return secret ? issue.message : `${issue.message} (${given})`;
}

/** The beginning of a text, enough to know it by. */
export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function passesThroughUnknown(inputs: unknown, path: PropertyKey[]): boolean {
  let value = inputs;
  for (const key of path) {
    if (isUnknown(value)) return true;
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return isUnknown(value);
}

/** `a.b[0].c`, as the engine prints property paths; keys that are not plain words are quoted. */
export function formatPath(path: PropertyKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[\w$-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
}

/** The keys an object schema knows at a path, for suggestions. Optional and preprocessed values and records on the way are looked through. */
function allowedKeys(schema: z.ZodType, path: PropertyKey[]): string[] {
  let current: unknown = schema;
  const unwrap = () => {
    for (;;) {
      const def = (current as { def?: { innerType?: unknown; out?: unknown } })?.def;
      const inner = def?.innerType ?? def?.out;
      if (inner === undefined) return;
      current = inner;
    }
  };
  unwrap();
  for (const key of path) {
    const def = (current as { def?: { shape?: Record<PropertyKey, unknown>; valueType?: unknown; element?: unknown } })?.def;
    current = def?.shape?.[key] ?? def?.valueType ?? def?.element;
    unwrap();
  }
  const shape = (current as { def?: { shape?: Record<string, unknown> } })?.def?.shape;
  return shape ? Object.keys(shape) : [];
}
