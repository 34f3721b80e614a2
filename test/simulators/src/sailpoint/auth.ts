import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Answer } from "../kernel/answer.js";
import type { RateLimiter } from "../kernel/limits.js";
import type { Grant, Tokens } from "../kernel/tokens.js";
import { Refusal, throttled, unauthorized } from "./errors.js";
import { newId } from "./seed.js";
import type { Tenant } from "./store.js";
import type { SailPointSwitches } from "./switches.js";
import type { SailPointClient, Version } from "./types.js";

export const EVERYTHING = "sp:scopes:all";

/** What a caller needs for a route. */
export interface Rights {
  scope: string;
  /** User levels of which one is needed. */
  levels: readonly string[];
}

export interface AuthParts {
  tenant: Tenant;
  switches: SailPointSwitches;
  tokens: Tokens<SailPointClient>;
  limiter: RateLimiter;
  clients: readonly SailPointClient[];
}

/**
 * Lets a request through to a route or throws the answer that stops it.
 *
 * Checked in this order: token (401), rate limit of client and version (429), experimental header (400), rights (403).
 */
export function admit(request: FastifyRequest, version: Version, rights: Rights, { switches, tokens, limiter }: AuthParts): void {
  const grant = tokens.check(request.headers.authorization);
  if (typeof grant === "string") throw unauthorized(UNAUTHORIZED[grant]);
  limit(limiter, grant.client.clientId, version);
  if (switches.experimentalRequired && request.headers["x-sailpoint-experimental"] !== "true") {
    throw new Refusal("400.1", "This API is experimental: send X-SailPoint-Experimental: true.");
  }
  if (!isAllowed(grant, rights, switches))
    throw new Refusal("403", `The token lacks ${rights.scope} or a user level of ${rights.levels.join(", ")}.`);
}

const UNAUTHORIZED = {
  missing: "JWT is required",
  unknown: "JWT validation failed: JWT was not issued here",
  expired: "JWT validation failed: JWT is expired",
} as const;

function isAllowed({ client }: Grant<SailPointClient>, { scope, levels }: Rights, { scopes }: SailPointSwitches): boolean {
  const held = scopes ?? client.scopes ?? [EVERYTHING];
  const authorities = client.authorities ?? ["ORG_ADMIN"];
  return (held.includes(EVERYTHING) || held.includes(scope)) && authorities.some((authority) => levels.includes(authority));
}

function limit(limiter: RateLimiter, clientId: string, prefix: string): void {
  const seconds = limiter.secondsToWait(`${clientId} ${prefix}`);
  if (seconds > 0) throw throttled(seconds);
}

/** The token endpoint, which takes credentials from a form of either kind or from the query string, and the tenant's OAuth description. */
export function addOAuthRoutes(app: FastifyInstance, { tenant, switches, tokens, limiter, clients }: AuthParts): void {
  app.post("/oauth/token", async (request) => {
    const form = { ...(request.query as object), ...(request.body as object) } as Record<string, string>;
    const { grant_type, client_id = "", client_secret } = form;
    // Assumed: tokens are counted like a version of their own, and under the id that was sent, right or wrong.
    limit(limiter, client_id, "oauth");
    if (grant_type !== "client_credentials") throw oauthError(400, "unsupported_grant_type", `Unsupported grant type: ${grant_type}`);
    const client = clients.find((candidate) => candidate.clientId === client_id && candidate.clientSecret === client_secret);
    if (!client) throw oauthError(401, "invalid_client", "Client authentication failed");

    const { org, pod, tenantId: tenant_id } = tenant.current;
    const scope = (switches.scopes ?? client.scopes ?? [EVERYTHING]).join(" ");
    const jti = newId();
    const lifetime = client.tokenLifetimeSeconds ?? switches.tokenLifetimeSeconds;
    const claims = { tenant_id, pod, org, scope: scope.split(" "), client_id, authorities: client.authorities ?? ["ORG_ADMIN"], jti };
    const access_token = tokens.issue(client, lifetime, claims);
    return { access_token, token_type: "bearer", expires_in: lifetime, scope, org, pod, tenant_id, jti };
  });

  app.get("/oauth/info", async (request) => {
    const { org, pod } = tenant.current;
    const base = `${request.protocol}://${request.host}`;
    return {
      tenantName: org,
      authorizeEndpoint: `${base}/oauth/authorize`,
      tokenEndpoint: `${base}/oauth/token`,
      cloudDomainUrl: base,
      pod,
    };
  });
}

function oauthError(status: number, error: string, error_description: string): Answer {
  return new Answer(status, { error, error_description });
}

/** Headers of every answer. */
export function decorate(request: FastifyRequest, reply: FastifyReply, { encodingHeaderOn4xx, deprecatedHeader }: SailPointSwitches): void {
  reply.header("slpt-request-id", request.id);
  // A charset where a coding belongs, over plain JSON: seen on real 4xx answers.
  if (encodingHeaderOn4xx && reply.statusCode >= 400 && reply.statusCode < 500) reply.header("content-encoding", "UTF-8");
  if (deprecatedHeader && /^\/(beta|v\d+)\//.test(request.url)) reply.header("x-deprecated", "true");
}
