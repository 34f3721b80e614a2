import {
  ActivIdUser,
  ActivIdUserImport,
  MyIdPersonEntraLink,
  PingOneDirectMappedUser,
  PlainIdIdentitySource,
  SailPointIdentityProfile,
} from "pulumi-identity-as-code";

/**
 * The library's resource classes by name. They carry their type as generated classes do, so `validateResourceOfType` and
 * `validateStackResourcesOfType` of `@pulumi/policy` take them and know their arguments.
 */
export const identityResources = {
  ActivIdUser,
  ActivIdUserImport,
  MyIdPersonEntraLink,
  PingOneDirectMappedUser,
  PlainIdIdentitySource,
  SailPointIdentityProfile,
};

/** Name of one of the library's resource classes. */
export type IdentityResourceName = keyof typeof identityResources;

/** Names of all of them, for schemas of configurations. */
export const identityResourceNames = Object.keys(identityResources) as IdentityResourceName[];

/** Name of the class of a type as the engine calls it; undefined for other vendors' resources. */
export function nameOfType(type: string): IdentityResourceName | undefined {
  return identityResourceNames.find((name) => identityResources[name].__pulumiType === type);
}
