import { isDeepStrictEqual } from "node:util";
import type { DirectMappedUser, UserBody } from "./api";
import type { Inputs } from "./model";

/** Values of writable attributes by their place in the inputs: `username`, `name.given`, `customAttributes.badgeNumber`. */
export type Attributes = ReadonlyMap<string, unknown>;

/** Attributes whose members are set and cleared one by one. */
const OBJECTS = ["name", "address", "photo"];
const PLAIN = [
  ...["username", "email", "nickname", "title", "type", "primaryPhone", "mobilePhone", "locale", "preferredLanguage", "timezone"],
  ...["externalId", "accountId"],
];
/** Members of an answer that are the vendor's own. Source: PingOne API, Users, data model. */
const SERVER_OWNED = [
  ...["id", "schemas", "meta", "environment", "enabled", "account", "lifecycle", "mfaEnabled", "verifyStatus", "identityProvider"],
  ...["createdAt", "updatedAt", "lastSignOn", "memberOfGroupIDs", "memberOfGroupNames", "_links", "_embedded", "resourceType"],
];

/** Names that no custom attribute can have, because they mean something else on the wire. */
export const RESERVED: readonly string[] = [...OBJECTS, ...PLAIN, ...SERVER_OWNED, "population", "password"];

const CUSTOM = "customAttributes";

/** What inputs, or state, declare. */
export function attributesOf(inputs: Partial<Inputs>): Attributes {
  return new Map(
    Object.entries(inputs).flatMap(([key, value]): [string, unknown][] => {
      if (value === undefined) return [];
      if (key === CUSTOM || OBJECTS.includes(key)) return members(key, value);
      return PLAIN.includes(key) ? [[key, value]] : [];
    }),
  );
}

/** What a user has. Everything at the top that is neither standard nor the vendor's own is a custom attribute. */
export function attributesIn(user: DirectMappedUser): Attributes {
  return new Map(
    Object.entries(user).flatMap(([key, value]): [string, unknown][] => {
      if (value === null || value === undefined || key === "population" || SERVER_OWNED.includes(key)) return [];
      if (OBJECTS.includes(key)) return members(key, value);
      return [[PLAIN.includes(key) ? key : `${CUSTOM}.${key}`, value]];
    }),
  );
}

function members(key: string, value: unknown): [string, unknown][] {
  return Object.entries(value as object).flatMap(([name, member]) => (member === null ? [] : [[`${key}.${name}`, member]]));
}

/** Attributes as inputs hold them. */
export function toNested(attributes: Attributes): Partial<Inputs> {
  const nested: Record<string, unknown> = {};
  for (const [path, value] of attributes) {
    // A custom attribute's name may hold dots of its own.
    const dot = path.indexOf(".");
    if (dot < 0) nested[path] = value;
    else nested[path.slice(0, dot)] = { ...(nested[path.slice(0, dot)] as object), [path.slice(dot + 1)]: value };
  }
  return nested as Partial<Inputs>;
}

/** Attributes as requests hold them: custom attributes stand beside the standard ones. */
export function toBody(attributes: Attributes): UserBody {
  const { customAttributes, ...standard } = toNested(attributes);
  return { ...customAttributes, ...standard } as UserBody;
}

/** Places at which the values differ. */
export function differing(before: Attributes, after: Attributes): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => !isDeepStrictEqual(before.get(path), after.get(path)));
}
