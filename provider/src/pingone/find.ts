import { ConfigError } from "../core/errors";
import { demandAll, type Found, type Selection, SHARED, SharedMembers } from "../core/find";
import { warnOnce } from "../core/log";
import type { Context } from "../core/resource";
import { type DirectMappedUser, type PingOneApi, quote } from "./api";
import { formatId } from "./ids";
import { type Inputs, type State, toInputs, toState } from "./model";
import { UUID } from "./vendor";

/** The largest answer of a search; there is no second page. */
export const MOST = 200;
/** Users in one filter. */
const CHUNK = 50;
/** Characters that usernames are looked for by when there are too many for one answer. */
const CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789._-+@' ";

/**
 * Finds users of an environment that no program manages yet.
 *
 * Errors: ConfigError when no environment is given; NotFoundError that names every username and id that is not there.
 */
export async function findUsers({ api, log, selection }: Context<PingOneApi> & { selection: Selection }): Promise<Found<Inputs, State>[]> {
  const environmentId = selection.within?.toLowerCase() ?? "";
  if (!UUID.test(environmentId))
    throw new ConfigError("It is not said in which environment the users are", "Give the environment's id: --within <environmentId>");
  const users = await select(api, environmentId, selection, (message) => warnOnce(log, message));
  return users.map((user) => {
    const inputs = toInputs(user, environmentId, {});
    return { id: formatId({ environmentId, userId: user.id }), name: user.username, inputs, state: toState(user, inputs, api.region) };
  });
}

async function select(
  api: PingOneApi,
  environmentId: string,
  { all, names, ids, filter }: Selection,
  warn: (message: string) => void,
): Promise<DirectMappedUser[]> {
  if (all) return searchAll(api, environmentId, warn);
  if (filter !== undefined) {
    const found = await api.searchUsers(environmentId, filter);
    if (found.length >= MOST)
      warn(`PingOne gives at most ${MOST} users of one search, so there may be more that fit the filter. Narrow it to reach them.`);
    return found;
  }
  const [key, wanted] = names.length > 0 ? (["username", names] as const) : (["id", ids] as const);
  const found: DirectMappedUser[] = [];
  for (let start = 0; start < wanted.length; start += CHUNK) {
    const chunk = wanted.slice(start, start + CHUNK);
    found.push(...(await api.searchUsers(environmentId, chunk.map((value) => `${key} eq ${quote(value)}`).join(" or "))));
  }
  demandAll(
    `PingOne users with the ${key}`,
    wanted,
    found.map((user) => user[key]),
  );
  return found;
}

/** All users: by the beginnings of their usernames, each as long as it takes for all that begin so to fit into one answer. */
async function searchAll(api: PingOneApi, environmentId: string, warn: (message: string) => void): Promise<DirectMappedUser[]> {
  const found = new Map<string, DirectMappedUser>();
  const under = async (beginning: string): Promise<void> => {
    const users = await api.searchUsers(environmentId, beginning === "" ? undefined : `username sw ${quote(beginning)}`);
    for (const user of users) found.set(user.id, user);
    if (users.length < MOST) return;
    if (beginning === "")
      warn(
        `There are more PingOne users than the ${MOST} of one answer; those whose usernames hold other characters than letters, digits and ._-+@' may be missing. Take them over by name.`,
      );
    for (const character of CHARACTERS) await under(beginning + character);
  };
  await under("");
  return [...found.values()];
}

/** A user's inputs as a person writes them: environment and population once for all users. */
export function writeUser({ environmentId, population, ...inputs }: Inputs): object {
  return {
    [SHARED]: new SharedMembers("environment", { environmentId }),
    ...inputs,
    ...(population && { population: { [SHARED]: new SharedMembers("population", population) } }),
  };
}
