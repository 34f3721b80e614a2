import { isDeepStrictEqual } from "node:util";
import type { Adopt } from "../core/adopt-options";
import { prune } from "../core/normalize";
import { CORE, ENTERPRISE_USER, USER_ATTRIBUTE, USER_DEVICE, type User } from "./api";
import { type Attributes, attributesToSend, PROJECTIONS, sameValue, toAttributes } from "./attributes";

interface Coded {
  value: string;
}
export interface Phone {
  value: string;
  type?: string;
}
export interface Address {
  formatted: string;
  type?: string;
}

/** Inputs in normal form. */
export interface Inputs {
  externalId?: string;
  userName?: string;
  userType?: string;
  name?: { givenName?: string; familyName?: string };
  emails?: { value: string; type?: string }[];
  phoneNumbers?: Phone[];
  addresses?: Address[];
  title?: string;
  active?: boolean;
  groups?: Coded[];
  roles?: Coded[];
  attributes?: Attributes;
  enterprise?: Record<string, unknown>;
  devices?: Coded[];
  onDelete?: "delete" | "deleteAndForget" | "disable";
  adopt?: Adopt;
  connection?: string;
}

export interface State extends Inputs {
  displayName?: string;
  /** Digest of server and tenant that the user is in. */
  tenant: string;
  serverChosen?: string[];
}

/** What the server makes up when the program says nothing. */
const SERVER_CHOSEN = ["externalId", "userName", "userType", "active"] as const;

/** Whether two lists of codes hold the same, in any order. */
export function sameCodes(before: unknown, after: unknown): boolean {
  const codes = (list: unknown) => (list as Coded[]).map(({ value }) => value).sort();
  return isDeepStrictEqual(codes(before), codes(after));
}

/** Whether a user comes from another identity provider; such a user is changed by PATCH. */
export function isFederated(user: Pick<User, "userType">): boolean {
  return user.userType === "SCIM_FED";
}

/** Whether the program, or whoever wrote the state, declares a property. */
export function declares(state: Partial<State>, key: keyof Inputs): boolean {
  return state[key] !== undefined && !state.serverChosen?.includes(key);
}

// ---- towards the vendor

/** The body of a create. From version 4 on users have a userName of their own; before, it follows the externalId. */
export function toRequest(inputs: Inputs, apiVersion: number): Record<string, unknown> {
  const { externalId, userName, userType, name, emails, phoneNumbers, addresses, title, active, groups, roles } = inputs;
  const { attributes = {}, enterprise } = inputs;
  const entries = Object.entries(attributes).map(([name, value]) => ({ name, value }));
  // Entra ID, whose requests the samples of federated users are, always says which of several values it means.
  const typed = <T extends { type?: string }>(item: T) => (userType === "SCIM_FED" ? { ...item, type: item.type ?? "work" } : item);
  return prune({
    schemas: [CORE, ...(entries.length > 0 ? [USER_ATTRIBUTE] : []), ...(enterprise ? [ENTERPRISE_USER] : [])],
    ...{ externalId, userName: apiVersion >= 4 ? userName : undefined, userType, name, title, active, groups, roles },
    emails: emails?.map(typed),
    phoneNumbers: phoneNumbers?.map(typed),
    addresses: addresses?.map(typed),
    [USER_ATTRIBUTE]: entries.length > 0 ? { attributes: entries } : undefined,
    [ENTERPRISE_USER]: enterprise,
  }) as Record<string, unknown>;
}

/**
 * The body of a PUT that brings a user to what is declared: everything that was just read, with the declared values over it.
 *
 * In:     fresh, the user as just read; state, what the program declared last time.
 * Out:    the body, or undefined when the user already is as declared. Core members are all stated, and empty ones stated as empty: what a PUT
 *         does to members that it leaves out is not documented. Extensions are left out unless they change: left out, they stay as they are.
 * Source: vendor, Users REST API, Replace; RFC 7643 section 2.5 (null and empty lists mean unassigned).
 */
export function toReplacement(fresh: User, inputs: Inputs, state: Partial<State>, apiVersion: number): Record<string, unknown> | undefined {
  const actual = core(fresh, apiVersion);
  const dropped = (key: keyof Inputs) => declares(state, key) && inputs[key] === undefined;
  const wanted = {
    externalId: inputs.externalId ?? actual.externalId,
    userName: apiVersion >= 4 ? (inputs.userName ?? actual.userName) : undefined,
    name: { ...actual.name, ...inputs.name },
    emails: inputs.emails?.map(({ value }) => ({ value })) ?? actual.emails,
    title: inputs.title ?? (dropped("title") ? null : actual.title),
    active: inputs.active ?? actual.active,
    phoneNumbers: overlay(actual.phoneNumbers, inputs.phoneNumbers) ?? (dropped("phoneNumbers") ? [] : actual.phoneNumbers),
    addresses: overlay(actual.addresses, inputs.addresses) ?? (dropped("addresses") ? [] : actual.addresses),
    groups: inputs.groups ?? actual.groups,
    roles: inputs.roles && !sameCodes(actual.roles, inputs.roles) ? inputs.roles : dropped("roles") ? [] : actual.roles,
  };
  const attributes = attributesToSend(fresh, inputs.attributes, state.attributes, wanted);
  const bound = fresh[USER_DEVICE]?.devices ?? [];
  const devices = inputs.devices && !sameCodes(bound, inputs.devices) ? inputs.devices : undefined;
  const enterprise = enterpriseToSend(fresh, inputs.enterprise, state.enterprise);
  if (isDeepStrictEqual(actual, wanted) && !attributes && !devices && !enterprise) return undefined;
  const extensions = prune({
    [USER_ATTRIBUTE]: attributes && { attributes },
    [USER_DEVICE]: devices && { devices },
    [ENTERPRISE_USER]: enterprise,
  }) as object;
  return {
    schemas: [CORE, ...Object.keys(extensions)],
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
    ...extensions,
  };
}

/**
 * The enterprise extension to send, with what others put there; undefined when nothing has to change.
 *
 * No answer is known to show it. Where none does, what was declared last is what is there.
 * Source: vendor, Users REST API, Create, which names it and says no more.
 */
function enterpriseToSend(
  fresh: User,
  declared: Inputs["enterprise"] = {},
  before: Inputs["enterprise"] = {},
): Inputs["enterprise"] | undefined {
  const actual = fresh[ENTERPRISE_USER] ?? before;
  const kept = Object.entries(actual).filter(([key]) => !Object.hasOwn(before, key));
  const wanted = { ...Object.fromEntries(kept), ...declared };
  return isDeepStrictEqual(actual, wanted) ? undefined : wanted;
}

/** The writable core members of a user, in the form in which they are written. */
function core(user: User, apiVersion: number) {
  const { givenName, familyName } = user.name ?? {};
  return {
    externalId: user.externalId ?? undefined,
    userName: apiVersion >= 4 ? (user.userName ?? undefined) : undefined,
    name: { ...(givenName && { givenName }), ...(familyName && { familyName }) },
    emails: (user.emails ?? []).flatMap(({ value }) => (value ? [{ value }] : [])),
    title: user.title ?? null,
    active: user.active ?? true,
    phoneNumbers: (user.phoneNumbers ?? []).map(({ type, value }) => prune({ type, value }) as Phone),
    addresses: (user.addresses ?? []).map(({ type, formatted }) => prune({ type, formatted }) as Address),
    groups: (user.groups ?? []).map(({ value }) => ({ value })),
    roles: (user.roles ?? []).map(({ value }) => ({ value })),
  };
}

/** The declared values, each with the type the server shows for its place if the program names none: so they are equal when they mean the same. */
function overlay<T extends { type?: string }>(actual: T[], declared: T[] | undefined): T[] | undefined {
  return declared?.map((item, index) => {
    const shown = actual[index];
    // An answer without a type says nothing about it.
    const type = shown && shown.type === undefined ? undefined : (item.type ?? shown?.type);
    const { type: _, ...rest } = item;
    return { ...(type && { type }), ...rest } as T;
  });
}

// ---- towards state

export function toState(user: User, inputs: Inputs, tenant: string): State {
  const chosen = SERVER_CHOSEN.filter((key) => inputs[key] === undefined && user[key] !== null && user[key] !== undefined);
  const { externalId, userName, userType, active, displayName } = user;
  return prune({
    ...inputs,
    ...(prune({ externalId, userName, userType, active }) as object),
    displayName,
    tenant,
    serverChosen: chosen.length > 0 ? chosen : undefined,
  }) as State;
}

/** A user as a refresh would find it, had it been made with these inputs. */
export function asDeclared(user: User, inputs: Inputs, tenant: string): { inputs: Inputs; state: State; unseen: string[] } {
  const found = toInputs(user, { ...inputs, tenant });
  const unseen = inputs.enterprise && !user[ENTERPRISE_USER] ? ["enterprise"] : [];
  return { inputs: found, state: toState(user, found, tenant), unseen };
}

/** What a program would have to say to get this user, in the words of the program that declared it, if one did. */
export function toInputs(user: User, state: Partial<State>): Inputs {
  const managed = state.tenant !== undefined;
  const owned = <T>(key: keyof Inputs, value: T): T | undefined => (!managed || declares(state, key) ? value : undefined);
  const actual = core(user, 4);
  const several = <T extends { type?: string }>(list: T[], before: T[] | undefined): T[] | undefined =>
    list.length === 0
      ? undefined
      : (isFederated(user) ? inOrderOf(before, list) : list).map((item, index) => withTypeOf(item, before?.[index], managed));
  const codes = (list: Coded[], before: Coded[] | undefined) => (before && sameCodes(list, before) ? before : list);
  const { onDelete, adopt, connection } = state;
  const emails = actual.emails.length > 0 ? actual.emails : undefined;
  return prune({
    externalId: owned("externalId", actual.externalId),
    userName: managed ? owned("userName", actual.userName) : undefined,
    userType: user.userType === "SCIM_FED" || managed ? owned("userType", user.userType) : undefined,
    name: owned("name", Object.keys(actual.name).length > 0 ? actual.name : undefined),
    emails: owned("emails", emails),
    phoneNumbers: owned("phoneNumbers", several(actual.phoneNumbers, state.phoneNumbers)),
    addresses: owned("addresses", several(actual.addresses, state.addresses)),
    title: owned("title", user.title || undefined),
    active: owned("active", user.active ?? undefined),
    groups: owned("groups", actual.groups.length > 0 ? actual.groups : undefined),
    roles: owned("roles", codes(actual.roles, state.roles)),
    attributes: attributeInputs(user, managed ? (state.attributes ?? {}) : undefined),
    enterprise: enterpriseInputs(user, managed ? (state.enterprise ?? {}) : undefined),
    devices: managed
      ? owned(
          "devices",
          codes(
            (user[USER_DEVICE]?.devices ?? []).map(({ value }) => ({ value })),
            state.devices,
          ),
        )
      : undefined,
    ...{ onDelete, adopt, connection },
  }) as Inputs;
}

/** A federated user's values are told apart by their type, and one that is patched in comes last whatever its place in the program. */
function inOrderOf<T extends { type?: string }>(before: T[] = [], list: T[]): T[] {
  const places = before.map(({ type = "work" }) => type);
  const placeOf = ({ type = "work" }: T) => (places.includes(type) ? places.indexOf(type) : places.length);
  return [...list].sort((a, b) => placeOf(a) - placeOf(b));
}

/** The type as declared: a type that the program does not name, or that an answer leaves out, is no difference. */
function withTypeOf<T extends { type?: string }>(item: T, before: T | undefined, managed: boolean): T {
  const { type: shown, ...rest } = item;
  const type = managed && before ? before.type && (shown ?? before.type) : shown;
  return { ...rest, ...(type && { type }) } as T;
}

/** The declared attributes as they are now; of a user whom no program declared, all that are not shown elsewhere. */
function attributeInputs(user: User, declared: Attributes | undefined): Attributes | undefined {
  const actual = toAttributes(user);
  const readOnly = new Set((user[USER_ATTRIBUTE]?.attributes ?? []).filter((entry) => entry.readOnly).map(({ name }) => name));
  const names = Object.keys(declared ?? actual).filter((name) =>
    declared ? Object.hasOwn(actual, name) : !PROJECTIONS[name] && !readOnly.has(name),
  );
  const entries = names.map((name) => [name, declared && sameValue(actual[name], declared[name]) ? declared[name] : actual[name]]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The declared members of the enterprise extension as they are now; as declared, where the server does not show it. */
function enterpriseInputs(user: User, declared: Inputs["enterprise"]): Inputs["enterprise"] {
  const actual = user[ENTERPRISE_USER] ?? declared ?? {};
  const entries = Object.entries(actual).filter(([key]) => declared === undefined || Object.hasOwn(declared, key));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
