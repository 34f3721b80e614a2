import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";

export const root = join(import.meta.dirname, "../..");
/** Loads a compiled module of the library, by its path without ending. */
export const compiled = (module: string) => createRequire(import.meta.url)(join(root, "provider/dist", `${module}.js`));

/** The systems, as people call them. */
export const SYSTEMS: Record<string, string> = {
  sailpoint: "SailPoint Identity Security Cloud",
  plainid: "PlainID",
  pingone: "PingOne",
  activid: "HID ActivID",
  myid: "Intercede MyID",
};

export interface Doc {
  text: string;
  fallback?: string;
}

export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, "provider/src", file), "utf8"), ts.ScriptTarget.Latest, true);
}

/** The doc comment of a node: its text, and what `@default` says. */
export function docOf(node: ts.Node): Doc {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const fallback = ts.getJSDocTags(node).find((tag) => tag.tagName.text === "default");
  return { text: textOf(comment?.comment), fallback: fallback && textOf(fallback.comment) };
}

function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").trim();
}

/** The type as a reader thinks of it: values that may be outputs are still strings and numbers. */
export function typeOf(node: ts.TypeNode | undefined): string {
  let text = (node?.getText() ?? "").replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ");
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/pulumi\.(?:Input|Output|Unwrap)<((?:[^<>]|<[^<>]*>)*)>|(?<!\w)Input<((?:[^<>]|<[^<>]*>)*)>/g, (_, a, b) => a ?? b);
  }
  return [...new Set(text.split(" | "))].filter((part) => part !== "undefined").join(" \\| ");
}

export function declared<T extends ts.Node>(source: ts.SourceFile, is: (node: ts.Node) => node is T, name: string): T {
  const found = source.statements.find((node) => is(node) && (node as unknown as { name?: ts.Identifier }).name?.text === name);
  if (!found) throw new Error(`${source.fileName} declares no ${name}`);
  return found as unknown as T;
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
}

export function table(head: string[], rows: string[][]): string {
  return [row(...head), row(...head.map(() => "---")), ...rows.map((cells) => row(...cells))].join("\n");
}

/** What a doc comment says in sections of their own: `Errors: …`, `Source: …`, to the next section or the end of the paragraph. */
export function sectionOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}: +((?:.|\\n(?!\\w+: |\\n))*)`, "m").exec(text)?.[1]?.replace(/\s*\n\s*/g, " ");
}

/** The part of a doc comment before its sections. */
export function proseOf(text: string): string {
  return text.replace(/\n+(?:In|Out|Errors|Source|Command): [\s\S]*$/, "");
}
