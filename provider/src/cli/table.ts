import { table } from "./markdown";

/** Prints rows in columns, or as a table in Markdown. The first row is the head. */
export function printTable([head = [], ...rows]: string[][], markdown: boolean): void {
  if (markdown) {
    console.log(table([head, ...rows]));
    return;
  }
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  for (const cells of [head, ...rows])
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}
