import type { Client } from "../kernel/tokens.js";

/** One entry of the UserAttribute extension. */
export interface Attribute {
  name: string;
  value: string | string[];
  /** Kept by a directory: writes are ignored. */
  readOnly: boolean;
}

export type UserType = "FTRESS" | "LDAP" | "FTRESS_LDAP" | "SCIM_FED";

/** A user as the store keeps it. Name and e-mail are entries of `attributes`: FIRSTNAME, LASTNAME and ATR_EMAIL. */
export interface StoredUser {
  /** Digits; `"0"` for a user of a directory who is not bound yet. */
  id: string;
  externalId?: string;
  userName: string;
  userType: UserType;
  active: boolean;
  title?: string;
  phoneNumbers: { type?: string; value: string }[];
  addresses: { type?: string; formatted: string }[];
  /** Code of the group; federated users may have none. */
  group?: string;
  /** Codes. */
  roles: string[];
  attributes: Attribute[];
  /** Ids of devices. */
  devices: string[];
  /** Codes of authentication policies. */
  authenticators: string[];
  enterprise?: object;
  created: string;
}

/** A kind of attribute that users can have. */
export interface AttributeType {
  name: string;
  type: "STRING" | "DATE" | "INT" | "LONG" | "BOOLEAN";
  multiValued: boolean;
}

/** An asynchronous import. */
export interface ImportJob {
  id: string;
  status: "importing" | "done" | "failed";
  users: Record<string, unknown>[];
  group: string;
  authenticatorPolicy?: string;
  /** The api-version that it was started with. */
  version: number;
  nbProcessed: number;
  nbFailed: number;
  nbAlreadyExisted: number;
  nbImported: number;
  /** The server was restarted and has forgotten it. */
  lost: boolean;
}

/** The whole state of a tenant, as `dump()` gives it. */
export interface ActivIdState {
  tenant: string;
  users: StoredUser[];
  groups: string[];
  roles: { value: string; display: string }[];
  attributeTypes: AttributeType[];
  devices: { value: string; display: string; friendlyName: string }[];
  jobs: ImportJob[];
  /** externalIds whose audit tokens were erased, in order. */
  forgotten: string[];
  nextId: number;
}

/** A tenant to start with; what is left out gets a default. */
export type ActivIdSeed = Partial<Omit<ActivIdState, "users">> & { users?: (Partial<StoredUser> & Pick<StoredUser, "id">)[] };

/** A client of the tenant. */
export interface ActivIdClient extends Client {
  /** Whether it has the role that the SCIM endpoints ask for. @default true */
  privileged?: boolean;
  /** The only way in which it may authenticate. @default "client_secret_basic" */
  authMethod?: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "client_secret_pki";
  /** In PEM, for `private_key_jwt`. */
  publicKey?: string;
}
