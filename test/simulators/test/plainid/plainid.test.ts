import { describe, expect, onTestFinished, test } from "vitest";
import { demoPlainIdTenant, type PlainIdOptions, type PlainIdSimulator, startPlainId } from "../../src/index.js";

const ENV = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";
const seed = {
  environments: [
    {
      envId: ENV,
      templates: [
        {
          identityTemplateId: "User",
          sources: [{ sourceId: "hr" }, { sourceId: "a b/c#%" }, { sourceId: "OUT", sourceType: "EXTERNAL_OUTPUT" }],
          mapperSets: [{ mappersSetId: "m1", linkedSources: [{ sourceId: "hr", sourceUsedAs: "BASE" }] }],
        },
        { identityTemplateId: "Target", sources: [{ sourceId: "hr" }] },
      ],
      apiMapperSets: [{ apiMappersSetId: "api", apiMappers: [{ mapperId: "x", identitySourceIds: ["hr"] }] }],
    },
    { envId: OTHER, templates: [{ identityTemplateId: "User" }] },
  ],
};
const SOURCES = `/api/1.0/identity-templates/${ENV}/User/identity-sources`;
const rename = (value: unknown) => [{ op: "replace", path: "/sourceId", value }];

async function start(options: PlainIdOptions = {}) {
  const tenant = await startPlainId({ seed, ...options });
  onTestFinished(() => tenant.close());
  return tenant;
}

const form = (fields: object) => new URLSearchParams({ grant_type: "client_credentials", ...fields });

async function login(tenant: PlainIdSimulator, { clientId, clientSecret } = tenant.credentials) {
  const answer = await fetch(`${tenant.url}/api/1.0/api-key/token`, {
    method: "POST",
    body: form({ client_id: clientId, client_secret: clientSecret }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return async (method: string, path: string, body?: unknown, type = "application/json") => {
    const reply = await fetch(tenant.url + path, {
      method,
      headers: { authorization: `Bearer ${access_token}`, ...(body !== undefined && { "content-type": type }) },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await reply.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
    return { status: reply.status, headers: reply.headers, text, body: (text.startsWith("{") ? JSON.parse(text) : undefined) as any };
  };
}

async function call(options: PlainIdOptions = {}) {
  const tenant = await start(options);
  return { tenant, send: await login(tenant) };
}

describe("a token", () => {
  test.each<[string, object, number]>([
    ["good credentials", { client_id: "simulator-client", client_secret: "simulator-secret" }, 200],
    ["a wrong secret", { client_id: "simulator-client", client_secret: "wrong" }, 401],
    ["another grant", { client_id: "simulator-client", client_secret: "simulator-secret", grant_type: "password" }, 401],
    ["the names of a public script", { clientId: "simulator-client", clientSecret: "simulator-secret" }, 401],
  ])("for %s answers %3$i", async (_what, fields, status) => {
    const tenant = await start({ switches: { tokenLifetimeSeconds: 7 } });
    const answer = await fetch(`${tenant.url}/api/1.0/api-key/token`, { method: "POST", body: form(fields) });
    expect(answer.status).toBe(status);
    if (status === 200) expect(await answer.json()).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 7 });
    expect(JSON.stringify(tenant.requests)).not.toContain("simulator-secret");
  });

  test("is not given for JSON", async () => {
    const tenant = await start();
    const ask = () =>
      fetch(`${tenant.url}/api/1.0/api-key/token`, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
    expect((await ask()).status).toBe(400);
    tenant.switches.jsonTokenStatus = 401;
    expect((await ask()).status).toBe(401);
  });

  test("that is missing, expired or revoked answers 401 with an empty body", async () => {
    const { tenant, send } = await call({ switches: { tokenLifetimeSeconds: 2 } });
    expect((await fetch(tenant.url + SOURCES)).status).toBe(401);
    tenant.clock.advance(2_500);
    expect(await send("GET", SOURCES)).toMatchObject({ status: 401, text: "" });
    const again = await login(tenant);
    expect((await again("GET", SOURCES)).status).toBe(200);
    tenant.revokeTokens();
    expect((await again("GET", SOURCES)).status).toBe(401);
  });
});

describe("rights", () => {
  const client = (rest: object) => [{ clientId: "c", clientSecret: "secret", owner: "ENVIRONMENT" as const, ...rest }];

  test("of an environment's client end at that environment", async () => {
    const { tenant, send } = await call({ clients: client({ envId: OTHER }) });
    expect(await send("GET", SOURCES)).toMatchObject({ status: 403, body: { errors: [{ name: "forbiddenEnvironment" }] } });
    expect((await send("GET", SOURCES.replace(ENV, OTHER))).status).toBe(200);
    tenant.switches.forbiddenBody = "flat";
    expect((await send("GET", SOURCES)).body).toMatchObject({ status: 403, name: "forbiddenEnvironment" });
    tenant.switches.forbiddenBody = "empty";
    expect((await send("GET", SOURCES)).text).toBe("");
  });

  test("of a viewer end at reading", async () => {
    const { send } = await call({ clients: client({ envId: ENV, permission: "VIEWER" }) });
    expect((await send("GET", SOURCES)).status).toBe(200);
    expect((await send("PATCH", `${SOURCES}/hr`, rename("x"))).status).toBe(403);
    expect((await send("PUT", SOURCES, { sources: [] })).status).toBe(403);
  });
});

describe("the export", () => {
  test("wraps the sources, and has the built-in ones only when asked", async () => {
    const { tenant, send } = await call();
    const ids = async (query = "") =>
      (await send("GET", SOURCES + query)).body.data.sources.map(({ sourceId }: { sourceId: string }) => sourceId);
    expect(await ids("?includeUnimportableSources=true")).toEqual(["REQUEST_INPUT", "REQUEST_MAPPERS", "hr", "a b/c#%", "OUT"]);
    expect(await ids("?includeUnimportableSources=false")).toEqual(["hr", "a b/c#%"]);
    expect(await ids()).toEqual(["hr", "a b/c#%"]);
    tenant.switches.includeUnimportableByDefault = true;
    expect(await ids()).toHaveLength(5);
  });

  test("may be stale for a while after a write", async () => {
    const { tenant, send } = await call({ switches: { staleReadsMs: 500 } });
    await send("PATCH", `${SOURCES}/hr`, rename("hr2"));
    expect((await send("GET", SOURCES)).text).toContain('"hr"');
    tenant.clock.advance(600);
    expect((await send("GET", SOURCES)).text).toContain('"hr2"');
  });

  test.each([
    [SOURCES.replace(ENV, "nowhere"), "EMIT-003", "EnvironmentNotFoundError", "Environment: [nowhere] doesn't exist"],
    [
      SOURCES.replace("User", "user"),
      "EMIT-002",
      "IdentityTemplateNotFoundError",
      `Identity Template: [user] not found in Environment: [${ENV}], Hint: did you mean [User, Target]`,
    ],
  ])("of %s is %s", async (path, code, name, message) => {
    const { send } = await call();
    const reply = await send("GET", path);
    expect(reply).toMatchObject({ status: 404, body: { errors: [{ code, name, message, status: "404" }] } });
    expect(reply.body.errors[0].id).toMatch(/^\w{6}$/);
  });
});

describe("a rename", () => {
  test("answers 204 with nothing in it, and the old id is gone", async () => {
    const { tenant, send } = await call();
    const reply = await send("PATCH", `${SOURCES}/${encodeURIComponent("a b/c#%")}`, rename("plain"));
    expect(reply).toMatchObject({ status: 204, text: "" });
    expect(reply.headers.get("content-type")).toBeNull();
    expect(reply.headers.get("x-request-id")).toBe(tenant.requests.at(-1)?.requestId);
    expect((await send("PATCH", `${SOURCES}/${encodeURIComponent("a b/c#%")}`, rename("y"))).body.errors).toMatchObject([
      {
        code: "EMIS-007",
        name: "IdentityTemplateEntityNotFoundError",
        message: "Identity Source: [a b/c#%] not found, Hint: did you mean: [REQUEST_INPUT, REQUEST_MAPPERS, hr]",
      },
    ]);
  });

  test("concerns one template only, and what refers to the source follows unless told otherwise", async () => {
    const { tenant, send } = await call();
    await send("PATCH", `${SOURCES}/hr`, rename("hr2"));
    const [environment] = tenant.dump().environments;
    expect(environment?.templates[1]?.sources.map(({ sourceId }) => sourceId)).toContain("hr");
    expect(environment?.templates[0]?.mapperSets[0]?.linkedSources[0]?.sourceId).toBe("hr2");
    expect(environment?.apiMapperSets[0]?.apiMappers[0]?.identitySourceIds).toEqual(["hr2"]);
    tenant.switches.cascade = false;
    await send("PATCH", `${SOURCES}/hr2`, rename("hr3"));
    expect(tenant.dump().environments[0]?.templates[0]?.mapperSets[0]?.linkedSources[0]?.sourceId).toBe("hr2");
  });

  test.each(["REQUEST_INPUT", "OUT"])("of the built-in source %s is EMIS-001", async (id) => {
    const { send } = await call();
    expect(await send("PATCH", `${SOURCES}/${id}`, rename("x"))).toMatchObject({
      status: 400,
      body: { errors: [{ code: "EMIS-001", name: "UnimportableSourceTypeError", status: "400" }] },
    });
  });

  test.each([400, 409, 422] as const)("to an id in use answers %i when told so", async (takenStatus) => {
    const { send } = await call({ switches: { takenStatus } });
    expect((await send("PATCH", `${SOURCES}/hr`, rename("OUT"))).status).toBe(takenStatus);
  });

  test("to its own id changes nothing", async () => {
    const { tenant, send } = await call();
    expect((await send("PATCH", `${SOURCES}/hr`, rename("hr"))).status).toBe(204);
    tenant.switches.sameIdStatus = 400;
    expect((await send("PATCH", `${SOURCES}/hr`, rename("hr"))).status).toBe(400);
  });

  test.each<[string, unknown]>([
    ["an object", rename("x")[0]],
    ["no operation", []],
    ["two operations", [...rename("x"), ...rename("y")]],
    ["another operation", [{ op: "add", path: "/sourceId", value: "x" }]],
    ["another field", [{ op: "replace", path: "/displayName", value: "x" }]],
    ["no value", [{ op: "replace", path: "/sourceId" }]],
    ["an empty value", rename("")],
    ["a number", rename(7)],
  ])("with %s is malformed", async (_what, body) => {
    const { tenant, send } = await call();
    expect((await send("PATCH", `${SOURCES}/hr`, body)).status).toBe(422);
    tenant.switches.malformedStatus = 400;
    expect((await send("PATCH", `${SOURCES}/hr`, body)).status).toBe(400);
  });

  test("has to be JSON, and says so", async () => {
    const { tenant, send } = await call();
    expect((await send("PATCH", `${SOURCES}/hr`, "[")).status).toBe(400);
    expect((await send("PATCH", `${SOURCES}/hr`, rename("x"), "application/json-patch+json")).status).toBe(415);
    tenant.switches.contentTypeStatus = 422;
    expect((await send("PATCH", `${SOURCES}/hr`, rename("x"), "text/plain")).status).toBe(422);
  });
});

describe("the import", () => {
  const source = { sourceId: "new", displayName: "New", sourceType: "EXTERNAL_INPUT", sourceMetaData: {} };

  test("updates and creates, and takes no wrapper", async () => {
    const { tenant, send } = await call();
    const change = { sourceId: "hr", displayName: "People" };
    expect((await send("PUT", SOURCES, { data: { sources: [source] } })).status).toBe(422);
    expect((await send("PUT", SOURCES, { sources: [source, change] })).status).toBe(204);
    const sources = tenant.dump().environments[0]?.templates[0]?.sources;
    expect(sources).toHaveLength(6);
    expect(sources).toContainEqual(expect.objectContaining(change));
  });

  test("removes what it leaves out when told so, but nothing built-in", async () => {
    const { tenant, send } = await call({ switches: { importOmitted: "removes" } });
    await send("PUT", SOURCES, { sources: [source] });
    expect(tenant.dump().environments[0]?.templates[0]?.sources.map(({ sourceId }) => sourceId)).toEqual([
      "REQUEST_INPUT",
      "REQUEST_MAPPERS",
      "OUT",
      "new",
    ]);
  });

  test("of a built-in source is EMIS-001", async () => {
    const { send } = await call();
    const reply = await send("PUT", SOURCES, { sources: [{ sourceId: "REQUEST_INPUT", displayName: "x" }] });
    expect(reply.body.errors[0].code).toBe("EMIS-001");
  });
});

test("mapper sets are listed, in detail when asked, and API mapper sets beside them", async () => {
  const { send } = await call();
  const sets = SOURCES.replace("identity-sources", "mapper-sets");
  expect((await send("GET", sets)).body.data).toEqual([{ mappersSetId: "m1" }]);
  expect((await send("GET", `${sets}?detailed=true`)).body.data[0].linkedSources).toHaveLength(1);
  expect((await send("GET", `${sets}/m1`)).body.data.mappersSetId).toBe("m1");
  expect((await send("GET", `${sets}/m2`)).body.errors[0]).toMatchObject({ code: "EMTMS-001" });
  expect((await send("GET", `/api/1.0/api-mapper-sets/${ENV}`)).body.data).toHaveLength(1);
});

test.each([
  ["GET", `${SOURCES}/hr`],
  ["DELETE", `${SOURCES}/hr`],
  ["POST", SOURCES],
])("%s %s is nothing the vendor has", async (method, path) => {
  const { tenant, send } = await call();
  expect((await send(method, path)).status).toBe(404);
  expect(tenant.unknownRequests).toHaveLength(1);
});

test("sources change behind the client's back, and a renamed template breaks every address below it", async () => {
  const { tenant, send } = await call();
  tenant.drift.renameSource(ENV, "User", "hr", "hr2");
  tenant.drift.changeSource(ENV, "User", "hr2", { displayName: "People" });
  tenant.drift.addSource(ENV, "User", { sourceId: "late" });
  tenant.drift.removeSource(ENV, "User", "a b/c#%");
  expect((await send("GET", SOURCES)).body.data.sources).toMatchObject([{ sourceId: "hr2", displayName: "People" }, { sourceId: "late" }]);
  tenant.drift.renameTemplate(ENV, "User", "Person");
  expect((await send("GET", SOURCES)).body.errors[0].code).toBe("EMIT-002");
});

test("faults answer as the vendor's layers would", async () => {
  const { tenant, send } = await call();
  tenant.faults.add({ method: "PATCH", when: "after", action: "drop" });
  await expect(send("PATCH", `${SOURCES}/hr`, rename("hr2"))).rejects.toThrow();
  tenant.faults.add({ when: "before", action: { status: 502 } });
  expect((await send("GET", SOURCES)).text).toContain("<html>");
  tenant.faults.add({ when: "before", action: { status: 500 } });
  expect(await send("GET", SOURCES)).toMatchObject({ status: 500, text: "" });
  tenant.faults.add({ when: "before", action: { retryAfter: 3 } });
  expect((await send("GET", SOURCES)).headers.get("retry-after")).toBe("3");
  tenant.faults.add({ when: "before", action: { status: 429 } });
  expect((await send("GET", SOURCES)).headers.get("retry-after")).toBeNull();
  expect((await send("GET", SOURCES)).text).toContain("hr2");
});

test("a limit of requests per token can be set", async () => {
  const { send } = await call({ rateLimit: { limit: 1, windowMs: 10_000, kind: "sliding" } });
  expect((await send("GET", SOURCES)).status).toBe(200);
  expect((await send("GET", SOURCES)).status).toBe(429);
});

test("a dump is a seed, reset goes back to the start, and no tenant has an id twice", async () => {
  const { tenant } = await call({ seed: demoPlainIdTenant() });
  const dump = tenant.dump();
  tenant.load(dump);
  expect(tenant.dump()).toEqual(dump);
  tenant.load({});
  tenant.reset();
  expect(tenant.dump()).toEqual(dump);
  const twice = { envId: ENV, templates: [{ identityTemplateId: "User", sources: [{ sourceId: "a" }, { sourceId: "a" }] }] };
  expect(() => tenant.load({ environments: [twice] })).toThrow("a is there twice");
});
