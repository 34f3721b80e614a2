export type { IdentityResourceOptions } from "./core/shell";
export * from "./sailpoint/index";
