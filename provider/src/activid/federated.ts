import type { PatchOperation, User } from "./api";
import { declares, type Inputs, type State } from "./model";

/**
 * The operations that bring a federated user to what is declared, in the form in which Entra ID sends them.
 *
 * In:     fresh, the user as just read; state, what the program declared last time.
 * Out:    only what differs. Booleans are texts, and single values of a list are addressed by their type.
 * Source: vendor, Users REST API, SCIM federated users; Microsoft, Entra ID SCIM reference, for the paths into lists.
 */
export function toPatch(fresh: User, inputs: Inputs, state: Partial<State>): PatchOperation[] {
  const operations: PatchOperation[] = [];
  const set = (path: string, actual: string | null | undefined, wanted: string | undefined, wasDeclared = false) => {
    if (wanted !== undefined && wanted !== actual) operations.push({ op: actual ? "Replace" : "Add", path, value: wanted });
    if (wanted === undefined && wasDeclared && actual) operations.push({ op: "Remove", path });
  };
  if (inputs.active !== undefined && inputs.active !== fresh.active)
    operations.push({ op: "Replace", path: "active", value: String(inputs.active) });
  set("externalId", fresh.externalId, inputs.externalId);
  set("userName", fresh.userName, inputs.userName);
  for (const part of ["givenName", "familyName"] as const)
    set(`name.${part}`, fresh.name?.[part], inputs.name?.[part], state.name?.[part] !== undefined);
  set("title", fresh.title, inputs.title, declares(state, "title"));
  set('emails[type eq "work"].value', fresh.emails?.[0]?.value, inputs.emails?.[0]?.value, declares(state, "emails"));
  // A declared list is owned as a whole, as every other user's is.
  const setList = (list: "phoneNumbers" | "addresses", member: string, actual: Record<string, string>, wanted: Record<string, string>) => {
    const owned = inputs[list] !== undefined || declares(state, list);
    // Removals first: a user has one phone number only, whatever its type.
    const types = Object.keys({ ...(owned && actual), ...wanted }).sort((a, b) => Number(a in wanted) - Number(b in wanted));
    for (const type of types) set(`${list}[type eq "${type}"].${member}`, actual[type], wanted[type], owned);
  };
  setList("phoneNumbers", "value", byType(fresh.phoneNumbers, "value"), byType(inputs.phoneNumbers, "value"));
  setList("addresses", "formatted", byType(fresh.addresses, "formatted"), byType(inputs.addresses, "formatted"));
  return operations;
}

/** Values by their type; one without is Entra ID's usual one. */
function byType<K extends string>(list: ({ type?: string | null } & { [key in K]?: string | null })[] | null | undefined, key: K) {
  return Object.fromEntries((list ?? []).map((item) => [item.type ?? "work", item[key] ?? ""])) as Record<string, string>;
}
