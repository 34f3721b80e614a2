import type { FastifyInstance, FastifyRequest } from "fastify";
import { Answer } from "../kernel/answer.js";
import { MalformedBody } from "../kernel/server.js";
import type { Tokens } from "../kernel/tokens.js";
import { Refusal, unauthorized } from "./errors.js";
import type { People } from "./people.js";
import type { MyIdSwitches } from "./switches.js";
import type { MyIdClient, Right } from "./types.js";
import { detail, fits, listed } from "./views.js";

export interface Parts {
  people: People;
  switches: MyIdSwitches;
  tokens: Tokens<MyIdClient>;
  clients: readonly MyIdClient[];
  /** Rows of the Logons table: one per token given. */
  logons: { clientId: string }[];
}

/** The operations a PATCH may name, and the right each needs. Without one it is Edit Person. */
const OPERATIONS: Record<string, Right> = { "200103": "editPivApplicant" };

/** The token endpoint of web.oauth2, which takes credentials from the Authorization header or the form. */
export function addTokenRoute(app: FastifyInstance, { switches, tokens, clients, logons }: Parts): void {
  app.post("/web.oauth2/connect/token", async (request) => {
    const form = (request.body ?? {}) as Record<string, string>;
    const { id = form.client_id, secret = form.client_secret } = basic(request.headers.authorization);
    if (form.grant_type !== "client_credentials") throw oauthError("unsupported_grant_type");
    const client = clients.find(({ clientId, clientSecret }) => clientId === id && clientSecret === secret);
    if (!client) throw oauthError("invalid_client");
    const scope = form.scope ?? "myid.rest.basic";
    if (scope !== "myid.rest.basic") throw oauthError("invalid_scope");
    logons.push({ clientId: client.clientId });
    const lifetime = switches.tokenLifetimeSeconds;
    const claims = { aud: "myid.rest", scope: [scope], client_id: client.clientId, myidSessionId: String(logons.length) };
    return { access_token: tokens.issue(client, lifetime, claims), expires_in: lifetime, token_type: "Bearer", scope };
  });
}

/** The people of the Core API. Whether an `x-api-version` is sent makes no difference. */
export function addPeopleRoutes(app: FastifyInstance, { people, switches, tokens }: Parts): void {
  const admit = (request: FastifyRequest, right: Right) => {
    if (typeof tokens.check(request.headers.authorization) === "string") throw unauthorized();
    if (!switches.rights.includes(right)) throw new Refusal(403, "The user is not allowed to perform this operation.");
  };
  type ById = { Params: { id: string }; Querystring: Record<string, string> };
  const path = "/rest.core/api/People";

  app.get<ById>(path, async (request) => {
    admit(request, "viewPerson");
    return {
      results: people
        .visible()
        .filter((person) => fits(person, request.query, switches))
        .map((person) => listed(person, switches)),
    };
  });

  app.get<ById>(`${path}/:id`, async (request) => {
    admit(request, "viewPerson");
    const { externalReferences, ...rest } = detail(people.person(request.params.id), switches);
    return switches.hideReferences ? rest : { ...rest, externalReferences };
  });

  app.patch<ById>(`${path}/:id`, async (request, reply) => {
    const { op, confirm } = request.query;
    const right = op === undefined ? "editPerson" : OPERATIONS[op];
    if (right === undefined) throw new Refusal(400, `The operation ${op} is not known.`);
    admit(request, right);
    if (switches.confirmRequired && confirm !== "false") throw new Refusal(400, "The operation has to be confirmed.");
    if (request.body instanceof MalformedBody) throw new Refusal(400, "The body is not JSON.");
    const person = people.patch(request.params.id, request.body, op);
    return switches.patchAnswer === "nothing" ? reply.code(204).send() : detail(person, switches);
  });

  // Removes the person and all that belongs to it. It is here so that a client which wrongly calls it does its harm.
  app.delete<ById>(`${path}/:id`, async (request, reply) => {
    admit(request, "removePerson");
    people.remove(request.params.id);
    return reply.code(204).send();
  });
}

/** Credentials of a Basic Authorization header. Source: RFC 7617 section 2. */
function basic(authorization: string | undefined): { id?: string; secret?: string } {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(encoded ? Buffer.from(encoded, "base64").toString() : "") ?? [];
  return { id, secret };
}

/** Source: RFC 6749 section 5.2. */
function oauthError(error: string): Answer {
  return new Answer(400, { error });
}
