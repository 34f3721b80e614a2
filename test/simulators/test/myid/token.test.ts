import { expect, test } from "vitest";
import { ANN, call, start, tokenOf } from "./support.js";

const form = { grant_type: "client_credentials", client_id: "simulator.client", client_secret: "simulator-secret" };
const bare = { grant_type: form.grant_type };
const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` });

test.each<[string, Record<string, string>, Record<string, string>]>([
  ["the form", form, {}],
  ["the form, with the scope", { ...form, scope: "myid.rest.basic" }, {}],
  ["the Authorization header", bare, basic(form.client_id, form.client_secret)],
])("credentials may come in %s", async (_where, body, headers) => {
  const server = await start();
  const answer = await fetch(`${server.url}/web.oauth2/connect/token`, { method: "POST", headers, body: new URLSearchParams(body) });
  const token = (await answer.json()) as Record<string, string>;
  expect(token).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
  const claims = JSON.parse(Buffer.from(token.access_token?.split(".")[1] ?? "", "base64url").toString());
  expect(claims).toMatchObject({ aud: "myid.rest", scope: ["myid.rest.basic"], myidSessionId: "1" });
  expect(JSON.stringify(server.requests)).not.toContain("simulator-secret");
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ["invalid_client", { ...form, client_secret: "wrong" }, {}],
  ["invalid_client", bare, basic("nobody", "x")],
  ["invalid_client", bare, {}],
  ["unsupported_grant_type", { ...form, grant_type: "password" }, {}],
  ["invalid_scope", { ...form, scope: "everything" }, {}],
])("400 %s, and no row in the table of logons", async (error, body, headers) => {
  const server = await start();
  const answer = await fetch(`${server.url}/web.oauth2/connect/token`, { method: "POST", headers, body: new URLSearchParams(body) });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error });
  expect(server.logons).toEqual([]);
});

test("every token writes a row in the table of logons", async () => {
  const server = await start();
  for (const count of [1, 2, 3]) {
    await tokenOf(server);
    expect(server.logons).toHaveLength(count);
  }
});

test("a token that is missing, foreign, expired or revoked is answered 401 without a body", async () => {
  const { server, get, send } = await call({ switches: { tokenLifetimeSeconds: 10 } });
  expect((await get(`/People/${ANN}`)).status).toBe(200);
  expect(await send("GET", `/People/${ANN}`, undefined, { authorization: "Bearer a.b.c" })).toMatchObject({ status: 401, body: "" });
  server.clock.advance(10_000);
  expect(await get(`/People/${ANN}`)).toMatchObject({ status: 401, body: "" });
  const fresh = { authorization: `Bearer ${await tokenOf(server)}` };
  expect((await send("GET", `/People/${ANN}`, undefined, fresh)).status).toBe(200);
  server.revokeTokens();
  expect((await send("GET", `/People/${ANN}`, undefined, fresh)).status).toBe(401);
});

test("web.oauth2 may be on a server of its own, and then each address serves its own paths only", async () => {
  const server = await start({ authApart: true });
  expect(server.authUrl).not.toBe(server.url);
  const answers = (path: string, init?: RequestInit) => Promise.all([server.url, server.authUrl].map((url) => fetch(url + path, init)));
  expect((await answers("/rest.core/api/People")).map(({ status }) => status)).toEqual([401, 404]);
  const [api, auth] = await answers("/Web.OAuth2/connect/token", { method: "POST", body: new URLSearchParams(form) });
  expect([api?.status, auth?.status]).toEqual([404, 200]);
  expect(await api?.text(), "the web server's page").toContain("<h1>");
  expect(server.unknownRequests).toEqual([]);
  const together = await start();
  expect(together.authUrl).toBe(together.url);
});
