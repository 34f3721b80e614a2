import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MalformedBody } from "../kernel/server.js";
import { type AuthParts, addTokenRoute, admit } from "./auth.js";
import { invalid, Refusal } from "./errors.js";
import { parseFilter } from "./filters.js";
import { RESOURCE_TYPES, SCHEMAS, SERVICE_PROVIDER_CONFIG } from "./metadata.js";
import { patched } from "./patch.js";
import type { Organization } from "./store.js";

export interface Parts extends AuthParts {
  organization: Organization;
  /** Address of the SCIM host, for the links in answers. */
  host(): string;
}

type Params = { environment: string; id: string };
type Body = Record<string, unknown>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The most that a search answers; there is no second page. */
const MAX_RESULTS = 200;

/** All routes of the SCIM service and the token endpoint. */
export function addRoutes(app: FastifyInstance, parts: Parts): void {
  const { organization } = parts;
  addTokenRoute(app, parts);

  const open = (request: FastifyRequest) => {
    const { environment: id } = request.params as Params;
    const sees = admit(request, id, parts);
    if (!UUID.test(id)) throw new Refusal(404, `Unable to find environment with ID: '${id}'.`);
    return { environment: organization.environment(id), sees };
  };
  const one = (request: FastifyRequest) => {
    const { environment, sees } = open(request);
    const user = organization.user(environment, (request.params as Params).id, sees);
    return { environment, sees, user, present: () => organization.present(environment, user, parts.host()) };
  };

  const users = "/environments/:environment/v2/DirectMappedUsers";
  app.post(users, async (request, reply) => {
    const { environment, sees } = open(request);
    const user = organization.create(environment, bodyOf(request), sees);
    const answer = organization.present(environment, user, parts.host());
    return reply
      .code(201)
      .header("location", (answer.meta as { location: string }).location)
      .send(answer);
  });
  app.get(`${users}/:id`, async (request) => one(request).present());
  app.put(`${users}/:id`, async (request) => {
    const { environment, user, sees, present } = one(request);
    organization.replace(environment, user, bodyOf(request), sees);
    return present();
  });
  app.patch(`${users}/:id`, async (request) => {
    const { environment, user, sees, present } = one(request);
    const { identityProvider } = user;
    const before = { ...user.attributes, population: { id: user.populationId } };
    organization.replace(environment, user, patched(before, bodyOf(request).Operations), sees);
    user.identityProvider = identityProvider;
    return present();
  });
  app.delete(`${users}/:id`, async (request, reply) => {
    const { environment, user } = one(request);
    environment.users.splice(environment.users.indexOf(user), 1);
    return reply.code(204).send();
  });

  const search = (request: FastifyRequest, filter: unknown, count: unknown) => {
    const { environment, sees } = open(request);
    const limit = count === undefined ? MAX_RESULTS : Math.min(MAX_RESULTS, Number(count));
    if (!Number.isInteger(limit)) throw invalid("count", `${count} is no number`, "INVALID_PARAMETER");
    const matches = filter === undefined ? () => true : parseFilter(String(filter));
    const found = organization.visible(environment, sees).map((user) => organization.present(environment, user, parts.host()));
    const Resources = found.filter(matches).slice(0, Math.max(0, limit));
    return { schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], totalResults: Resources.length, Resources };
  };
  app.get<{ Querystring: Body }>(users, async (request) => search(request, request.query.filter, request.query.count));
  app.post(`${users}/.search`, async (request) => {
    const { filter, count } = bodyOf(request);
    return search(request, filter, count);
  });

  const notAllowed = async (request: FastifyRequest, _reply: FastifyReply) => {
    throw new Refusal(405, `Request method '${request.method}' not supported.`);
  };
  const metadata = { ServiceProviderConfig: SERVICE_PROVIDER_CONFIG, Schemas: SCHEMAS, ResourceTypes: RESOURCE_TYPES };
  for (const [name, answer] of Object.entries(metadata)) {
    const url = `/environments/:environment/v2/${name}`;
    app.get(url, async (request) => {
      open(request);
      return answer;
    });
    app.route({ method: ["POST", "PUT", "PATCH", "DELETE"], url, handler: notAllowed });
  }
  app.all("/environments/:environment/v2/Groups", async () => {
    throw new Refusal(501, "Groups are not implemented.");
  });

  app.route({ method: ["PUT", "PATCH", "DELETE"], url: users, handler: notAllowed });
  app.route({ method: ["POST"], url: `${users}/:id`, handler: notAllowed });
  app.route({ method: ["GET", "PUT", "PATCH", "DELETE"], url: `${users}/.search`, handler: notAllowed });
}

function bodyOf(request: FastifyRequest): Body {
  const { body } = request;
  if (body instanceof MalformedBody || typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalid("body", "The request body is missing or not a JSON object.", "INVALID_VALUE", "invalidSyntax");
  }
  return body as Body;
}
