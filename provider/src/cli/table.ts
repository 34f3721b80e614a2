/** Prints rows in columns, or as a table in Markdown. The first row is the head. */
export function printTable([head = [], ...rows]: string[][], markdown: boolean): void {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  if (markdown) {
    for (const cells of [head, head.map(() => "---"), ...rows]) console.log(line(cells));
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
