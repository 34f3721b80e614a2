import { isDeepStrictEqual } from "node:util";
import type { FieldTable } from "./fields";
import { hasUnknown } from "./unknown";

/** What differs between what is and what is wanted. */
export interface Difference {
  /** Names of the properties that differ in meaning. */
  changed: string[];
  /** Those of them that need a new object. */
  replaces: string[];
}

/** State lists under this name the properties whose value the vendor made up. */
export const SERVER_CHOSEN = "serverChosen";

/**
 * Compares state with inputs in meaning, by the field table; offline and without side effects.
 *
 * In:     state as the last operation returned it; inputs in normal form, which may hold values not known yet (those count as changed).
 * Out:    the properties that differ.
 * Errors: none.
 */
export function difference(fields: FieldTable, state: Record<string, unknown>, inputs: Record<string, unknown>): Difference {
  const chosenByServer = new Set(state[SERVER_CHOSEN] as string[] | undefined);
  const changed = Object.keys(fields).filter((key) => {
    if (fields[key]?.createOnly || fields[key]?.mutability === "writeOnly") return false;
    const before = chosenByServer.has(key) ? undefined : state[key];
    const after = inputs[key];
    if (before === undefined || after === undefined) return before !== after;
    // What compares meanings expects real values.
    return hasUnknown(after) || !(fields[key]?.same ?? isDeepStrictEqual)(before, after);
  });
  const replaces = changed.filter((key) => fields[key]?.mutability === "immutable" || fields[key]?.replaceWhen?.(inputs, state));
  return { changed, replaces };
}
