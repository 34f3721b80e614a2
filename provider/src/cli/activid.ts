import { readImportFile } from "../activid/import-file";
import { forgetUser, getUserImport, searchUsers } from "../activid/operations";
import { InputError } from "../core/errors";
import { confirm } from "./confirm";
import { type Command, type CommonFlags, printItems, run, withCommonOptions } from "./operation";

/** Adds what a person may ask ActivID, or have done there, at a terminal. */
export function addActivIdCommands(program: Command): void {
  const activid = program.command("activid").description("Ask HID ActivID");

  withCommonOptions(activid.command("search"))
    .summary("search users")
    .description("Searches the users of a tenant, page by page until all are there.")
    .argument("[filter]", "comparisons joined by `and`; a * in a value stands for any text, with eq too; left out, anybody fits")
    .option("--attributes <names...>", "attributes to get; left out, all but authenticators")
    .option("--search-repositories", "search directories, too, for users who are not bound yet", false)
    .addHelpText(
      "after",
      `
Examples:
  $ npx identity-as-code activid search 'externalId sw "svc-"' --stack prod
  $ npx identity-as-code activid search 'userType eq LDAP' --search-repositories --json --stack prod`,
    )
    .action(async (filter: string | undefined, flags: CommonFlags & { attributes?: string[]; searchRepositories: boolean }) => {
      const { attributes, searchRepositories } = flags;
      const result = await run(searchUsers, { filter, attributes, searchRepositories }, flags);
      const columns = ["externalId", "userName", "displayName", "userType", "active"];
      printItems(result.users, ["id", ...(attributes ?? columns)], result, flags);
      if (result.mayBeMore)
        console.error("There may be more: a search of directories has one answer only. Narrow the filter to reach them.");
    });

  withCommonOptions(activid.command("import-status"))
    .summary("tell how far an import of users is")
    .description("Tells how far an import of users is and, of the users in a file, what became of each.")
    .argument("<correlationId>", "the import's id: output `correlationId` of ActivIdUserImport, or from the server's audit log")
    .option("--users <file>", "the file that was imported, CSV or JSON, to say what became of each user")
    .addHelpText(
      "after",
      `
Example:
  $ npx identity-as-code activid import-status 4711 --users summer.csv --stack prod`,
    )
    .action(async (correlationId: string, flags: CommonFlags & { users?: string }) => {
      const externalIds = flags.users === undefined ? undefined : readExternalIds(flags.users);
      const result = await run(getUserImport, { correlationId, externalIds }, flags);
      const { users = {}, ...counts } = result;
      printItems([counts], ["correlationId", "status", "size", "processed", "imported", "alreadyExisted", "failed"], result, flags);
      if (flags.json || externalIds === undefined) return;
      console.log();
      const outcomes = Object.entries(users).map(([externalId, user]) => ({ externalId, ...user }));
      printItems(outcomes, ["externalId", "outcome", "id"], result, flags);
    });

  withCommonOptions(activid.command("forget"))
    .summary("erase what ties the audit log to a deleted user")
    .description("Erases what ties the audit log to a deleted user. It cannot be undone, so it asks first.")
    .argument("<externalId>", "externalId of a user who was deleted")
    .option("--yes", "do not ask", false)
    .addHelpText(
      "after",
      `
Example:
  $ npx identity-as-code activid forget mlopez --stack prod`,
    )
    .action(async (externalId: string, flags: CommonFlags & { yes: boolean }) => {
      await confirm(`Erase for ever what ties the audit log to the deleted user "${externalId}"`, flags.yes);
      const result = await run(forgetUser, { externalId }, flags);
      if (flags.json) console.log(JSON.stringify(result, undefined, 2));
      else console.log(`User "${externalId}" is forgotten.`);
    });
}

function readExternalIds(file: string): string[] {
  try {
    return readImportFile(file).map(({ externalId }) => externalId);
  } catch (error) {
    throw new InputError((error as Error).message, "Give the file that was imported");
  }
}
