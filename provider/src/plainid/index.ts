export * from "./functions";
export * from "./identity-source";
