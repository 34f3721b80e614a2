export * from "./identity-source";
