import { z } from "zod";
import { ContractError, GuardError, LostAnswerError, NotFoundError } from "../core/errors";
import { prune } from "../core/normalize";
import type { OperationDefinition } from "../core/operation";
import { type ActivIdApi, EVERYBODY, type ImportStatus } from "./api";
import type {
  ActivIdUserImportOutcome,
  ForgetActivIdUserArgs,
  ForgetActivIdUserResult,
  GetActivIdUserImportArgs,
  GetActivIdUserImportResult,
  SearchActivIdUsersArgs,
  SearchActivIdUsersResult,
} from "./functions";
import { activId, type settings } from "./vendor";

type Operation<Args extends object, Result> = OperationDefinition<Args, Result, ActivIdApi, typeof settings>;

const text = z.string().min(1, "must not be empty");

/** Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Search. */
export const searchUsers: Operation<SearchActivIdUsersArgs, SearchActivIdUsersResult> = {
  name: "activid:searchUsers",
  vendor: activId,
  schema: z.strictObject({
    filter: z.string().min(1, "must not be empty; leave it out to get all").optional(),
    attributes: z.array(text).min(1, "must not be empty; leave it out to get all").optional(),
    searchRepositories: z.boolean().optional(),
  }),
  writes: false,
  async run({ api, args: { filter = EVERYBODY, attributes, searchRepositories } }) {
    if (searchRepositories) return api.searchRepositories(filter, attributes);
    return { users: await api.searchUsers(filter, attributes), mayBeMore: false };
  },
};

/** Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Import users. */
export const getUserImport: Operation<GetActivIdUserImportArgs, GetActivIdUserImportResult> = {
  name: "activid:getUserImport",
  vendor: activId,
  schema: z.strictObject({ correlationId: text, externalIds: z.array(text).optional() }),
  writes: false,
  async run({ api, args: { correlationId, externalIds } }) {
    const status = await api.getImport(correlationId).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      if (error.facts.vendorCode !== undefined)
        throw new NotFoundError(error.what, "Correct the correlation id, or look it up in the server's audit log", error.facts);
      const next = "That is not how the server says that something is missing; check activid:baseUrl and activid:tenant";
      throw new ContractError(error.what, next, error.facts);
    });
    const users = externalIds?.map(async (externalId) => {
      const [id] = await api.findUsers({ externalId });
      return [externalId, outcomeOf(id, status)] as const;
    });
    return prune({
      correlationId,
      status: status.status.toLowerCase(),
      size: status.importSize,
      processed: status.nbProcessed,
      imported: status.nbImported,
      alreadyExisted: status.nbAlreadyExisted,
      failed: status.nbFailed,
      users: users && Object.fromEntries(await Promise.all(users)),
    }) as GetActivIdUserImportResult;
  },
};

/** What counts and a look at the user tell: the server names nobody. */
function outcomeOf(id: string | undefined, { status, nbImported, nbAlreadyExisted }: ImportStatus): ActivIdUserImportOutcome {
  const there = id === undefined ? {} : { id };
  if (!/^(done|failed)$/i.test(status)) return { outcome: "pending", ...there };
  if (id === undefined) return { outcome: "failed" };
  if (nbImported === 0) return { outcome: "alreadyExisted", id };
  return { outcome: nbAlreadyExisted === 0 ? "imported" : "present", id };
}

/** Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Forget. */
export const forgetUser: Operation<ForgetActivIdUserArgs, ForgetActivIdUserResult> = {
  name: "activid:forgetUser",
  vendor: activId,
  schema: z.strictObject({ externalId: text }),
  writes: true,
  async run({ api, args: { externalId } }) {
    // The server refuses this as well, in words of its own; what it would answer to a user of a directory is not documented.
    const [id] = await api.findUsers({ externalId });
    if (id !== undefined)
      throw new GuardError(
        `User "${externalId}" is not forgotten, because user ${id} has that externalId`,
        "Nothing was changed. Delete the user first; only deleted users can be forgotten",
      );
    await api.forgetUser(externalId).catch((error: unknown) => {
      if (!(error instanceof LostAnswerError)) throw error;
      throw new LostAnswerError(error.what, "Whether the user is forgotten is not known. Run again to make sure", error.facts);
    });
    return { externalId };
  },
};
