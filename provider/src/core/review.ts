/**
 * How much a planned change deserves a look: `high` touches people, or what others rely on; `medium` changes how people are served; `low` does
 * neither.
 */
export type Risk = "high" | "medium" | "low";

/**
 * A sentence, or a part of one, with values in between. Whoever prints it masks, shortens and escapes the values; the texts are printed as they
 * are. A class, so that no value of an object can pass for one.
 */
export class Words {
  constructor(
    readonly texts: readonly string[],
    readonly values: readonly unknown[],
  ) {}
}

/** Words written as a template: ``words`${count} identities` ``. */
export function words(texts: readonly string[], ...values: unknown[]): Words {
  return new Words(texts, values);
}

/** What a change does, for somebody who does not know the system. */
export interface Meaning {
  risk: Risk;
  says: Words;
}

type Values = Readonly<Record<string, unknown>>;

/** A planned change of one object. Any value may be masked or not known yet, so none is sure to have the type that its schema says. */
export interface Change {
  op: "create" | "update" | "replace" | "delete";
  /** Inputs so far, without any for a new object. */
  before: Values;
  /** Inputs from then on, without any for an object that goes. */
  after: Values;
  /** Outputs of the last operation, without any for a new object. */
  state: Values;
  /** Names of the inputs that differ, also where both values are masked. */
  changed: ReadonlySet<string>;
  /** Names of the resources in the same plan that take values from this one. */
  referrers: readonly string[];
}

/** What a vendor's folder knows of the meaning of changes; everything else follows from the field table. Pure and offline. */
export interface Review {
  /** What such an object is, in a word or two, with the name of its system. */
  kind: string;
  /** What people call the object, from its inputs or state. */
  called(values: Values): unknown;
  /** Whether a delete leaves the object where it is. Default: it does not. */
  staysOnDelete?(state: Values): boolean;
  /** What a create, replacement or delete does. */
  whole(change: Change): Meaning[];
  /** What an update of an input does, by its name. Inputs that are not listed, or of which nothing is said, are named only. */
  inputs?: Readonly<Record<string, (change: Change) => Meaning[]>>;
}

/** A number of things in words; what is no number, because it is masked or not known, as it is. */
export function counted(number: unknown, one: string, many: string): Words {
  return new Words(["", ` ${number === 1 ? one : many}`], [number]);
}

/** A meaning written as a template: ``high`Deletes ${name}` ``. A number is a count; one that is not should be given as a string. */
export const high = meaning("high");
export const medium = meaning("medium");
export const low = meaning("low");

function meaning(risk: Risk) {
  return (texts: readonly string[], ...values: unknown[]): Meaning => ({ risk, says: new Words(texts, values) });
}

/** What a create does that takes over an object that is there already, by its input `adopt`. */
export function takesOver(adopt: unknown): Meaning {
  return member(adopt, "mode") === "match"
    ? low`Takes over the object that is there already and changes nothing of it; fails if it is not just as declared`
    : medium`Takes over the object that is there already and brings it to what is declared`;
}

/** A member of a value at any depth; undefined where there is none. */
export function member(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined),
    value,
  );
}

/** The items of one list that another lacks, by their content. A value that is no list has no items. */
export function without(list: unknown, other: unknown): unknown[] {
  const left = new Map<string, number>();
  for (const item of Array.isArray(other) ? other : []) left.set(JSON.stringify(item), (left.get(JSON.stringify(item)) ?? 0) + 1);
  return (Array.isArray(list) ? list : []).filter((item) => {
    const key = JSON.stringify(item);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}
