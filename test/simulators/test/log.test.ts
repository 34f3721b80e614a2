import { expect, test } from "vitest";
import { call, EMPLOYEES, seed, start } from "./support.js";

const path = `/beta/identity-profiles/${EMPLOYEES}`;

test("a record tells everything about a request but its secrets", async () => {
  const { tenant, token, patch, get } = await call();
  const operations = [{ op: "replace", path: "/priority", value: 5 }];
  const answer = await patch(path, operations);
  await get("/beta/identity-profiles?limit=1&filters=id%20eq%20%22x%22");
  const [login, change, list] = tenant.requests;
  expect(login).toMatchObject({
    method: "POST",
    path: "/oauth/token",
    status: 200,
    body: { client_id: "simulator-client", client_secret: "***" },
  });
  expect(change).toMatchObject({
    method: "PATCH",
    path,
    query: {},
    body: operations,
    status: 200,
    headers: { authorization: "Bearer ***" },
  });
  expect(change?.requestId).toBe(answer.headers.get("slpt-request-id"));
  expect(change?.at).toBeGreaterThan(Date.now() - 60_000);
  expect(list).toMatchObject({ path: "/beta/identity-profiles", query: { limit: "1", filters: 'id eq "x"' } });
  expect(list?.body).toBeUndefined();
  expect(JSON.stringify(tenant.requests)).not.toContain(token);
});

test("requests are counted by method, path and status, and forgotten on demand", async () => {
  const { tenant, get } = await call();
  await get(path);
  await get("/beta/identity-profiles/none");
  expect(tenant.count()).toBe(3);
  expect(tenant.count({ method: "get" })).toBe(2);
  expect(tenant.count({ path: /none$/ })).toBe(1);
  expect(tenant.count({ method: "GET", path: /identity-profiles/, status: 200 })).toBe(1);
  tenant.clearRequests();
  expect([tenant.count(), tenant.requests]).toEqual([0, []]);
});

test("a hook sees each request before it is handled and after it was applied, and is waited for", async () => {
  const { tenant, post } = await call();
  const seen: unknown[] = [];
  const stop = tenant.onRequest(async ({ record, phase }) => {
    await new Promise((resolve) => setImmediate(resolve));
    seen.push([phase, record.method, record.body, record.status, tenant.dump().profiles.length]);
  });
  const body = { name: "New", authoritativeSource: { id: "free" } };
  await post("/beta/identity-profiles", body);
  expect(seen).toEqual([
    ["received", "POST", body, undefined, 2],
    ["applied", "POST", body, 201, 3],
  ]);
  stop();
  await post("/beta/identity-profiles", body);
  expect(seen).toHaveLength(2);
});

test("a dump is a seed: loading it gives the same tenant", async () => {
  const { tenant, get, delete: remove } = await call({ taskDelayMs: 60_000 });
  await remove(path);
  const dump = tenant.dump();
  expect(Object.keys(dump)).toEqual([
    "org",
    "pod",
    "tenantId",
    "profiles",
    "sources",
    "identities",
    "identityAttributes",
    "transforms",
    "rules",
    "lifecycleStates",
    "tasks",
  ]);
  const copy = await start({ seed: JSON.parse(JSON.stringify(dump)) });
  expect(copy.dump()).toEqual(dump);
  tenant.load({});
  expect((await get(path)).status).toBe(404);
});

test.each([
  [{ profile: [] }, "unknown profile"],
  [{ profiles: [{ name: "A", authoritativeSource: { id: "none" } }] }, "unknown source"],
  [
    { ...seed, profiles: [...(seed.profiles ?? []), { name: "Third", authoritativeSource: { id: "hr" } }] },
    "already the authoritative source",
  ],
])("a seed no tenant could have is refused (%#)", async (bad, words) => {
  await expect(start({ seed: bad as never })).rejects.toThrow(words);
});

test("a simulator closes by scope, frees its port and listens on loopback only", async () => {
  const first = await start();
  const { port, hostname } = new URL(first.url);
  expect(hostname).toBe("127.0.0.1");
  await expect(fetch(`http://127.0.0.2:${port}/oauth/info`)).rejects.toThrow();
  await first[Symbol.asyncDispose]();
  await using again = await start({ port: Number(port) });
  expect(again.url).toBe(first.url);
});
