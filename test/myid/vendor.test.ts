import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readSettings } from "../../provider/src/core/config";
import { type MyIdSettings, myId, settings } from "../../provider/src/myid/vendor";
import { ADA, bindTo, ENTRA, failure, GRACE, MINIMAL, slot, startHost, startServer } from "./fixture";

const CREDENTIALS = { clientId: "client", clientSecret: "very secret" };
const read = (given: Record<string, string>, env: Record<string, string> = {}) =>
  readSettings("myid", settings, { get: (key) => given[key.replace("myid:", "")], env });

describe("settings", () => {
  test("come from the stack, else from the environment", () => {
    const env = {
      MYID_BASE_URL: "https://x.example",
      MYID_AUTH_BASE_URL: "https://y.example",
      MYID_CLIENT_ID: "from env",
      MYID_CLIENT_SECRET: "from env too",
    };
    expect(read({ clientId: "client" }, env)).toEqual({
      baseUrl: env.MYID_BASE_URL,
      authBaseUrl: env.MYID_AUTH_BASE_URL,
      clientId: "client",
      clientSecret: "from env too",
    });
  });

  test("that are missing are named together, with the command and the variable that set them", () => {
    expect(() => read({})).toThrow(
      /'myid:clientId' .*MYID_CLIENT_ID[\s\S]*--secret 'myid:clientSecret' <secret>`, or set MYID_CLIENT_SECRET/,
    );
  });

  test("hold a bare host name as server", () => {
    expect(() => read({ ...CREDENTIALS, server: "https://myid.example.com" })).toThrow("must be the bare host name");
  });
});

describe("the server's address", () => {
  const address = (given: Partial<MyIdSettings>) => myId.baseUrl(given as MyIdSettings);

  test("follows from the host name, or is given as a whole, with or without the path of the API", () => {
    expect(address({ server: "myid.example.com" })).toBe("https://myid.example.com");
    for (const rest of ["", "/", "/rest.core", "/rest.core/api", "/REST.CORE/API/"])
      expect(address({ baseUrl: `https://myid.example.com${rest}` })).toBe("https://myid.example.com");
    expect(address({ server: "a.example", baseUrl: "https://a.example/" })).toBe("https://a.example");
  });

  test("must be there, and must be one", () => {
    expect(() => address({})).toThrow("The MyID server is not configured");
    expect(() => address({ server: "a.example", baseUrl: "https://b.example" })).toThrow("Two MyID servers are configured");
  });

  test("is where tokens come from, unless another one is given, as printed or as a whole", () => {
    const tokens = (given: Partial<MyIdSettings>) => myId.tokenUrl?.(given as MyIdSettings);
    expect(tokens({ baseUrl: "https://myid.example.com/rest.core" })).toBe("https://myid.example.com");
    for (const rest of ["", "/", "/web.oauth2", "/web.oauth2/", "/Web.OAuth2/connect/token"])
      expect(tokens({ server: "myid.example.com", authBaseUrl: `https://auth.example.com${rest}` })).toBe("https://auth.example.com");
  });

  test("makes another connection, and so does the client", () => {
    const given = { ...CREDENTIALS, server: undefined, authBaseUrl: undefined, baseUrl: "https://a.example" };
    const keys = [{}, { baseUrl: "https://b.example" }, { clientId: "other" }].map((other) => myId.key({ ...given, ...other }));
    expect(new Set(keys).size).toBe(3);
    expect(keys.join()).not.toContain("very secret");
  });
});

test.each<[string, unknown, object]>([
  ["the API", { code: "WS40000", message: "Bad value", more: 1 }, { vendorCode: "WS40000", words: "Bad value" }],
  ["OAuth", { error: "invalid_client", error_description: "No." }, { words: "invalid_client No." }],
  ["nobody", {}, {}],
  ["another shape", { code: 5 }, {}],
  ["another shape in one place", { code: 5, message: "Bad value" }, { words: "Bad value" }],
  ["nothing", undefined, {}],
])("a failure's words are those of %s", (_whose, body, facts) => {
  expect(myId.dialect.readFailure(body)).toEqual(facts);
});

describe("the token", () => {
  test("is asked for once in a run, however many links are made at once", async () => {
    await using server = await startServer({ seed: { people: Array.from({ length: 40 }, (_, index) => ({ logonName: `p${index}` })) } });
    const { provider, checked } = bindTo(server);
    const people = server.dump().people;
    await Promise.all(people.map(({ id }) => provider.create(checked({ person: { id }, entraObjectId: ENTRA }))));
    expect(server.dump().people.every(({ externalReferences }) => externalReferences.id1 === ENTRA)).toBe(true);
    expect(server.logons).toHaveLength(1);
  });

  test("is asked for with the scope of the API, in a form", async () => {
    await using server = await startServer();
    const { provider, checked } = bindTo(server);
    await provider.create(checked(MINIMAL));
    expect(server.requests[0]).toMatchObject({
      method: "POST",
      path: "/web.oauth2/connect/token",
      query: {},
      body: { grant_type: "client_credentials", scope: "myid.rest.basic", client_id: server.credentials.clientId, client_secret: "***" },
    });
  });

  test("comes from the server that has web.oauth2, where that is another one", async () => {
    await using server = await startServer({ authApart: true });
    const { provider, checked } = bindTo(server, { authBaseUrl: server.authUrl });
    await provider.create(checked(MINIMAL));
    expect(slot(server)).toBe(ENTRA);
    expect(server.logons).toHaveLength(1);
  });

  test("that is looked for at the wrong server is an error that names the setting, and no object is taken for gone", async () => {
    await using server = await startServer({ authApart: true });
    for (const body of [undefined, { code: "XX1", message: "No such resource" }]) {
      if (body) server.faults.add({ path: /token/, when: "before", times: 2, action: { status: 404, body } });
      const { provider, checked } = bindTo(server, body && { authBaseUrl: server.authUrl, clientId: "another" });
      const message = await failure(provider.create(checked(MINIMAL)));
      expect(message).toContain("Asking MyID for a token failed: HTTP 404");
      expect(message).toContain("if web.oauth2 is on another one, set myid:authBaseUrl");
      expect(message).toContain("IDP_CONTRACT");
      const state = { person: { id: ADA.id }, entraObjectId: ENTRA, slot: 1, verified: true, server: server.url };
      expect(await failure(provider.read(`${ADA.id}/1`, state))).toContain("IDP_CONTRACT");
    }
  });

  test("is asked for again when its time is up, or when the server no longer takes it", async () => {
    await using server = await startServer();
    const { provider, checked } = bindTo(server);
    const { id, state } = await provider.create(checked(MINIMAL));
    server.clock.advance(3_500_000);
    await provider.read(id, state);
    expect(server.logons).toHaveLength(1);
    server.clock.advance(100_000);
    await provider.read(id, state);
    expect(server.logons).toHaveLength(2);
    server.revokeTokens();
    await provider.update(id, state, checked({ ...MINIMAL, entraObjectId: GRACE.id }));
    expect(server.logons).toHaveLength(3);
    expect(slot(server)).toBe(GRACE.id);
  });

  test("with wrong credentials is asked for once, and the error names settings, variables and what the server needs", async () => {
    await using server = await startServer();
    const { provider, checked } = bindTo(server, { clientSecret: "not the secret" });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const message = await failure(provider.create(checked(MINIMAL)));
      expect(message).toContain("Asking MyID for a token failed: HTTP 400, invalid_client");
      for (const part of ["myid:clientSecret (MYID_CLIENT_SECRET)", "web.oauth2", "MyIDLogonName", "Client Credentials OAuth2", "IDP_AUTH"])
        expect(message).toContain(part);
      expect(message).not.toContain("not the secret");
    }
    expect(server.count({ path: /token/ })).toBe(1);
  });

  test("that is no token is said so", async () => {
    await using server = await startServer();
    server.faults.add({ path: /token/, when: "before", action: { status: 200, body: {} } });
    const { provider, checked } = bindTo(server);
    expect(await failure(provider.create(checked(MINIMAL)))).toContain("the answer holds no token");
  });
});

describe("calls", () => {
  test("are repeated after 502 to 504 when they only read, and not after 500", async () => {
    await using server = await startServer();
    const { provider, checked } = bindTo(server);
    const { id, state } = await provider.create(checked(MINIMAL));
    for (const [status, times] of [
      [500, 1],
      [502, 5],
      [503, 5],
      [504, 5],
    ] as const) {
      server.faults.clear();
      server.clearRequests();
      server.faults.add({ when: "before", times: 9, action: { status } });
      await failure(provider.read(id, state));
      expect(server.count(), String(status)).toBe(times);
    }
  });

  test("that are refused for their rate wait as long as they are told", async () => {
    await using server = await startServer();
    const { provider, checked } = bindTo(server);
    const before = server.clock.now();
    server.faults.add({ method: "PATCH", when: "before", action: { retryAfter: 20 } });
    await provider.create(checked(MINIMAL));
    expect(server.clock.now() - before).toBeGreaterThanOrEqual(20_000);
    expect(server.count({ method: "PATCH" })).toBe(2);
  });

  test("are at most four at a time", async () => {
    await using server = await startServer({ latencyMs: 20 });
    let [now, most] = [0, 0];
    server.onRequest(({ phase }) => {
      now += phase === "received" ? 1 : -1;
      most = Math.max(most, now);
    });
    const { provider, checked } = bindTo(server);
    await Promise.all(
      [ADA, GRACE].flatMap(({ id }) =>
        [1, 2, 3].map((number) => provider.create(checked({ person: { id }, entraObjectId: ENTRA, slot: number, overwrite: true }))),
      ),
    );
    expect(most).toBe(4);
  });
});

describe("a server with a certificate of a private authority", () => {
  const caFile = (text: string) => {
    const dir = mkdtempSync(join(tmpdir(), "myid-ca-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, "ca.pem"), text);
    return join(dir, "ca.pem");
  };

  test("is trusted with caFile, in the provider process too", async () => {
    await using server = await startServer({ https: true, authApart: true });
    for (const url of [server.url, server.authUrl]) expect(url).toMatch(/^https:/);
    await using host = await startHost(server, { caFile: caFile(String(server.ca)), authBaseUrl: server.authUrl });
    const resource = host.resource();
    await resource.up(MINIMAL);
    expect(slot(server)).toBe(ENTRA);
    await resource.destroy();
    expect(slot(server)).toBeNull();
    expect(server.logons).toHaveLength(1);
  });

  test("is refused without it, and with another authority's, and the error says what to set", async () => {
    await using server = await startServer({ https: true });
    await using other = await startServer({ https: true });
    const trusts: Record<string, string>[] = [{}, { caFile: caFile(String(other.ca)), clientId: "another" }];
    for (const more of trusts) {
      const { provider, checked } = bindTo(server, more);
      const message = await failure(provider.create(checked(MINIMAL)));
      expect(message).toContain("certificate is not trusted");
      expect(message).toContain("set caFile");
    }
    expect(server.requests).toEqual([]);
  });
});
