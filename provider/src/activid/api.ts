import { createHash } from "node:crypto";
import { z } from "zod";
import { ContractError, NotFoundError } from "../core/errors";
import type { Bulk } from "../core/gather";
import type { TokenSource } from "../core/http/auth";
import type { Call, HttpClient } from "../core/http/client";
import type { ActivIdSettings } from "./vendor";

export const CORE = "urn:ietf:params:scim:schemas:core:2.0:User";
export const USER_ATTRIBUTE = "urn:hid:scim:api:idp:2.0:UserAttribute";
export const USER_DEVICE = "urn:hid:scim:api:idp:2.0:UserDevice";
export const USER_AUTHENTICATOR = "urn:hid:scim:api:idp:2.0:UserAuthenticator";
export const ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const text = z.string().nullish();
/** Numbers and booleans are texts to this library, whatever their type at the vendor. */
const scalar = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** A user as the vendor answers; only what is used is named, and nearly everything may be missing. */
export const user = z.looseObject({
  id: z.coerce.string().min(1),
  externalId: text,
  userName: text,
  name: z.looseObject({ givenName: text, familyName: text }).nullish(),
  displayName: text,
  title: text,
  userType: text,
  active: z.boolean().nullish(),
  emails: z.array(z.looseObject({ value: text })).nullish(),
  phoneNumbers: z.array(z.looseObject({ type: text, value: text })).nullish(),
  addresses: z.array(z.looseObject({ type: text, formatted: text })).nullish(),
  groups: z.array(z.looseObject({ value: z.string() })).nullish(),
  roles: z.array(z.looseObject({ value: z.string() })).nullish(),
  meta: z.looseObject({ location: text }).nullish(),
  [USER_ATTRIBUTE]: z
    .looseObject({
      attributes: z
        .array(
          z.looseObject({
            name: z.string(),
            value: z.union([scalar, z.array(scalar)]).nullish(),
            readOnly: z.boolean().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  [USER_DEVICE]: z.looseObject({ devices: z.array(z.looseObject({ value: z.coerce.string() })).nullish() }).nullish(),
  [USER_AUTHENTICATOR]: z.looseObject({ authenticators: z.array(z.looseObject({ value: z.string() })).nullish() }).nullish(),
  [ENTERPRISE_USER]: z.record(z.string(), z.unknown()).nullish(),
});
export type User = z.output<typeof user>;

/** A row of a search that asks for no more. */
const hit = z.looseObject({ id: z.coerce.string(), externalId: text, userName: text });

const importStatus = z.looseObject({
  status: z.string(),
  importSize: z.number().nullish(),
  nbProcessed: z.number().nullish(),
  nbFailed: z.number().nullish(),
  nbAlreadyExisted: z.number().nullish(),
  nbImported: z.number().nullish(),
});
export type ImportStatus = z.output<typeof importStatus>;

/** One operation of a PATCH as Entra ID writes it: capitalised, booleans as texts. */
export interface PatchOperation {
  op: "Add" | "Replace" | "Remove";
  path: string;
  value?: string;
}

/** How a user is recognised besides by id. */
export type Key = { externalId: string } | { userName: string };

/** What the client needs besides where the user is a federated one. Source: vendor, Users REST API, permissions. */
const FEDERATED = ", and for federated users the permission set Security Groups Functions";

const FORGET = 'The client needs the explicit permission "Forget User". Grant it and run again';

/** The largest page the vendor gives; more are cut off silently. */
const PAGE = 100;

/** What a search leaves out so that its answers are complete in all that this library reads. */
const IN_FULL = { excludedAttributes: [USER_AUTHENTICATOR] };
/** Every user has a userName. */
export const EVERYBODY = "userName pr";

export type ActivIdApi = ReturnType<typeof makeApi>;

/**
 * The calls this library makes to HID ActivID, one function each.
 *
 * Errors: those of the HTTP client, and ContractError for an answer without what it must hold.
 * Source: docs.hidglobal.com, ActivID Appliance, Users REST API, and the SCIM pages it refers to.
 */
export function makeApi(client: HttpClient, tokens: TokenSource, given: Pick<ActivIdSettings, "baseUrl" | "tenant" | "apiVersion">) {
  const { apiVersion } = given;
  const base = `/scim/${encodeURIComponent(given.tenant)}/v2/Users`;
  const query: Call["query"] = apiVersion === undefined ? undefined : { "api-version": apiVersion };
  const userPath = (id: string) => `${base}/${encodeURIComponent(id)}`;

  async function send<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S>> {
    const { body } = await client.send({ query, ...call }, tokens);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const fault = parsed.error.issues[0];
    throw new ContractError(
      `${call.action}: the answer lacks ${fault?.path.join(".") || "a body"} (${fault?.message})`,
      "Check that activid:baseUrl, activid:tenant and activid:apiVersion are right",
    );
  }

  /** One page of a search, from a row on, counted from 1; of a search that has no pages, all. `next`: the first row of the next page, undefined after the last. */
  async function searchPage<Row extends z.ZodType<{ id: string }>>(row: Row, action: string, query: object, startIndex?: number) {
    const answer = await send(
      z.looseObject({ totalResults: z.number().nullish(), resources: z.array(row).nullish(), Resources: z.array(row).nullish() }),
      {
        action,
        method: "POST",
        path: `${base}/.search`,
        body: {
          schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
          ...query,
          ...(startIndex !== undefined && { startIndex, count: PAGE }),
        },
        repeatable: true,
        rights: needs("search users"),
      },
    );
    // The array's name is written in lower case by the vendor and with a capital in the standard.
    const rows = answer.resources ?? answer.Resources ?? [];
    const next = (startIndex ?? 1) + rows.length;
    // Where the total is left out, a page that is not full is the last one.
    const total = answer.totalResults ?? (rows.length < PAGE ? 0 : Number.POSITIVE_INFINITY);
    return { rows, total, next: rows.length === 0 || next > total ? undefined : next };
  }

  /** All hits of a search. Id 0 is a user of a directory who is not bound yet: nobody that could be read or changed. */
  async function search<Row extends z.ZodType<{ id: string }>>(row: Row, action: string, query: object): Promise<z.output<Row>[]> {
    const found: z.output<Row>[] = [];
    for (let start: number | undefined = 1; start !== undefined; ) {
      const page: { rows: z.output<Row>[]; next?: number } = await searchPage(row, action, query, start);
      found.push(...page.rows.filter(({ id }) => id !== "0"));
      start = page.next;
    }
    return found;
  }

  return {
    /** The version that the connection asks for; 0 when it asks for none. */
    apiVersion: apiVersion ?? 0,

    /**
     * What tells this tenant from every other. Ids of users are small numbers that every tenant has, so an id is only good together with it.
     * A digest, because the vendor asks to keep tenant ids confidential.
     */
    tenant: createHash("sha256")
      .update(`${new URL(given.baseUrl).host} ${given.tenant}`.toLowerCase())
      .digest("hex")
      .slice(0, 16),

    /** Errors: NotFoundError; observe.ts tells a proven absence from a wrong address. */
    getUser: (id: string): Promise<User> =>
      send(user, { action: `Reading user ${id}`, method: "GET", path: userPath(id), rights: needs("read users") }),

    /** Not repeated when its answer is lost. Errors: ConflictError when the externalId is taken. */
    createUser: (body: object, name: string): Promise<User> =>
      send(user, { action: `Creating user "${name}"`, method: "POST", path: base, body, rights: needs(`create users${FEDERATED}`) }),

    /** The body is everything that the user is to be: what it leaves out of an extension that it has is erased. */
    replaceUser: (id: string, body: object): Promise<User> =>
      send(user, { action: `Changing user ${id}`, method: "PUT", path: userPath(id), body, rights: needs("replace users") }),

    /** For federated users only. Not repeated when its answer is lost. The answer may be empty. */
    async patchUser(id: string, Operations: PatchOperation[]): Promise<User | undefined> {
      const action = `Changing ${Operations.map(({ path }) => path).join(", ")} of federated user ${id}`;
      const rights = needs(`change users${FEDERATED}`);
      return send(user.optional(), { action, method: "PATCH", path: userPath(id), body: { Operations }, rights });
    },

    /** Errors: NotFoundError for a user who is not there any more. */
    async deleteUser(id: string): Promise<void> {
      await send(z.unknown(), { action: `Deleting user ${id}`, method: "DELETE", path: userPath(id), rights: needs("delete users") });
    },

    /**
     * Erases what ties the audit log to a deleted user; cannot be undone. A user who was forgotten before is a success. Not repeated when its answer is lost.
     *
     * In:     `rights`, what to do without the permission, which is one of its own.
     */
    async forgetUser(externalId: string, rights = FORGET): Promise<void> {
      const action = `Forgetting deleted user "${externalId}"`;
      await send(z.unknown(), { action, method: "POST", path: `${base}/.forget`, body: { schemas: [CORE], externalId }, rights }).catch(
        (error: unknown) => {
          if (!(error instanceof NotFoundError) || error.facts.vendorCode === undefined) throw error;
        },
      );
    },

    /** Ids of the users with exactly this externalId or userName. `*` is a wildcard to the server and cannot be escaped, so every hit is compared. */
    async findUsers(key: Key): Promise<string[]> {
      const [[attribute, wanted]] = Object.entries(key) as [[keyof User & string, string]];
      const query = { filter: `${attribute} eq ${JSON.stringify(wanted)}`, attributes: ["externalId", "userName"] };
      const rows = await search(hit, `Looking up the user with ${attribute} "${wanted}"`, query);
      return rows.filter((row) => row[attribute] === wanted).map((row) => row.id);
    },

    /** All users who fit a filter, with the attributes that are named, or in full but for their authenticators. */
    searchUsers: (filter: string, attributes?: string[]): Promise<User[]> =>
      search(user, "Searching users", { filter, ...(attributes ? { attributes } : IN_FULL) }),

    /** The same in directories, too. There are no pages: `mayBeMore` says whether the one answer may be cut off. Id 0 is a user who is not bound yet. */
    async searchRepositories(filter: string, attributes?: string[]): Promise<{ users: User[]; mayBeMore: boolean }> {
      const query = { filter, ...(attributes ? { attributes } : IN_FULL), searchRepositories: true };
      const { rows, total } = await searchPage(user, "Searching users, in directories too", query);
      return { users: rows, mayBeMore: rows.length > 0 && total > rows.length };
    },

    /** All users, page by page. There is no filter for one of several ids. */
    users: {
      async page(index) {
        const { rows, total } = await searchPage(user, "Listing users", { ...IN_FULL, filter: EVERYBODY }, index * PAGE + 1);
        return { items: new Map(rows.map((row) => [row.id, row])), pages: Number.isFinite(total) ? Math.ceil(total / PAGE) : index + 2 };
      },
      // Nothing is published about how soon a search knows of a write. Source: assumed.
      lagMs: 10_000,
    } satisfies Bulk<User>,

    /** Starts an import. Out: its correlation id. Not repeated when its answer is lost. */
    async startImport(body: { users: object[]; group: { value: string }; authenticatorPolicy?: { value: string } }): Promise<string> {
      const answer = await send(z.looseObject({ correlationId: z.coerce.string().min(1) }), {
        action: `Importing ${body.users.length} users`,
        method: "POST",
        path: `${base}/.import`,
        body,
        rights: needs("import users"),
      });
      return answer.correlationId;
    },

    /** Errors: NotFoundError for an import that the server does not know any more. */
    getImport: (correlationId: string): Promise<ImportStatus> =>
      send(importStatus, {
        action: `Reading import ${correlationId}`,
        method: "GET",
        path: `${base}/.import/${encodeURIComponent(correlationId)}`,
        rights: needs("import users"),
      }),
  };
}

function needs(right: string): string {
  return `The client needs a privileged role with the permissions to ${right}`;
}
