import { createHash } from "node:crypto";
import type { MyIdSeed } from "./types.js";

/** First and last name, department, and whether the person is a PIV applicant. */
const PEOPLE = [
  ["Amira", "Haddad", "Identity Services", false],
  ["Bo", "Lindqvist", "Identity Services", false],
  ["Chidi", "Okafor", "Security", true],
  ["Dana", "Whitfield", "Security", true],
  ["Emre", "Yildiz", "Sales", false],
  ["Freya", "Nakamura", "Sales", false],
  ["Goran", "Petrov", "Logistics", false],
  ["Hana", "Kowalska", "Logistics", false],
  ["Ines", "Moreau", "Finance", false],
  ["Jonas", "Adeyemi", "Finance", false],
] as const;

/** A GUID that depends on what it names alone, so that two demo servers are equal. */
const guidOf = (kind: string, name: string): string =>
  createHash("md5")
    .update(`${kind}:${name}`)
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5")
    .toUpperCase();

/** A server of a mid-sized company with ten people; one is linked already, through the third slot. Always the same. */
export function demoServer(): MyIdSeed {
  return {
    people: PEOPLE.map(([first, last, department, pivApplicant], index) => {
      const logonName = `${first[0]}${last}`.toLowerCase();
      const emailAddress = `${first}.${last}@acme.example`.toLowerCase();
      return {
        id: guidOf("person", logonName),
        logonName,
        employeeId: String(100_200 + index),
        name: { first, last },
        contact: { emailAddress, phoneNumber: `+1 555 01${String(index).padStart(2, "0")}` },
        group: { id: guidOf("group", department), name: department },
        account: { cn: `${first} ${last}`, upn: emailAddress, samAccountName: logonName, domain: "ACME" },
        pivApplicant,
        externalReferences: index === 9 ? { id3: guidOf("entra", logonName).toLowerCase() } : {},
      };
    }),
  };
}
