import { counted, grouped, outline, sentence, show } from "./comment-words";
import { row } from "./markdown";
import type { Judged } from "./risk";

export const SIGN = { high: "🔴 high", medium: "🟠 medium", low: "⚪ low" } as const;
/** The first lines of the table. */
export const TABLE = [row(["risk", "change", "object", "what it means"]), row(["---", "---", "---", "---"])];
/** How many meanings a row of several objects lists at most. */
const MOST_MEANINGS = 5;

/** Counts down how many characters are left. */
export class Space {
  constructor(public left: number) {}

  /** Takes the room for a text and what stands between it and the next, if there is enough. */
  take(text: string): boolean {
    if (text.length + 2 > this.left) return false;
    this.left -= text.length + 2;
    return true;
  }
}

/**
 * Rows of the table: one per object, if half of the space that is left is enough for that; else one per kind of change, with as many names as
 * fit.
 *
 * Out:    the lines, and whether any name is missing.
 */
export function tableRows(changes: Judged[], space: Space, whole: boolean): { lines: string[]; cut: boolean } {
  const lines = changes.map((change) => objectRow(change, whole));
  const text = lines.join("\n");
  if (whole || text.length < space.left / 2) {
    space.take(text);
    return { lines, cut: false };
  }
  const groups = new Map<string, Judged[]>();
  for (const change of changes) {
    const key = [change.risk, change.action, change.type].join("\n");
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  const grouped = [...groups.values()].map((group) => groupRow(group, space));
  const unnamed = grouped.reduce((sum, { line, missing }) => sum + (line === undefined ? missing : 0), 0);
  return {
    lines: [
      ...grouped.flatMap(({ line }) => line ?? []),
      ...(unnamed > 0 ? [row(["", "", `**and ${counted(unnamed, "more object")}**`, ""])] : []),
    ],
    cut: grouped.some(({ missing }) => missing > 0),
  };
}

function objectRow({ risk, action, kind, called, meanings }: Judged, whole: boolean): string {
  const says = meanings.map((meaning) => sentence(meaning.says, whole));
  return row([SIGN[risk], `**${action}**`, `${show(kind, whole)} ${show(called, whole)}`, says.join("<br>")]);
}

/** Objects of one kind to which the same happens. Out: the row, if there is room for it, and how many names there is none for. */
function groupRow(group: Judged[], space: Space): { line?: string; missing: number } {
  const [first] = group as [Judged];
  if (group.length === 1) {
    const line = objectRow(first, false);
    return space.take(line) ? { line, missing: 0 } : { missing: 1 };
  }
  const says = new Set(group.map(({ meanings: [meaning] }) => (meaning ? outline(meaning.says) : "")));
  const line = (names: string[]) => {
    const missing = group.length - names.length;
    const more = missing > 0 ? ` **and ${grouped(missing)} more**` : "";
    const objects = `${grouped(group.length)} × ${show(first.kind)}: ${names.join(", ")}${more}`;
    return row([SIGN[first.risk], `**${first.action}**`, objects, [...says].slice(0, MOST_MEANINGS).join("<br>")]);
  };
  if (!space.take(line([]))) return { missing: group.length };
  const names: string[] = [];
  for (const { called } of group) {
    const name = show(called);
    // A bar takes two characters in a table.
    if (!space.take(row([name]).slice(4))) break;
    names.push(name);
  }
  return { line: line(names), missing: group.length - names.length };
}
