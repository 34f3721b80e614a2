import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { Answer } from "../kernel/answer.js";
import type { Clock } from "../kernel/clock.js";
import { MalformedBody } from "../kernel/server.js";
import { type AuthParts, addOAuthRoutes, admit, type Rights } from "./auth.js";
import { page } from "./collection.js";
import { EXPORT, IDENTITIES, IDENTITY_ATTRIBUTES, LIFECYCLE_STATES, profileCollection, SOURCES, TASKS } from "./collection-fields.js";
import { Refusal } from "./errors.js";
import { exported, importProfiles, preview } from "./objects.js";
import { taskResult, taskStatus } from "./tasks.js";
import { type Identity, type Source, type Task, VERSIONS, type Version } from "./types.js";

interface RouteContext {
  request: FastifyRequest;
  reply: FastifyReply;
  /** The id in the path, empty where there is none. */
  id: string;
  version: Version;
}

interface Route {
  method: HTTPMethods | HTTPMethods[];
  noun: string;
  /** What follows the noun. */
  path?: string;
  rights: Rights | ((version: Version) => Rights);
  /** Versions that document the route; the others answer 404. @default all */
  versions?: readonly Version[];
  handle(context: RouteContext): unknown;
}

const ADMIN_OR_API = ["ORG_ADMIN", "API"];
const ADMIN = ["ORG_ADMIN"];
const READ: Rights = { scope: "idn:identity-profile:read", levels: ADMIN_OR_API };
const MANAGE: Rights = { scope: "idn:identity-profile:manage", levels: ADMIN_OR_API };
/** Callers with a user behind them only. */
const IMPORT: Rights = { scope: "idn:identity-profile:manage", levels: ADMIN };
/** API is missing: a client without user context may start a deletion and still not be allowed to watch it. */
const WATCH: Rights = {
  scope: "idn:task-management:read",
  levels: ["ORG_ADMIN", "HELPDESK", "CERT_ADMIN", "REPORT_ADMIN", "ROLE_ADMIN", "SOURCE_ADMIN"],
};
const READ_SOURCES: Rights = { scope: "idn:sources:read", levels: ["ORG_ADMIN", "SOURCE_ADMIN", "API"] };
const READ_IDENTITIES: Rights = { scope: "idn:identity:read", levels: ["ORG_ADMIN", "HELPDESK", "API"] };

const NOT_V3 = VERSIONS.filter((version) => version !== "v3");
const NOT_BETA = VERSIONS.filter((version) => version !== "beta");

/** Adds every route of the tenant under every version prefix. */
export function addRoutes(app: FastifyInstance, parts: AuthParts & { clock: Clock }): void {
  addOAuthRoutes(app, parts);
  for (const route of routes(parts)) {
    for (const version of VERSIONS) {
      const rights = typeof route.rights === "function" ? route.rights(version) : route.rights;
      app.route<{ Params: { id?: string } }>({
        method: route.method,
        url: base(version, route.noun) + (route.path ?? ""),
        preHandler: async (request) => admit(request, version, rights, parts),
        handler: async (request, reply) => {
          reply.header("content-type", "application/json;charset=utf-8");
          if (route.versions && !route.versions.includes(version)) throw new Refusal("404", `${version} has no such operation.`);
          return route.handle({ request, reply, id: request.params.id ?? "", version });
        },
      });
    }
  }
}

/** The version stands before the noun, except in the per-service layout, where it stands after it. */
const base = (version: Version, noun: string): string => (version === "v1" ? `/${noun}/v1` : `/${version}/${noun}`);

function routes({ tenant, switches, clock }: AuthParts & { clock: Clock }): Route[] {
  return [...profileRoutes(), ...taskRoutes(), ...referenceRoutes()];

  function profileRoutes(): Route[] {
    const noun = "identity-profiles";
    return [
      {
        method: "GET",
        noun,
        rights: READ,
        handle: ({ request, reply }) => page(request, reply, tenant.profiles(), profileCollection(switches.filterTable)),
      },
      {
        method: "POST",
        noun,
        rights: MANAGE,
        handle({ request, reply, version }) {
          reply.code(201);
          return tenant.create(json(request), version);
        },
      },
      {
        method: "GET",
        noun,
        path: "/export",
        rights: (version) => ({ ...READ, levels: version === "beta" ? ADMIN : ADMIN_OR_API }),
        handle: ({ request, reply }) => page(request, reply, tenant.profiles(), EXPORT).map(exported),
      },
      {
        method: "POST",
        noun,
        path: "/import",
        rights: IMPORT,
        handle: ({ request, version }) => importProfiles(tenant, json(request), version),
      },
      { method: "POST", noun, path: "/identity-preview", rights: MANAGE, handle: ({ request }) => preview(tenant.current, json(request)) },
      {
        method: "POST",
        noun,
        path: "/bulk-delete",
        rights: deleteRights,
        handle({ request, reply }) {
          const ids = json(request);
          if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string"))
            throw new Refusal("400.1", "The body must be an array of ids.");
          const known = ids.every((id) => tenant.current.profiles.some((profile) => profile.id === id));
          return accepted(reply, tenant.startDeletion(ids, known));
        },
      },
      { method: "GET", noun, path: "/:id", rights: READ, handle: ({ id }) => tenant.profile(id) },
      {
        method: "PATCH",
        noun,
        path: "/:id",
        rights: MANAGE,
        handle: ({ request, id }) => tenant.patch(id, json(request, "application/json-patch+json")),
      },
      {
        method: "DELETE",
        noun,
        path: "/:id",
        rights: deleteRights,
        handle: ({ reply, id }) => accepted(reply, tenant.startDeletion([tenant.stored(id).id], true)),
      },
      {
        method: "GET",
        noun,
        path: "/:id/default-identity-attribute-config",
        rights: MANAGE,
        handle: ({ id, version }) => tenant.defaultMapping(id, version),
      },
      {
        method: "POST",
        noun,
        path: "/:id/process-identities",
        rights: MANAGE,
        handle({ reply, id }) {
          tenant.stored(id).identityRefreshRequired = false;
          reply.code(202);
          return {};
        },
      },
      {
        method: "GET",
        noun,
        path: "/:id/lifecycle-states",
        rights: { scope: "idn:identity-profile-lifecycle-state:read", levels: ADMIN_OR_API },
        // Beta gives one by its id and no list.
        versions: NOT_BETA,
        handle({ request, reply, id }) {
          const { id: owner } = tenant.stored(id);
          const states = tenant.current.lifecycleStates.filter(({ profileId }) => profileId === owner);
          return page(request, reply, states, LIFECYCLE_STATES).map(({ profileId: _, ...state }) => state);
        },
      },
      {
        method: ["GET", "POST"],
        noun,
        path: "/:id/refresh-identities",
        rights: MANAGE,
        handle() {
          throw new Refusal("405", "refresh-identities has become process-identities.");
        },
      },
    ];
  }

  function taskRoutes(): Route[] {
    const noun = "task-status";
    const view = (task: Task) => taskStatus(task, tenant, clock.now(), switches);
    const supported = (version: Version) => {
      if (switches.taskStatusUnsupported.includes(version)) throw new Answer(404);
    };
    return [
      {
        method: "GET",
        noun,
        rights: WATCH,
        handle({ request, reply, version }) {
          supported(version);
          const completed = tenant.current.tasks.filter((task) => tenant.hasEnded(task));
          return page(request, reply, completed.map(view), TASKS);
        },
      },
      {
        method: "GET",
        noun,
        path: "/:id",
        rights: WATCH,
        handle({ id, version }) {
          supported(version);
          // Neither answer has a body.
          if (switches.task === "forbidden") throw new Answer(403);
          const task = tenant.current.tasks.find((candidate) => candidate.id === id);
          const expired = task && clock.now() - Date.parse(task.launchedAt) > TASK_LIFETIME_MS;
          if (!task || expired || switches.task === "notFound") throw new Answer(404);
          return view(task);
        },
      },
    ];
  }

  function referenceRoutes(): Route[] {
    const sourceView = ({ accountAttributes: _, ...source }: Source) => ({
      ...source,
      authoritative: tenant.current.profiles.some((profile) => profile.authoritativeSource.id === source.id),
    });
    const source = (id: string) => found(tenant.current.sources, id, "Source");
    return [
      {
        method: "GET",
        noun: "sources",
        rights: READ_SOURCES,
        handle: ({ request, reply }) => page(request, reply, tenant.current.sources, SOURCES).map(sourceView),
      },
      { method: "GET", noun: "sources", path: "/:id", rights: READ_SOURCES, handle: ({ id }) => sourceView(source(id)) },
      {
        method: "GET",
        noun: "sources",
        path: "/:id/connections",
        rights: READ_SOURCES,
        versions: NOT_BETA,
        handle({ id }) {
          const bound = tenant.current.profiles.filter((profile) => profile.authoritativeSource.id === source(id).id);
          const identityProfiles = bound.map((profile) => ({ id: profile.id, name: profile.name, identityCount: profile.identityCount }));
          return {
            identityProfiles,
            credentialProfiles: [],
            sourceAttributes: [],
            mappingProfiles: [],
            dependentCustomTransforms: [],
            dependentApps: [],
            missingDependents: [],
          };
        },
      },
      {
        method: "GET",
        noun: "identities",
        rights: READ_IDENTITIES,
        versions: NOT_V3,
        handle: ({ request, reply }) => page(request, reply, tenant.current.identities, IDENTITIES).map(identityView),
      },
      {
        method: "GET",
        noun: "identities",
        path: "/:id",
        rights: READ_IDENTITIES,
        versions: NOT_V3,
        handle: ({ id }) => identityView(found(tenant.current.identities, id, "Identity")),
      },
      {
        method: "GET",
        noun: "identity-attributes",
        rights: { scope: "idn:identity-attributes:read", levels: ADMIN_OR_API },
        versions: NOT_V3,
        handle: ({ request, reply }) =>
          page(request, reply, tenant.current.identityAttributes, IDENTITY_ATTRIBUTES).map((attribute) => ({ ...attribute, sources: [] })),
      },
    ];
  }

  function accepted(reply: FastifyReply, task: Task) {
    reply.code(202);
    return switches.deleteNamesTask ? taskResult(task) : {};
  }
}

const TASK_LIFETIME_MS = 90 * 24 * 3600 * 1000;

/** Deleting has a scope of its own in beta only. */
function deleteRights(version: Version): Rights {
  return { ...MANAGE, scope: version === "beta" ? "idn:identity-profile:delete" : MANAGE.scope };
}

/**
 * The JSON body of a request.
 *
 * Errors: Refusal 415 for another content type, 400.1 for a body that is no JSON.
 */
function json(request: FastifyRequest, contentType = "application/json"): unknown {
  const sent = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (sent !== contentType) throw new Refusal("415", `Content-Type must be ${contentType}, not ${sent}.`);
  if (request.body === undefined || request.body instanceof MalformedBody) throw new Refusal("400.1", "The body is not JSON.");
  return request.body;
}

function found<T extends { id: string }>(objects: T[], id: string, kind: string): T {
  const object = objects.find((candidate) => candidate.id === id);
  if (!object) throw new Refusal("404", `${kind} ${id} was not found.`);
  return object;
}

function identityView({ id, name, alias, emailAddress, attributes }: Identity) {
  return { id, name, alias, emailAddress, attributes, identityStatus: "ACTIVE", isManager: false };
}
