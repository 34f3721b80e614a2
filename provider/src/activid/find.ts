import { demandAll, type Found, type Selection } from "../core/find";
import type { Context } from "../core/resource";
import { type ActivIdApi, EVERYBODY, type User } from "./api";
import { type Inputs, type State, toInputs, toState } from "./model";

/**
 * Finds users who no program manages yet.
 *
 * Errors: NotFoundError that names every externalId and id that is not there.
 */
export async function findUsersToManage({
  api,
  selection,
}: Context<ActivIdApi> & { selection: Selection }): Promise<Found<Inputs, State>[]> {
  const users = await select(api, selection);
  return users.map((user) => {
    const inputs = toInputs(user, {});
    return { id: user.id, name: user.externalId ?? user.userName ?? user.id, inputs, state: toState(user, inputs, api.tenant) };
  });
}

async function select(api: ActivIdApi, { all, names, ids, filter }: Selection): Promise<User[]> {
  if (all || filter !== undefined) return api.searchUsers(filter ?? EVERYBODY);
  // There is no filter for one of several, so everybody is asked for alone.
  const found = names.length > 0 ? (await Promise.all(names.map((externalId) => api.findUsers({ externalId })))).flat() : [...ids];
  const users = await Promise.all(found.map((id) => api.getUser(id)));
  if (names.length > 0)
    demandAll(
      "users with the externalId",
      names,
      users.map(({ externalId }) => externalId),
    );
  return users;
}
