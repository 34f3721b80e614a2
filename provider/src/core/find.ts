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

/** A call of one of the library's helpers, where a program reads better with it than with what it returns. */
export class HelperCall {
  constructor(
    readonly helper: string,
    readonly args: readonly unknown[],
  ) {}
}
