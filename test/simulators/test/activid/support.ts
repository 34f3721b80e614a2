import { onTestFinished } from "vitest";
import { type ActivIdOptions, type ActivIdSimulator, startActivId } from "../../src/index.js";

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  body: any;
  headers: Headers;
}

export interface Caller {
  tenant: ActivIdSimulator;
  send(method: string, path: string, body?: unknown): Promise<Reply>;
}

export async function start(options: ActivIdOptions = {}): Promise<ActivIdSimulator> {
  const tenant = await startActivId(options);
  onTestFinished(() => tenant.close());
  return tenant;
}

export function askForToken(
  tenant: ActivIdSimulator,
  { clientId, clientSecret } = tenant.credentials,
  encode = encodeURIComponent,
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
  return fetch(`${tenant.url}/idp/ACME/authn/token`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
}

/** A tenant that closes when the test ends, and somebody who is logged in to it. Paths are below the tenant. */
export async function call(options: ActivIdOptions = {}): Promise<Caller> {
  const tenant = await start(options);
  const { access_token } = (await (await askForToken(tenant)).json()) as { access_token: string };
  return {
    tenant,
    async send(method, path, body) {
      const answer = await fetch(`${tenant.url}/scim/ACME/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, "content-type": "application/scim+json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text.startsWith("{") ? JSON.parse(text) : text };
    },
  };
}

export const ATTRIBUTES = "urn:hid:scim:api:idp:2.0:UserAttribute";
export const DEVICES = "urn:hid:scim:api:idp:2.0:UserDevice";
export const AUTHENTICATORS = "urn:hid:scim:api:idp:2.0:UserAuthenticator";

export const MARIA = {
  externalId: "mlopez",
  name: { givenName: "Maria", familyName: "Lopez" },
  emails: [{ value: "mlopez@example.org", type: "work" }],
  groups: [{ value: "USG_FTEMP" }],
};
