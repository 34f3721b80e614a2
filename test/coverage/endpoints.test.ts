import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { commands } from "../../provider/src/cli/main";
import { definitions } from "../../provider/src/definitions";
import * as library from "../../provider/src/index";
import { operations } from "../../provider/src/operations";
import { endpoints } from "../../scripts/endpoints/index.mts";
import { requests } from "./calls";

const ROOT = join(import.meta.dirname, "../..");
const reached = Object.values(endpoints)
  .flat()
  .flatMap((endpoint) => ("api" in endpoint ? [endpoint] : []));

/** Every command of the command line that does something: `import`, `pingone search`. */
const commandNames = (await commands()).commands.flatMap((command) =>
  command.commands.length === 0 ? [command.name()] : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
);
const classes = Object.entries(library).flatMap(([name, value]) =>
  typeof value === "function" && value.prototype instanceof pulumi.CustomResource ? [name] : [],
);
/** Functions that ask or act, by the vendor's prefix in their names. Those for outputs lead where the others do. */
const functions = Object.keys(library).filter((name) => `${name}Output` in library);

test("the tables are about all vendors, and name an endpoint once", () => {
  const vendors = new Set(Object.values(definitions).map(({ vendor }) => vendor.name));
  expect(new Set(Object.keys(endpoints))).toEqual(vendors);
  for (const table of Object.values(endpoints)) {
    const keys = table.map(({ method, path }) => `${method} ${path}`);
    expect(keys).toEqual([...new Set(keys)]);
  }
});

describe.each(Object.keys(endpoints))("the table of %s", (vendor) => {
  test.each([...(requests[vendor] ?? [])])("says what %s sends, and nothing else", (name, sent) => {
    const claimed = endpoints[vendor]?.flatMap((endpoint) =>
      "api" in endpoint && endpoint.api.includes(name) ? [`${endpoint.method} ${endpoint.path}`] : [],
    );
    expect(new Set(claimed)).toEqual(sent);
  });

  test("names no function that is not there", () => {
    const names = endpoints[vendor]?.flatMap((endpoint) => ("api" in endpoint ? endpoint.api : [])) ?? [];
    for (const name of names) expect([...(requests[vendor]?.keys() ?? [])]).toContain(name);
  });
});

test("what leads to an endpoint is a resource, a function or a command, and each leads to one that is about a vendor", () => {
  const named = new Set(reached.flatMap(({ reach }) => reach));
  expect(functions.length).toBe(Object.keys(operations).length);
  for (const name of named) expect([...classes, ...functions, ...commandNames]).toContain(name);
  const vendorCommands = commandNames.filter((name) => Object.keys(endpoints).some((vendor) => name.startsWith(`${vendor} `)));
  for (const name of [...classes, ...functions, ...vendorCommands]) expect([...named]).toContain(name);
});

test("every test that is named is there", async () => {
  const titles = new Map<string, string[]>();
  for (const {
    test: [file, name],
  } of reached) {
    if (!titles.has(file)) titles.set(file, titlesOf(await readFile(join(ROOT, file), "utf8")));
    expect(titles.get(file), file).toContain(name);
  }
});

/** Names of the tests in a file. */
function titlesOf(text: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^test\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("", text, ts.ScriptTarget.Latest, true));
  return titles;
}
