import { expect, test } from "vitest";
import { call, EMPLOYEES } from "./support.js";

const profiles = "/beta/identity-profiles";
const path = `${profiles}/${EMPLOYEES}`;
const minimal = { name: "New", authoritativeSource: { id: "free" } };

test.each([
  ["before", 2],
  ["after", 3],
] as const)("a connection dropped %s the write leaves %i profiles", async (when, count) => {
  const { tenant, post, get } = await call();
  tenant.faults.add({ method: "post", path: /identity-profiles$/, when, action: "drop" });
  await expect(post(profiles, minimal)).rejects.toThrow("fetch failed");
  expect(tenant.dump().profiles).toHaveLength(count);
  expect(tenant.requests.at(-1)).toMatchObject({ method: "POST", fault: `${when}: drop` });
  expect(tenant.requests.at(-1)?.status).toBeUndefined();
  expect((await get(path)).status).toBe(200);
});

test("PATCH and DELETE can lose their answers, too", async () => {
  const { tenant, patch, get, delete: remove } = await call();
  tenant.faults.add({ when: "after", action: "drop", times: 2 });
  await expect(patch(path, [{ op: "replace", path: "/priority", value: 5 }])).rejects.toThrow();
  expect(tenant.dump().profiles[0]?.priority).toBe(5);
  await expect(remove(path)).rejects.toThrow();
  expect((await get(path)).status).toBe(404);
});

test("a hanging request is never answered and ends when the tenant closes", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", action: "hang" });
  const pending = get(path);
  const reported = new Promise<void>((resolve) => {
    tenant.onRequest(({ phase }) => phase === "received" && resolve());
  });
  await reported;
  await tenant.close();
  await expect(pending).rejects.toThrow();
});

test("status 500 carries the vendor's internal fault, 502 to 504 the gateway's HTML", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", action: { status: 500 } });
  expect(await get(path)).toMatchObject({ status: 500, body: { detailCode: "500.0 Internal Fault" } });
  for (const status of [502, 503, 504]) {
    tenant.faults.add({ when: "before", action: { status } });
    const answer = await get(path);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "text/html"]);
    expect(answer.body).toContain("<html>");
    expect(answer.headers.get("slpt-request-id")).toBeTruthy();
    expect(answer.headers.get("content-encoding")).toBeNull();
  }
});

test.each([
  [400, "400.1 Bad Request Content"],
  [403, "403 Forbidden"],
  [404, "404 Not found"],
])("status %i without a body carries the vendor's %s", async (status, detailCode) => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", action: { status } });
  expect(await get(path)).toMatchObject({ status, body: { detailCode } });
});

test("status 401 and 429 without a body carry what the gateway says", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", action: { status: 401 } });
  expect((await get(path)).body).toEqual({ error: "JWT validation failed: JWT is expired" });
  tenant.faults.add({ when: "before", action: { status: 429 } });
  const throttled = await get(path);
  expect(throttled.body).toEqual({ message: " Rate Limit Exceeded " });
  expect(throttled.headers.get("retry-after")).toBeNull();
});

test("a status may come with a body and headers of its own, even after the write", async () => {
  const { tenant, post } = await call();
  tenant.faults.add({ when: "after", action: { status: 418, body: { tea: true }, headers: { "x-tea": "green" } } });
  const answer = await post(profiles, minimal);
  expect(answer).toMatchObject({ status: 418, body: { tea: true } });
  expect(answer.headers.get("x-tea")).toBe("green");
  expect(tenant.dump().profiles).toHaveLength(3);
  expect(tenant.requests.at(-1)).toMatchObject({ status: 418, fault: "after: status 418" });
});

test("nothing of the real answer's headers is left", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "after", action: { status: 500 } });
  expect((await get(`${profiles}?count=true`)).headers.get("x-total-count")).toBeNull();
});

test("a request broken before it was handled is not announced as applied and uses up no rule for after", async () => {
  const { tenant, get } = await call();
  const phases: string[] = [];
  tenant.onRequest(({ phase }) => phases.push(phase));
  tenant.faults.add({ when: "after", action: { status: 502 } });
  tenant.faults.add({ when: "before", action: { status: 501 } });
  expect([(await get(path)).status, (await get(path)).status]).toEqual([501, 502]);
  expect(phases).toEqual(["received", "received", "applied"]);
});

test.each([
  ["text", "<html>hello</html>"],
  ["bytes", Buffer.from([0x7b, 0xff])],
])("an answer can be replaced by raw %s", async (_name, body) => {
  const { tenant, token } = await call();
  tenant.faults.add({ when: "after", action: { body, contentType: "application/json" } });
  const answer = await fetch(tenant.url + path, { headers: { authorization: `Bearer ${token}` } });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(body));
});

test("a slow answer is a good answer", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", action: { delayMs: 60 } });
  const started = performance.now();
  expect((await get(path)).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(55);
  expect(tenant.requests.at(-1)).toMatchObject({ status: 200, fault: "before: delay 60 ms" });
});

test("throttling escalates from the given wait to 60, 300, 600 and 1200 s", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", times: 6, action: { retryAfter: 10, escalate: true } });
  const waits: unknown[] = [];
  for (let index = 0; index < 6; index++) {
    const answer = await get(path);
    expect(answer).toMatchObject({ status: 429, body: { message: " Rate Limit Exceeded " } });
    waits.push(answer.headers.get("retry-after"));
  }
  expect(waits).toEqual(["10", "60", "300", "600", "1200", "1200"]);
  expect((await get(path)).status).toBe(200);
});

test("throttling that does not escalate keeps its wait", async () => {
  const { tenant, get } = await call();
  tenant.faults.add({ when: "before", times: 2, action: { retryAfter: 7 } });
  const waits = [await get(path), await get(path)].map(({ headers }) => headers.get("retry-after"));
  expect(waits).toEqual(["7", "7"]);
});

test("rules fire in the order they were added, after what they skip, as often as they say, on what they fit", async () => {
  const { tenant, get, post } = await call();
  tenant.faults.add({ method: "GET", path: /identity-profiles/g, skip: 1, times: 2, when: "before", action: { status: 501 } });
  tenant.faults.add({ method: "GET", when: "before", action: { status: 507 } });
  const statuses = [];
  for (let index = 0; index < 4; index++) statuses.push((await get(path)).status);
  expect(statuses).toEqual([507, 501, 501, 200]);
  tenant.faults.add({ method: "DELETE", when: "before", times: Number.POSITIVE_INFINITY, action: "drop" });
  expect((await post(profiles, minimal)).status).toBe(201);
  expect(tenant.faults.list()).toHaveLength(1);
  tenant.faults.clear();
  expect(tenant.faults.list()).toEqual([]);
});

test("the token endpoint can be broken like any other", async () => {
  const { tenant } = await call();
  tenant.faults.add({ path: /^\/oauth\/token$/, when: "before", action: { status: 503 } });
  expect((await fetch(`${tenant.url}/oauth/token`, { method: "POST" })).status).toBe(503);
});

test("latency delays every request", async () => {
  const { get } = await call({ latencyMs: 40 });
  const started = performance.now();
  await get(path);
  expect(performance.now() - started).toBeGreaterThan(35);
});
