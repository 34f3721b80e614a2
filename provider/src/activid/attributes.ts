import { isDeepStrictEqual } from "node:util";
import { RejectedError } from "../core/errors";
import { USER_ATTRIBUTE, type User } from "./api";

export type AttributeValue = string | string[];
export type Attributes = Record<string, AttributeValue>;

/** The part of a user that some attributes show under other names. */
export interface Projected {
  name?: { givenName?: string | null; familyName?: string | null } | null;
  emails?: { value?: string | null }[] | null;
}

/**
 * Attributes that are the user's name and e-mail under other names. A list of attributes that lacks one of them erases that name or e-mail,
 * even when the same request states it at its usual place.
 * Source: vendor, Users REST API, samples of create and replace.
 */
export const PROJECTIONS: Record<string, { path: string; read(user: Projected): string | undefined }> = {
  FIRSTNAME: { path: "name.givenName", read: (user) => user.name?.givenName || undefined },
  LASTNAME: { path: "name.familyName", read: (user) => user.name?.familyName || undefined },
  ATR_EMAIL: { path: "emails[0].value", read: (user) => user.emails?.[0]?.value || undefined },
};

/** The attributes of an answer as a map: their order means nothing. */
export function toAttributes(user: User): Attributes {
  const entries = user[USER_ATTRIBUTE]?.attributes ?? [];
  return Object.fromEntries(entries.flatMap(({ name, value }) => (value === null || value === undefined ? [] : [[name, value]])));
}

/** A point in time in one of the shapes that the server takes, with its offset. Source: vendor, SCIM overview, date format. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?)(Z|[+-]\d\d:?\d\d)$/;

/**
 * Whether two values mean the same: the order of several counts nothing, one alone is the same with or without a list around it, and a time is
 * the same in every shape.
 */
export function sameValue(before: AttributeValue | undefined, after: AttributeValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  const meanings = (value: AttributeValue) => [value].flat().map(meaning).sort();
  return isDeepStrictEqual(meanings(before), meanings(after));
}

function meaning(value: string): string {
  const [, time, offset = ""] = TIME.exec(value) ?? [];
  const at = Date.parse(`${time}${offset.replace(/(\d\d)(\d\d)$/, "$1:$2")}`);
  return Number.isNaN(at) ? value : new Date(at).toISOString();
}

export function sameAttributes(before: Attributes, after: Attributes): boolean {
  return Object.keys({ ...before, ...after }).every((name) => sameValue(before[name], after[name]));
}

/**
 * The list of attributes to send, so that the declared ones are as declared and the ones no longer declared are gone.
 *
 * In:     fresh, the user as just read; declared, by the program now; before, by the program last time; core, the name and e-mail of this request.
 * Out:    everything the user is to have, because what the list leaves out is erased; undefined when nothing has to change, because a list
 *         that is not sent leaves everything as it is.
 * Errors: RejectedError for an attribute, name or e-mail that a directory keeps and that is declared otherwise.
 */
export function attributesToSend(fresh: User, declared: Attributes = {}, before: Attributes = {}, core: Projected) {
  const entries = fresh[USER_ATTRIBUTE]?.attributes ?? [];
  const actual = toAttributes(fresh);
  const readOnly = new Set(entries.filter((entry) => entry.readOnly).map(({ name }) => name));
  const fixed = Object.entries(PROJECTIONS).find(([name, { read }]) => readOnly.has(name) && read(core) !== read(fresh));
  if (fixed) {
    const [name, { path }] = fixed;
    throw new RejectedError(
      `${path} of user ${fresh.id} is the attribute ${name}, which is read-only at the server`,
      `Declare it as it is, "${actual[name]}", or change it in the directory that keeps it`,
    );
  }
  const dropped = Object.keys(before).filter((name) => !Object.hasOwn(declared, name) && !Object.hasOwn(PROJECTIONS, name));
  const changed = Object.keys(declared).filter((name) => !sameValue(actual[name], declared[name]));
  if (changed.length === 0 && !dropped.some((name) => Object.hasOwn(actual, name))) return undefined;
  const locked = changed.find((name) => readOnly.has(name));
  if (locked)
    throw new RejectedError(
      `Attribute ${locked} of user ${fresh.id} is read-only at the server`,
      `Remove attributes.${locked}, or change it in the directory that keeps it`,
    );
  const projected = Object.entries(PROJECTIONS).flatMap(([name, { read }]) => {
    const value = read(core);
    return value === undefined ? [] : [[name, value]];
  });
  const wanted: Attributes = { ...actual, ...Object.fromEntries(projected) };
  // A value that is right already goes back in the form it came in: lists and single values are not interchangeable to the server.
  for (const name of changed) wanted[name] = declared[name] as AttributeValue;
  for (const name of dropped) delete wanted[name];
  return Object.entries(wanted).flatMap(([name, value]) => (readOnly.has(name) ? [] : [{ name, value }]));
}
