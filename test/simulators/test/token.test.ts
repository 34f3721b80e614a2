import { expect, test } from "vitest";
import { call, EMPLOYEES, methods, start, tokenOf } from "./support.js";

const credentials = { grant_type: "client_credentials", client_id: "simulator-client", client_secret: "simulator-secret" };

function multipart(): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(credentials)) form.set(name, value);
  return form;
}

test.each([
  ["an urlencoded form", (url: string) => fetch(url, { method: "POST", body: new URLSearchParams(credentials) })],
  ["a multipart form", (url: string) => fetch(url, { method: "POST", body: multipart() })],
  ["the query string", (url: string) => fetch(`${url}?${new URLSearchParams(credentials)}`, { method: "POST" })],
])("credentials may come in %s", async (_name, send) => {
  const tenant = await start({ seed: { org: "globex", pod: "se01", tenantId: "t-1" }, tokenLifetimeSeconds: 15 });
  const answer = await send(`${tenant.url}/oauth/token`);
  expect(answer.status).toBe(200);
  const token = (await answer.json()) as Record<string, string>;
  expect(token).toMatchObject({
    token_type: "bearer",
    expires_in: 15,
    scope: "sp:scopes:all",
    org: "globex",
    pod: "se01",
    tenant_id: "t-1",
  });
  expect(token.refresh_token).toBeUndefined();
  expect((await methods(tenant, String(token.access_token)).get("/beta/identity-profiles")).status).toBe(200);
  expect(JSON.stringify(tenant.requests)).not.toContain("simulator-secret");
});

test("a token is a JWT that carries authorities, scope, client and expiry", async () => {
  const { tenant, token } = await call({ tokenLifetimeSeconds: 20 });
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  expect(claims).toMatchObject({ authorities: ["ORG_ADMIN"], scope: ["sp:scopes:all"], client_id: tenant.credentials.clientId });
  expect(claims.exp - claims.iat).toBe(20);
});

test.each([
  [{ ...credentials, client_secret: "wrong" }, 401, "invalid_client"],
  [{ ...credentials, client_id: "nobody" }, 401, "invalid_client"],
  [{ ...credentials, grant_type: "password" }, 400, "unsupported_grant_type"],
])("bad credentials %j answer %i with the OAuth error %s", async (form, status, error) => {
  const tenant = await start();
  const answer = await fetch(`${tenant.url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error, error_description: expect.any(String) });
});

test("an expired token answers 401 in the gateway's words, a new one works", async () => {
  const { tenant, get } = await call({ tokenLifetimeSeconds: 120 });
  tenant.clock.advance(60_000);
  expect((await get("/beta/identity-profiles")).status).toBe(200);
  tenant.clock.advance(60_000);
  const expired = await get("/beta/identity-profiles");
  expect(expired).toMatchObject({ status: 401, body: { error: "JWT validation failed: JWT is expired" } });
  expect((await methods(tenant, await tokenOf(tenant)).get("/beta/identity-profiles")).status).toBe(200);
});

test("missing, foreign and revoked tokens answer 401", async () => {
  const { tenant, get } = await call();
  expect((await fetch(`${tenant.url}/beta/identity-profiles`)).status).toBe(401);
  expect((await get("/beta/identity-profiles", { authorization: "Bearer a.b.c" })).status).toBe(401);
  tenant.revokeTokens();
  expect((await get("/beta/identity-profiles")).status).toBe(401);
});

test("two clients have their own secrets, rights and lifetimes", async () => {
  const tenant = await start({
    clients: [
      { clientId: "admin", clientSecret: "one" },
      { clientId: "bare", clientSecret: "two", authorities: ["API"], tokenLifetimeSeconds: 15 },
    ],
  });
  expect(tenant.credentials).toEqual({ clientId: "admin", clientSecret: "one" });
  const bare = methods(tenant, await tokenOf(tenant, { clientId: "bare", clientSecret: "two" }));
  expect((await bare.get("/beta/identity-profiles")).status).toBe(200);
  // A client without user context may delete a profile and still not watch the deletion.
  const deletion = await bare.delete(`/beta/identity-profiles/${EMPLOYEES}`);
  expect(deletion.status).toBe(202);
  expect(await bare.get(`/beta/task-status/${deletion.body.id}`)).toMatchObject({ status: 403 });
  expect((await bare.get("/beta/identity-profiles/export")).status).toBe(403);
  expect((await bare.get("/v2026/identity-profiles/export")).status).toBe(200);
  expect((await bare.post("/beta/identity-profiles/import", [])).status).toBe(403);
  tenant.clock.advance(15_000);
  expect((await bare.get("/beta/identity-profiles")).status).toBe(401);
});

test.each([
  ["GET", "beta", "idn:identity-profile:read"],
  ["POST", "beta", "idn:identity-profile:manage"],
  ["PATCH", "beta", "idn:identity-profile:manage"],
  ["DELETE", "beta", "idn:identity-profile:delete"],
  ["DELETE", "v3", "idn:identity-profile:manage"],
])("%s under %s needs %s", async (method, version, scope) => {
  const { tenant, token } = await call();
  const send = () =>
    fetch(`${tenant.url}/${version}/identity-profiles${method === "POST" ? "" : `/${EMPLOYEES}`}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(method === "PATCH" && { "content-type": "application/json-patch+json" }) },
      ...(method === "PATCH" && { body: "[]" }),
    });
  tenant.switches.scopes = ["sp:scopes:default", "idn:something:else"];
  const refused = await send();
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ detailCode: "403 Forbidden" });
  tenant.switches.scopes = [scope];
  expect((await send()).status).not.toBe(403);
});

test("the tenant describes its OAuth endpoints", async () => {
  const tenant = await start();
  const info = (await (await fetch(`${tenant.url}/oauth/info`)).json()) as Record<string, string>;
  expect(info).toMatchObject({ tenantName: "acme", tokenEndpoint: `${tenant.url}/oauth/token` });
  expect(Object.keys(info)).toEqual(["tenantName", "authorizeEndpoint", "tokenEndpoint", "cloudDomainUrl", "pod"]);
});
