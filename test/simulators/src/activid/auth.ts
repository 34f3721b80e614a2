import type { FastifyInstance, FastifyRequest } from "fastify";
import { Answer } from "../kernel/answer.js";
import type { Tokens } from "../kernel/tokens.js";
import { Refusal } from "./errors.js";
import type { Store } from "./store.js";
import type { ActivIdClient } from "./types.js";

export interface AuthParts {
  store: Store;
  tokens: Tokens<ActivIdClient>;
  clients: readonly ActivIdClient[];
  /** Wrong secrets in a row, by client id. */
  failures: Map<string, number>;
}

/** Errors: Refusal 401 without a token that counts, 403 for a client without the role. */
export function admit(request: FastifyRequest, { tokens }: AuthParts): void {
  const grant = tokens.check(request.headers.authorization);
  if (typeof grant === "string") throw new Refusal(401, `The access token is ${grant}`);
  if (grant.client.privileged === false) throw new Refusal(403, "The client may not use this endpoint");
}

/** The token endpoint. A refused secret is a 400, and several in a row lock the client for good. */
export function addTokenRoute(app: FastifyInstance, { store, tokens, clients, failures }: AuthParts): void {
  app.post<{ Params: { tenant: string } }>("/idp/:tenant/authn/token", async (request) => {
    if (request.params.tenant !== store.current.tenant) throw new Refusal(404, "The tenant is unknown");
    const { grant_type, client_id, client_secret } = (request.body ?? {}) as Record<string, string | undefined>;
    if (grant_type !== "client_credentials") throw oauthError("unsupported_grant_type", `Unsupported grant type: ${grant_type}`);
    const header = basic(request.headers.authorization);
    const [id, secret] = header ?? [client_id, client_secret];
    const method = header ? "client_secret_basic" : "client_secret_post";
    const client = clients.find(({ clientId, authMethod = "client_secret_basic" }) => clientId === id && authMethod === method);
    const failed = failures.get(String(id)) ?? 0;
    if (!client || failed >= store.switches.lockAfter)
      throw oauthError("invalid_client", client ? "The client is locked" : "Client authentication failed");
    if (client.clientSecret !== secret) {
      failures.set(client.clientId, failed + 1);
      throw oauthError("invalid_client", "Client authentication failed");
    }
    failures.delete(client.clientId);
    const { tokenLifetimeSeconds } = store.switches;
    return { access_token: tokens.issueOpaque(client, tokenLifetimeSeconds), token_type: "Bearer", expires_in: tokenLifetimeSeconds };
  });
}

/** Id and secret of a Basic header, which hold percent-encoded text. */
function basic(authorization: string | undefined): [string, string] | undefined {
  const [, coded] = /^Basic (.+)$/i.exec(authorization ?? "") ?? [];
  if (coded === undefined) return undefined;
  const [id = "", secret = ""] = Buffer.from(coded, "base64").toString().split(/:(.*)/s);
  try {
    return [decodeURIComponent(id), decodeURIComponent(secret)];
  } catch {
    return [id, ""];
  }
}

function oauthError(error: string, error_description: string): Answer {
  return new Answer(400, { error, error_description });
}
