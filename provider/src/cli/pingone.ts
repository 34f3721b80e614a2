import { searchDirectMappedUsers } from "../pingone/operations";
import { type Command, type CommonFlags, printItems, run, withCommonOptions } from "./operation";

/** Adds what a person may ask PingOne at a terminal. */
export function addPingOneCommands(program: Command): void {
  const pingone = program.command("pingone").description("Ask PingOne");

  withCommonOptions(pingone.command("search"))
    .summary("search users")
    .description("Searches the users of an environment, whoever made them. PingOne gives 200 at most.")
    .argument("[filter]", "expression in SCIM's filter language with PingOne's attribute names; left out, any user fits")
    .requiredOption("--environment <id>", "id of the environment")
    .addHelpText(
      "after",
      `
Example:
  $ npx identity-as-code pingone search 'username sw "svc-"' --environment 5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10 --stack prod`,
    )
    .action(async (filter: string | undefined, flags: CommonFlags & { environment: string }) => {
      const result = await run(searchDirectMappedUsers, { environmentId: flags.environment, filter }, flags);
      printItems(result.users, ["id", "username", "email", "name.given", "name.family", "enabled"], result, flags);
      if (result.mayBeMore) console.error("There may be more: PingOne gives 200 at most. Narrow the filter to reach them.");
    });
}
