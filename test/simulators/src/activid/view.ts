import { ENTERPRISE, type Store, USER_ATTRIBUTE, USER_AUTHENTICATOR, USER_DEVICE } from "./store.js";
import type { StoredUser } from "./types.js";

/** A user as the API answers it. */
export function view(user: StoredUser, store: Store, base: string, version: number): Record<string, unknown> {
  const { roles, devices, attributeTypes } = store.current;
  const attribute = (name: string) => {
    const value = user.attributes.find((entry) => entry.name === name)?.value;
    return Array.isArray(value) ? value[0] : value;
  };
  const [givenName, familyName, email] = [attribute("FIRSTNAME"), attribute("LASTNAME"), attribute("ATR_EMAIL")];
  const unbound = user.id === "0";
  // The order of attributes means nothing, and it is never that of the request.
  const attributes = [...user.attributes].reverse().map(({ name, value, readOnly }) => ({
    name,
    type: attributeTypes.find((type) => type.name === name)?.type === "DATE" ? "DATE" : "string",
    value,
    readOnly,
  }));
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", USER_ATTRIBUTE, ...(unbound ? [] : [USER_DEVICE, USER_AUTHENTICATOR])],
    id: user.id,
    externalId: user.externalId,
    userName: user.userName,
    name: givenName || familyName ? { givenName, familyName } : undefined,
    displayName: [givenName, familyName].filter(Boolean).join(" ") || undefined,
    title: user.title,
    userType: user.userType,
    active: user.active,
    emails: email ? [{ value: email }] : undefined,
    phoneNumbers: user.phoneNumbers.length > 0 ? user.phoneNumbers : undefined,
    addresses: user.addresses.length > 0 ? user.addresses : undefined,
    groups: user.group ? [{ value: user.group, display: user.group, $ref: `${base}/Groups/${user.group}`, type: "Group" }] : undefined,
    roles: unbound ? undefined : user.roles.map((value) => ({ value, display: roles.find((role) => role.value === value)?.display })),
    meta: { resourceType: "User", created: unbound ? undefined : user.created, location: `${base}/Users/${user.id}`, version: "1" },
    [USER_ATTRIBUTE]: { attributes },
    ...(!unbound && {
      [USER_DEVICE]: {
        devices: user.devices.map((value) => {
          const device = devices.find((candidate) => candidate.value === value);
          const name = version >= 2 ? { friendlyName: device?.friendlyName } : {};
          return { value, display: device?.display, ...name, $ref: `${base}/Device/${value}` };
        }),
      },
      [USER_AUTHENTICATOR]: {
        authenticators: user.authenticators.map((policy) => {
          const value = `${user.id}.${policy}`;
          return { value, display: policy, $ref: `${base}/Authenticator/${value}` };
        }),
      },
    }),
    [ENTERPRISE]: store.switches.enterpriseShown ? user.enterprise : undefined,
  };
}

/** Keeps or drops top-level members by name, without case; `id` cannot be dropped. */
export function project(
  whole: Record<string, unknown>,
  attributes: string[] | undefined,
  excluded: string[] | undefined,
): Record<string, unknown> {
  const names = (list: string[]) => list.map((name) => name.trim().toLowerCase());
  const entries = Object.entries(whole);
  if (attributes) return Object.fromEntries(entries.filter(([key]) => key === "id" || names(attributes).includes(key.toLowerCase())));
  if (excluded) return Object.fromEntries(entries.filter(([key]) => key === "id" || !names(excluded).includes(key.toLowerCase())));
  return whole;
}
