export * from "./direct-mapped-user";
