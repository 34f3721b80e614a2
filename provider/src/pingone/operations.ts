import { z } from "zod";
import type { OperationDefinition } from "../core/operation";
import type { PingOneApi } from "./api";
import { MOST } from "./find";
import type { SearchPingOneDirectMappedUsersArgs, SearchPingOneDirectMappedUsersResult } from "./functions";
import { pingOne, type settings, UUID } from "./vendor";

/** Source: PingOne API, SCIM, Direct-mapped Users, search. */
export const searchDirectMappedUsers: OperationDefinition<
  SearchPingOneDirectMappedUsersArgs,
  SearchPingOneDirectMappedUsersResult,
  PingOneApi,
  typeof settings
> = {
  name: "pingone:searchDirectMappedUsers",
  vendor: pingOne,
  schema: z.strictObject({
    environmentId: z.string().regex(UUID, "must be the id of an environment, a UUID"),
    filter: z.string().min(1, "must not be empty; leave it out to get all").optional(),
  }),
  writes: false,
  async run({ api, args: { environmentId, filter } }) {
    const users = await api.searchUsers(environmentId, filter);
    return { users, mayBeMore: users.length >= MOST };
  },
};
