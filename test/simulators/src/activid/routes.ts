import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { MalformedBody } from "../kernel/server.js";
import { type AuthParts, addTokenRoute, admit } from "./auth.js";
import { Refusal } from "./errors.js";
import type { Imports } from "./imports.js";
import { patch } from "./patch.js";
import { parseFilter } from "./search.js";
import type { Store } from "./store.js";
import type { StoredUser } from "./types.js";
import { project, view } from "./view.js";

interface Context {
  request: FastifyRequest<{ Params: { id?: string } }>;
  reply: FastifyReply;
  body: Record<string, unknown>;
  query: Record<string, string | undefined>;
  id: string;
  base: string;
  version: number;
}

interface Parts extends AuthParts {
  imports: Imports;
}

const MAX_COUNT = 100;

/** Adds every route of the tenant. */
export function addRoutes(app: FastifyInstance, parts: Parts): void {
  const { store, imports } = parts;
  addTokenRoute(app, parts);
  const route = (method: HTTPMethods, path: string, handle: (context: Context) => unknown, open = false) =>
    app.route<{ Params: { tenant: string; id?: string } }>({
      method,
      url: `/scim/:tenant/v2${path}`,
      preHandler: async (request) => {
        if (!open) admit(request, parts);
        if (request.params.tenant !== store.current.tenant) throw new Refusal(404, "The tenant is unknown");
        imports.work();
      },
      handler: async (request, reply) => {
        const base = `${request.protocol}://${request.host}/scim/${store.current.tenant}/v2`;
        const query = request.query as Context["query"];
        if (query["api-version"] !== undefined && !/^\d+$/.test(query["api-version"]))
          throw new Refusal(400, "api-version is a major number", "invalidValue");
        const version = Number(query["api-version"] ?? 0);
        reply.header("content-type", "application/json+scim");
        const answer = handle({ request, reply, body: bodyOf(request), query, id: request.params.id ?? "", base, version });
        return answer === undefined ? "" : JSON.stringify(answer);
      },
    });

  const show = (user: StoredUser, { reply, base, version, query }: Context) => {
    // Wrong in every part, as the vendor's own samples are: another case, another noun, another id.
    if (reply.request.method !== "GET") reply.header("location", `${base.replace("/scim/", "/SCIM/")}/User/${Number(user.id) + 1}`);
    const [attributes, excluded] = [query.attributes?.split(","), query.excludedAttributes?.split(",")];
    if (attributes && excluded) throw new Refusal(400, "attributes and excludedAttributes exclude each other", "invalidValue");
    return project(view(user, store, base, version), attributes, excluded);
  };

  for (const path of ["/Users", "/Users/"]) {
    route("POST", path, (context) => {
      context.reply.code(store.switches.createStatus);
      return show(store.create(context.body, context.version), context);
    });
  }
  route("GET", "/Users/:id", (context) => show(store.user(context.id), context));
  route("PUT", "/Users/:id", (context) => show(store.replace(context.id, context.body, context.version), context));
  route("PATCH", "/Users/:id", (context) => {
    const user = store.user(context.id);
    const { patchOthers, patchStatus } = store.switches;
    if (user.userType !== "SCIM_FED" && patchOthers !== 200) throw new Refusal(patchOthers, "PATCH is not supported for this user");
    patch(store, user, context.body, context.version);
    context.reply.code(patchStatus);
    return patchStatus === 204 ? undefined : show(user, context);
  });
  route("DELETE", "/Users/:id", ({ reply, id }) => {
    store.current.users.splice(store.current.users.indexOf(store.user(id)), 1);
    reply.code(store.switches.deleteStatus);
  });

  route("GET", "/Users", ({ query, base, version }) => search(store, fromQuery(query), base, version));
  route("GET", "/Users/.search", ({ query, base, version }) => search(store, fromQuery(query), base, version));
  route("POST", "/Users/.search", ({ body, base, version }) => search(store, body as SearchRequest, base, version));

  route("POST", "/Users/.forget", ({ body, reply }) => {
    const { externalId } = body as { externalId?: string };
    if (!store.switches.forgetAllowed) throw new Refusal(403, "The permission Forget User is missing");
    if (!externalId) throw new Refusal(400, "externalId is required", "invalidValue");
    if (store.current.users.some((user) => user.externalId === externalId))
      throw new Refusal(400, `User ${externalId} must be deleted first`, "invalidValue");
    store.current.forgotten.push(externalId);
    reply.code(204);
  });

  route("POST", "/Users/.import", ({ body, base, reply, version }) => {
    const { id } = imports.start(body, version);
    reply.code(202);
    const meta = { resourceType: "UserImportResponse", location: `${base}/Users/.import/${id}`, version: "1" };
    return { schemas: ["urn:hid:scim:api:idp:2.0:user:ImportResponse"], meta, correlationId: id };
  });
  route("GET", "/Users/.import/:id", ({ id }) => imports.status(id));

  route("GET", "/ServiceProviderConfig", () => SERVICE_PROVIDER_CONFIG, true);
}

interface SearchRequest {
  filter?: string;
  attributes?: string[];
  excludedAttributes?: string[];
  startIndex?: number;
  count?: number;
  searchRepositories?: boolean;
  sortBy?: string;
  sortOrder?: string;
}

function fromQuery(query: Context["query"]): SearchRequest {
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  return {
    ...query,
    attributes: query.attributes?.split(","),
    excludedAttributes: query.excludedAttributes?.split(","),
    startIndex: number(query.startIndex),
    count: number(query.count),
    searchRepositories: query.searchRepositories === "true",
  };
}

function search(store: Store, request: SearchRequest, base: string, version: number): object {
  const { filter, attributes, excludedAttributes, searchRepositories = false, startIndex = 1, sortBy, sortOrder } = request;
  const { searchLagMs, searchDefault, bareLists, resourcesKey } = store.switches;
  if (attributes && excludedAttributes) throw new Refusal(400, "attributes and excludedAttributes exclude each other", "invalidValue");
  if (searchRepositories && startIndex > 0 && request.startIndex !== undefined)
    throw new Refusal(400, "searchRepositories takes no startIndex", "invalidValue");
  const fits = filter === undefined ? () => true : parseFilter(filter, searchRepositories);
  const visible = (user: StoredUser) =>
    (searchRepositories || user.userType !== "LDAP") && Date.parse(user.created) + searchLagMs <= store.clock.now();
  const found = store.current.users.filter((user) => visible(user) && fits(user)).map((user) => view(user, store, base, version));
  // Older versions take the words and do nothing.
  if (sortBy && version >= 7) {
    const sign = sortOrder === "descending" ? -1 : 1;
    found.sort((a, b) => sign * String(a[sortBy] ?? "").localeCompare(String(b[sortBy] ?? ""), undefined, { numeric: true }));
  }
  const start = Math.max(startIndex, 1);
  const rows = searchRepositories ? found : found.slice(start - 1, start - 1 + Math.min(request.count ?? MAX_COUNT, MAX_COUNT));
  const shown = searchDefault === "ids" && !attributes && !excludedAttributes ? ["id", "meta"] : attributes;
  const resources = rows.map((row) => project(row, shown, excludedAttributes));
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    ...(!(bareLists && searchRepositories) && { totalResults: found.length }),
    ...(!bareLists && { itemsPerPage: rows.length, startIndex: start }),
    [resourcesKey]: resources,
  };
}

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  if (!["POST", "PUT", "PATCH"].includes(request.method)) return {};
  const { body } = request;
  if (body instanceof MalformedBody || typeof body !== "object" || body === null)
    throw new Refusal(400, "The body is not JSON", "invalidSyntax");
  return body as Record<string, unknown>;
}

const SERVICE_PROVIDER_CONFIG = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: false },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_COUNT },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: "oauthbearertoken", name: "OAuth Bearer Token", primary: true }],
};
