import type * as pulumi from "@pulumi/pulumi";
import { act, actOutput, call, callOutput, type OutputArgs } from "../core/call";
import type { ConnectionArgs } from "../core/operation";

/** A user of HID ActivID as a search shows one; attributes that are not named here, and the extensions, are there under their own names. */
export interface ActivIdFoundUser {
  /** The vendor's id, a number as text; `"0"` is a user of a directory who is not bound yet, which is no id to manage anybody by. */
  id: string;
  externalId?: string | null;
  userName?: string | null;
  [attribute: string]: unknown;
}

/** Arguments of `searchActivIdUsers`. */
export interface SearchActivIdUsersArgs extends ConnectionArgs {
  /**
   * Comparisons such as `externalId sw "svc-"`, joined by `and`, with parentheses; left out, anybody fits. `userName`, `externalId`, `displayName` and
   * `role` take `eq`, `co`, `sw`, `ew` and `pr`, all others `eq` only, and `userType` only together with `searchRepositories`. A `*` in a value stands
   * for any text, with `eq` too, and there is no way to write one that stands for itself: compare what is found when it matters.
   * Source: vendor, Users REST API, Search.
   */
  filter?: string;
  /** Names of the attributes to get, such as `externalId` or the URN of an extension; `id` is always there. Left out, all but the user's authenticators. */
  attributes?: string[];
  /**
   * Whether directories are searched, too, for users who are not bound yet. Such a search has no pages.
   * @default false
   */
  searchRepositories?: boolean;
}

/** What `searchActivIdUsers` found. */
export interface SearchActivIdUsersResult {
  /** All users who fit, whatever their number. */
  users: ActivIdFoundUser[];
  /** Whether there may be more: only with `searchRepositories`, where the vendor gives one answer and no second page. Narrow the filter to reach them. */
  mayBeMore: boolean;
}

/**
 * Searches the users of an ActivID tenant, page by page until all are there, 100 a call.
 *
 * Errors: InputError, ConfigError, and those of the vendor: a filter that it does not understand is IDP_REJECTED.
 * Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Search.
 * Command: activid search
 */
export function searchActivIdUsers(args: SearchActivIdUsersArgs = {}): Promise<SearchActivIdUsersResult> {
  return call("activid:searchUsers", args);
}

/** The same for arguments that are outputs. */
export function searchActivIdUsersOutput(args: OutputArgs<SearchActivIdUsersArgs> = {}): pulumi.Output<SearchActivIdUsersResult> {
  return callOutput("activid:searchUsers", args);
}

/** Arguments of `getActivIdUserImport`. */
export interface GetActivIdUserImportArgs extends ConnectionArgs {
  /** The server's id of the import, the output `correlationId` of `ActivIdUserImport`. */
  correlationId: string;
  /** Users of the import whose outcome is wanted, by externalId. The server's status only counts, so each is looked up, one call each. */
  externalIds?: string[];
}

/** What became of one user of an import, as far as the server's counts and a look at the user tell. */
export interface ActivIdUserImportOutcome {
  /**
   * `imported`: is there, and nobody of the import was there before. `alreadyExisted`: is there, and the import made nobody. `present`: is there, and the
   * server does not tell which of the two. `failed`: is not there although the import has ended. `pending`: the import has not ended.
   */
  outcome: "imported" | "alreadyExisted" | "present" | "failed" | "pending";
  /** The vendor's id of the user, who is there now. */
  id?: string;
}

/** What `getActivIdUserImport` found. Counts that the server leaves out are not there. */
export interface GetActivIdUserImportResult {
  correlationId: string;
  /** `importing` (with 0 processed, queued), `done`, which does not mean that everybody was imported, or `failed`. */
  status: string;
  /** How many users the import has. */
  size?: number;
  /** How many the server has worked on; known while it runs only. One that stands still for minutes may mean that the server restarted and lost the import. */
  processed?: number;
  /** How many the import made. */
  imported?: number;
  /** How many were there already, and were left as they are. */
  alreadyExisted?: number;
  /** How many the server did not manage to make. Its audit log says why, by the correlation id. */
  failed?: number;
  /** By externalId, for the users who were asked about. */
  users?: Record<string, ActivIdUserImportOutcome>;
}

/**
 * Tells how far an import of users is, whoever started it.
 *
 * Errors: InputError, ConfigError, and those of the vendor: an import that the server does not know is IDP_NOT_FOUND.
 * Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Import users.
 * Command: activid import-status
 */
export function getActivIdUserImport(args: GetActivIdUserImportArgs): Promise<GetActivIdUserImportResult> {
  return call("activid:getUserImport", args);
}

/** The same for arguments that are outputs. */
export function getActivIdUserImportOutput(args: OutputArgs<GetActivIdUserImportArgs>): pulumi.Output<GetActivIdUserImportResult> {
  return callOutput("activid:getUserImport", args);
}

/** Arguments of `forgetActivIdUser`. */
export interface ForgetActivIdUserArgs extends ConnectionArgs {
  /** externalId of a user who was deleted. */
  externalId: string;
}

/** What `forgetActivIdUser` did. */
export interface ForgetActivIdUserResult {
  /** externalId of the user who is forgotten. */
  externalId: string;
}

/**
 * Erases what ties the audit log to a deleted user, which cannot be undone. Nothing is sent in a preview. Forgetting somebody twice does no harm.
 *
 * Out:    undefined in a preview.
 * Errors: InputError, ConfigError; IDP_GUARD while a user with that externalId exists; IDP_FORBIDDEN when the client lacks the permission "Forget
 *         User", which is one of its own; IDP_LOST_ANSWER when it is not known whether it was done.
 * Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Forget.
 * Command: activid forget
 */
export function forgetActivIdUser(args: ForgetActivIdUserArgs): Promise<ForgetActivIdUserResult | undefined> {
  return act("activid:forgetUser", args);
}

/** The same for arguments that are outputs. */
export function forgetActivIdUserOutput(args: OutputArgs<ForgetActivIdUserArgs>): pulumi.Output<ForgetActivIdUserResult | undefined> {
  return actOutput("activid:forgetUser", args);
}
