import { isDeepStrictEqual } from "node:util";
import { ContractError, NotFoundError, WrongTenantError } from "../core/errors";
import type { ActivIdApi, Key, User } from "./api";
import { declares, type Inputs, type State, toInputs } from "./model";
import { userInputs } from "./schema";

/**
 * Reads a user.
 *
 * In:     state, as far as it is known.
 * Out:    the user; undefined when the user is proven gone: the server says so in SCIM's form, or a search in the same tenant works without a hit.
 * Errors: WrongTenantError when the connection leads to another tenant than the user's; ContractError for a 404 that nothing confirms.
 */
export async function observe(api: ActivIdApi, id: string, state: Partial<State>): Promise<User | undefined> {
  checkTenant(api, `User ${id}`, state.tenant);
  try {
    return await api.getUser(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    if (error.facts.vendorCode !== undefined) return undefined;
    const key = keyOf(state);
    const found = key && (await api.findUsers(key).catch(() => undefined));
    if (found && !found.includes(id)) return undefined;
    throw new ContractError(
      error.what,
      "That is not how the server says that a user is missing; check activid:baseUrl and activid:tenant",
      error.facts,
    );
  }
}

/** Ids are small numbers that every tenant has: in another tenant the same id is another person. */
export function checkTenant(api: ActivIdApi, object: string, tenant: string | undefined): void {
  if (tenant === undefined || tenant === api.tenant) return;
  throw new WrongTenantError(
    `${object} is in another tenant than the one that the connection leads to`,
    "Nothing was changed. Point activid:baseUrl, activid:tenant or the connection back; if the server itself moved, take the resource out of state and adopt it anew",
  );
}

/**
 * A hit of a search, if it says of everything declared what state says.
 *
 * A search is no proof of what its hits leave out, so a user who seems to differ is read alone.
 * Source: vendor, Users REST API, Search (its samples show partial users).
 */
export function confirmed(hit: User | undefined, state: Partial<State>): User | undefined {
  if (!hit) return undefined;
  const inputs = toInputs(hit, state);
  const keys = Object.keys({ ...state, ...inputs }) as (keyof Inputs)[];
  const declared = keys.filter((key) => key in userInputs.shape && declares(state, key));
  return declared.every((key) => isDeepStrictEqual(state[key], inputs[key])) ? hit : undefined;
}

/** What a user is searched by. */
export function keyOf({ externalId, userName }: Partial<State>): Key | undefined {
  if (externalId !== undefined) return { externalId };
  return userName === undefined ? undefined : { userName };
}
