import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { providerSource } from "../../provider/src/core/provider-source";
import { startProviderHost } from "../harness/rpc";
import { ADA, failure, kept, MINIMAL, mail, mapping, PARTNERS, settings, startHost, startTenant, useStack } from "./fixture";

const VERSIONS = ["beta", "v3", "v2024", "v2025", "v2026", "v1"];
const CLIENTS = ["simulator-client", "second", "third"].map((clientId) => ({ clientId, clientSecret: `secret of ${clientId}` }));

const other = await startTenant({ seed: { org: "umbrella", sources: [PARTNERS] } });
afterAll(() => other.close());

const { tenant, host } = await useStack({
  options: { clients: CLIENTS },
  more: (tenant) => {
    const here = settings(tenant);
    const connections = {
      partners: settings(other),
      halfway: { baseUrl: other.url },
      misspelt: { ...settings(other), clientID: "x" },
      experimental: { ...here, experimental: "true" },
      missing: { ...here, apiVersion: "v2099" },
      crowded: { ...here, ...CLIENTS[1] },
      refused: { ...here, ...CLIENTS[2], clientSecret: "wrong secret" },
      ...Object.fromEntries(VERSIONS.map((apiVersion) => [apiVersion, { ...here, apiVersion }])),
    };
    return { connections: JSON.stringify(connections) };
  },
});

/** A process of its own, for a test that needs another configuration. It sees nothing of the tester's own environment. */
async function start(config: Record<string, string>, given: Record<string, string> = {}) {
  const env = { SAIL_BASE_URL: "", SAIL_CLIENT_ID: "", SAIL_CLIENT_SECRET: "", ...given };
  const own = await startProviderHost({ provider: providerSource("sailpoint:IdentityProfile"), config, env });
  onTestFinished(() => own.close());
  return own;
}

const tokens = () => tenant.count({ path: /oauth\/token/ });

describe("several tenants in one stack", () => {
  test("each resource goes where its connection leads", async () => {
    const [here, there] = [host.resource("here"), host.resource("there")];
    const inputs = { name: "Partners", authoritativeSource: { name: "Partners" }, connection: "partners" };
    await here.up(MINIMAL);
    await there.up(inputs);
    expect(tenant.dump().profiles.map(({ name }) => name)).toEqual(["Employees"]);
    expect(other.dump().profiles.map(({ name }) => name)).toEqual(["Partners"]);
    expect(kept(here).outputs).toMatchObject({ tenant: "acme" });
    expect(kept(there).outputs).toMatchObject({ tenant: "umbrella", connection: "partners" });
    expect(await there.refresh()).toBe("same");
    expect(await there.up({ ...inputs, description: "x" })).toBe("update");
    await there.destroy();
    expect(other.dump().profiles).toEqual([]);
    expect(other.unknownRequests).toEqual([]);
  });

  test("another connection means a new profile there, after the old one is deleted", async () => {
    const resource = host.resource();
    const inputs = { name: "Partners", authoritativeSource: { id: PARTNERS.id } };
    await resource.up(inputs);
    expect(await resource.up({ ...inputs, connection: "partners" })).toBe("replace");
    expect(tenant.dump().profiles).toEqual([]);
    expect(other.dump().profiles.map(({ id }) => id)).toEqual([kept(resource).id]);
    await resource.destroy();
  });

  test.each<[string, string, string[]]>([
    [
      "that is not there",
      "partner",
      ['There is no connection "partner" of sailpoint - did you mean "partners"?', "pulumi config set --path"],
    ],
    [
      "without credentials, which never come from elsewhere",
      "halfway",
      ["sailpoint:connections.halfway.clientId is missing", "--path --secret 'sailpoint:connections.halfway.clientSecret'"],
    ],
    ["with a setting that nobody knows", "misspelt", ['unknown setting "clientID"', 'did you mean "clientId"?']],
  ])("a connection %s is explained before anything is sent", async (_which, connection, facts) => {
    const message = await failure(host.resource().up({ ...MINIMAL, connection }));
    for (const fact of facts) expect(message).toContain(fact);
    expect(message).not.toContain("or set SAIL_");
    expect(tenant.requests).toEqual([]);
  });

  test("a check or preview needs no setting at all", async () => {
    const bare = await start({});
    expect(await bare.resource().preview({ ...MINIMAL, connection: "anything" })).toMatchObject({ op: "create" });
  });
});

describe("the unnamed connection", () => {
  test("may come from the environment", async () => {
    const { clientId, clientSecret } = tenant.credentials;
    const own = await start({}, { SAIL_BASE_URL: tenant.url, SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret });
    await own.resource().up(MINIMAL);
    expect(tenant.dump().profiles).toHaveLength(1);
  });

  test("takes the stack's word before the environment's", async () => {
    const config = Object.fromEntries(Object.entries(settings(tenant)).map(([key, value]) => [`sailpoint:${key}`, value]));
    const own = await start(config, { SAIL_BASE_URL: "http://127.0.0.1:9", SAIL_CLIENT_ID: "wrong", SAIL_CLIENT_SECRET: "wrong" });
    await own.resource().up(MINIMAL);
    expect(tenant.dump().profiles).toHaveLength(1);
  });

  test("that lacks credentials names every missing one, its command and its variable, in one message", async () => {
    const own = await start({ "sailpoint:baseUrl": tenant.url });
    const message = await failure(own.resource().up(MINIMAL));
    expect(message).toContain("sailpoint:clientId is missing");
    expect(message).toContain("pulumi config set 'sailpoint:clientId'");
    expect(message).toContain("or set SAIL_CLIENT_ID");
    expect(message).toContain("pulumi config set --secret 'sailpoint:clientSecret' <secret>`, or set SAIL_CLIENT_SECRET");
    expect(message).toContain("IDP_CONFIG");
  });

  test("that names no tenant says how to", async () => {
    const own = await start({ "sailpoint:clientId": "x", "sailpoint:clientSecret": "x" });
    expect(await failure(own.resource().up(MINIMAL))).toMatch(/pulumi config set sailpoint:tenant acme.*SAIL_BASE_URL/);
  });

  test("does not send credentials in clear text beyond this machine", async () => {
    const own = await start({
      "sailpoint:baseUrl": "http://acme.api.identitynow.com",
      "sailpoint:clientId": "x",
      "sailpoint:clientSecret": "x",
    });
    expect(await failure(own.resource().up(MINIMAL))).toContain("must begin with https://");
  });
});

describe("the layout of the API's paths", () => {
  const inputs = { name: "Employees", authoritativeSource: { name: "HR" }, owner: { name: ADA.name }, ...mapping({ email: mail() }) };
  test.each([
    ["beta", "/beta/identity-profiles", "/beta/sources", "/beta/identities", "/beta/task-status"],
    ["v3", "/v3/identity-profiles", "/v3/sources", "/beta/identities", undefined],
    ["v2024", "/v2024/identity-profiles", "/v2024/sources", "/v2024/identities", "/v2024/task-status"],
    ["v2025", "/v2025/identity-profiles", "/v2025/sources", "/v2025/identities", "/v2025/task-status"],
    ["v2026", "/v2026/identity-profiles", "/v2026/sources", "/v2026/identities", "/v2026/task-status"],
    ["v1", "/identity-profiles/v1", "/sources/v1", "/identities/v1", "/task-status/v1"],
  ])("is that of version %s through a whole life", async (apiVersion, profiles, sources, identities, tasks) => {
    const resource = host.resource();
    await resource.up({ ...inputs, connection: apiVersion });
    const { id } = kept(resource);
    expect(await resource.up({ ...inputs, connection: apiVersion, description: "x" })).toBe("update");
    expect(await resource.refresh()).toBe("same");
    await resource.destroy();
    const [task] = tenant.dump().tasks;
    const paths = tenant.requests.filter(({ path }) => path !== "/oauth/token").map(({ method, path }) => `${method} ${path}`);
    const one = `${profiles}/${id}`;
    expect(paths).toEqual(
      [
        `GET ${sources}`,
        `GET ${identities}`,
        `POST ${profiles}`,
        `GET ${one}`,
        `PATCH ${one}`,
        `GET ${one}`,
        `GET ${one}`,
        `DELETE ${one}`,
        tasks && `GET ${tasks}/${task?.id}`,
        `GET ${one}`,
      ].filter(Boolean),
    );
    expect(tenant.dump().profiles).toEqual([]);
  });

  test("may differ between two connections of one client", async () => {
    await host.resource("a").up({ ...MINIMAL, connection: "v3" });
    await host.resource("b").up({ name: "Partners", authoritativeSource: { id: PARTNERS.id }, connection: "v1" });
    const posts = tenant.requests.filter(({ method, path }) => method === "POST" && path !== "/oauth/token");
    expect(posts.map(({ path }) => path)).toEqual(["/v3/identity-profiles", "/identity-profiles/v1"]);
  });

  test("of a version that the tenant does not have is never taken for a profile that is gone", async () => {
    const resource = host.resource();
    await resource.up(MINIMAL);
    const { state } = resource;
    tenant.faults.add({ path: /^\/v2099/, when: "before", action: { status: 404, body: "no such path" } });
    expect(await failure(host.read(kept(resource).id, { ...kept(resource).outputs, connection: "missing" }))).toContain(
      "sailpoint:apiVersion",
    );
    expect(resource.state).toBe(state);
  });
});

describe("the header for experimental endpoints", () => {
  const sent = () =>
    tenant.requests.filter(({ path }) => path !== "/oauth/token").map(({ headers }) => headers["x-sailpoint-experimental"]);

  test("is not sent unless asked for", async () => {
    await host.resource().up(MINIMAL);
    expect(sent()).toEqual([undefined]);
  });

  test("goes with every call once asked for", async () => {
    tenant.switches.experimentalRequired = true;
    const resource = host.resource();
    await resource.up({ ...MINIMAL, connection: "experimental" });
    await resource.up({ ...MINIMAL, connection: "experimental", description: "x" });
    await resource.destroy();
    expect(sent().length).toBeGreaterThan(5);
    expect(new Set(sent())).toEqual(new Set(["true"]));
  });
});

describe("the token", () => {
  test("is asked for once, however many profiles are made at the same time", async () => {
    const sources = Array.from({ length: 20 }, (_, n) => ({ id: `source-${n}`, name: `Source ${n}` }));
    tenant.load({ sources });
    const names = sources.map(({ name }) => name);
    await Promise.all(names.map((name) => host.resource(name).up({ name, authoritativeSource: { name }, connection: "crowded" })));
    expect(tokens()).toBe(1);
    const profiles = tenant.dump().profiles;
    expect(profiles.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(profiles.every(({ name, authoritativeSource }) => authoritativeSource.name === name)).toBe(true);
  });

  test("is asked for in a form, not in the address, which ends up in logs", async () => {
    tenant.revokeTokens();
    await host.resource().up(MINIMAL);
    const request = tenant.requests.find(({ path }) => path === "/oauth/token");
    expect(request).toMatchObject({ method: "POST", path: "/oauth/token", query: {}, body: { grant_type: "client_credentials" } });
    expect(request?.headers["content-type"]).toContain("application/x-www-form-urlencoded");
  });

  test("is replaced once when the tenant no longer accepts it", async () => {
    await host.resource().up(MINIMAL);
    tenant.revokeTokens();
    tenant.clearRequests();
    await host.resource().up({ name: "Partners", authoritativeSource: { id: PARTNERS.id } });
    expect(tenant.requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
      "/beta/identity-profiles 401",
      "/oauth/token 200",
      "/beta/identity-profiles 201",
    ]);
  });

  test("is not asked for again with credentials that were refused", async () => {
    const inputs = { ...MINIMAL, connection: "refused" };
    const messages = await Promise.all([1, 2, 3].map((n) => failure(host.resource(`${n}`).up(inputs))));
    for (const message of messages) {
      expect(message).toContain("invalid_client Client authentication failed");
      expect(message).toContain("sailpoint:clientSecret (SAIL_CLIENT_SECRET)");
      expect(message).toContain("IDP_AUTH");
    }
    expect(tokens()).toBe(1);
  });
});

test("no secret and no token appears in an error, a log line, the process's output or state", async () => {
  const secret = "s3cr3t +/=&% of the tenant";
  const guarded = await startTenant({ clients: [{ clientId: "client", clientSecret: secret }] });
  onTestFinished(() => guarded.close());
  await using own = await startHost(guarded);
  const seen: unknown[] = [];
  const resource = own.resource();
  const inputs = { ...MINIMAL, ...mapping({ email: mail(), title: { type: "static", value: "x" } }) };

  await resource.up(inputs);
  seen.push(resource);
  guarded.faults.add({
    method: "GET",
    when: "before",
    action: { status: 400, body: { message: `you sent ${secret}` }, headers: { "content-type": "application/json" } },
  });
  seen.push(await failure(resource.refresh()));
  guarded.faults.add({
    method: "GET",
    when: "before",
    times: 9,
    action: { status: 401, body: { error: `bad: ${encodeURIComponent(secret)}` }, headers: { "content-type": "application/json" } },
  });
  seen.push(await failure(resource.refresh()));
  guarded.faults.clear();
  guarded.revokeTokens();
  const form = new URLSearchParams({ client_secret: secret });
  guarded.faults.add({ path: /oauth/, when: "before", action: { status: 400, body: `<p>cannot read ${form}</p>` } });
  seen.push(await failure(resource.refresh()));
  seen.push(own.logs, own.output);

  const text = JSON.stringify(seen);
  expect(text).toContain("***");
  for (const form of [
    secret,
    encodeURIComponent(secret),
    String(new URLSearchParams({ s: secret })).slice(2),
    JSON.stringify(secret).slice(1, -1),
  ]) {
    expect(text).not.toContain(form);
  }
  expect(text, "the beginning of every JSON web token").not.toContain("eyJ");
});
