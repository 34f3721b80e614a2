export * from "./activid/index";
export type { IdentityResourceOptions } from "./core/shell";
export * from "./myid/index";
export * from "./pingone/index";
export * from "./plainid/index";
export * from "./sailpoint/index";
