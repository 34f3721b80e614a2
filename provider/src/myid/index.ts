export * from "./functions";
export * from "./person-entra-link";
