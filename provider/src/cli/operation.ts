import { systemClock } from "../core/clock";
import type { SettingTable } from "../core/config";
import { type ConnectionArgs, type OperationDefinition, perform } from "../core/operation";
import { log } from "./log";
import { PulumiStack } from "./stack";
import { printTable } from "./table";

/** The package is an ES module, whose types a CommonJS one can only name so. */
export type Command = import("commander", { with: { "resolution-mode": "import" }}).Command;

/** Options that every command has that talks to a system. */
export interface CommonFlags {
  stack?: string;
  connection?: string;
  json: boolean;
}

/** Adds the options that every command has that talks to a system. */
export function withCommonOptions(command: Command, { stackRequired = false } = {}): Command {
  const meaning = `stack whose configuration leads to the tenant${stackRequired ? "" : "; left out, the environment variables do"}`;
  return command
    .addOption(command.createOption("--stack <name>", meaning).makeOptionMandatory(stackRequired))
    .option("--connection <name>", "named connection to use")
    .option("--json", "print the answer as JSON", false);
}

/** Carries an operation out with the configuration of a stack, or of the environment alone. */
export async function run<Args extends object, Result, Api, T extends SettingTable>(
  definition: OperationDefinition<Args, Result, Api, T>,
  args: Args & ConnectionArgs,
  { stack, connection }: CommonFlags,
): Promise<Result> {
  const config = stack === undefined ? { get: () => undefined, env: process.env } : await new PulumiStack(process.cwd(), stack).config();
  return perform(definition, { config, clock: systemClock, log }, { ...args, connection });
}

/** Prints an answer for people: the chosen members of each item, or all of it as JSON. */
export function printItems(items: readonly object[], columns: readonly string[], whole: object, { json }: CommonFlags): void {
  if (json) console.log(JSON.stringify(whole, undefined, 2));
  else if (items.length === 0) console.log("Nothing found.");
  else printTable([[...columns], ...items.map((item) => columns.map((column) => show(memberOf(item, column))))], false);
}

/** In: a name, or a path such as `name.family`. */
function memberOf(item: object, path: string): unknown {
  // Names of SCIM extensions have dots of their own.
  if (Object.hasOwn(item, path)) return (item as Record<string, unknown>)[path];
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], item);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
