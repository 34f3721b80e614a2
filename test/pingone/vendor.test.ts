import { describe, expect, test } from "vitest";
import { readSettings } from "../../provider/src/core/config";
import { pingOne, settings as table } from "../../provider/src/pingone/vendor";
import { bindTo, CLIENTS, failure, MINIMAL, settings, startTenant, stored, up, useReset, WORKER_ENV } from "./fixture";

const tenant = await startTenant();
useReset(tenant);

const given = (more: Record<string, string>) =>
  readSettings("pingone", table, {
    get: (key) => ({ environmentId: WORKER_ENV, clientId: "c", clientSecret: "s", ...more })[key.replace("pingone:", "")],
    env: {},
  });

describe("a region", () => {
  test.each([
    ["NA", "com"],
    ["CA", "ca"],
    ["EU", "eu"],
    ["AU", "com.au"],
    ["SG", "sg"],
    ["AP", "asia"],
  ])("%s leads to both hosts, without a version in the path", (regionCode, domain) => {
    expect(pingOne.baseUrl(given({ regionCode }))).toBe(`https://scim-api.pingone.${domain}`);
    expect(pingOne.tokenUrl?.(given({ regionCode }))).toBe(`https://auth.pingone.${domain}`);
  });

  test("gives way to addresses, one by one", () => {
    const mixed = given({ regionCode: "EU", baseUrl: "https://scim.example.com/" });
    expect([pingOne.baseUrl(mixed), pingOne.tokenUrl?.(mixed)]).toEqual(["https://scim.example.com", "https://auth.pingone.eu"]);
  });

  test("that is missing, unknown, or only half replaced is an error that says what to set", () => {
    expect(() => pingOne.baseUrl(given({}))).toThrow("PINGONE_REGION_CODE");
    expect(() => pingOne.tokenUrl?.(given({ baseUrl: "https://x" }))).toThrow("both pingone:baseUrl and pingone:authBaseUrl");
    expect(() => given({ regionCode: "US" })).toThrow("must be NA, CA, EU, AU, SG or AP");
  });
});

test("the environment supplies what the configuration does not", () => {
  const env = {
    PINGONE_CLIENT_ID: "c",
    PINGONE_CLIENT_SECRET: "s",
    PINGONE_ENVIRONMENT_ID: WORKER_ENV,
    PINGONE_REGION_CODE: "AU",
    PINGONE_SCIM_BASE_URL: "http://127.0.0.1:1",
    PINGONE_AUTH_BASE_URL: "http://127.0.0.1:2",
  };
  expect(readSettings("pingone", table, { get: () => undefined, env })).toEqual({
    clientId: "c",
    clientSecret: "s",
    environmentId: WORKER_ENV,
    regionCode: "AU",
    baseUrl: "http://127.0.0.1:1",
    authBaseUrl: "http://127.0.0.1:2",
    tokenEndpointAuthMethod: "CLIENT_SECRET_BASIC",
    concurrency: 6,
  });
});

describe("a token", () => {
  const tokenRequests = () => tenant.requests.filter(({ path }) => path.endsWith("/as/token"));

  test("is asked of the worker's environment at the token host, once for all calls", async () => {
    const { provider } = bindTo(tenant, { concurrency: "7" });
    await Promise.all(["a", "b", "c"].map((username) => up(provider, { ...MINIMAL, username })));
    expect(tokenRequests()).toMatchObject([
      { path: `/${WORKER_ENV}/as/token`, body: { grant_type: "client_credentials" }, headers: { authorization: "Basic ***" } },
    ]);
    expect(tokenRequests()[0]?.body).not.toHaveProperty("client_id");
  });

  test("is asked with the credentials in the form where the application wants that", async () => {
    const { clientId = "", clientSecret = "" } = CLIENTS[2] ?? {};
    await up(bindTo(tenant, { clientId, clientSecret, tokenEndpointAuthMethod: "CLIENT_SECRET_POST" }).provider, MINIMAL);
    expect(tokenRequests()[0]).toMatchObject({ body: { client_id: "post", client_secret: "***" } });
    expect(tokenRequests()[0]?.headers).not.toHaveProperty("authorization");
  });

  test.each<[string, Record<string, string>, string]>([
    ["a wrong secret", { clientSecret: "wrong-secret", concurrency: "11" }, "HTTP 401, invalid_client Request denied: Invalid"],
    ["the other authentication method", { tokenEndpointAuthMethod: "CLIENT_SECRET_POST" }, "pingone:tokenEndpointAuthMethod"],
    ["a worker without a role", { clientId: "idle", clientSecret: "idle-secret" }, "without any it gets no token"],
  ])("is refused for %s, with what to check and no secret", async (_what, more, words) => {
    const message = await failure(up(bindTo(tenant, more).provider, MINIMAL));
    expect(message).toContain("Asking PingOne for a token failed");
    expect(message).toContain(words);
    expect(message).toContain("IDP_AUTH");
    expect(message).not.toContain("secret-nobody");
    expect(message).not.toContain("wrong-secret");
  });

  test("that is not accepted any more is replaced once", async () => {
    const { provider } = bindTo(tenant, { concurrency: "5" });
    const own = await up(provider, MINIMAL);
    tenant.revokeTokens();
    await up(provider, { ...MINIMAL, title: "T" }, own);
    expect(stored(tenant).attributes.title).toBe("T");
    expect(tokenRequests()).toHaveLength(2);
  });

  test("that ended is renewed before it is used", async () => {
    const { provider } = bindTo(tenant, { concurrency: "4" });
    const own = await up(provider, MINIMAL);
    tenant.clock.advance(3600_000);
    await up(provider, { ...MINIMAL, title: "T" }, own);
    expect(tenant.count({ status: 401 })).toBe(0);
  });

  test("answer that repeats the credentials shows none of them", async () => {
    const { clientId, clientSecret } = settings(tenant);
    const pair = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    tenant.faults.add({
      path: /token/,
      when: "before",
      action: { status: 400, body: { error: "invalid_request", error_description: `${pair} ${clientSecret}` } },
    });
    const message = await failure(up(bindTo(tenant, { concurrency: "3" }).provider, MINIMAL));
    expect(message).toMatch(/invalid_request \*\*\*=* \*\*\*\. /);
  });
});

describe("a rate limit", () => {
  test("is waited for as told in seconds, and the create is sent once more", async () => {
    const { provider, waits } = bindTo(tenant);
    tenant.faults.add({ method: "POST", path: /Users$/, when: "before", action: { retryAfter: 7 } });
    await up(provider, MINIMAL);
    expect(waits).toContain(7000);
  });

  test("longer than the budget is an error with the vendor's code", async () => {
    tenant.faults.add({ method: "POST", path: /Users$/, when: "before", action: { retryAfter: 999 } });
    expect(await failure(up(bindTo(tenant, { maxWaitSeconds: "60", concurrency: "2" }).provider, MINIMAL))).toMatch(/IDP_THROTTLED/);
  });

  test("no more calls are under way than configured", async () => {
    const { provider } = bindTo(tenant, { concurrency: "1" });
    let [now, most] = [0, 0];
    const stop = tenant.onRequest(async ({ record, phase }) => {
      if (record.path.endsWith("token")) return;
      now += phase === "received" ? 1 : -1;
      most = Math.max(most, now);
    });
    await Promise.all(["a", "b", "c", "d"].map((username) => up(provider, { ...MINIMAL, username })));
    stop();
    expect(most).toBe(1);
  });
});

describe("a refusal", () => {
  const refuse = (status: number, body: object) =>
    tenant.faults.add({ method: "POST", path: /Users$/, when: "before", action: { status, body } });

  test.each(["innerError", "innererror"])("shows the rule that a value breaks (%s)", async (inner) => {
    const rule = { allowedPattern: "^\\d+$", rangeMaximumValue: 99, allowedValues: ["a", "b"] };
    refuse(400, { code: "INVALID_DATA", details: [{ code: "INVALID_VALUE", target: "badge", message: "is wrong", [inner]: rule }] });
    expect(await failure(up(bindTo(tenant).provider, MINIMAL))).toContain(
      'INVALID_DATA INVALID_VALUE, badge is wrong (allowedPattern ^\\d+$, rangeMaximumValue 99, allowedValues ["a","b"])',
    );
  });

  test("for a licence that is used up does not ask for a role", async () => {
    const detail = { code: "LICENSE_EXCEEDED", message: "Too many identities.", innerError: { quotaLimit: 5000 } };
    refuse(403, { code: "ACCESS_FAILED", details: [detail] });
    const message = await failure(up(bindTo(tenant).provider, MINIMAL));
    expect(message).toMatch(/Too many identities. \(quotaLimit 5000\). The licence of the environment is used up.*IDP_FORBIDDEN/);
    expect(message).not.toContain("Identity Data Admin");
  });

  test("of a token that is good names what else it may mean", async () => {
    tenant.faults.add({ method: "POST", path: /Users$/, times: 2, when: "before", action: { status: 401 } });
    expect(await failure(up(bindTo(tenant).provider, MINIMAL))).toMatch(
      /lost its rights while this ran. The worker needs the role .* an environment that was deleted answers the same \(IDP_AUTH/,
    );
  });

  test("whose code says that the thing is not there counts as such, whatever the status", async () => {
    const { provider } = bindTo(tenant);
    const own = await up(provider, MINIMAL);
    const action = { status: 400, body: { code: "NOT_FOUND", message: "gone" } };
    tenant.faults.add({ method: "DELETE", when: "after", action });
    await provider.delete(own.id, own.state);
    refuse(400, { code: "INVALID_DATA", details: [{ code: "NOT_FOUND", target: "population", message: "gone" }] });
    expect(await failure(up(provider, MINIMAL))).toContain("IDP_REJECTED");
  });
});
