export * from "./person-entra-link";
