import { ConflictError, NotFoundError, WrongTenantError } from "../core/errors";
import type { MyIdApi, Person } from "./api";
import { LOOKUPS, type PersonRef, same } from "./model";

/** A search that finds more people than this is too vague to read them all. */
const MAX_HITS = 20;

/**
 * Reads a person.
 *
 * In:     `server`, the one where the person was last seen, if any.
 * Out:    undefined when MyID says that there is none: deleted, or out of the scope of the client's role, which it does not tell apart.
 * Errors: WrongTenantError when it is another server that says so.
 */
export async function observe(api: MyIdApi, id: string, server = api.server): Promise<Person | undefined> {
  try {
    return await api.getPerson(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    if (server === api.server) return undefined;
    throw new WrongTenantError(
      `Person ${id} is in the MyID server ${server}, but the settings lead to ${api.server}`,
      "Nothing was changed. Point myid:server, myid:baseUrl or the connection back to the first one",
    );
  }
}

/**
 * Finds the one person that is declared.
 *
 * Errors: NotFoundError for none, ConflictError for several. A search matches loosely and takes `*` for any text, so every hit is read and
 * compared with the very value.
 */
export async function findPerson(api: MyIdApi, wanted: PersonRef): Promise<Person> {
  const scope = "people out of the scope of the client's role cannot be seen";
  if (wanted.id !== undefined) {
    const person = await observe(api, wanted.id);
    if (person) return person;
    throw new NotFoundError(`There is no person ${wanted.id} in MyID`, `Correct person.id; ${scope}`);
  }
  const key = LOOKUPS.find((candidate) => wanted[candidate] !== undefined) ?? "logonName";
  const value = wanted[key] as string;
  // There is no filter for addresses.
  const found = await api.findPeople(key === "email" ? { q: value } : key === "employeeId" ? { employeeId: value } : { logonName: value });
  // A search may come upon one person twice, by name and by address.
  const hits = found.filter((id, index) => found.findIndex((other) => same(other, id)) === index);
  if (hits.length > MAX_HITS)
    throw new ConflictError(`Looking up ${key} "${value}" in MyID finds ${hits.length} people`, "Give person.id instead");
  const people = await Promise.all(hits.map((id) => observe(api, id)));
  const exact = people.filter((person) => person !== undefined).filter((person) => same(factOf(person, key), value));
  const only = exact.length === 1 ? exact[0] : undefined;
  if (only) return only;
  if (exact.length === 0)
    throw new NotFoundError(`There is no person with ${key} "${value}" in MyID`, `Correct person.${key}, or give person.id; ${scope}`);
  throw new ConflictError(
    `${exact.length} people in MyID have ${key} "${value}": ${exact.map(({ id }) => id).join(", ")}`,
    "Give person.id instead",
  );
}

function factOf(person: Person, key: (typeof LOOKUPS)[number]): string | null | undefined {
  return key === "email" ? person.contact?.emailAddress : person[key];
}
