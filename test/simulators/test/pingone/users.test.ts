import { describe, expect, onTestFinished, test } from "vitest";
import { type PingOneOptions, type PingOneSimulator, startPingOne } from "../../src/index.js";

const ENV = "11111111-1111-4111-8111-111111111111";
const [STAFF, GUESTS] = ["aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa1", "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa2"];
const USERS = `/environments/${ENV}/v2/DirectMappedUsers`;
const seed = {
  environments: [
    {
      id: ENV,
      populations: [
        { id: STAFF, name: "Staff" },
        { id: GUESTS, name: "Guests" },
      ],
      customAttributes: [{ name: "badge", unique: true }],
    },
  ],
};
const narrow = { clientId: "narrow", clientSecret: "n", roles: [{ environmentId: ENV, populationIds: [STAFF] }] };
const clients = [
  { clientId: "worker", clientSecret: "s" },
  narrow,
  { clientId: "post", clientSecret: "p", tokenEndpointAuthMethod: "CLIENT_SECRET_POST" as const },
  { clientId: "idle", clientSecret: "i", roles: [] },
];

async function start(options: PingOneOptions = {}): Promise<PingOneSimulator> {
  const simulator = await startPingOne({ seed, clients, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

function askToken({ authUrl }: PingOneSimulator, id: string, secret: string, { post = false, environment = ENV } = {}) {
  const form = { grant_type: "client_credentials", ...(post && { client_id: id, client_secret: secret }) };
  const headers: Record<string, string> = post ? {} : { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
  return fetch(`${authUrl}/${environment}/as/token`, { method: "POST", headers, body: new URLSearchParams(form) });
}

async function login(simulator: PingOneSimulator, id = "worker", secret = "s") {
  const { access_token } = (await (await askToken(simulator, id, secret)).json()) as { access_token: string };
  return async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(simulator.url + path, {
      method,
      headers: { authorization: `Bearer ${access_token}`, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
    const parsed: any = text.startsWith("{") ? JSON.parse(text) : text;
    return { status: answer.status, headers: answer.headers, body: parsed };
  };
}

async function session(options?: PingOneOptions) {
  const simulator = await start(options);
  return { simulator, send: await login(simulator) };
}

describe("tokens", () => {
  test("come from the token host only, in the way the client is configured for", async () => {
    const simulator = await start();
    const granted = await askToken(simulator, "worker", "s");
    expect(await granted.json()).toMatchObject({ token_type: "Bearer", expires_in: 3600 });
    expect((await askToken(simulator, "post", "p", { post: true })).status).toBe(200);
    for (const refused of [
      askToken(simulator, "worker", "s", { post: true }),
      askToken(simulator, "post", "p"),
      askToken(simulator, "worker", "wrong"),
      askToken(simulator, "worker", "s", { environment: STAFF }),
    ]) {
      const answer = await refused;
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: "invalid_client" });
    }
    expect((await askToken(simulator, "idle", "i")).status).toBe(400);
    expect((await fetch(`${simulator.url}/${ENV}/as/token`, { method: "POST" })).status).toBe(404);
    expect((await fetch(`${simulator.authUrl}${USERS}/x`)).status).toBe(404);
  });

  test("end, and may be revoked", async () => {
    const { simulator, send } = await session();
    simulator.clock.advance(3601_000);
    expect(await send("GET", `${USERS}/${STAFF}`)).toMatchObject({ status: 401, body: { code: "ACCESS_FAILED" } });
    const again = await login(simulator);
    simulator.revokeTokens();
    expect((await again("GET", `${USERS}/${STAFF}`)).status).toBe(401);
  });
});

describe("a user", () => {
  test("is made with the vendor's defaults, a Location, and no version", async () => {
    const { simulator, send } = await session();
    const made = await send("POST", USERS, {
      username: "ada",
      password: "secret",
      name: { given: "Ada", givenName: "lost" },
      id: "mine",
      Email: "x",
    });
    expect(made.status).toBe(201);
    expect(made.headers.get("location")).toBe(`${simulator.url}${USERS}/${made.body.id}`);
    expect(made.headers.get("etag")).toBeNull();
    expect(made.headers.get("correlation-id")).toBeTruthy();
    expect(made.body).toMatchObject({
      schemas: ["urn:pingidentity:schemas:2.0:DirectMappedUser"],
      username: "ada",
      name: { given: "Ada" },
      population: { id: STAFF },
      environment: { id: ENV },
      enabled: true,
      account: { canAuthenticate: true, status: "OK" },
      lifecycle: { status: "ACCOUNT_OK" },
      verifyStatus: "NOT_INITIATED",
      identityProvider: { type: "PING_ONE" },
      mfaEnabled: false,
      meta: { resourceType: "User", location: made.headers.get("location") },
    });
    for (const absent of ["password", "Email", "version"]) expect(JSON.stringify(made.body)).not.toContain(`"${absent}"`);
    expect(made.body.name).toEqual({ given: "Ada" });
    expect(simulator.dump().environments[0]?.users[0]?.password).toBe("secret");
  });

  test("is replaced as a whole: absent and null are cleared, what is read-only and the password stay", async () => {
    const { simulator, send } = await session();
    const { body } = await send("POST", USERS, {
      username: "ada",
      password: "one",
      title: "T",
      nickname: "N",
      address: { locality: "L" },
      badge: "7",
    });
    const put = await send("PUT", `${USERS}/${body.id}`, {
      username: "ada",
      nickname: null,
      name: {},
      password: "two",
      enabled: false,
      badge: 1.7,
    });
    expect(put.status).toBe(200);
    for (const gone of ["title", "nickname", "address", "name"]) expect(put.body).not.toHaveProperty(gone);
    expect(put.body).toMatchObject({ enabled: true, badge: 1, meta: { created: body.meta.created } });
    expect(Date.parse(put.body.meta.lastModified)).toBeGreaterThan(Date.parse(body.meta.lastModified));
    expect(simulator.dump().environments[0]?.users[0]?.password).toBe("one");
    expect((await send("PUT", `${USERS}/${STAFF}`, { username: "x" })).status).toBe(404);
  });

  test("is patched in order and as a whole", async () => {
    const { send } = await session();
    const { body } = await send("POST", USERS, { username: "ada", nickname: "N" });
    const path = `${USERS}/${body.id}`;
    const Operations = [
      { op: "replace", path: "username", value: "b" },
      { op: "remove", path: "nickname" },
      { op: "add", path: "name.middle", value: "M" },
    ];
    const patched = await send("PATCH", path, { Operations });
    expect(patched.body).toMatchObject({ username: "b", name: { middle: "M" } });
    expect(patched.body).not.toHaveProperty("nickname");
    const bad = await send("PATCH", path, {
      Operations: [
        { op: "replace", path: "username", value: "c" },
        { op: "add", path: "a.b.c", value: 1 },
      ],
    });
    expect(bad).toMatchObject({ status: 400, body: { scimType: "invalidPath" } });
    expect((await send("GET", path)).body.username).toBe("b");
  });

  test("is deleted for good, and its username is free", async () => {
    const { send } = await session();
    const { body } = await send("POST", USERS, { username: "ada" });
    expect((await send("DELETE", `${USERS}/${body.id}`)).status).toBe(204);
    expect((await send("DELETE", `${USERS}/${body.id}`)).status).toBe(404);
    expect((await send("POST", USERS, { username: "ADA" })).status).toBe(201);
  });

  test.each([
    ["an empty username", { username: "" }, "username"],
    ["no username", {}, "username"],
    ["a country in small letters", { username: "a", address: { countryCode: "gb" } }, "address.countryCode"],
    ["a phone without a digit", { username: "a", primaryPhone: "none" }, "primaryPhone"],
    ["a picture that is no URL", { username: "a", photo: { href: "x" } }, "photo.href"],
    ["an unknown population", { username: "a", population: { id: ENV } }, "population"],
    ["more than 16 KB", { username: "a", badge: "é".repeat(8192) }, "user"],
  ])("is refused with %s", async (_what, body, target) => {
    const { simulator, send } = await session();
    expect(await send("POST", USERS, body)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(target) } });
    simulator.switches.errorShape = "native";
    expect((await send("POST", USERS, body)).body).toMatchObject({ code: "INVALID_DATA", details: [{ target }] });
  });

  test("holds what is unique in the whole environment, whatever the case and the caller's role", async () => {
    const { simulator, send } = await session();
    const { body } = await send("POST", USERS, { username: "Ada", badge: "7", population: { id: GUESTS } });
    const limited = await login(simulator, "narrow", "n");
    expect(await limited("POST", USERS, { username: "aDA" })).toMatchObject({
      status: 409,
      body: { scimType: "uniqueness", status: "409" },
    });
    expect((await limited("GET", `${USERS}/${body.id}`)).status).toBe(404);
    expect((await limited("POST", USERS, { username: "b", population: { id: GUESTS } })).status).toBe(403);
    simulator.switches.uniqueness = "native400";
    expect(await limited("POST", USERS, { username: "b", badge: "7" })).toMatchObject({
      status: 400,
      body: { details: [{ code: "UNIQUENESS_VIOLATION", target: "badge", innerError: { existingId: body.id } }] },
    });
    simulator.switches.invisibleStatus = 403;
    expect((await limited("GET", `${USERS}/${body.id}`)).body).toMatchObject({ code: "ACCESS_FAILED" });
  });

  test.each([
    ["move", GUESTS, 200],
    ["ignore", STAFF, 200],
    ["reject", STAFF, 400],
  ] as const)("with another population in a PUT: %s", async (populationOnPut, population, status) => {
    const { send } = await session({ switches: { populationOnPut } });
    const { body } = await send("POST", USERS, { username: "ada" });
    expect((await send("PUT", `${USERS}/${body.id}`, { username: "ada", population: { id: GUESTS } })).status).toBe(status);
    expect((await send("GET", `${USERS}/${body.id}`)).body.population.id).toBe(population);
  });

  test("may become visible late", async () => {
    const { simulator, send } = await session({ switches: { createLagMs: 1000 } });
    const { body } = await send("POST", USERS, { username: "ada" });
    expect((await send("GET", `${USERS}/${body.id}`)).status).toBe(404);
    simulator.clock.advance(1000);
    expect((await send("GET", `${USERS}/${body.id}`)).status).toBe(200);
  });
});

describe("a search", () => {
  const filled = async () => {
    const users = Array.from({ length: 250 }, (_, index) => ({
      attributes: { username: `u${index}`, name: { family: index % 2 ? "Odd" : "Even" } },
    }));
    return session({ seed: { environments: [{ ...seed.environments[0], users }] } });
  };

  test.each<[string, number]>([
    ['username eq "U7"', 1],
    ['username sw "u24"', 11],
    ['username ew "9" and name.family eq "odd"', 25],
    ['(username eq "u1" or username eq "u2") and name.family co "ve"', 1],
    [`population.id eq "${STAFF}"`, 200],
    ['username eq "o\\"brien"', 0],
    ["enabled eq true", 200],
  ])("%s finds %i", async (filter, total) => {
    const { send } = await filled();
    const { status, body } = await send("POST", `${USERS}/.search`, { filter });
    expect({ status, total: body.totalResults, found: body.Resources.length }).toEqual({ status: 200, total, found: total });
    expect((await send("GET", `${USERS}?filter=${encodeURIComponent(filter)}`)).body.totalResults).toBe(total);
  });

  test("gives 200 at most, the number asked for, and needs a body", async () => {
    const { send } = await filled();
    for (const [count, found] of [
      [5, 5],
      [0, 0],
      [-1, 0],
      [999, 200],
    ])
      expect((await send("POST", `${USERS}/.search`, { count })).body.totalResults).toBe(found);
    expect((await send("POST", `${USERS}/.search`, {})).body.totalResults).toBe(200);
    expect((await send("POST", `${USERS}/.search`)).status).toBe(400);
    expect((await send("POST", `${USERS}/.search`, { count: "many" })).status).toBe(400);
  });

  test.each(["username", "username xx 1", 'username eq "a', "(username eq 1", "username eq ada", 'username eq "a" nor'])(
    "refuses %s",
    async (filter) => {
      const { send } = await filled();
      expect((await send("POST", `${USERS}/.search`, { filter })).status).toBe(400);
    },
  );
});

describe("the service", () => {
  test("describes itself, and has no groups", async () => {
    const { send } = await session();
    const at = (name: string) => send("GET", `/environments/${ENV}/v2/${name}`);
    expect((await at("ServiceProviderConfig")).body).toMatchObject({
      patch: { supported: true },
      filter: { maxResults: 200 },
      etag: { supported: false },
    });
    expect((await at("Schemas")).body.totalResults).toBe(3);
    expect((await at("ResourceTypes")).body.Resources[1].endpoint).toBe("/DirectMappedUsers");
    expect((await at("Groups")).status).toBe(501);
  });

  test("knows its environments and methods", async () => {
    const { send } = await session();
    expect((await send("GET", `/environments/${STAFF}/v2/DirectMappedUsers/${STAFF}`)).status).toBe(404);
    expect((await send("PUT", USERS, {})).status).toBe(405);
    expect((await send("POST", `${USERS}/${STAFF}`, {})).status).toBe(405);
    expect((await send("DELETE", `${USERS}/.search`)).status).toBe(405);
    expect((await send("PATCH", `/environments/${ENV}/v2/Schemas`, {})).status).toBe(405);
  });

  test("is loud about a route that it does not have", async () => {
    const { simulator, send } = await session();
    expect((await send("GET", "/v1/environments")).status).toBe(404);
    expect(simulator.unknownRequests).toMatchObject([{ path: "/v1/environments" }]);
  });

  test("counts calls per licence and per address", async () => {
    const { send } = await session({ rateLimit: { licence: { limit: 2, windowMs: 60_000, kind: "sliding" } } });
    const answers = [await send("GET", `${USERS}/x`), await send("GET", `${USERS}/x`), await send("GET", `${USERS}/x`)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 429]);
    expect(answers[2]?.body).toMatchObject({ code: "REQUEST_LIMITED", details: [{ code: "LIMIT_EXCEEDED" }] });
    expect(Number(answers[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("breaks on demand, in its own words or a gateway's", async () => {
    const { simulator, send } = await session();
    const date = new Date(Date.now() + 5000).toUTCString();
    simulator.faults.add({ path: /Users/, when: "before", action: { status: 503, headers: { "retry-after": date } } });
    simulator.faults.add({ path: /Users/, when: "before", action: { body: "<html>", contentType: "text/html" } });
    const busy = await send("GET", `${USERS}/x`);
    expect([busy.status, busy.headers.get("retry-after"), busy.body.code]).toEqual([503, date, "UNEXPECTED_ERROR"]);
    expect((await send("GET", `${USERS}/x`)).body).toBe("<html>");
  });

  test("changes behind the client's back, and goes back to its start", async () => {
    const { simulator, send } = await session();
    const { body } = await send("POST", USERS, { username: "ada", title: "T" });
    const { drift } = simulator;
    drift.changeUser(body.id, { title: null, nickname: "N" });
    drift.disable(body.id);
    drift.lock(body.id);
    drift.movePopulation(body.id, GUESTS);
    drift.federate(body.id, "SAML", STAFF);
    drift.setField(body.id, { mfaEnabled: true });
    const now = (await send("GET", `${USERS}/${body.id}`)).body;
    expect(now).toMatchObject({
      nickname: "N",
      enabled: false,
      account: { canAuthenticate: false, status: "LOCKED" },
      population: { id: GUESTS },
      identityProvider: { type: "SAML", id: STAFF },
      mfaEnabled: true,
    });
    expect(now).not.toHaveProperty("title");
    const state = simulator.dump();
    drift.removeUser(body.id);
    drift.removeEnvironment(ENV);
    simulator.load(state);
    expect(simulator.dump()).toEqual(state);
    simulator.reset();
    expect(simulator.dump().environments[0]?.users).toEqual([]);
    expect(simulator.requests).toEqual([]);
  });
});
