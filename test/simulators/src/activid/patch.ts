import { Refusal } from "./errors.js";
import { type Store, truth } from "./store.js";
import type { StoredUser } from "./types.js";

interface Operation {
  op?: string;
  path?: string;
  value?: unknown;
}

/** Members of a user that Entra ID's operations address, as paths without case. */
const SIMPLE: Record<string, (value: unknown) => Record<string, unknown>> = {
  active: (value) => ({ active: truth(value) }),
  externalid: (externalId) => ({ externalId }),
  username: (userName) => ({ userName }),
  title: (title) => ({ title: title ?? null }),
};

/** Attributes behind the members that are views. */
const VIEWS: Record<string, string> = { "name.givenname": "FIRSTNAME", "name.familyname": "LASTNAME", "emails.value": "ATR_EMAIL" };

/**
 * Carries out a PATCH as Entra ID sends it: `op` in any case, booleans as texts, no `schemas`. All operations, or none.
 *
 * Errors: Refusal 400 for an operation or a path that is not known.
 */
export function patch(store: Store, user: StoredUser, body: { Operations?: Operation[] }, version: number): void {
  if (!Array.isArray(body?.Operations)) throw new Refusal(400, "Operations are missing", "invalidSyntax");
  const copy = structuredClone(user);
  for (const { op, path = "", value } of body.Operations) {
    if (!/^(add|replace|remove)$/i.test(op ?? "")) throw new Refusal(400, `op ${op} is unknown`, "invalidSyntax");
    const wanted = /^remove$/i.test(op ?? "") ? undefined : value;
    apply(store, copy, path, wanted, version);
  }
  Object.assign(user, copy);
}

function apply(store: Store, user: StoredUser, path: string, value: unknown, version: number): void {
  const simple = SIMPLE[path.toLowerCase()];
  const attribute = VIEWS[path.replace(/\[.*\]/, "").toLowerCase()];
  if (simple) {
    store.write(user, simple(value), version);
  } else if (attribute) {
    user.attributes = user.attributes.filter((entry) => entry.name !== attribute);
    if (typeof value === "string") user.attributes.push({ name: attribute, value, readOnly: false });
  } else {
    const [, key, type, member] = /^(phoneNumbers|addresses)\[type eq "(\w+)"\]\.(value|formatted)$/.exec(path) ?? [];
    if (key === undefined || member === undefined) throw new Refusal(400, `path ${path} is unknown`, "invalidPath");
    const others = (user[key as "phoneNumbers"] as { type?: string }[]).filter((entry) => entry.type !== type);
    store.write(user, { [key]: value === undefined ? others : [...others, { type, [member]: value }] }, version);
  }
}
