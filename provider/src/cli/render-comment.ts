import { stripVTControlCharacters } from "node:util";
import { isUnknown } from "../core/unknown";
import { type Line, type Plan, readPlan, SECRET } from "./changes";
import { SIGN, Space, TABLE, tableRows } from "./comment-table";
import { counted, grouped, shorten } from "./comment-words";
import { block, code, fold, html, json, plain, visible } from "./markdown";
import { type Judged, judge, type Kind } from "./risk";

export interface CommentOptions {
  /** What the library knows of the objects of a type. */
  kindOf(type: string): Kind | undefined;
  /** How many characters the comment may have, at least 10,000. GitHub takes 65,536, GitLab 1,000,000. */
  limit: number;
  /** What tells this comment from others on the same page; it must not depend on the preview. */
  key: string;
  /** Heading; the stack's name is in it otherwise. */
  title?: string;
  /** Where the run can be seen that made the comment. */
  runUrl?: string;
  /** Name of the file that holds the full text. */
  fullName?: string;
}

export interface Comment {
  /** What fits the limit. */
  comment: string;
  /** Everything, with no value shortened. */
  full: string;
  /** Whether the preview failed, so that what it says is not all. */
  failed: boolean;
}

/** Of at most so many objects, the attributes are unfolded; of at most so many, all are in one table. */
const FEW = 5;
const MANY = 25;
/** Longer values are cut in the comment; in characters. */
const LONGEST_VALUE = 300;
/** Errors and warnings of which the comment shows the text, and how much of it, in characters. */
const MOST_MESSAGES = 5;
const LONGEST_MESSAGE = 600;
const EVERYTHING = Number.POSITIVE_INFINITY;

/**
 * Writes what a preview would do as a comment for a reviewer who does not know Pulumi. Pure: the same preview gives the same text, byte for byte,
 * whatever order its steps are in.
 *
 * In:     preview, the parsed answer of `pulumi preview --json`.
 * Errors: ZodError for something else.
 */
export function renderComment(preview: unknown, options: CommentOptions): Comment {
  const plan = readPlan(preview, (type) => options.kindOf(type)?.fields);
  const changes = judge(plan.changes, options.kindOf);
  const full = lay(plan, changes, { ...options, limit: EVERYTHING });
  return { comment: lay(plan, changes, options), full, failed: plan.errors.length > 0 };
}

/** The comment on something that is no preview. In: what is wrong; what was there instead. */
export function renderFailure(what: string, output: string, options: Omit<CommentOptions, "kindOf">): Comment {
  const text = (whole: boolean) => {
    const shown = output.trim() === "" ? [] : [block("", message(output, whole ? EVERYTHING : LONGEST_MESSAGE))];
    return `${[...head(options, undefined), FAILED, plain(what), ...shown, ...foot(options, false)].join("\n\n")}\n`;
  };
  return { comment: text(false), full: text(true), failed: true };
}

const FAILED = "**❌ The preview failed: what would happen is not known.** Nothing was changed.";

function lay(plan: Plan, changes: Judged[], options: Omit<CommentOptions, "kindOf">): string {
  const { limit } = options;
  const whole = limit === EVERYTHING;
  const failed = plan.errors.length > 0;
  const top = [
    ...head(options, plan.stack),
    ...(failed ? [FAILED, ...messages(plan.errors, whole)] : []),
    ...(failed && changes.length > 0 ? ["What had been planned until then, which is not all:"] : []),
    ...(failed && changes.length === 0 ? [] : [summary(changes)]),
    ...(plan.warnings.length > 0
      ? [fold(`⚠️ ${counted(plan.warnings.length, "warning")}`, messages(plan.warnings, whole).join("\n\n"), changes.length <= FEW)]
      : []),
  ];
  const space = new Space(limit - [...top, ...TABLE, ...TABLE, ...foot(options, true)].join("\n\n").length - 1_000);
  // What goes comes first, and gets its room first.
  const [removals, rest] = split(changes, ({ action }) => action === "delete" || action === "replace");
  const [grave, calm] = split(rest, ({ risk, action }) => risk !== "low" || action === "let go" || changes.length <= MANY);
  const [first, second, folded] = [removals, grave, calm].map((some) => tableRows(some, space, whole)) as [Rows, Rows, Rows];
  const objects = [...removals, ...grave, ...calm];
  const details = objects.map((change) => detail(change, whole, whole || changes.length <= FEW)).filter((part) => space.take(part));
  const missing = objects.length - details.length;
  const shown = [...first.lines, ...second.lines];
  const parts = [
    ...top,
    ...(shown.length > 0 ? [[...TABLE, ...shown].join("\n")] : []),
    ...(calm.length > 0
      ? [fold(`${counted(calm.length, "more change")} with low risk`, [...TABLE, ...folded.lines].join("\n"), whole)]
      : []),
    ...(objects.length > 0 ? ["#### Before and after", ...details] : []),
    ...(missing > 0 ? [`_The attributes of ${counted(missing, "object")} are left out here._`] : []),
    ...foot(options, missing > 0 || first.cut || second.cut || folded.cut),
  ];
  return `${parts.join("\n\n")}\n`;
}

type Rows = ReturnType<typeof tableRows>;

function split<T>(items: T[], is: (item: T) => boolean): [T[], T[]] {
  return [items.filter(is), items.filter((item) => !is(item))];
}

function head({ key, title }: Pick<CommentOptions, "key" | "title">, stack: string | undefined): string[] {
  // A workflow finds its comment by this line, also after a preview that failed.
  const mark = ["identity-as-code preview-comment", encodeURIComponent(visible(shorten(key, LONGEST_VALUE)))].filter(Boolean).join(" ");
  const of = stack === undefined ? "" : ` of stack ${code(shorten(stack, LONGEST_VALUE))}`;
  return [`<!-- ${mark} -->`, `### ${title === undefined ? `Identity preview${of}` : plain(shorten(title, LONGEST_VALUE))}`];
}

function foot({ runUrl, fullName }: Pick<CommentOptions, "runUrl" | "fullName">, cut: boolean): string[] {
  const where = [fullName && `in ${code(fullName)}`, runUrl && `among the artifacts of [the run](<${runUrl}>)`].filter(Boolean).join(", ");
  if (cut)
    return [`_Cut to what a comment may hold. ${where ? `Everything is ${where}._` : "The option --full keeps everything in a file._"}`];
  return where ? [`_The full text is ${where}._`] : [];
}

/** What happens in one line. */
function summary(changes: Judged[]): string {
  if (changes.length === 0) return "**Nothing changes.**";
  const count = (is: (change: Judged) => boolean) => changes.filter(is).length;
  const actions = (
    [
      ["delete", "delete", "deletes"],
      ["replace", "replacement", "replacements"],
      ["let go", "let go", "let go"],
      ["update", "update", "updates"],
      ["create", "create", "creates"],
    ] as const
  ).map(([name, one, many]) => [count(({ action }) => action === name), one, many] as const);
  const what = actions.filter(([number]) => number > 0).map(([number, one, many]) => counted(number, one, many));
  const risks = (["high", "medium", "low"] as const).map((risk) => [count((change) => change.risk === risk), SIGN[risk]] as const);
  return `**${what.join(", ")}** (${risks
    .filter(([number]) => number > 0)
    .map(([number, sign]) => `${sign}: ${grouped(number)}`)
    .join(", ")})`;
}

// ---- before and after

function detail({ action, type, name, lines }: Judged, whole: boolean, open: boolean): string {
  const shown = lines.flatMap((line) => [
    ...(line.before === undefined ? [] : [`- ${visible(line.path)}: ${shownValue(line, "before", whole)}`]),
    ...(line.after === undefined ? [] : [`+ ${visible(line.path)}: ${shownValue(line, "after", whole)}`]),
  ]);
  const body = shown.length === 0 ? "No attribute differs." : block("diff", shown);
  return fold(`${action} <code>${html(name)}</code> (${html(type)})`, body, open);
}

function shownValue({ before, after }: Line, side: "before" | "after", whole: boolean): string {
  const value = side === "before" ? before : after;
  if (value === SECRET) return side === "after" && before === SECRET ? "(another secret)" : "(secret)";
  if (isUnknown(value)) return "(not known yet)";
  const text = json(value);
  return whole || text.length <= LONGEST_VALUE ? text : `${shorten(text, LONGEST_VALUE)} (${grouped(text.length)} characters)`;
}

// ---- the engine's words

function messages(texts: string[], whole: boolean): string[] {
  const most = whole ? EVERYTHING : MOST_MESSAGES;
  const shown = texts.slice(0, most).map((text) => block("", message(text, whole ? EVERYTHING : LONGEST_MESSAGE)));
  return texts.length > most ? [...shown, `_${counted(texts.length - most, "more message")}._`] : shown;
}

function message(text: string, most: number): string[] {
  const lines = stripVTControlCharacters(text).trim().split(/\r?\n/).map(visible);
  return shorten(lines.join("\n"), most).split("\n");
}
