import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Tokens } from "../kernel/tokens.js";
import { forbidden, undocumented } from "./errors.js";
import type { PlainIdSwitches } from "./switches.js";
import type { PlainIdClient } from "./types.js";

export interface AuthParts {
  switches: PlainIdSwitches;
  tokens: Tokens<PlainIdClient>;
  clients: readonly PlainIdClient[];
}

/** Lets a request through or throws: 401 for a token that does not count, then 403 for another environment or a viewer's write. */
export function admit(request: FastifyRequest, envId: string, { tokens, switches }: AuthParts): void {
  const grant = tokens.check(request.headers.authorization);
  if (typeof grant === "string") throw undocumented(401);
  const { owner = "TENANT", envId: own, permission = "ADMIN" } = grant.client;
  const refuse = (message: string) => forbidden(switches.forbiddenBody, "forbiddenEnvironment", message);
  if (owner === "ENVIRONMENT" && own !== envId) throw refuse(`Environment: [${envId}] is not accessible`);
  if (permission === "VIEWER" && request.method !== "GET") throw refuse("Administrator permission is required");
}

/** The token endpoint: a form only, no bearer token, no refresh token. */
export function addTokenRoute(app: FastifyInstance, { tokens, switches, clients }: AuthParts): void {
  app.post("/api/1.0/api-key/token", async (request) => {
    if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) throw undocumented(switches.jsonTokenStatus);
    const { grant_type, client_id, client_secret } = (request.body ?? {}) as Record<string, string>;
    const client = clients.find((candidate) => candidate.clientId === client_id && candidate.clientSecret === client_secret);
    if (grant_type !== "client_credentials" || !client) throw undocumented(401);
    const expires_in = switches.tokenLifetimeSeconds;
    return { access_token: tokens.issue(client, expires_in, { client_id }), token_type: "Bearer", expires_in };
  });
}
