import type { Clock } from "../kernel/clock.js";
import { Refusal } from "./errors.js";
import { stateFrom } from "./seed.js";
import type { ActivIdSwitches } from "./switches.js";
import type { ActivIdSeed, ActivIdState, Attribute, StoredUser } from "./types.js";

export const USER_ATTRIBUTE = "urn:hid:scim:api:idp:2.0:UserAttribute";
export const USER_DEVICE = "urn:hid:scim:api:idp:2.0:UserDevice";
export const USER_AUTHENTICATOR = "urn:hid:scim:api:idp:2.0:UserAuthenticator";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

type Body = Record<string, unknown>;

/** The users of a tenant and the rules by which they change. */
export class Store {
  current: ActivIdState;

  constructor(
    seed: ActivIdSeed,
    readonly switches: ActivIdSwitches,
    readonly clock: Clock,
  ) {
    this.current = stateFrom(seed, clock.now());
  }

  load(seed: ActivIdSeed): void {
    this.current = stateFrom(seed, this.clock.now());
  }

  dump(): ActivIdState {
    return structuredClone(this.current);
  }

  /** Errors: Refusal 404. A user of a directory who is not bound, id 0, cannot be addressed. */
  user(id: string): StoredUser {
    const user = id === "0" ? undefined : this.current.users.find((candidate) => candidate.id === id);
    if (!user) throw new Refusal(404, `User ${id} was not found`);
    return user;
  }

  /** Errors: Refusal 400 for what is missing, unknown or too much; 409 or 400 `uniqueness` for an externalId in use. */
  create(body: Body, version: number): StoredUser {
    const federated = body.userType === "SCIM_FED";
    for (const key of federated ? [] : ["name", "emails", "groups"]) require(body, key);
    require(body, version >= 4 ? "userName" : "externalId");
    const user: StoredUser = {
      id: String(this.current.nextId),
      userName: "",
      userType: federated ? "SCIM_FED" : "FTRESS",
      active: true,
      phoneNumbers: [],
      addresses: [],
      roles: [],
      attributes: [],
      devices: [],
      authenticators: [],
      created: new Date(this.clock.now()).toISOString(),
    };
    this.write(user, body, version);
    this.current.nextId += 1;
    this.current.users.push(user);
    return user;
  }

  /** The vendor's three rules: an extension left out stays, an element left out of an extension goes, groups are mandatory. */
  replace(id: string, body: Body, version: number): StoredUser {
    const user = this.user(id);
    if (user.userType !== "SCIM_FED") require(body, "groups");
    const copy = structuredClone(user);
    if (this.switches.omittedCore === "cleared") {
      for (const key of ["title", "phoneNumbers", "addresses", "roles", "active", "name", "emails"] as const) {
        if (body[key] === undefined) this.write(copy, { [key]: key === "active" ? true : null }, version);
      }
    }
    this.write(copy, body, version);
    return Object.assign(user, copy);
  }

  /** Sets the members that a body has; null and empty lists clear. */
  write(user: StoredUser, body: Body, version: number): void {
    if (body.externalId !== undefined) this.setExternalId(user, body.externalId);
    if (version < 4) user.userName = user.externalId ?? user.userName;
    else if (body.userName !== undefined) user.userName = String(body.userName);
    if (body.active !== undefined) user.active = truth(body.active);
    if (body.title !== undefined) user.title = body.title === null ? undefined : String(body.title);
    if (body.groups !== undefined) user.group = this.groupOf(body.groups);
    if (body.roles !== undefined) user.roles = list(body, "roles", Number.POSITIVE_INFINITY).map((role) => this.roleOf(role));
    if (body.phoneNumbers !== undefined) user.phoneNumbers = list(body, "phoneNumbers", 1) as StoredUser["phoneNumbers"];
    if (body.addresses !== undefined) {
      const addresses = list(body, "addresses", 4);
      if (addresses.some((address) => Object.keys(address).some((key) => !["type", "formatted"].includes(key))))
        throw new Refusal(400, "addresses take type and formatted only", "invalidValue");
      user.addresses = addresses as StoredUser["addresses"];
    }
    const enterprise = body[ENTERPRISE] as object | undefined;
    if (enterprise) user.enterprise = Object.keys(enterprise).length > 0 ? enterprise : undefined;
    this.writeAttributes(user, body, version);
    const devices = (body[USER_DEVICE] as { devices?: { value: string }[] } | undefined)?.devices;
    if (devices) {
      for (const { value } of devices)
        if (!this.current.devices.some((device) => device.value === value))
          throw new Refusal(400, `Device ${value} is unknown`, "invalidValue");
      user.devices = devices.map(({ value }) => value);
    }
    const authenticators = (body[USER_AUTHENTICATOR] as { authenticators?: { value: string }[] } | undefined)?.authenticators;
    // Bound and unbound elsewhere; what is not listed goes, as for every extension.
    if (authenticators)
      user.authenticators = user.authenticators.filter((policy) => authenticators.some(({ value }) => value.endsWith(`.${policy}`)));
  }

  private setExternalId(user: StoredUser, externalId: unknown): void {
    if (typeof externalId !== "string" || externalId === "") throw new Refusal(400, "externalId must be a text", "invalidValue");
    if (this.current.users.some((other) => other.id !== user.id && other.externalId === externalId))
      throw new Refusal(this.switches.duplicateStatus, `A user with externalId ${externalId} exists already`, "uniqueness", 1100);
    user.externalId = externalId;
  }

  /** Attributes are what counts; name and e-mail are views of three of them. */
  private writeAttributes(user: StoredUser, body: Body, version: number): void {
    const name = body.name as { givenName?: string; familyName?: string } | null | undefined;
    const emails = body.emails === undefined ? undefined : list(body, "emails", 1);
    const views: Record<string, unknown> = {
      ...(name !== undefined && { FIRSTNAME: name?.givenName, LASTNAME: name?.familyName }),
      ...(emails && { ATR_EMAIL: emails[0]?.value }),
    };
    const listed = (body[USER_ATTRIBUTE] as { attributes?: Attribute[] } | undefined)?.attributes;
    const creating = !this.current.users.some(({ id }) => id === user.id);
    if (listed) {
      for (const entry of listed) this.checkAttribute(entry, version);
      for (const { name, value } of listed)
        if (views[name] !== undefined && views[name] !== value)
          throw new Refusal(400, `${name} is given twice with different values`, "invalidValue");
      const kept = user.attributes.filter(({ readOnly }) => readOnly);
      const written = listed.filter(({ name }) => !kept.some((entry) => entry.name === name));
      user.attributes = [...kept, ...written.map(({ name, value }) => ({ name, value: this.stored(name, value), readOnly: false }))];
      // In a PUT the list is the truth: a name or e-mail that it lacks is erased, even if the body names it elsewhere.
      if (!creating) return;
    }
    for (const [key, value] of Object.entries(views)) {
      if (user.attributes.some((entry) => entry.name === key && entry.readOnly)) continue;
      user.attributes = user.attributes.filter((entry) => entry.name !== key);
      if (typeof value === "string" && value !== "") user.attributes.push({ name: key, value, readOnly: false });
    }
  }

  /** A time comes in several shapes and is shown in one. */
  private stored(name: string, value: Attribute["value"]): Attribute["value"] {
    const isDate = this.current.attributeTypes.some((type) => type.name === name && type.type === "DATE");
    const [, time, hours, minutes = ""] =
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?)(?:Z|([+-]\d\d):?(\d\d))$/.exec(String(value)) ?? [];
    return isDate && time ? new Date(`${time}${hours ? `${hours}:${minutes}` : "Z"}`).toISOString() : value;
  }

  private checkAttribute({ name, value }: Attribute, version: number): void {
    const type = this.current.attributeTypes.find((candidate) => candidate.name === name);
    if (!type) throw new Refusal(400, `Attribute type ${name} is unknown`, "invalidValue");
    if (value === undefined || value === null) throw new Refusal(400, `Attribute ${name} has no value`, "invalidValue");
    if (Array.isArray(value) !== (version >= 9 && type.multiValued))
      throw new Refusal(400, `Attribute ${name} takes ${version >= 9 && type.multiValued ? "a list" : "one value"}`, "invalidValue");
  }

  groupOf(groups: unknown): string {
    const [only, ...more] = Array.isArray(groups) ? groups : [];
    const code = (only as { value?: string } | undefined)?.value;
    if (more.length > 0 || !code) throw new Refusal(400, "A user has exactly one group", "invalidValue");
    if (!this.current.groups.includes(code)) throw new Refusal(400, `Group ${code} is unknown`, "invalidValue");
    return code;
  }

  private roleOf({ value }: Body): string {
    if (!this.current.roles.some((role) => role.value === value)) throw new Refusal(400, `Role ${value} is unknown`, "invalidValue", 1292);
    return String(value);
  }
}

function require(body: Body, key: string): void {
  const value = body[key];
  if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0))
    throw new Refusal(400, `${key} is required`, "invalidValue");
}

function list(body: Body, key: string, most: number): Body[] {
  const value = body[key] ?? [];
  if (!Array.isArray(value)) throw new Refusal(400, `${key} must be a list`, "invalidSyntax");
  if (value.length > most) throw new Refusal(400, `A user has at most ${most} ${key}`, "invalidValue");
  return value.map((item) => ({ ...item }));
}

/** Entra ID sends booleans as texts. */
export function truth(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (/^true$/i.test(String(value))) return true;
  if (/^false$/i.test(String(value))) return false;
  throw new Refusal(400, `${String(value)} is not a boolean`, "invalidValue");
}
