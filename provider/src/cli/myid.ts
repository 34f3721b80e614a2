import { findPeople } from "../myid/operations";
import { type Command, type CommonFlags, printItems, run, withCommonOptions } from "./operation";

interface FindFlags extends CommonFlags {
  logonName?: string;
  employeeId?: string;
  lastName?: string;
}

/** Adds what a person may ask MyID at a terminal. */
export function addMyIdCommands(program: Command): void {
  const myid = program.command("myid").description("Ask Intercede MyID");

  withCommonOptions(myid.command("find"))
    .summary("find people")
    .description("Finds people by exactly one of words, logon name, employee id and last name. In all but words, * stands for any text.")
    .argument("[words]", "words that the server looks for wherever it chooses to")
    .option("--logon-name <name>", "logon name")
    .option("--employee-id <id>", "employee id")
    .option("--last-name <name>", "last name, such as 'Smi*'")
    .addHelpText(
      "after",
      `
Examples:
  $ npx identity-as-code myid find --logon-name alovelace --stack prod
  $ npx identity-as-code myid find --last-name 'Smi*' --json --stack prod`,
    )
    .action(async (q: string | undefined, flags: FindFlags) => {
      const { logonName, employeeId, lastName } = flags;
      const name = lastName === undefined ? undefined : { last: lastName };
      const result = await run(findPeople, { logonName, employeeId, name, q }, flags);
      const columns = ["id", "logonName", "employeeId", "name.fullName", "email", "enabled", "externalReferences"];
      printItems(result.people, columns, result, flags);
    });
}
