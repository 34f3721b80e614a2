import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { call, EMPLOYEES } from "./support.js";

let stderr: MockInstance;
beforeEach(() => {
  stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  stderr.mockRestore();
});

const PROFILES = [
  "/beta/identity-profiles",
  "/v3/identity-profiles",
  "/v2024/identity-profiles",
  "/v2025/identity-profiles",
  "/v2026/identity-profiles",
  "/identity-profiles/v1",
];

test("every prefix serves the same store", async () => {
  const { tenant, get, patch } = await call();
  for (const [index, path] of PROFILES.entries()) {
    const description = `set ${index}`;
    expect((await patch(`${path}/${EMPLOYEES}`, [{ op: "add", path: "/description", value: description }])).status).toBe(200);
    for (const other of PROFILES) expect((await get(`${other}/${EMPLOYEES}`)).body.description).toBe(description);
  }
  expect(tenant.unknownRequests).toEqual([]);
});

test.each([
  ["/beta/task-status/x", 404],
  ["/v2025/task-status/x", 404],
  ["/task-status/v1/x", 404],
  ["/v3/task-status/x", 404],
])("%s of an unknown task answers 404 with an empty body", async (path, status) => {
  const { tenant, get } = await call();
  expect(await get(path)).toMatchObject({ status, body: "" });
  expect(tenant.unknownRequests).toEqual([]);
});

test("v3 has no task status even for a task that exists, and the switch says which versions lack it", async () => {
  const { tenant, get, delete: remove } = await call();
  const { id } = (await remove(`/v3/identity-profiles/${EMPLOYEES}`)).body;
  expect((await get(`/v3/task-status/${id}`)).status).toBe(404);
  expect((await get(`/beta/task-status/${id}`)).status).toBe(200);
  tenant.switches.taskStatusUnsupported = ["v3", "beta"];
  expect((await get(`/beta/task-status/${id}`)).status).toBe(404);
});

test.each([
  ["sources", ["/beta/sources", "/v3/sources", "/v2026/sources", "/sources/v1"], []],
  [
    "a source's connections",
    ["/v3/sources/hr/connections", "/v2026/sources/hr/connections", "/sources/v1/hr/connections"],
    ["/beta/sources/hr/connections"],
  ],
  ["identities", ["/beta/identities", "/v2026/identities", "/identities/v1"], ["/v3/identities"]],
  [
    "identity attributes",
    ["/beta/identity-attributes", "/v2025/identity-attributes", "/identity-attributes/v1"],
    ["/v3/identity-attributes"],
  ],
])("%s exist only where they are documented", async (_name, present, absent) => {
  const { get } = await call();
  for (const path of present) expect((await get(path)).status, path).toBe(200);
  for (const path of absent) expect((await get(path)).status, path).toBe(404);
});

test("the former refresh-identities answers 405", async () => {
  const { post } = await call();
  expect((await post(`/beta/identity-profiles/${EMPLOYEES}/refresh-identities`)).status).toBe(405);
});

test("an unknown route is a loud 404 that names method, path and body", async () => {
  const { tenant, post } = await call();
  const answer = await post("/beta/nonsense?x=1", { hello: "world" });
  const words = 'no route for POST /beta/nonsense?x=1 with body {"hello":"world"}';
  expect(answer.status).toBe(404);
  expect(answer.body.causes[0].text).toContain(words);
  expect(stderr.mock.calls.flat().join("")).toContain(words);
  expect(tenant.unknownRequests).toMatchObject([{ method: "POST", path: "/beta/nonsense", unknown: true }]);
});

test("a method that a route does not have is unknown, too", async () => {
  const { tenant, token } = await call();
  await fetch(`${tenant.url}/beta/identity-profiles/${EMPLOYEES}`, { method: "PUT", headers: { authorization: `Bearer ${token}` } });
  expect(tenant.unknownRequests).toMatchObject([{ method: "PUT", status: 404 }]);
});

test("every answer carries its own SLPT-Request-ID, which is the tracking id of an error", async () => {
  const { tenant, get } = await call();
  const answers = [
    await get("/beta/identity-profiles"),
    await get("/beta/identity-profiles/none"),
    await get("/oauth/info"),
    await get("/nowhere"),
  ];
  const ids = answers.map(({ headers }) => headers.get("slpt-request-id"));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(4);
  expect(answers[1]?.body.trackingId).toBe(ids[1]);
  expect(tenant.requests.slice(1).map(({ requestId }) => requestId)).toEqual(ids);
});

test("an error has a generic message and a telling cause, and repeats both in the language asked for", async () => {
  const { get } = await call();
  const plain = (await get("/beta/identity-profiles/none")).body;
  expect(plain).toMatchObject({
    detailCode: "404 Not found",
    causes: [{ localeOrigin: "DEFAULT", text: expect.stringContaining("none") }],
  });
  expect(plain.messages[0].text).not.toContain("none");
  const german = (await get("/beta/identity-profiles/none", { "accept-language": "de-DE,de;q=0.9" })).body;
  expect(german.causes).toMatchObject([{ localeOrigin: "DEFAULT" }, { locale: "de-DE", localeOrigin: "REQUEST" }]);
});

test("4xx answers carry Content-Encoding: UTF-8 over plain JSON, unless switched off", async () => {
  const { tenant, get } = await call();
  expect((await get("/beta/identity-profiles/none")).headers.get("content-encoding")).toBe("UTF-8");
  expect((await get("/beta/identity-profiles")).headers.get("content-encoding")).toBeNull();
  tenant.switches.encodingHeaderOn4xx = false;
  expect((await get("/beta/identity-profiles/none")).headers.get("content-encoding")).toBeNull();
});

test("answers are JSON in UTF-8", async () => {
  const { get } = await call();
  expect((await get("/beta/identity-profiles")).headers.get("content-type")).toBe("application/json;charset=utf-8");
});

test("legacy prefixes are marked deprecated on demand", async () => {
  const { tenant, get } = await call();
  expect((await get("/beta/identity-profiles")).headers.get("x-deprecated")).toBeNull();
  tenant.switches.deprecatedHeader = true;
  expect((await get("/beta/identity-profiles")).headers.get("x-deprecated")).toBe("true");
  expect((await get("/identity-profiles/v1")).headers.get("x-deprecated")).toBeNull();
});

test("an experimental API wants its header", async () => {
  const { get } = await call({ switches: { experimentalRequired: true } });
  expect((await get("/beta/identity-profiles")).status).toBe(400);
  expect((await get("/beta/identity-profiles", { "x-sailpoint-experimental": "true" })).status).toBe(200);
});
