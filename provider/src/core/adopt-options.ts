import type * as pulumi from "@pulumi/pulumi";

// Apart from adopt.ts, so that the types that a program is checked with do not lead to the schemas.

/** Which existing object a resource takes over, and how. */
export interface AdoptOptions {
  /** The vendor's id of the object; never together with `by`. */
  id?: pulumi.Input<string | undefined>;
  /**
   * `name`: the object that has the name declared here. It is what `true` says, and what holds without `id`.
   */
  by?: "name";
  /**
   * What becomes of an object that is not as declared. `converge` brings it to what is declared. `match` leaves it as it is: `up` fails with
   * all that differs, and writes nothing. Compared is what a refresh compares. What no answer of the vendor shows cannot be compared and
   * counts as it is declared; `up` names it.
   * @default "converge"
   */
  mode?: "converge" | "match";
}

/** The value of `adopt` among inputs. */
export type Adopt = pulumi.Unwrap<true | AdoptOptions>;
