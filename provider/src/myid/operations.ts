import { z } from "zod";
import { GuardError } from "../core/errors";
import { prune } from "../core/normalize";
import type { OperationDefinition } from "../core/operation";
import type { MyIdApi, PeopleQuery, Person } from "./api";
import type { FindMyIdPeopleArgs, FindMyIdPeopleResult, MyIdPerson } from "./functions";
import { same } from "./model";
import { observe } from "./people";
import { myId, type settings } from "./vendor";

/** A list shows too little of people, so each is read alone: no more than this. */
const MAX_PEOPLE = 100;

const text = z.string().min(1, "must not be empty");

/** Source: MyID Core API guide, People; MyID's public samples of its search. */
export const findPeople: OperationDefinition<FindMyIdPeopleArgs, FindMyIdPeopleResult, MyIdApi, typeof settings> = {
  name: "myid:findPeople",
  vendor: myId,
  schema: z.strictObject({
    logonName: text.optional(),
    employeeId: text.optional(),
    name: z.strictObject({ last: text }).optional(),
    q: text.optional(),
  }),
  rules({ logonName, employeeId, name, q }, report) {
    const given = Object.entries({ logonName, employeeId, name, q }).filter(([, value]) => value !== undefined);
    if (given.length === 1) return;
    const what = given.length === 0 ? "none is" : `${given.map(([key]) => key).join(" and ")} are`;
    report([given[1]?.[0] ?? "logonName"], `exactly one of logonName, employeeId, name and q must be given, and ${what}`);
  },
  writes: false,
  async run({ api, args }) {
    const { query, fits } = searchOf(args);
    const found = await api.findPeople(query);
    // A search may come upon one person twice, by name and by address.
    const ids = found.filter((id, index) => found.findIndex((other) => same(other, id)) === index);
    if (ids.length > MAX_PEOPLE)
      throw new GuardError(`The search finds ${ids.length} people of MyID`, `At most ${MAX_PEOPLE} are read; look for fewer`);
    const people = await Promise.all(ids.map((id) => observe(api, id)));
    return {
      people: people
        .filter((person) => person !== undefined)
        .filter(fits)
        .map(toPerson),
    };
  },
};

/** What to ask, and who of those that the server finds is meant: it may match more loosely than it says. */
function searchOf({ logonName, employeeId, name, q }: FindMyIdPeopleArgs): { query: PeopleQuery; fits(person: Person): boolean } {
  if (logonName !== undefined) return { query: { logonName }, fits: (person) => matches(person.logonName, logonName) };
  if (employeeId !== undefined) return { query: { employeeId }, fits: (person) => matches(person.employeeId, employeeId) };
  if (name !== undefined) return { query: { "name.last": name.last }, fits: (person) => matches(person.name?.last, name.last) };
  return { query: { q: q as string }, fits: () => true };
}

/** Whether a value is what was asked for, `*` standing for any text. The server's database compares texts without regard to case. */
function matches(value: string | null | undefined, wanted: string): boolean {
  const parts = wanted.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return typeof value === "string" && new RegExp(`^${parts.join(".*")}$`, "is").test(value);
}

function toPerson({ id, logonName, employeeId, name, contact, enabled, externalReferences }: Person): MyIdPerson {
  const { id1, id2, id3 } = externalReferences ?? {};
  const references = externalReferences && prune({ id1: id1 || null, id2: id2 || null, id3: id3 || null });
  return prune({
    ...{ id, logonName, employeeId },
    name: name && { first: name.first, last: name.last, fullName: name.fullName },
    email: contact?.emailAddress,
    // A number in answers; requests also take it as a text.
    enabled: enabled === null || enabled === undefined ? undefined : /^(1|yes|true)$/i.test(String(enabled)),
    externalReferences: references,
  }) as MyIdPerson;
}
