export { type IdentityPolicyOptions, identityPolicies } from "./policies";
export type { Production } from "./production";
export { type IdentityResourceName, identityResources, nameOfType } from "./resources";
