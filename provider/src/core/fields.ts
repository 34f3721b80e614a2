/**
 * What is special about one property, in the words of SCIM's attribute characteristics. Check, diff, read and the docs go by it.
 * Source: RFC 7643 sections 2.2 and 7, extended by what a declarative tool has to know.
 */
export interface Field {
  /**
   * `readWrite` is sent to the vendor and changed in place; `immutable` needs a new object; `local` steers this library and is never sent.
   * `writeOnly` is a secret that is sent while the object is created: no answer, state or message holds it, and a later change is no change.
   */
  mutability: "readWrite" | "immutable" | "local" | "writeOnly";
  /** Whether an empty string, list or map means the same as leaving the property out. */
  emptyIsAbsent?: boolean;
  /** What happens at the vendor when a program stops declaring the property: its value is removed, or stays and is no longer managed. */
  whenDropped?: "cleared" | "released";
  /** Whether the vendor makes up a value when none is declared; it then shows in the outputs without being managed. */
  serverChosen?: boolean;
  /** Whether the property only matters while the object is created; a later change of it is no change. */
  createOnly?: boolean;
  /** Whether two values mean the same. `before` comes from state, `after` from the program. Default: equal at every depth. */
  same?(before: unknown, after: unknown): boolean;
  /** For a `readWrite` property that changed: whether it needs a new object after all, given the inputs and the state so far. */
  replaceWhen?(inputs: Record<string, unknown>, state: Record<string, unknown>): boolean;
}

export type FieldTable = Record<string, Field>;

/** The name of the connection, a property of every resource. */
export const connectionField: FieldTable = { connection: { mutability: "immutable" } };
