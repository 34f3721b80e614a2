import { ConfigError } from "../core/errors";
import { prune } from "../core/normalize";
import type { Person, Slot } from "./api";

/** A person by one of these; in state by the id that was found, too. */
export interface PersonRef {
  id?: string;
  logonName?: string;
  employeeId?: string;
  email?: string;
}

/** Inputs in normal form. */
export interface Inputs {
  person: PersonRef;
  entraObjectId: string;
  slot: Slot;
  pivApplicant?: boolean;
  overwrite?: boolean;
  connection?: string;
}

export interface State extends Inputs {
  person: PersonRef & { id: string };
  logonName?: string;
  employeeId?: string;
  email?: string;
  verified?: boolean;
  server?: string;
  /** The object id that was declared last, where a refresh has found another value since. */
  declared?: string;
}

/** How a person may be looked up. */
export const LOOKUPS = ["logonName", "employeeId", "email"] as const;

/** GUIDs are printed in upper case here and in lower case there, and the server's database compares texts without regard to case. */
export function same(before: unknown, after: unknown): boolean {
  return typeof before === "string" && typeof after === "string" && before.toLowerCase() === after.toLowerCase();
}

/** Equal by what was declared: a logon name stands for the person that was found when it was declared. */
export function samePerson(before: unknown, after: unknown): boolean {
  const [old, wanted] = [before as PersonRef, after as PersonRef];
  const lookup = LOOKUPS.find((key) => old[key] !== undefined);
  return lookup === undefined ? same(old.id, wanted.id) : wanted[lookup] !== undefined && same(old[lookup], wanted[lookup]);
}

/**
 * Whether a person that is declared in other words than before is another person, as far as state tells.
 *
 * State keeps what MyID knows the linked person by, so a program may change from one way of naming the person to another without the link
 * being cleared on the way.
 */
export function isOtherPerson(wanted: PersonRef, state: State): boolean {
  if (wanted.id !== undefined) return !same(wanted.id, state.person.id);
  return !LOOKUPS.some((key) => wanted[key] !== undefined && same(wanted[key], state[key]));
}

// ---- the id

/** `{personId}/{slot}`. */
export function formatId(personId: string, slot: Slot): string {
  return `${personId}/${slot}`;
}

/** Errors: ConfigError for anything but `{personId}` and `{personId}/{slot}`. */
export function parseId(id: string): { personId: string; slot: Slot } {
  const [, personId, slot = "1"] = /^([0-9a-f-]{36})(?:\/([123]))?$/i.exec(id) ?? [];
  if (personId === undefined) {
    throw new ConfigError(
      `"${id}" is not the id of a person's link to Entra`,
      "Give the person's id, a GUID, and the slot if it is not 1: {personId} or {personId}/{slot}",
    );
  }
  return { personId, slot: Number(slot) as Slot };
}

// ---- towards the vendor, and back

/** What an answer shows in a slot: `""` when it is empty, undefined when the answer shows no references at all. */
export function shown(person: Person, slot: Slot): string | undefined {
  return person.externalReferences ? (person.externalReferences[`id${slot}`] ?? "") : undefined;
}

/** `verified`: whether the server returned the link; left out while nobody has looked. */
export function toState(api: { server: string }, person: Person, inputs: Inputs, verified: boolean | undefined): State {
  return prune({
    ...inputs,
    person: { ...inputs.person, id: inputs.person.id ?? person.id },
    logonName: person.logonName,
    employeeId: person.employeeId,
    email: person.contact?.emailAddress,
    verified,
    server: api.server,
  }) as State;
}

/** What a program would have to say to get this link, in the words of the program that declared it, if one did. `value`: what the slot holds. */
export function toInputs(person: Person, slot: Slot, value: string, state: Partial<State>): Inputs {
  const { id, ...lookup } = state.person ?? {};
  const { pivApplicant, overwrite, connection } = state;
  return prune({
    person: Object.keys(lookup).length > 0 ? lookup : { id: id ?? person.id },
    entraObjectId: state.entraObjectId !== undefined && same(state.entraObjectId, value) ? state.entraObjectId : value,
    slot,
    ...{ pivApplicant, overwrite, connection },
  }) as Inputs;
}
