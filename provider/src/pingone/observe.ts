import { ContractError, NotFoundError, WrongTenantError } from "../core/errors";
import type { Context } from "../core/resource";
import { type DirectMappedUser, type PingOneApi, quote } from "./api";
import type { UserId } from "./ids";
import type { State } from "./model";

/** How long after its creation a user may still be invisible to a read, and the waits before it is looked for again, in milliseconds. */
const GRACE_MS = 60_000;
const GRACE_WAITS_MS = [500, 1500];

/**
 * Reads a user.
 *
 * In:     state, as far as it is known; its region tells a user that is gone from one that is in another region.
 * Out:    the user; undefined when it is proven gone: the environment answers a search, and the user is not in it.
 * Errors: WrongTenantError; ContractError when nothing proves that the environment is there; those of the HTTP client.
 * Source: PingOne API, Foundations, best practices (404 just after a creation); the search as proof is assumed.
 */
export async function observe(
  { api, clock, signal }: Context<PingOneApi>,
  { environmentId, userId }: UserId,
  state: Partial<State>,
): Promise<DirectMappedUser | undefined> {
  checkRegion(api, userId, state);
  const isNew = state.created !== undefined && Math.abs(Date.now() - Date.parse(state.created)) < GRACE_MS;
  for (const waitMs of [0, ...(isNew ? GRACE_WAITS_MS : [])]) {
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    try {
      return await api.getUser(environmentId, userId);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  return (await searchEnvironment(api, environmentId, userId)).find(({ id }) => id === userId);
}

/** Nothing is sent to a region that the user is not in. Errors: WrongTenantError. */
export function checkRegion(api: PingOneApi, userId: string, state: Partial<State>): void {
  if (state.region === undefined || api.region === undefined || state.region === api.region) return;
  throw new WrongTenantError(
    `PingOne user ${userId} is in region ${state.region}, but the connection leads to ${api.region}`,
    "Nothing was changed. Point pingone:regionCode back; to move the user, name a connection of its own for each region, which replaces it",
  );
}

/** An environment that is gone and a wrong address answer 404 too, so only a search that works proves that the user alone is missing. */
async function searchEnvironment(api: PingOneApi, environmentId: string, userId: string): Promise<DirectMappedUser[]> {
  try {
    return await api.searchUsers(environmentId, `id eq ${quote(userId)}`);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new ContractError(
      `Neither PingOne user ${userId} nor its environment ${environmentId} can be found, so it is not known whether the user is gone`,
      "Check pingone:regionCode and pingone:baseUrl; if the environment was deleted, remove the user with `pulumi state delete`",
      error.facts,
    );
  }
}

/** The user of a username, whatever its case; undefined if none can be seen. */
export async function findByUsername(api: PingOneApi, environmentId: string, username: string): Promise<DirectMappedUser | undefined> {
  const found = await api.searchUsers(environmentId, `username eq ${quote(username)}`);
  // A filter the vendor does not understand must not choose a user.
  return found.find((user) => user.username.toLowerCase() === username.toLowerCase());
}
