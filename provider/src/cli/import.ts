import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { systemClock } from "../core/clock";
import { ConfigError } from "../core/errors";
import type { Selection } from "../core/find";
import type { Log } from "../core/log";
import { prune } from "../core/normalize";
import { DYNAMIC, providerSource } from "../core/provider-source";
import { bind, type ResourceDefinition } from "../core/resource";
import { addToProgram, type Declaration, resourceName } from "./program";
import { nameOf, type PulumiStack } from "./stack";

export interface ImportOptions {
  // biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
  definition: ResourceDefinition<any, any, any, any>;
  stack: PulumiStack;
  selection: Selection;
  connection?: string;
  /** Folder of the program. */
  out: string;
  /** Whether the engine is to refuse the objects' deletion. */
  protect: boolean;
  /** Whether to say what would be done and do nothing. */
  dryRun: boolean;
  log: Log;
}

/** What became of each object that was found. */
export interface ImportReport {
  imported: { id: string; name: string; what: string }[];
  /** Those that the stack manages already. */
  skipped: { id: string; what: string }[];
  /** Those that a program cannot declare as they are, and why. */
  refused: { id: string; what: string; reason: string }[];
  /** Files that were written, or would be. */
  files: string[];
  /** The state as it was before. */
  backup?: string;
}

/**
 * Brings existing objects under code: a program that declares them as they are, and a state that knows them.
 *
 * The program is written first and the state last. A run that stops in between leaves objects that are declared and not in state: the next
 * preview shows them as new, an `up` is told that they are there already, and importing again goes on from there. The other way round an `up`
 * would delete them. Nothing is ever written to the vendor.
 *
 * Errors: those of `find`; ConfigError for the stack.
 */
export async function importObjects(options: ImportOptions): Promise<ImportReport> {
  const { definition, stack, selection, connection, out, protect, dryRun, log } = options;
  const config = await stack.config();
  const provider = bind(definition, { config, clock: systemClock, log });
  const type = DYNAMIC + definition.type;
  const before = await stack.state();
  const managed = before.resources.filter((resource) => resource.type === type);
  const known = new Set(managed.map(({ id }) => id));
  const used = new Set(managed.map(({ urn }) => nameOf(urn)));

  log.progress("Reading the objects");
  const report: ImportReport = { imported: [], skipped: [], refused: [], files: [] };
  const declarations: Declaration[] = [];
  const resources: object[] = [];
  for (const { id, name: what, inputs, state } of await provider.find(selection, connection)) {
    if (known.has(id)) {
      report.skipped.push({ id, what });
      continue;
    }
    const checked = provider.check(inputs);
    const failures = checked.failures.map(({ property, reason }) => `${property}: ${reason}`);
    // What the program would change at once cannot be said in it.
    if (failures.length === 0 && provider.diff(state, checked.inputs, id).changes !== false) failures.push("its values cannot be declared");
    if (failures.length > 0) {
      report.refused.push({ id, what, reason: failures.join("; ") });
      continue;
    }
    const name = resourceName(what, used);
    const __provider = providerSource(definition.type);
    declarations.push({ className: classOf(definition), name, args: provider.write(inputs) });
    resources.push({ type, name, id, inputs: { ...checked.inputs, __provider }, outputs: { ...(prune(state) as object), __provider } });
    report.imported.push({ id, name, what });
  }
  if (resources.length === 0) return report;

  const vendor = definition.type.split(":")[0] ?? "";
  const file = join(out, `${vendor}.ts`);
  const main = join(out, "index.ts");
  const fileBefore = await readText(file);
  const fileAfter = addToProgram(fileBefore, declarations, { protect });
  const mainBefore = await readText(main);
  const line = `import "./${basename(file, ".ts")}";`;
  const mainAfter = mainBefore.includes(line) ? mainBefore : `${line}\n${mainBefore}`;
  const changes = [
    [file, fileBefore, fileAfter],
    [main, mainBefore, mainAfter],
  ].filter(([, was, is]) => was !== is);
  report.files = changes.map(([name = ""]) => name);
  if (dryRun) return report;

  await mkdir(out, { recursive: true });
  for (const [name = "", , text = ""] of changes) await writeFile(name, text);
  log.progress("Putting the objects into the stack's state");
  const scratch = await mkdtemp(join(tmpdir(), "identity-as-code-import-"));
  const backup = join(scratch, "state-before.json");
  await writeFile(backup, before.text);
  await stack.takeIn(join(scratch, "import.json"), resources, { protect });
  return { ...report, backup };
}

async function readText(file: string): Promise<string> {
  if (!existsSync(file)) return "";
  const text = await readFile(file, "utf8");
  if (text.includes("\0")) throw new ConfigError(`${file} is not a text`, "Give another folder with --out");
  return text;
}

/** `sailpoint:IdentityProfile` -> `SailPointIdentityProfile`. */
function classOf({ type, vendor }: ImportOptions["definition"]): string {
  return vendor.prefix + type.slice(type.indexOf(":") + 1);
}
