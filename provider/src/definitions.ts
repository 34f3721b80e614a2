import { userDefinition } from "./activid/user-definition";
import { userImportDefinition } from "./activid/user-import-definition";
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
