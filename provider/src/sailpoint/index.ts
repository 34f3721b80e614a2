export * from "./identity-profile";
export * from "./transforms";
