import type { Client } from "../kernel/tokens.js";

/** A person as the server keeps it. */
export interface Person {
  /** GUID. */
  id: string;
  logonName: string;
  employeeId: string | null;
  name: { first: string; last: string; title: string | null };
  enabled: boolean;
  contact: { emailAddress: string | null; phoneNumber: string | null };
  group: { id: string; name: string };
  roles: { id: string; name: string; scope: string }[];
  account: { dn: string | null; cn: string | null; upn: string | null; samAccountName: string | null; domain: string | null };
  personal: { dateOfBirth: string | null };
  externalReferences: ExternalReferences;
  /** Whether only the operation Edit PIV Applicant may change the person. The API does not show it. */
  pivApplicant: boolean;
}

export type Slot = "id1" | "id2" | "id3";

export type ExternalReferences = Record<Slot, string | null>;

/** The whole state of a server, as `dump()` gives it. */
export interface MyIdState {
  people: Person[];
}

/** People to start with. Only `logonName` is needed. */
export interface MyIdSeed {
  people?: (Omit<Partial<Person>, "logonName" | "name" | "contact" | "account" | "externalReferences"> & {
    logonName: string;
    name?: Partial<Person["name"]>;
    contact?: Partial<Person["contact"]>;
    account?: Partial<Person["account"]>;
    externalReferences?: Partial<ExternalReferences>;
  })[];
}

/** A client registered in web.oauth2. */
export type MyIdClient = Client;

/** What the role of the client's user may do. */
export type Right = "viewPerson" | "editPerson" | "editPivApplicant" | "removePerson";
