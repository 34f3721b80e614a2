import type { ActivIdSeed, ActivIdState, AttributeType } from "./types.js";

const ATTRIBUTE_TYPES: AttributeType[] = [
  ...["FIRSTNAME", "LASTNAME", "ATR_EMAIL", "ATR_MOBILE", "DEPARTMENT", "BADGE"].map((name) => ({
    name,
    type: "STRING" as const,
    multiValued: false,
  })),
  { name: "DOB", type: "DATE", multiValued: false },
  { name: "SKILLS", type: "STRING", multiValued: true },
];

const KEYS = ["tenant", "users", "groups", "roles", "attributeTypes", "devices", "jobs", "forgotten", "nextId"];

/**
 * Completes a seed to the whole state of a tenant.
 *
 * Errors: an unknown key.
 */
export function stateFrom(seed: ActivIdSeed, now: number): ActivIdState {
  const stray = Object.keys(seed).filter((key) => !KEYS.includes(key));
  if (stray.length > 0) throw new Error(`seed: unknown ${stray.join(", ")}; there are: ${KEYS.join(", ")}`);
  const { users = [], ...rest } = structuredClone(seed);
  const full = users.map((user) => ({
    externalId: `user-${user.id}`,
    userName: user.externalId ?? `user-${user.id}`,
    userType: "FTRESS" as const,
    active: true,
    phoneNumbers: [],
    addresses: [],
    group: "USG_FTEMP",
    roles: [],
    attributes: [],
    devices: [],
    authenticators: [],
    created: new Date(now).toISOString(),
    ...user,
  }));
  return {
    tenant: "ACME",
    groups: ["USG_FTEMP", "USG_CONTR"],
    roles: [
      { value: "RL_AUDITV", display: "Audit Viewer" },
      { value: "RL_HELPDESK", display: "Help Desk" },
    ],
    attributeTypes: ATTRIBUTE_TYPES,
    devices: [
      { value: "501", display: "SN-501", friendlyName: "Blue token" },
      { value: "502", display: "SN-502", friendlyName: "Phone" },
    ],
    jobs: [],
    forgotten: [],
    nextId: 20_417,
    ...rest,
    users: full,
  };
}
