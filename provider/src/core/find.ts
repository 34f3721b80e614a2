import { NotFoundError } from "./errors";

/** Which objects of a tenant are meant. */
export interface Selection {
  /** All that the vendor lists. */
  all: boolean;
  /** What people call an object by, such as a profile's name or a user's username. */
  names: readonly string[];
  /** The vendor's own ids. */
  ids: readonly string[];
  /** An expression in the vendor's own filter language. */
  filter?: string;
  /** Where to look, in systems that have places. */
  within?: string;
}

/** An object that no program manages yet, in the form in which a read gives one. */
export interface Found<Args, State> {
  id: string;
  /** What people call it. */
  name: string;
  /** What a program has to say to manage it as it is. */
  inputs: Args;
  state: State;
}

/** Members of an object that a program writes once, as a constant of that name, and spreads wherever they belong. */
export class SharedMembers {
  constructor(
    /** What the constant is about, in words. */
    readonly about: string,
    readonly members: Readonly<Record<string, unknown>>,
  ) {}
}

/** The key under which an object holds SharedMembers. */
export const SHARED = "...";

/** A call of one of the library's helpers, where a program reads better with it than with what it returns. */
export class HelperCall {
  constructor(
    readonly helper: string,
    readonly args: readonly unknown[],
  ) {}
}

/** Makes sure that everything that was asked for was found. Errors: NotFoundError that names all that is missing; `what`: "identity profiles named". */
export function demandAll(what: string, wanted: readonly string[], found: readonly (string | null | undefined)[]): void {
  const there = new Set(found.map((value) => value?.toLowerCase()));
  const missing = wanted.filter((value) => !there.has(value.toLowerCase()));
  if (missing.length === 0) return;
  throw new NotFoundError(
    `There are no ${what} ${missing.map((value) => `"${value}"`).join(", ")}`,
    "Nothing was taken over; correct what was asked for",
  );
}
