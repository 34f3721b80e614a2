export * from "./functions";
export * from "./import-file";
export * from "./user";
export * from "./user-import";
