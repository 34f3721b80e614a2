import { ConfigError, NotFoundError } from "../core/errors";
import type { Found, Selection } from "../core/find";
import type { Context } from "../core/resource";
import type { MyIdApi, Person, Slot } from "./api";
import { formatId, type Inputs, parseId, type State, shown, toInputs, toState } from "./model";
import { findPerson } from "./people";
import { GUID } from "./schema";

const SLOTS: readonly Slot[] = [1, 2, 3];

/**
 * Finds links that no program manages yet: of people by their logon names, or by ids in the form `{personId}` or `{personId}/{slot}`.
 *
 * Errors: ConfigError for all people or a filter, because the vendor does not say who is linked; NotFoundError for a person or link that is
 *         not there.
 */
export async function findLinks({
  api,
  selection: { names, ids },
}: Context<MyIdApi> & { selection: Selection }): Promise<Found<Inputs, State>[]> {
  if (names.length + ids.length === 0)
    throw new ConfigError(
      "MyID cannot list who is linked",
      "Give people's logon names, or --ids with a file of {personId} or {personId}/{slot}",
    );
  const found: Found<Inputs, State>[] = [];
  for (const logonName of names) found.push(...linksOf(api, await findPerson(api, { logonName }), SLOTS));
  for (const id of ids) {
    const { personId, slot } = parseId(id);
    found.push(...linksOf(api, await findPerson(api, { id: personId }), id.includes("/") ? [slot] : SLOTS));
  }
  return found;
}

function linksOf(api: MyIdApi, person: Person, slots: readonly Slot[]): Found<Inputs, State>[] {
  const links = slots.flatMap((slot) => {
    const value = shown(person, slot);
    // The other references often hold something else, such as the number of a badge.
    if (!value || !GUID.test(value)) return [];
    const inputs = toInputs(person, slot, value, person.logonName ? { person: { id: person.id, logonName: person.logonName } } : {});
    const name = `${person.logonName ?? person.id}${slot === 1 ? "" : ` slot ${slot}`}`;
    return [{ id: formatId(person.id, slot), name, inputs, state: toState(api, person, inputs, true) }];
  });
  if (links.length > 0) return links;
  throw new NotFoundError(
    `Person ${person.logonName ?? person.id} of MyID has no link in slot ${slots.join(", ")}`,
    "Nothing was taken over; leave the person out",
  );
}
