import type { People } from "./people.js";
import type { Person, Slot } from "./types.js";

/** Changes behind the client's back, as the Self-Service Request Portal, an operator or a directory makes them. Nothing is checked. */
export interface Drift {
  /** Puts a value into a slot; null empties it. */
  setReference(id: string, slot: Slot, value: string | null): void;
  /** Sets fields of a person. */
  changePerson(id: string, change: Partial<Person>): void;
  removePerson(id: string): void;
}

export function driftOf(people: People): Drift {
  return {
    setReference(id, slot, value) {
      people.person(id).externalReferences[slot] = value;
    },
    changePerson: (id, change) => void Object.assign(people.person(id), structuredClone(change)),
    removePerson: (id) => people.remove(id),
  };
}
