/** Behaviour that differs between servers and versions, or that is not documented. All can be changed while the simulator runs. */
export interface ActivIdSwitches {
  /** Lifetime of new tokens. @default 3600 */
  tokenLifetimeSeconds: number;
  /** Wrong secrets in a row after which a client is locked. @default 3 */
  lockAfter: number;
  /** Status of a successful create. @default 200 */
  createStatus: 200 | 201;
  /** Status of a successful deletion. @default 204 */
  deleteStatus: 200 | 202 | 204;
  /** Whether a PATCH is answered with the user (200) or without a body (204). @default 200 */
  patchStatus: 200 | 204;
  /** The answer to a PATCH of a user who is not federated; 200 carries it out. @default 501 */
  patchOthers: 200 | 404 | 501;
  /** What a PUT does to core members that it leaves out. @default "cleared" */
  omittedCore: "cleared" | "kept";
  /** Whether answers show the enterprise User extension; no sample of the vendor's does. @default false */
  enterpriseShown: boolean;
  /** The status of a refusal for a value in use. @default 409 */
  duplicateStatus: 400 | 409;
  /** Whether the client has the permission "Forget User". @default true */
  forgetAllowed: boolean;
  /** Whether a failure has a body. @default true */
  errorBodies: boolean;
  /** How long a new user is not found by searches. @default 0 */
  searchLagMs: number;
  /** What a search without `attributes` and `excludedAttributes` shows. @default "ids" */
  searchDefault: "ids" | "full";
  /** Whether the optional members of a list are left out. @default false */
  bareLists: boolean;
  /** Name of the list's array. @default "resources" */
  resourcesKey: "resources" | "Resources";
  /** Time between two ticks of the import's worker. @default 10000 */
  importTickMs: number;
  /** Users that the worker takes on in one tick. @default 100 */
  importPerTick: number;
  /** externalIds that an import does not manage to make. @default [] */
  importFails: string[];
  /** Whether import jobs end with the status `failed`, with nobody imported. @default false */
  importJobFails: boolean;
  /** How the status of a lost job is answered: as if it still ran, or with 404. @default "stuck" */
  lostJob: "stuck" | "notFound";
}

export function defaultSwitches(): ActivIdSwitches {
  return {
    tokenLifetimeSeconds: 3600,
    lockAfter: 3,
    createStatus: 200,
    deleteStatus: 204,
    patchStatus: 200,
    patchOthers: 501,
    omittedCore: "cleared",
    enterpriseShown: false,
    duplicateStatus: 409,
    forgetAllowed: true,
    errorBodies: true,
    searchLagMs: 0,
    searchDefault: "ids",
    bareLists: false,
    resourcesKey: "resources",
    importTickMs: 10_000,
    importPerTick: 100,
    importFails: [],
    importJobFails: false,
    lostJob: "stuck",
  };
}
