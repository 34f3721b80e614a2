import { isUnknown } from "../core/unknown";

/**
 * Markdown of GitHub and GitLab whose parts come from anywhere: names and values of objects can neither format, link nor call anybody.
 *
 * In code neither forge looks for markup, links, mentions or references, so that is where such texts go.
 */

/** Control characters, invisible ones, halves of characters, and those that turn the direction of a text around. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text in which everything can be seen, on one line. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** A value as one line of JSON in which everything can be seen. */
export function json(value: unknown): string {
  return visible(JSON.stringify(value, (_, inner) => (isUnknown(inner) ? "(not known yet)" : inner)) ?? "");
}

/** A text as code within a line. */
export function code(text: string): string {
  // Written as JSON where a quote or a backslash is in it, because a pair of backslashes means the same to every reader of a table.
  const shown = /["\\]/.test(text) || visible(text) !== text ? json(text) : text;
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  // A blank at both ends is taken off again by whoever reads it.
  const pad = longest > 0 || shown.trim() !== shown || shown === "" ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A text as part of a line, without any markup, link or mention. */
export function plain(text: string): string {
  return visible(text).replace(/([&<>])|([\\`*_{}[\]()|])|([@#!$%^~:]|www(?=\.)|GH(?=-))/gi, (sign, entity, mark) =>
    // A blank without width after the sign keeps it from being the beginning of a mention, a reference or an address.
    entity ? `&#${sign.codePointAt(0)};` : mark ? `\\${sign}` : `${sign}&#8203;`,
  );
}

/** A text as part of HTML. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** A table; the first row is its head. */
export function table([head = [], ...rows]: string[][]): string {
  return [head, head.map(() => "---"), ...rows].map(row).join("\n");
}

/** A row of a table. A cell may hold any Markdown that fits on a line. */
export function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

/** A part that can be unfolded. In: summary, as HTML; body, as Markdown. */
export function fold(summary: string, body: string, open = false): string {
  return `<details${open ? " open" : ""}><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Lines as a block of code. */
export function block(language: string, lines: string[]): string {
  const runs = lines.flatMap((line) => line.match(/`{3,}/g) ?? []);
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}
