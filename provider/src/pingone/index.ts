export * from "./direct-mapped-user";
export * from "./functions";
