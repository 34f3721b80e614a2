/**
 * Writes pages of docs/ from the source: docs/resources/ from doc comments of the arguments and outputs, field tables and settings;
 * docs/errors.md from doc comments of the errors; docs/functions.md from those of the functions; docs/coverage.md from the tables of endpoints.
 *
 * Usage: node scripts/docs.mts [--check]   With --check nothing is written, and a page that is not current is an error.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { coveragePage } from "./docs/coverage.mts";
import { errorsPage } from "./docs/errors.mts";
import { functionsPage } from "./docs/functions.mts";
import { resourcePages } from "./docs/resources.mts";
import { root } from "./docs/source.mts";

const docs = join(root, "docs");
const pages = new Map([...resourcePages()].map(([name, text]) => [join("resources", name), text]));
pages.set("errors.md", errorsPage());
pages.set("functions.md", await functionsPage());
pages.set("coverage.md", coveragePage());

/** Pages of resources that are no more. */
const orphans = (existsSync(join(docs, "resources")) ? readdirSync(join(docs, "resources")) : [])
  .map((name) => join("resources", name))
  .filter((name) => !pages.has(name));
const stale = [...pages].filter(([name, text]) => !existsSync(join(docs, name)) || readFileSync(join(docs, name), "utf8") !== text);
if (process.argv.includes("--check")) {
  const names = [...stale.map(([name]) => name), ...orphans];
  if (names.length > 0) {
    console.error(`docs is not current (${names.join(", ")}); run \`npm run docs\``);
    process.exit(1);
  }
} else {
  mkdirSync(join(docs, "resources"), { recursive: true });
  for (const name of orphans) rmSync(join(docs, name));
  for (const [name, text] of stale) writeFileSync(join(docs, name), text);
  console.log(`${pages.size} pages of docs are current, ${stale.length} of them written`);
}
