import { ZodError } from "zod";
import { ConfigError } from "../core/errors";
import { definitions } from "../definitions";
import { type Plan, readPlan } from "./changes";
import type { Command } from "./operation";
import { readPreview } from "./preview-comment";
import { judge } from "./risk";

interface Flags {
  stack?: string;
  maxDeletes: string;
}

/** Adds the command that stops a pipeline before a run that would delete too much. */
export function addLimit(program: Command): void {
  program
    .command("limit")
    .summary("refuse a preview that would delete too much")
    .description(
      "Counts what a preview would delete in its system, replacements too, and fails when that is more than allowed. Objects that stay in\ntheir system (`retainOnDelete`, or an `onDelete` that keeps them) do not count. No system is asked.",
    )
    .argument("[file]", "the answer of `pulumi preview --json`, or - for standard input; left out, the preview of --stack is run")
    .option("--stack <name>", "stack to preview, in the folder of its Pulumi project")
    .requiredOption("--max-deletes <number>", "how many objects the run may delete; 0 for none")
    .addHelpText(
      "after",
      `
Examples:
  $ npx identity-as-code limit --stack prod --max-deletes 3
  $ pulumi preview --json > preview.json && npx identity-as-code limit preview.json --max-deletes 3

Exit codes: 0 when the run may go on, 2 when it would delete too much, 1 when the preview failed or could not be read.`,
    )
    .action(limit);
}

async function limit(file: string | undefined, { stack, maxDeletes }: Flags): Promise<void> {
  if (!/^\d+$/.test(maxDeletes))
    throw new ConfigError(`--max-deletes is ${JSON.stringify(maxDeletes)}`, "Give a whole number, 0 or more, such as 3");
  const { changes, errors } = toPlan(await readPreview(file, stack));
  // A preview that fails stops before it has said everything that goes.
  if (errors.length > 0)
    throw new ConfigError(`The preview failed, so not every delete is known: ${errors.join("\n")}`, "Correct it first");
  const going = judge(changes, (type) => definitions[type]).filter(
    ({ action, retained }) => !retained && (action === "delete" || action === "replace"),
  );
  const count = `The run would delete ${going.length} ${going.length === 1 ? "object" : "objects"} and may delete ${maxDeletes}`;
  console.log([`${count}.`, ...going.map(({ action, type, name }) => `${action.padEnd(7)}  ${type}  ${JSON.stringify(name)}`)].join("\n"));
  if (going.length <= Number(maxDeletes)) return;
  console.error("identity-as-code: too many deletes. Split the change, or raise --max-deletes if all of it is meant.");
  process.exitCode = 2;
}

function toPlan(answer: string): Plan {
  try {
    return readPlan(JSON.parse(answer.replace(/^\uFEFF/, "")), (type) => definitions[type]?.fields);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error;
    throw new ConfigError("The answer is not that of `pulumi preview --json`", "Run it with --json, and look whether it fails by itself");
  }
}
