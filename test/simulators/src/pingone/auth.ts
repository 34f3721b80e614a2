import type { FastifyInstance, FastifyRequest } from "fastify";
import { Answer } from "../kernel/answer.js";
import type { RateLimiter } from "../kernel/limits.js";
import type { Tokens } from "../kernel/tokens.js";
import { Refusal, throttled } from "./errors.js";
import { forbidden, type Sees } from "./store.js";
import type { PingOneSwitches } from "./switches.js";
import type { PingOneClient } from "./types.js";

export interface AuthParts {
  switches: PingOneSwitches;
  tokens: Tokens<PingOneClient>;
  clients: readonly (PingOneClient & { environmentId: string })[];
  /** Per licence, thus shared by all clients of the organization, and per address. */
  limiters: { licence: RateLimiter; ip: RateLimiter };
}

/**
 * Lets a request through to an environment, or throws the answer that stops it: 401 for the token, 429, then 403 without a role.
 *
 * Out:    which populations the caller may see.
 */
export function admit(request: FastifyRequest, environmentId: string, { tokens, limiters }: AuthParts): Sees {
  const grant = tokens.check(request.headers.authorization);
  if (typeof grant === "string") {
    throw new Refusal(401, "The request could not be completed. You do not have access to this resource.", [
      { code: "INVALID_TOKEN", message: `The token is ${grant}.` },
    ]);
  }
  const seconds = Math.max(limiters.ip.secondsToWait(request.ip), limiters.licence.secondsToWait("licence"));
  if (seconds > 0) throw throttled(seconds);
  const { roles } = grant.client;
  if (roles === undefined) return () => true;
  const held = roles.filter((role) => role.environmentId === environmentId);
  if (held.length === 0) throw forbidden();
  return (populationId) => held.some(({ populationIds }) => populationIds === undefined || populationIds.includes(populationId));
}

/** The token endpoint of every environment. It takes a client's credentials only in the way that the client is configured for. */
export function addTokenRoute(app: FastifyInstance, { switches, tokens, clients }: AuthParts): void {
  app.post<{ Params: { environment: string } }>("/:environment/as/token", async (request) => {
    const form = (request.body ?? {}) as Record<string, string>;
    const { grant_type, client_id, client_secret } = form;
    if (grant_type !== "client_credentials") throw oauthError(400, "unsupported_grant_type", `Unsupported grant type: ${grant_type}`);
    const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const [basicId, basicSecret] = basic ? splitOnce(Buffer.from(basic, "base64").toString()) : [];
    const method = basic ? "CLIENT_SECRET_BASIC" : "CLIENT_SECRET_POST";
    const [id, secret] = basic ? [basicId, basicSecret] : [client_id, client_secret];
    const client = clients.find((one) => one.clientId === id && one.environmentId === request.params.environment);
    if (!client || client.clientSecret !== secret) throw oauthError(401, "invalid_client", "Request denied: Invalid client credentials");
    if ((client.tokenEndpointAuthMethod ?? "CLIENT_SECRET_BASIC") !== method)
      throw oauthError(401, "invalid_client", "Request denied: Unsupported authentication method");
    if (client.roles?.length === 0) throw oauthError(400, "unauthorized_client", "Request denied: The application has no roles assigned");
    const access_token = tokens.issue(client, switches.tokenLifetimeSeconds, { client_id: id, env: client.environmentId });
    return { access_token, token_type: "Bearer", expires_in: switches.tokenLifetimeSeconds };
  });
}

function splitOnce(pair: string): [string, string] {
  const colon = pair.indexOf(":");
  return [pair.slice(0, colon), pair.slice(colon + 1)];
}

function oauthError(status: number, error: string, error_description: string): Answer {
  return new Answer(status, { error, error_description });
}
