import { placeOf } from "../plainid/find";
import { exportIdentitySources, listIdentitySourceReferences } from "../plainid/operations";
import { type Command, type CommonFlags, printItems, run, withCommonOptions } from "./operation";

interface PlaceFlags extends CommonFlags {
  within: string;
}

/** Adds what a person may ask PlainID at a terminal. */
export function addPlainIdCommands(program: Command): void {
  const plainid = program.command("plainid").description("Ask PlainID");
  const within = ["--within <place>", "where the sources are: <environment id>/<identity template id>"] as const;

  withCommonOptions(plainid.command("export"))
    .summary("export identity sources")
    .description("Lists the identity sources of a template. With --json, what the vendor's import takes as its body.")
    .requiredOption(...within)
    .option("--include-unimportable-sources", "list built-in sources, too, which no import takes", false)
    .addHelpText(
      "after",
      `
Example:
  $ npx identity-as-code plainid export --within 8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70/User --json --stack prod > sources.json`,
    )
    .action(async (flags: PlaceFlags & { includeUnimportableSources: boolean }) => {
      const { includeUnimportableSources } = flags;
      const result = await run(exportIdentitySources, { ...placeOf(flags.within), includeUnimportableSources }, flags);
      printItems(result.sources, ["sourceId", "displayName", "sourceType", "description"], result, flags);
    });

  withCommonOptions(plainid.command("references"))
    .summary("list what refers to an identity source")
    .description("Lists the mapper sets of the template and the API mappers of the environment that name a source by its id.")
    .argument("<sourceId>", "id of the source")
    .requiredOption(...within)
    .addHelpText(
      "after",
      `
Example:
  $ npx identity-as-code plainid references hr_db --within 8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70/User --stack prod`,
    )
    .action(async (sourceId: string, flags: PlaceFlags) => {
      const result = await run(listIdentitySourceReferences, { ...placeOf(flags.within), sourceId }, flags);
      const items = [
        ...result.mapperSets.map((set) => ({ kind: "mapper set", set: set.mappersSetId, as: set.sourceUsedAs })),
        ...result.apiMappers.map((mapper) => ({ kind: "API mapper", set: mapper.apiMappersSetId, mapper: mapper.mapperId })),
      ];
      printItems(items, ["kind", "set", "mapper", "as"], result, flags);
    });
}
