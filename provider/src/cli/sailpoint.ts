import { readFileSync, writeFileSync } from "node:fs";
import { InputError } from "../core/errors";
import type { SailPointExportObject, SailPointIdentityAttributeConfig } from "../sailpoint/functions";
import { IncompleteImportError } from "../sailpoint/import";
import * as operations from "../sailpoint/operations";
import { confirm } from "./confirm";
import { declaredInputs, demandPlain } from "./declared";
import { type Command, type CommonFlags, printItems, run, withCommonOptions } from "./operation";
import { PulumiStack } from "./stack";

const PROFILE = "name or id of the identity profile";
const YES = "do not ask";

interface PartFlags extends CommonFlags {
  filter?: string;
  sort?: string;
  offset?: number;
  limit?: number;
}

interface WriteFlags extends CommonFlags {
  yes: boolean;
}

/** Adds what a person may ask SailPoint at a terminal, and have done there. */
export function addSailPointCommands(program: Command): void {
  const sailpoint = program.command("sailpoint").description("Ask SailPoint, and have things done there");
  addQuestions(sailpoint);
  addPreview(sailpoint);
  addActions(sailpoint);
}

function addQuestions(sailpoint: Command): void {
  withPart(withCommonOptions(sailpoint.command("list")), "eq, ne, in, le and sw for id and name; eq and ne for priority")
    .summary("list identity profiles")
    .description("Lists identity profiles, whoever made them, with all pages.")
    .addHelpText(
      "after",
      `
Examples:
  $ npx identity-as-code sailpoint list --sort priority --stack prod
  $ npx identity-as-code sailpoint list --filter 'name sw "Contractors"' --json --stack prod`,
    )
    .action(async (flags: PartFlags) => {
      const result = await run(operations.listIdentityProfiles, partOf(flags), flags);
      const columns = ["id", "name", "priority", "authoritativeSource.name", "owner.name", "identityCount", "identityRefreshRequired"];
      printItems(result.profiles, columns, result, flags);
    });

  withCommonOptions(sailpoint.command("get"))
    .summary("show one identity profile")
    .argument("<profile>", PROFILE)
    .action(async (profile: string, flags: CommonFlags) => {
      const result = await run(operations.getIdentityProfile, selector(profile), flags);
      if (flags.json) return console.log(JSON.stringify(result, undefined, 2));
      const { identityAttributeConfig, ...fields } = result;
      printItems(
        Object.entries(fields).map(([field, value]) => ({ field, value })),
        ["field", "value"],
        result,
        flags,
      );
      console.log("");
      printMapping(identityAttributeConfig, flags);
    });

  withCommonOptions(sailpoint.command("default-mapping"))
    .summary("show the mapping that SailPoint gives a profile without one")
    .description("Shows the mapping that SailPoint gives a profile for which none is declared; --json prints it as a program takes it.")
    .argument("<profile>", PROFILE)
    .action(async (profile: string, flags: CommonFlags) => {
      printMapping(await run(operations.getDefaultMapping, selector(profile), flags), flags);
    });

  withCommonOptions(sailpoint.command("lifecycle-states"))
    .summary("list the lifecycle states of a profile")
    .argument("<profile>", PROFILE)
    .action(async (profile: string, flags: CommonFlags) => {
      const result = await run(operations.listLifecycleStates, selector(profile), flags);
      printItems(result.lifecycleStates, ["id", "name", "technicalName", "enabled", "identityCount"], result, flags);
    });

  withPart(withCommonOptions(sailpoint.command("export")), "eq and ne for id, name and priority")
    .summary("export identity profiles")
    .description("Exports identity profiles in SailPoint's own form, for `sailpoint import`. Lifecycle states are not in it.")
    .option("--out <file>", "file to write instead of the terminal")
    .action(async ({ out, ...flags }: PartFlags & { out?: string }) => {
      const { objects } = await run(operations.exportIdentityProfiles, partOf(flags), flags);
      const text = `${JSON.stringify(objects, undefined, 2)}\n`;
      if (out === undefined) process.stdout.write(text);
      else writeFileSync(out, text);
      console.error(`${objects.length} identity profiles exported${out === undefined ? "" : ` to ${out}`}`);
    });
}

function addPreview(sailpoint: Command): void {
  withCommonOptions(sailpoint.command("preview-identity"), { stackRequired: true })
    .summary("show what a program's mapping would give an identity")
    .description(
      "Shows what the mapping that the program declares would give an identity, and what the identity has now. Nothing is changed.\nRun it in the folder of the Pulumi project.",
    )
    .argument("<resource>", "name of the SailPointIdentityProfile in the program")
    .requiredOption("--identity <identity>", "name or id of the identity")
    .addHelpText(
      "after",
      `
Example:
  $ npx identity-as-code sailpoint preview-identity employees --identity "Ada Lovelace" --stack prod

Exit codes: 0 when every attribute has a value or none, 1 when one cannot be worked out or an error came up.`,
    )
    .action(async (resource: string, flags: CommonFlags & { stack: string; identity: string }) => {
      const inputs = await declaredInputs(new PulumiStack(process.cwd(), flags.stack), "sailpoint:IdentityProfile", resource);
      const mapping = inputs.identityAttributeConfig as SailPointIdentityAttributeConfig | undefined;
      if (mapping === undefined)
        throw new InputError(`"${resource}" declares no mapping`, "`sailpoint default-mapping` shows the one that SailPoint gives it");
      demandPlain(`The mapping of "${resource}"`, mapping);
      const connection = flags.connection ?? (inputs.connection as string | undefined);
      const args = { identity: selector(flags.identity), identityAttributeConfig: mapping };
      const result = await run(operations.previewIdentity, args, { ...flags, connection });
      const rows = result.attributes.map(({ name, value, previousValue, errors }) => ({
        attribute: name,
        computed: value,
        previous: previousValue,
        error: errors.length > 0 ? errors.join("; ") : undefined,
      }));
      printItems(rows, ["attribute", "computed", "previous", "error"], result, flags);
      if (rows.some(({ error }) => error !== undefined)) process.exitCode = 1;
    });
}

function addActions(sailpoint: Command): void {
  withCommonOptions(sailpoint.command("process-identities"))
    .summary("have the identities of a profile worked out anew")
    .description(
      "Has attributes, manager, lifecycle state and access of all identities of a profile worked out anew, if SailPoint says that it is required.\nIt can change the access of people who are at work.",
    )
    .argument("<profile>", PROFILE)
    .option("--force", "also when it is not required", false)
    .option("--yes", YES, false)
    .action(async (profile: string, { yes, force, ...flags }: WriteFlags & { force: boolean }) => {
      const { id, name, identityCount = "all" } = await run(operations.getIdentityProfile, selector(profile), flags);
      await confirm(`Process ${identityCount} identities of identity profile "${name}" (${id})`, yes);
      const result = await run(operations.processIdentities, { id, force }, flags);
      if (flags.json) console.log(JSON.stringify(result, undefined, 2));
      else if (result.processed) console.log(`Processing the identities of "${name}" has begun.`);
      else console.log(`Nothing was done: SailPoint says that "${name}" does not require it; --force does it all the same.`);
    });

  withCommonOptions(sailpoint.command("import"))
    .summary("load exported identity profiles into the tenant")
    .description(
      "Loads the profiles of an export into the tenant: those that it has are changed, the others made.\nTo bring profiles under code, use `identity-as-code import sailpoint` instead.",
    )
    .argument("<file>", "what `sailpoint export` wrote")
    .option("--yes", YES, false)
    .addHelpText("after", "\nExit codes: 0 when all was imported, 1 when something was not or an error came up.")
    .action(async (file: string, { yes, ...flags }: WriteFlags) => {
      const objects = readExport(file);
      const names = objects.map((entry) => JSON.stringify(entry?.object?.name ?? null)).join(", ");
      await confirm(`Import the identity profiles ${names}`, yes);
      try {
        tellImport(await run(operations.importIdentityProfiles, { objects }, flags), flags);
      } catch (error) {
        if (error instanceof IncompleteImportError) tellImport(error.result, flags);
        throw error;
      }
    });

  withCommonOptions(sailpoint.command("delete"))
    .summary("delete identity profiles")
    .description(
      "Deletes identity profiles in one task of SailPoint, and waits until all are gone. One with identities is refused.\nWhat a program declares is better deleted by the program.",
    )
    .argument("<profiles...>", "names or ids of identity profiles")
    .option("--force", "also profiles with identities, which lose them", false)
    .option("--yes", YES, false)
    .action(async (profiles: string[], { yes, force, ...flags }: WriteFlags & { force: boolean }) => {
      await confirm(`Delete the identity profiles ${profiles.map((profile) => `"${profile}"`).join(", ")}`, yes);
      const ids = profiles.filter(isId);
      const names = profiles.filter((profile) => !isId(profile));
      const result = await run(operations.deleteIdentityProfiles, { ids, names, force }, flags);
      if (flags.json) return console.log(JSON.stringify(result, undefined, 2));
      for (const { id, name } of result.deleted) console.log(`deleted  ${name}  (${id})`);
      for (const id of result.gone) console.log(`was gone already  ${id}`);
    });
}

/** Adds the options of what lists. In: the operators that the vendor's filter takes. */
function withPart(command: Command, operators: string): Command {
  return command
    .option("--filter <expression>", `expression in SailPoint's filter language: ${operators}`)
    .option("--sort <fields>", "fields to sort by, such as priority,-name")
    .option("--offset <number>", "how many to pass over", Number)
    .option("--limit <number>", "how many at most; left out, all", Number);
}

function partOf({ filter, sort, offset, limit }: PartFlags) {
  return { filters: filter, sorters: sort, offset, limit };
}

/** Ids are 32 hexadecimal digits, in some tenants with hyphens; anything else is a name. */
function isId(text: string): boolean {
  return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text);
}

function selector(text: string): { id: string } | { name: string } {
  return isId(text) ? { id: text } : { name: text };
}

function printMapping(mapping: SailPointIdentityAttributeConfig, flags: CommonFlags): void {
  const rows = Object.entries(mapping.attributeTransforms).map(([attribute, { type, ...attributes }]) => ({ attribute, type, attributes }));
  printItems(rows, ["attribute", "type", "attributes"], mapping, flags);
}

/** Errors: InputError for a file that holds no export. What is in it, the operation checks. */
function readExport(file: string): SailPointExportObject[] {
  try {
    const objects: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (Array.isArray(objects)) return objects;
  } catch (error) {
    throw new InputError(`${file} cannot be read: ${(error as Error).message}`, "Give a file that `sailpoint export` wrote");
  }
  throw new InputError(`${file} holds no list of profiles`, "Give a file that `sailpoint export` wrote");
}

function tellImport(result: Awaited<ReturnType<typeof operations.importIdentityProfiles.run>>, { json }: CommonFlags): void {
  if (json) {
    console.log(JSON.stringify(result, undefined, 2));
    return;
  }
  for (const kind of ["infos", "warnings", "errors"] as const)
    for (const { key, text } of result[kind]) console.log(`${kind.slice(0, -1)}  ${[key, text].filter(Boolean).join(": ")}`);
  for (const { id, name } of result.importedObjects) console.log(`imported  ${name}  (${id})`);
}
