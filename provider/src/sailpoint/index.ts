export * from "./functions";
export * from "./identity-profile";
export * from "./transforms";
