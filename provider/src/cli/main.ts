import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError, IdentityError } from "../core/errors";
import { definitions } from "../definitions";
import { addActivIdCommands } from "./activid";
import { type Difference, findDrift, findUnmanaged, type Unmanaged } from "./drift";
import { type ImportReport, importObjects } from "./import";
import { addLimit } from "./limit";
import { log } from "./log";
import { code } from "./markdown";
import { addMyIdCommands } from "./myid";
import { addPingOneCommands } from "./pingone";
import { addPlainIdCommands } from "./plainid";
import { addPreviewComment } from "./preview-comment";
import { addSailPointCommands } from "./sailpoint";
import { PulumiStack } from "./stack";
import { printTable } from "./table";

/** Which kind of object a system's objects are taken over as. */
const importable = Object.fromEntries(
  Object.values(definitions).flatMap((definition) => (definition.find ? [[definition.vendor.name, definition]] : [])),
);

interface ImportFlags {
  stack: string;
  all: boolean;
  ids?: string;
  filter?: string;
  within?: string;
  connection?: string;
  out: string;
  protect: boolean;
  dryRun: boolean;
  json: boolean;
}

async function importCommand(system: string, names: string[], flags: ImportFlags): Promise<void> {
  const definition = importable[system];
  if (!definition) throw new ConfigError(`There is no system "${system}"`, `Systems are: ${Object.keys(importable).sort().join(", ")}`);
  const { all, filter, within, connection, protect, dryRun } = flags;
  const ids = flags.ids === undefined ? [] : readLines(flags.ids);
  if ([all, names.length > 0, ids.length > 0, filter !== undefined].filter(Boolean).length !== 1)
    throw new ConfigError("It is not said which objects are meant", "Give their names, or one of --all, --ids and --filter");
  const report = await importObjects({
    definition,
    stack: new PulumiStack(process.cwd(), flags.stack),
    selection: { all, names, ids, filter, within },
    connection,
    out: resolve(flags.out),
    protect,
    dryRun,
    log,
  });
  if (flags.json) console.log(JSON.stringify(report, undefined, 2));
  else tell(report, dryRun);
  if (report.refused.length > 0) process.exitCode = 1;
}

interface DriftFlags {
  stack: string;
  unmanaged: boolean;
  json: boolean;
  markdown: boolean;
}

async function driftCommand(flags: DriftFlags): Promise<void> {
  const stack = new PulumiStack(process.cwd(), flags.stack);
  const differences = await findDrift(stack, definitions);
  const unmanaged = flags.unmanaged ? await findUnmanaged(stack, flags.stack, definitions, log) : [];
  if (flags.json) console.log(JSON.stringify({ differences, ...(flags.unmanaged && { unmanaged }) }, undefined, 2));
  else tellDrift(differences, unmanaged, flags.markdown);
  if (differences.length > 0) process.exitCode = 2;
}

const MEANING: Record<Difference["by"], string> = {
  tenant: "changed outside the program; `pulumi up --refresh` sets it back",
  code: "not applied yet; `pulumi up` does",
  both: "changed outside and in the program; `pulumi up --refresh` applies the program",
};

function tellDrift(differences: Difference[], unmanaged: Unmanaged[], markdown: boolean): void {
  // In a report that a forge shows, no value of an object may format, link or call anybody.
  const text = (words: string) => (markdown ? code(words) : words);
  const show = (value: unknown) => {
    if (value === undefined) return "–";
    return markdown && typeof value === "string" ? code(value) : text(JSON.stringify(value));
  };
  const rows = differences.map(({ type, name, attribute, code, state, tenant, by, change }) =>
    attribute === undefined
      ? [type, text(name), `(whole object ${change})`, "", "", "", MEANING[by]]
      : [type, text(name), text(attribute), show(code), show(state), show(tenant), MEANING[by]],
  );
  const head = ["type", "resource", "attribute", "code", "state", "tenant", "meaning"];
  if (differences.length === 0) console.log("Code, state and systems say the same.");
  else printTable([head, ...rows], markdown);
  if (unmanaged.length === 0) return;
  console.log(`\n${unmanaged.length} objects that no program of this stack declares:\n`);
  const taken = unmanaged.map(({ type, name, command }) => [type, text(name), text(command)]);
  printTable([["type", "object", "taken over by"], ...taken], markdown);
}

function tell({ imported, skipped, refused, files, backup }: ImportReport, dryRun: boolean): void {
  for (const { id, name, what } of imported) console.log(`${dryRun ? "would import" : "imported"}  ${name}  (${what}, ${id})`);
  for (const { id, what } of skipped) console.log(`managed already  ${what}  (${id})`);
  for (const { id, what, reason } of refused) console.log(`cannot be declared as it is  ${what}  (${id}): ${reason}`);
  for (const file of files) console.log(`${dryRun ? "would write" : "wrote"}  ${file}`);
  if (backup) console.log(`The state as it was before is in ${backup}`);
  console.log(`${imported.length} imported, ${skipped.length} managed already, ${refused.length} not possible`);
  if (imported.length > 0 && !dryRun) console.log("`pulumi preview` shows no changes now; commit what was written.");
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"));
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`, "Give a file with one id per line");
  }
}

/** The commands, with their options and help. */
export async function commands() {
  // The package is an ES module, which a CommonJS one can only load so.
  const { Command } = await import("commander");
  const program = new Command("identity-as-code").description(
    "Identity configuration of existing tenants as Pulumi code, and questions to them",
  );

  program
    .command("import")
    .summary("bring existing objects under code")
    .description(
      "Writes a program that declares existing objects as they are, and a state that knows them, so that the next preview shows no changes.\nNothing is ever written to the vendor. Run it in the folder of the Pulumi project.",
    )
    .argument("<system>", `one of ${Object.keys(importable).sort().join(", ")}`)
    .argument("[names...]", "what people call the objects: names of profiles, usernames, externalIds, ids of sources, logon names")
    .requiredOption("--stack <name>", "stack whose configuration leads to the tenant and whose state takes the objects in")
    .option("--all", "everything that the system lists", false)
    .option("--ids <file>", "file with the system's own ids, one per line")
    .option("--filter <expression>", "expression in the system's own filter language")
    .option("--within <place>", "where to look: environment id (pingone), <environment id>/<identity template id> (plainid)")
    .option("--connection <name>", "named connection to use")
    .option("--out <folder>", "folder of the program, where <system>.ts is written", ".")
    .option("--no-protect", "let the engine delete the objects like any other")
    .option("--dry-run", "say what would be done, and do nothing", false)
    .option("--json", "print the outcome as JSON", false)
    .addHelpText(
      "after",
      `
Examples:
  $ npx identity-as-code import sailpoint --all --stack prod
  $ npx identity-as-code import sailpoint "Employees Canada" "Retail Staff" --stack prod --dry-run
  $ npx identity-as-code import pingone --filter 'username sw "svc-"' --within 5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10 --stack prod

Exit codes: 0 when everything that was found is under code now, 1 when something is not or an error came up.`,
    )
    .action(importCommand);

  program
    .command("drift")
    .summary("compare code, state and systems")
    .description(
      "Shows what code, state and systems do not say alike, attribute by attribute, and who moved. Nothing is written anywhere.\nRun it in the folder of the Pulumi project.",
    )
    .requiredOption("--stack <name>", "stack to look at")
    .option("--unmanaged", "list objects, too, that no program of the stack declares", false)
    .option("--json", "print the outcome as JSON", false)
    .option("--markdown", "print a table in Markdown", false)
    .addHelpText(
      "after",
      `
Examples:
  $ npx identity-as-code drift --stack prod
  $ npx identity-as-code drift --stack prod --unmanaged --markdown > drift.md

Exit codes: 0 when all say the same, 2 when they do not, 1 when an error came up.`,
    )
    .action(driftCommand);

  addLimit(program);
  addPreviewComment(program);
  addActivIdCommands(program);
  addMyIdCommands(program);
  addPingOneCommands(program);
  addPlainIdCommands(program);
  addSailPointCommands(program);
  return program;
}

/** Runs the command line. */
export async function main(args: string[]): Promise<void> {
  try {
    await (await commands()).parseAsync(args, { from: "user" });
  } catch (error) {
    console.error(error instanceof IdentityError ? `identity-as-code: ${error.message}` : error);
    process.exitCode = 1;
  }
}
