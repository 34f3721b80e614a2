import type { ActivIdSeed } from "./types.js";

const PEOPLE = [
  ["Hana", "Kowalska", "USG_FTEMP"],
  ["Bo", "Lindqvist", "USG_FTEMP"],
  ["Amira", "Haddad", "USG_FTEMP"],
  ["Noah", "Okafor", "USG_CONTR"],
  ["Ines", "Duarte", "USG_CONTR"],
] as const;

/** A small tenant with users who have devices and authenticators. */
export function demoActivIdTenant(): ActivIdSeed {
  const users = PEOPLE.map(([givenName, familyName, group], index) => {
    const externalId = `${givenName.charAt(0)}${familyName}`.toLowerCase();
    const entries = { FIRSTNAME: givenName, LASTNAME: familyName, ATR_EMAIL: `${externalId}@example.org`, DEPARTMENT: "Operations" };
    return {
      id: String(20_001 + index),
      externalId,
      group,
      attributes: Object.entries(entries).map(([name, value]) => ({ name, value, readOnly: false })),
      authenticators: ["AT_EMPSMS"],
      devices: index === 0 ? ["501"] : [],
    };
  });
  return { users };
}
