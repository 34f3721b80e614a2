import type { Version } from "./types.js";

/**
 * Behaviour that differs between tenants, versions and published accounts of the API, or that is plain bad luck.
 * All can be changed while the simulator runs.
 */
export interface SailPointSwitches {
  /** PATCH of `/name` is refused with `400.1.1`. @default false */
  seedStrictName: boolean;
  /** HTTP status of `400.1.409 Reference conflict`. @default 400 */
  conflictStatus: 400 | 409;
  /**
   * How the next deletion tasks go. `error`, `temperror` and `terminated` leave the profile in place; `never` stays unfinished;
   * with `notFound` and `forbidden` the deletion succeeds, but the task's status answers 404 or 403 with an empty body.
   * @default "success"
   */
  task: "success" | "warning" | "error" | "temperror" | "terminated" | "never" | "notFound" | "forbidden";
  /** How long a deletion task runs, in milliseconds. @default 0 */
  taskDelayMs: number;
  /** How long a profile stays readable after its deletion task has ended, in milliseconds. @default 0 */
  deleteLagMs: number;
  /** The answer to a DELETE names the task; false answers 202 `{}`. @default true */
  deleteNamesTask: boolean;
  /** Spelling of `completionStatus` in task-status. @default "upper" */
  taskStatusCase: "upper" | "title";
  /** Versions whose task-status answers 404. @default ["v3"] */
  taskStatusUnsupported: Version[];
  /** 4xx answers carry `Content-Encoding: UTF-8` over plain JSON. @default true */
  encodingHeaderOn4xx: boolean;
  /** Answers under the legacy prefixes (all but v1) carry `X-Deprecated: true`. @default false */
  deprecatedHeader: boolean;
  /** Requests without `X-SailPoint-Experimental: true` are refused with 400. @default false */
  experimentalRequired: boolean;
  /** Takes the place of every client's scopes, tokens already issued included; null leaves them alone. @default null */
  scopes: string[] | null;
  /** Lifetime of new tokens. @default 43199 */
  tokenLifetimeSeconds: number;
  /** Which operators the profile list allows: the published table of today, or the wider older one. @default "current" */
  filterTable: "current" | "seed";
  /** Changing the source in place replaces the mapping with the new source's default one. @default false */
  sourceChangeResetsMapping: boolean;
  /** Written mappings get the missing one of `sourceId` and `sourceName`. @default false */
  enrichOnWrite: boolean;
  /** A profile created without an owner gets the tenant's first identity. @default false */
  assignsOwner: boolean;
  /** How empty description and owner are answered; when absent, `remove` and `replace` of them fail. @default "null" */
  emptyFields: "null" | "absent";
  /** Whether an operation of a PATCH may have the value null, which the published schema does not list. @default false */
  patchAllowsNull: boolean;
  /** Profiles carry a field that no documentation names. @default false */
  extraFields: boolean;
}

export function defaultSwitches(): SailPointSwitches {
  return {
    seedStrictName: false,
    conflictStatus: 400,
    task: "success",
    taskDelayMs: 0,
    deleteLagMs: 0,
    deleteNamesTask: true,
    taskStatusCase: "upper",
    taskStatusUnsupported: ["v3"],
    encodingHeaderOn4xx: true,
    deprecatedHeader: false,
    experimentalRequired: false,
    scopes: null,
    tokenLifetimeSeconds: 43199,
    filterTable: "current",
    sourceChangeResetsMapping: false,
    enrichOnWrite: false,
    assignsOwner: false,
    emptyFields: "null",
    patchAllowsNull: false,
    extraFields: false,
  };
}
