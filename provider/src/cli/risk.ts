import type { FieldTable } from "../core/fields";
import { high, low, type Meaning, medium, type Review, type Risk, Words } from "../core/review";
import { order, type PlannedChange } from "./changes";

/** What the library knows of a kind of object. */
export interface Kind {
  fields: FieldTable;
  review?: Review;
}

/** A change with what it means. */
export interface Judged extends PlannedChange {
  risk: Risk;
  /** What happens, in a word; what is let go of stays in its system. */
  action: "delete" | "let go" | "replace" | "update" | "create";
  /** What such an object is, and what people call this one: both to be printed like the values of meanings. */
  kind: unknown;
  called: unknown;
  /** The gravest first. */
  meanings: Meaning[];
}

const RISKS: readonly Risk[] = ["high", "medium", "low"];
const ACTIONS: readonly Judged["action"][] = ["delete", "replace", "let go", "update", "create"];

/** Judges changes. Out: in the order in which they deserve a look, the same whatever order they came in. */
export function judge(changes: PlannedChange[], kindOf: (type: string) => Kind | undefined): Judged[] {
  const ranks = ({ risk, action }: Judged) => RISKS.indexOf(risk) * ACTIONS.length + ACTIONS.indexOf(action);
  const place = ({ type, name, urn }: Judged) => [type, name, urn].join("\u0000");
  return changes
    .map((change) => judgeOne(change, kindOf(change.type)))
    .sort((a, b) => ranks(a) - ranks(b) || reach(b) - reach(a) || order(place(a), place(b)));
}

/** The largest number that is counted in what a change means: the more people, the graver. */
function reach({ meanings }: Judged): number {
  const count = (value: unknown): number =>
    value instanceof Words ? Math.max(0, ...value.values.map(count)) : typeof value === "number" ? value : 0;
  return Math.max(0, ...meanings.map(({ says }) => count(says)));
}

function judgeOne(change: PlannedChange, kind: Kind | undefined): Judged {
  const { op, before, after, state, name, type } = change;
  const { fields = {}, review } = kind ?? {};
  const stays = op === "delete" && (change.retained || (review?.staysOnDelete?.(state) ?? false));
  const meanings = meaningsOf(change, fields, review).sort((a, b) => RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk));
  return {
    ...change,
    risk: meanings[0]?.risk ?? "low",
    action: stays ? "let go" : op,
    kind: review ? new Words([review.kind], []) : type,
    called: review?.called(op === "create" ? after : { ...state, ...before }) ?? name,
    meanings,
  };
}

function meaningsOf(change: PlannedChange, fields: FieldTable, review: Review | undefined): Meaning[] {
  const { op, retained } = change;
  if (retained && op === "delete") return [medium`Stays in its system as it is; the program only lets go of it`];
  if (retained && op === "replace") return [high`Makes a new object; the old one stays in its system, where nothing manages it any more`];
  if (op === "update") return updates(change, fields, review);
  if (review) return review.whole(change);
  if (op === "create") return [low`A new object`];
  return [op === "delete" ? high`Deletes the object` : high`Deletes the object and makes a new one`];
}

/** What the vendor's folder says of each input, and what follows from the field table for those of which it says nothing. */
function updates(change: PlannedChange, fields: FieldTable, review: Review | undefined): Meaning[] {
  const { changed, after, lines } = change;
  const told: Meaning[] = [];
  const [cleared, released, steering, other]: string[][] = [[], [], [], []];
  for (const key of [...changed].sort(order)) {
    const meanings = review?.inputs?.[key]?.(change) ?? [];
    told.push(...meanings);
    const field = fields[key];
    if (meanings.length > 0) continue;
    if (field?.mutability === "local" || key === "timeouts") steering?.push(key);
    else if (after[key] === undefined && field?.whenDropped === "cleared") cleared?.push(key);
    else if (after[key] === undefined && field?.whenDropped === "released") released?.push(key);
    else other?.push(...lines.map(({ path }) => path).filter((path) => path.split(/[.[]/)[0] === key));
  }
  return [
    ...told,
    ...(cleared?.length ? [medium`Clears ${cleared}`] : []),
    ...(released?.length ? [low`Leaves ${released} as it is and no longer manages it`] : []),
    ...(other?.length ? [low`Changes ${[...new Set(other)]}`] : []),
    ...(steering?.length ? [low`Changes how the program treats it: ${steering}`] : []),
  ];
}
