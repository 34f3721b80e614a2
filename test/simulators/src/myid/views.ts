import { equal } from "./people.js";
import type { MyIdSwitches } from "./switches.js";
import type { ExternalReferences, Person } from "./types.js";

/** A person as `GET /People/{id}` answers it. */
export function detail(person: Person, switches: MyIdSwitches): Record<string, unknown> {
  const { pivApplicant, externalReferences, enabled, name, ...shown } = structuredClone(person);
  return {
    ...shown,
    name: { ...name, fullName: `${name.first} ${name.last}` },
    enabled: enabled ? 1 : 0,
    photo: { href: `people/${person.id}/photo` },
    links: [{ op: "100105", cat: "person", href: `people/${person.id}` }],
    ...references(externalReferences, switches),
    ...(switches.customFields && { custom: { badgeColour: "green" }, xuSite: "North" }),
  };
}

/** A person as `GET /People` lists it: another shape, and without references. */
export function listed(person: Person, { enabledKey }: MyIdSwitches): Record<string, unknown> {
  return {
    id: person.id,
    href: `people/${person.id}`,
    logonName: person.logonName,
    firstName: person.name.first,
    surname: person.name.last,
    [enabledKey]: person.enabled ? "Yes" : "No",
  };
}

/** Members of an answer that show the references; none when they are hidden, or when nothing is to be shown. */
export function references(stored: ExternalReferences, { emptyReferences, upperCaseReferences }: MyIdSwitches): object {
  const shown = Object.entries(stored).flatMap(([slot, value]) => {
    if (value !== null) return [[slot, upperCaseReferences ? value.toUpperCase() : value]];
    return emptyReferences === "absent" ? [] : [[slot, emptyReferences === "null" ? null : ""]];
  });
  return shown.length > 0 ? { externalReferences: Object.fromEntries(shown) } : {};
}

/** Whether a person fits every filter of a query. `*` stands for any text; `q` is looked for anywhere in names, logon name and address. */
export function fits(person: Person, query: Record<string, unknown>, { looseFilters }: MyIdSwitches): boolean {
  const { name, contact, logonName, employeeId } = person;
  const values: Record<string, string | null> = { logonName, employeeId, "name.first": name.first, "name.last": name.last };
  return Object.entries(query).every(([key, wanted]) => {
    const text = String(wanted);
    if (key === "q") return [logonName, name.first, name.last, contact.emailAddress].some((value) => value && like(value, `*${text}*`));
    const filter = Object.keys(values).find((candidate) => equal(candidate, key));
    const value = filter && values[filter];
    return typeof value === "string" && like(value, looseFilters ? `${text}*` : text);
  });
}

function like(value: string, pattern: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`, "is").test(value);
}
