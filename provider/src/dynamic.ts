import { userDefinition } from "./activid/user-definition";
import { userImportDefinition } from "./activid/user-import-definition";
import { dynamicHost } from "./core/host";
import { personEntraLinkDefinition } from "./myid/person-entra-link-definition";
import { directMappedUserDefinition } from "./pingone/direct-mapped-user-definition";
import { identitySourceDefinition } from "./plainid/identity-source-definition";
import { identityProfileDefinition } from "./sailpoint/identity-profile-definition";

/** Every resource of this library by its type. A new resource adds one line here and nothing to core. */
export const definitions = Object.fromEntries(
  [
    identityProfileDefinition,
    identitySourceDefinition,
    directMappedUserDefinition,
    personEntraLinkDefinition,
    userDefinition,
    userImportDefinition,
  ].map((definition) => [definition.type, definition]),
);

/**
 * The provider behind the text that state keeps for every object; see core/shell.ts.
 *
 * In:     type, `<vendor>:<Noun>`.
 * Errors: Error for a type that this version of the library does not know.
 */
export function handler(type: string) {
  const definition = definitions[type];
  if (!definition) throw new Error(`pulumi-identity-as-code does not know the resource type "${type}"; install a version that does`);
  return dynamicHost(definition);
}
