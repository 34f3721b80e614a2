import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { privateKeyFault } from "../core/config";
import type { Call } from "../core/http/client";
import type { ActivIdSettings } from "./vendor";

/** How a client may be registered to say who it is, and the settings that hold what it says, as a reader has to know them. */
export const AUTH_METHODS = {
  client_secret_basic: "activid:clientSecret (ACTIVID_CLIENT_SECRET)",
  client_secret_post: "activid:clientSecret (ACTIVID_CLIENT_SECRET)",
  private_key_jwt: "activid:privateKey (ACTIVID_PRIVATE_KEY), the clock of this machine",
  client_secret_pki: "activid:certFile and activid:keyFile",
};

/** How long a signed statement counts, in seconds. It is used at once; the rest is for clocks that go wrong. */
const ASSERTION_SECONDS = 120;

/** What is wrong with the key that a client signs with, as the rest of a sentence; undefined for nothing. */
export function signingKeyFault(pem: string): string | undefined {
  const fault = privateKeyFault(pem);
  if (fault !== undefined) return fault;
  const { asymmetricKeyType } = createPrivateKey(pem);
  return asymmetricKeyType === "rsa" ? undefined : `must hold an RSA key, not one of type ${asymmetricKeyType}`;
}

/**
 * The part of a request for a token that says who asks for it.
 *
 * In:     audience, the address that the token is asked for at.
 * Source: docs.hidglobal.com, Token Endpoint, and Client ID Authentication with JWT (PKI); RFC 7523 section 2.2 and OpenID Connect Core section
 *         9 for the signed statement. That `client_secret_pki` names the client in the form is assumed: the vendor shows no sample.
 */
export function tokenRequest(given: ActivIdSettings, audience: string): Pick<Call, "body" | "headers" | "renew"> {
  const { clientId: client_id, clientSecret = "", privateKey = "", tokenEndpointAuthMethod: method } = given;
  const grant_type = "client_credentials";
  if (method === "client_secret_basic")
    return {
      body: new URLSearchParams({ grant_type }),
      headers: { authorization: `Basic ${Buffer.from(basicCredentials(given)).toString("base64")}` },
    };
  if (method === "client_secret_post") return { body: new URLSearchParams({ grant_type, client_id, client_secret: clientSecret }) };
  if (method === "client_secret_pki")
    return { body: new URLSearchParams({ grant_type: "urn:hid:oauth:grant-type:client-secret-pki", client_id }) };
  return {
    // The server may refuse to see one twice, and an answer may be lost.
    renew() {
      const client_assertion = assertion(client_id, audience, privateKey);
      const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
      return {
        body: new URLSearchParams({ grant_type, client_id, client_assertion_type, client_assertion }),
        secrets: [client_assertion],
      };
    },
  };
}

/** Both parts are encoded before they are joined: the server decodes them, and counts what it misreads as a wrong secret. */
export function basicCredentials({ clientId, clientSecret = "" }: ActivIdSettings): string {
  return `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
}

/** A statement, good for one use, that the holder of the key is the client. Source: RFC 7515 section 3.1; RFC 7518 section 3.3; RFC 7523 section 3. */
function assertion(clientId: string, audience: string, privateKey: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat, exp: iat + ASSERTION_SECONDS };
  const signed = [{ alg: "RS256", typ: "JWT" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
