import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Answer } from "../kernel/answer.js";
import { MalformedBody } from "../kernel/server.js";
import { type AuthParts, addTokenRoute, admit } from "./auth.js";
import { mapperSetNotFound, undocumented } from "./errors.js";
import type { Tenant } from "./store.js";
import type { IdentitySource } from "./types.js";

type Request = FastifyRequest<{ Params: Record<string, string>; Querystring: Record<string, string> }>;

/** Adds every route of the tenant. Only what the vendor documents is there: identity sources can be listed, imported and renamed. */
export function addRoutes(app: FastifyInstance, parts: AuthParts & { tenant: Tenant }): void {
  const { tenant, switches } = parts;
  addTokenRoute(app, parts);

  const route = (
    method: "GET" | "PATCH" | "PUT",
    url: string,
    handle: (request: Request, params: { envId: string; templateId: string; id: string }, reply: FastifyReply) => unknown,
  ) =>
    app.route({
      method,
      url: `/api/1.0${url}`,
      handler: async (plain, reply) => {
        const request = plain as Request;
        const { envId = "", templateId = "", id = "" } = request.params;
        admit(request, envId, parts);
        return handle(request, { envId, templateId, id }, reply);
      },
    });

  const sources = "/identity-templates/:envId/:templateId/identity-sources";
  route("GET", sources, ({ query }, { envId, templateId }) => {
    const all = query.includeUnimportableSources ?? String(switches.includeUnimportableByDefault);
    return { data: { sources: tenant.exported(tenant.template(envId, templateId), all === "true") } };
  });
  route("PUT", sources, (request, { envId, templateId }, reply) => {
    const body = json(request, switches) as { sources?: unknown } | null;
    const given = body?.sources;
    if (!Array.isArray(given) || !given.every((source) => typeof source?.sourceId === "string" && typeof source.displayName === "string"))
      throw undocumented(switches.malformedStatus);
    tenant.import(tenant.template(envId, templateId), given as IdentitySource[]);
    return reply.code(204).send();
  });
  route("PATCH", `${sources}/:id`, (request, { envId, templateId, id }, reply) => {
    const value = newId(json(request, switches));
    if (value === undefined) throw undocumented(switches.malformedStatus);
    tenant.rename(envId, tenant.template(envId, templateId), id, value);
    return reply.code(204).send();
  });

  // The vendor's list of mapper sets leaves out what they link to unless it is asked for in detail.
  route("GET", "/identity-templates/:envId/:templateId/mapper-sets", ({ query }, { envId, templateId }) => ({
    data: tenant
      .template(envId, templateId)
      .mapperSets.map(({ linkedSources, ...set }) => ({ ...set, ...(query.detailed === "true" && { linkedSources }) })),
  }));
  route("GET", "/identity-templates/:envId/:templateId/mapper-sets/:id", (_request, { envId, templateId, id }) => {
    const { mapperSets } = tenant.template(envId, templateId);
    const found = mapperSets.find(({ mappersSetId }) => mappersSetId === id);
    if (!found)
      throw mapperSetNotFound(
        id,
        mapperSets.map(({ mappersSetId }) => mappersSetId),
      );
    return { data: found };
  });
  // Assumed: the vendor shows one API mapper set and how to rename it; that they can be listed beside it is taken for granted.
  route("GET", "/api-mapper-sets/:envId", (_request, { envId }) => ({ data: tenant.environment(envId).apiMapperSets }));
}

/** Errors: the answer for another content type, 400 for what is no JSON. */
function json(request: FastifyRequest, { contentTypeStatus }: AuthParts["switches"]): unknown {
  if (!/^application\/json\s*(;|$)/.test(request.headers["content-type"] ?? "")) throw undocumented(contentTypeStatus);
  if (request.body instanceof MalformedBody) throw new Answer(400);
  return request.body;
}

/** The new id that a patch asks for; undefined when it is anything but exactly one replacement of `/sourceId`. */
function newId(body: unknown): string | undefined {
  if (!Array.isArray(body) || body.length !== 1) return undefined;
  const { op, path, value } = body[0] ?? {};
  return op === "replace" && path === "/sourceId" && typeof value === "string" && value !== "" ? value : undefined;
}
