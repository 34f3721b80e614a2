/** Behaviour that the vendor's documentation leaves open, or that differs between environments. All can be changed while the simulator runs. */
export interface PingOneSwitches {
  /** Shape of the errors 400, 404 and 409. @default "scim" */
  errorShape: "scim" | "native";
  /** How a value in use is refused: `scim409` in the SCIM shape, `native400` with `UNIQUENESS_VIOLATION`. @default "scim409" */
  uniqueness: "scim409" | "native400";
  /** What a PUT or PATCH does with another population. @default "move" */
  populationOnPut: "move" | "ignore" | "reject";
  /** What a worker gets for a user of a population outside its role. @default 404 */
  invisibleStatus: 403 | 404;
  /** How long a new user cannot be read yet, in milliseconds. @default 0 */
  createLagMs: number;
  /** Lifetime of new tokens. @default 3600 */
  tokenLifetimeSeconds: number;
  /** Users carry a member that no documentation names. @default false */
  extraFields: boolean;
  /** Media type of answers. @default "application/json" */
  mediaType: "application/json" | "application/scim+json";
  /** How the vendor changes the case of the usernames it stores. @default "keep" */
  usernameCase: "keep" | "lower";
}

export function defaultSwitches(): PingOneSwitches {
  return {
    errorShape: "scim",
    uniqueness: "scim409",
    populationOnPut: "move",
    invisibleStatus: 404,
    createLagMs: 0,
    tokenLifetimeSeconds: 3600,
    extraFields: false,
    mediaType: "application/json",
    usernameCase: "keep",
  };
}
