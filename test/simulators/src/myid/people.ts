import { randomUUID } from "node:crypto";
import { Refusal } from "./errors.js";
import type { MyIdSwitches } from "./switches.js";
import type { ExternalReferences, MyIdSeed, MyIdState, Person, Slot } from "./types.js";

const SEED_KEYS = ["people"];
const SLOTS: Slot[] = ["id1", "id2", "id3"];
/** Parts of a person that a PATCH may change, and what they may hold. Assumed: which of them are editable is up to the server. */
const EDITABLE: Record<string, readonly string[] | "text" | "state"> = {
  logonName: "text",
  employeeId: "text",
  enabled: "state",
  name: ["first", "last", "title"],
  contact: ["emailAddress", "phoneNumber"],
  account: ["dn", "cn", "upn", "samAccountName", "domain"],
  personal: ["dateOfBirth"],
  externalReferences: SLOTS,
};

/** The people of one server and the rules for changing them. Knows nothing of HTTP but the refusals it throws. */
export class People {
  private state: MyIdState;

  constructor(
    seed: MyIdSeed,
    private readonly switches: MyIdSwitches,
  ) {
    this.state = stateFrom(seed);
  }

  load(seed: MyIdSeed): void {
    this.state = stateFrom(seed);
  }

  dump(): MyIdState {
    return structuredClone(this.state);
  }

  /** Everybody that the client sees. */
  visible(): Person[] {
    const { scope } = this.switches;
    return this.state.people.filter(({ group }) => scope === null || scope.includes(group.name));
  }

  /** Errors: Refusal 404 for people who do not exist or are out of the client's scope, 400 for an id that is no GUID. */
  person(id: string): Person {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new Refusal(400, `The value '${id}' is not valid.`);
    const person = this.visible().find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (!person) throw new Refusal(404, "The person was not found.");
    return person;
  }

  /** Merges a body into a person, nested objects included. All or nothing. */
  patch(id: string, body: unknown, operation: string | undefined): Person {
    const person = this.person(id);
    if (person.pivApplicant && operation === undefined) throw new Refusal(400, "The person cannot be edited with this operation.");
    if (!isObject(body)) throw new Refusal(400, "The body must be a person.");
    const next = structuredClone(person) as unknown as Record<string, Record<string, unknown>>;
    for (const [key, value] of Object.entries(body)) {
      const allowed = EDITABLE[key];
      if (allowed === undefined) throw new Refusal(400, `${key} cannot be edited.`);
      if (typeof allowed === "string") Object.assign(next, { [key]: allowed === "state" ? Number(value) === 1 : text(key, value) });
      else Object.assign(next[key] as object, this.members(key, value, allowed, person));
    }
    const taken = this.state.people.some((other) => other.id !== person.id && equal(other.logonName, String(next.logonName)));
    if (taken) throw new Refusal(400, "logonName: the value already exists.");
    return Object.assign(person, next);
  }

  remove(id: string): void {
    this.state.people.splice(this.state.people.indexOf(this.person(id)), 1);
  }

  private members(key: string, value: unknown, allowed: readonly string[], person: Person): object {
    if (!isObject(value)) throw new Refusal(400, `${key} must be an object.`);
    const entries = Object.entries(value).map(([name, member]) => {
      if (!allowed.includes(name)) throw new Refusal(400, `${key}.${name} cannot be edited.`);
      return [name, key === "externalReferences" ? this.reference(name as Slot, member, person) : text(name, member)];
    });
    return Object.fromEntries(entries);
  }

  /** What a slot holds after it was set to a value. Assumed: whether the value is an id of Entra is not checked. */
  private reference(slot: Slot, value: unknown, person: Person): string | null {
    const { clearBy, otherClear } = this.switches;
    if (value !== "" && value !== null) return text(slot, value);
    if (clearBy === "both" || (clearBy === "blank") === (value === "")) return null;
    if (otherClear === "refused") throw new Refusal(400, `externalReferences.${slot}: the value is not valid.`);
    return person.externalReferences[slot];
  }
}

/**
 * Completes a seed to the whole state of a server.
 *
 * Errors: an unknown key, an id or logon name used twice: a server can never be like that.
 */
function stateFrom(seed: MyIdSeed): MyIdState {
  const stray = Object.keys(seed).filter((key) => !SEED_KEYS.includes(key));
  if (stray.length > 0) throw new Error(`seed: unknown ${stray.join(", ")}; there are: ${SEED_KEYS.join(", ")}`);
  const people = structuredClone(seed.people ?? []).map((person): Person => {
    const { first = person.logonName, last = "Example", title = null } = person.name ?? {};
    return {
      id: randomUUID(),
      employeeId: null,
      enabled: true,
      group: { id: "7B3C1A5E-0000-4000-8000-000000000001", name: "Staff" },
      roles: [{ id: "2", name: "Cardholder", scope: "self" }],
      personal: { dateOfBirth: null },
      pivApplicant: false,
      ...person,
      name: { first, last, title },
      contact: { emailAddress: null, phoneNumber: null, ...person.contact },
      account: { dn: null, cn: null, upn: null, samAccountName: null, domain: null, ...person.account },
      externalReferences: { id1: null, id2: null, id3: null, ...person.externalReferences } satisfies ExternalReferences,
    };
  });
  for (const key of ["id", "logonName"] as const) {
    const twice = people.find((person, index) => people.findIndex((other) => equal(other[key], person[key])) !== index);
    if (twice) throw new Error(`seed: the ${key} ${twice[key]} is used twice`);
  }
  return { people };
}

/** The server's database compares texts without regard to case. */
export function equal(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(name: string, value: unknown): string {
  if (typeof value !== "string") throw new Refusal(400, `${name} must be a text.`);
  return value;
}
