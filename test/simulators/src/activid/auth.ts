import { verify, X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
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
  /** In PEM: what clients that are registered for `client_secret_pki` show. */
  pkiCertificate: string | undefined;
}

/** Errors: Refusal 401 without a token that counts, 403 for a client without the role. */
export function admit(request: FastifyRequest, { tokens }: AuthParts): void {
  const grant = tokens.check(request.headers.authorization);
  if (typeof grant === "string") throw new Refusal(401, `The access token is ${grant}`);
  if (grant.client.privileged === false) throw new Refusal(403, "The client may not use this endpoint");
}

type Form = Record<string, string | undefined>;
type Method = NonNullable<ActivIdClient["authMethod"]>;

/** The token endpoint. A refused secret is a 400, and several in a row lock the client for good. */
export function addTokenRoute(app: FastifyInstance, parts: AuthParts): void {
  const { store, tokens, clients, failures } = parts;
  /** Statements that have been used up. */
  const spent = new Set<string>();
  app.post<{ Params: { tenant: string } }>("/idp/:tenant/authn/token", async (request) => {
    if (request.params.tenant !== store.current.tenant) throw new Refusal(404, "The tenant is unknown");
    const form = (request.body ?? {}) as Form;
    const header = basic(request.headers.authorization);
    const method = methodOf(form, header !== undefined);
    if (method === undefined) throw oauthError("unsupported_grant_type", `Unsupported grant type: ${form.grant_type}`);
    const [id, secret] = header ?? [form.client_id, form.client_secret];
    const client = clients.find(({ clientId, authMethod = "client_secret_basic" }) => clientId === id && authMethod === method);
    const failed = failures.get(String(id)) ?? 0;
    if (!client || failed >= store.switches.lockAfter)
      throw oauthError("invalid_client", client ? "The client is locked" : "Client authentication failed");
    const proofs: Record<Method, () => boolean> = {
      client_secret_basic: () => client.clientSecret === secret,
      client_secret_post: () => client.clientSecret === secret,
      private_key_jwt: () => isStatementOf(client, form.client_assertion, addressOf(request), store.clock.now(), spent),
      client_secret_pki: () => showsCertificate(request.raw.socket as TLSSocket, parts.pkiCertificate),
    };
    if (!proofs[method]()) {
      failures.set(client.clientId, failed + 1);
      throw oauthError("invalid_client", "Client authentication failed");
    }
    failures.delete(client.clientId);
    const { tokenLifetimeSeconds } = store.switches;
    return { access_token: tokens.issueOpaque(client, tokenLifetimeSeconds), token_type: "Bearer", expires_in: tokenLifetimeSeconds };
  });
}

/** How a request says who asks; undefined for a grant that this server does not give. */
function methodOf({ grant_type, client_assertion_type }: Form, hasHeader: boolean): Method | undefined {
  if (grant_type === "urn:hid:oauth:grant-type:client-secret-pki") return "client_secret_pki";
  if (grant_type !== "client_credentials") return undefined;
  if (hasHeader) return "client_secret_basic";
  return client_assertion_type === "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" ? "private_key_jwt" : "client_secret_post";
}

/** Whether a signed statement is by the client, for this address, still good, and not used before. Source: RFC 7523 section 3. */
function isStatementOf({ clientId, publicKey }: ActivIdClient, jwt = "", audience: string, now: number, spent: Set<string>): boolean {
  const [head = "", body = "", signature = ""] = jwt.split(".");
  if (publicKey === undefined || !verify("sha256", Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, "base64url")))
    return false;
  const [{ alg }, { iss, sub, aud, jti, exp }] = [head, body].map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  const isGood = alg === "RS256" && iss === clientId && sub === clientId && aud === audience && exp * 1000 > now && !spent.has(jti);
  spent.add(jti);
  return isGood;
}

const addressOf = ({ protocol, host, url }: FastifyRequest) => `${protocol}://${host}${url}`;

/** Whether the connection belongs to the holder of a certificate. */
function showsCertificate(socket: TLSSocket, certificate: string | undefined): boolean {
  if (certificate === undefined || !socket.authorized) return false;
  return socket.getPeerX509Certificate()?.raw.equals(new X509Certificate(certificate).raw) ?? false;
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
