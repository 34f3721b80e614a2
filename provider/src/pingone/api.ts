import { z } from "zod";
import { ContractError, ForbiddenError, LostAnswerError, NotFoundError, RejectedError } from "../core/errors";
import type { Bulk } from "../core/gather";
import type { TokenSource } from "../core/http/auth";
import type { Call, HttpClient } from "../core/http/client";

const id = z.string().min(1);
const status = z.looseObject({ status: z.string().nullish() }).nullish();

/** A user as the vendor answers; writable attributes that need no care of their own, and custom ones, are not named. */
export const directMappedUser = z.looseObject({
  id,
  username: z.string(),
  population: z.looseObject({ id }),
  meta: z.looseObject({ created: z.string().nullish() }).nullish(),
  enabled: z.boolean().nullish(),
  account: z.looseObject({ canAuthenticate: z.boolean().nullish(), status: z.string().nullish() }).nullish(),
  lifecycle: status,
  mfaEnabled: z.boolean().nullish(),
  verifyStatus: z.string().nullish(),
  identityProvider: z.looseObject({ type: z.string().nullish(), id: z.string().nullish() }).nullish(),
});
export type DirectMappedUser = z.output<typeof directMappedUser>;

/** Ids in one filter; nothing is published about its length. */
const IDS = 50;

const listAnswer = z.looseObject({ Resources: z.array(directMappedUser).nullish() });

/** What a create or replace sends. */
export type UserBody = { username: string } & Record<string, unknown>;

export type PingOneApi = ReturnType<typeof makeApi>;

/**
 * The calls this library makes to PingOne, one function each. All take the id of the environment first.
 *
 * Errors: those of the HTTP client, and for an answer without what it must hold ContractError, or LostAnswerError when it is a write's.
 * Source: PingOne API, SCIM, Direct-mapped Users.
 */
export function makeApi(client: HttpClient, tokens: TokenSource, { regionCode }: { regionCode?: string }) {
  const path = (environmentId: string, rest = "") => `/environments/${encodeURIComponent(environmentId)}/v2/DirectMappedUsers${rest}`;
  const one = (environmentId: string, userId: string) => path(environmentId, `/${encodeURIComponent(userId)}`);

  async function send<S extends z.ZodType>(schema: S, environmentId: string, call: Omit<Call, "rights">): Promise<z.output<S>> {
    const rights = `The worker needs the role Identity Data Admin on environment ${environmentId} or on the user's population. A role takes effect late after it was given, and an environment that was deleted answers the same`;
    const { body } = await client.send({ ...call, rights }, tokens).catch((error: unknown) => {
      throw toVendorsMeaning(error);
    });
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const fault = parsed.error.issues[0];
    // A write was accepted all the same, so what became of it has to be looked at.
    const Kind = call.repeatable === false ? LostAnswerError : ContractError;
    throw new Kind(
      `${call.action}: the answer lacks ${fault?.path.join(".") || "a body"} (${fault?.message})`,
      "Check pingone:regionCode, or that pingone:baseUrl is the SCIM host",
    );
  }

  /** At most 200 users; there is no second page. The filter is sent in the body, so that no personal data is in addresses. */
  async function searchUsers(environmentId: string, filter?: string): Promise<DirectMappedUser[]> {
    const found = await send(listAnswer, environmentId, {
      action: `Searching users of PingOne environment ${environmentId}`,
      method: "POST",
      path: path(environmentId, "/.search"),
      body: { ...(filter !== undefined && { filter }), count: 200 },
      repeatable: true,
    });
    return found.Resources ?? [];
  }

  return {
    /** Region of the connection; undefined when only addresses are configured. */
    region: regionCode,

    /** Errors: NotFoundError; observe.ts tells a proven absence from a wrong place. */
    getUser: (environmentId: string, userId: string): Promise<DirectMappedUser> =>
      send(directMappedUser, environmentId, {
        action: `Reading PingOne user ${userId}`,
        method: "GET",
        path: one(environmentId, userId),
      }),

    /** Users of an environment by several ids. */
    users: (environmentId: string): Bulk<DirectMappedUser> => ({
      some: {
        most: IDS,
        async get(ids) {
          const found = await searchUsers(environmentId, ids.map((userId) => `id eq ${quote(userId)}`).join(" or "));
          return new Map(found.map((user) => [user.id, user]));
        },
      },
    }),

    searchUsers,

    /** Not repeated when its answer is lost. Errors: ConflictError when a unique value is in use. */
    createUser: (environmentId: string, body: UserBody, password?: string): Promise<DirectMappedUser> =>
      send(directMappedUser, environmentId, {
        action: `Creating PingOne user "${body.username}"`,
        method: "POST",
        path: path(environmentId),
        body: { ...body, ...(password !== undefined && { password }) },
        repeatable: false,
        secrets: password === undefined ? [] : [password],
      }),

    /** Clears everything the body leaves out. Not repeated when its answer is lost: others may have written since it was put together. */
    replaceUser: (environmentId: string, userId: string, body: UserBody): Promise<DirectMappedUser> =>
      send(directMappedUser, environmentId, {
        action: `Changing PingOne user "${body.username}" (${userId})`,
        method: "PUT",
        path: one(environmentId, userId),
        body,
        repeatable: false,
      }),

    /** Errors: NotFoundError when the user is gone already. */
    async deleteUser(environmentId: string, userId: string): Promise<void> {
      await send(z.unknown(), environmentId, {
        action: `Deleting PingOne user ${userId}`,
        method: "DELETE",
        path: one(environmentId, userId),
      });
    },
  };
}

/** The platform's own code says more than the status that came with it. Source: PingOne API, Error codes. */
function toVendorsMeaning(error: unknown): unknown {
  if (!(error instanceof ForbiddenError || error instanceof RejectedError)) return error;
  const codes = error.facts.vendorCode?.split(" ") ?? [];
  // Further codes belong to details, such as a population that is not there.
  if (codes[0] === "NOT_FOUND") return new NotFoundError(error.what, undefined, error.facts);
  if (!codes.includes("LICENSE_EXCEEDED")) return error;
  return new ForbiddenError(error.what, "The licence of the environment is used up; delete users, or have it extended", error.facts);
}

/** A string in a filter expression. Source: PingOne admin guide, SCIM filter language. */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
