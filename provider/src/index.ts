export * from "./activid/index";
export type { AdoptOptions } from "./core/adopt-options";
export type { IdentityResourceOptions } from "./core/shell";
export * from "./myid/index";
export * from "./pingone/index";
export * from "./plainid/index";
export * from "./sailpoint/index";
