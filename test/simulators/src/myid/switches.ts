import type { Right } from "./types.js";

/** Behaviour that differs between servers, or that no documentation settles. All can be changed while the simulator runs. */
export interface MyIdSwitches {
  /** What the role of the client's user may do; a call for which a right is missing is answered 403. @default all */
  rights: Right[];
  /** Names of the groups whose people the client sees; all others answer 404 and are in no list. Null sees everybody. @default null */
  scope: string[] | null;
  /** A PATCH without `confirm=false` is refused with 400. @default false */
  confirmRequired: boolean;
  /** GET shows no `externalReferences`. @default false */
  hideReferences: boolean;
  /** References are answered in upper case, however they were written. @default false */
  upperCaseReferences: boolean;
  /** How a slot without a value is answered. @default "absent" */
  emptyReferences: "absent" | "null" | "blank";
  /** What empties a slot: `""`, `null`, or either. @default "both" */
  clearBy: "both" | "blank" | "null";
  /** What happens to the other one: 200 and nothing is changed, or 400. @default "ignored" */
  otherClear: "ignored" | "refused";
  /** A PATCH is answered with the person, or with 204. @default "person" */
  patchAnswer: "person" | "nothing";
  /** The filters `logonName` and `employeeId` also find people whose value only begins with what was asked for. @default false */
  looseFilters: boolean;
  /** Spelling of the state in lists. @default "Enabled" */
  enabledKey: "Enabled" | "enabled";
  /** People carry a field that only this installation has. @default false */
  customFields: boolean;
  /** Lifetime of new tokens. @default 3600 */
  tokenLifetimeSeconds: number;
}

export function defaultSwitches(): MyIdSwitches {
  return {
    rights: ["viewPerson", "editPerson", "editPivApplicant", "removePerson"],
    scope: null,
    confirmRequired: false,
    hideReferences: false,
    upperCaseReferences: false,
    emptyReferences: "absent",
    clearBy: "both",
    otherClear: "ignored",
    patchAnswer: "person",
    looseFilters: false,
    enabledKey: "Enabled",
    customFields: false,
    tokenLifetimeSeconds: 3600,
  };
}
