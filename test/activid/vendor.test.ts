import { type ActivIdSimulator, startActivId } from "identity-simulators";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { activId, settings } from "../../provider/src/activid/vendor";
import { readSettings } from "../../provider/src/core/config";
import { attributes, bindTo, FEDERATED, failure, MINIMAL, sent, stored } from "./fixture";

let tenant: ActivIdSimulator;
beforeEach(async () => {
  tenant = await startActivId();
});
afterEach(() => tenant.close());

const WITH_USER_NAME = { ...MINIMAL, userName: "maria" };

describe("the token", () => {
  test("is asked for with encoded credentials in the header, once for all calls", async () => {
    const { provider } = bindTo(tenant);
    const { id, state } = await provider.create(MINIMAL);
    await provider.read(id, state);
    const [request, ...more] = tenant.requests.filter(({ path }) => path.endsWith("/token"));
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      path: "/idp/ACME/authn/token",
      body: { grant_type: "client_credentials" },
      headers: { authorization: "Basic ***", accept: "application/json" },
    });
  });

  test("is asked for with the credentials in the form by a client that is registered so, and a refusal names the method", async () => {
    const other = await startActivId({ clients: [{ ...tenant.credentials, authMethod: "client_secret_post" }] });
    const { provider } = bindTo(other, "User", { tokenEndpointAuthMethod: "client_secret_post" });
    await provider.create(MINIMAL);
    const [request] = other.requests;
    expect(request?.body).toEqual({ grant_type: "client_credentials", client_id: tenant.credentials.clientId, client_secret: "***" });
    expect(request?.headers).not.toHaveProperty("authorization");
    const message = await failure(bindTo(other).provider.create(MINIMAL));
    expect(message).toContain("that the client is registered for client_secret_basic (activid:tokenEndpointAuthMethod)");
    await other.close();
  });

  test("a rejected secret is never sent again, because the server locks the client", async () => {
    const { provider } = bindTo(tenant, "User", { clientSecret: "not-the-one" });
    const all = await Promise.all([1, 2, 3].map(() => failure(provider.create(MINIMAL))));
    all.push(await failure(provider.create(MINIMAL)));
    expect(tenant.count({ path: /token$/ })).toBe(1);
    for (const message of all) {
      expect(message).toMatch(/Asking HID ActivID for a token failed: HTTP 400, invalid_client Client authentication failed/);
      expect(message).toContain("It was tried once only");
      expect(message).not.toContain("not-the-one");
    }
    // The client is not locked.
    await bindTo(tenant).provider.create(MINIMAL);
  });

  test("is renewed before its end and after a 401, and a refused client says what it needs", async () => {
    tenant.switches.tokenLifetimeSeconds = 100;
    const { provider } = bindTo(tenant);
    const { id, state } = await provider.create(MINIMAL);
    tenant.clock.advance(90_000);
    await provider.read(id, state);
    expect(tenant.count({ path: /token$/ })).toBe(2);
    tenant.revokeTokens();
    await provider.read(id, state);
    expect(tenant.count({ path: /token$/ })).toBe(3);
    tenant.faults.add({ method: "GET", times: 2, when: "before", action: { status: 401 } });
    expect(await failure(provider.read(id, state))).toContain("IDP_AUTH");
  });
});

describe("api-version", () => {
  const on = (apiVersion?: string) => bindTo(tenant, "User", apiVersion === undefined ? {} : { apiVersion });

  test("is not sent unless it is configured, and then with every call", async () => {
    const { id, state } = await on().provider.create(MINIMAL);
    expect(tenant.requests.every(({ query }) => query["api-version"] === undefined)).toBe(true);
    await on("3").provider.read(id, state);
    expect(tenant.requests.at(-1)?.query).toEqual({ "api-version": "3" });
  });

  test.each<[string | undefined, object, string]>([
    [undefined, { ...MINIMAL, externalId: undefined, userName: "x" }, "needs externalId with no activid:apiVersion"],
    ["3", { ...MINIMAL, externalId: undefined, userName: "x" }, "needs externalId with activid:apiVersion 3"],
    ["3", WITH_USER_NAME, "cannot have a userName of its own with activid:apiVersion 3"],
    ["4", MINIMAL, "needs userName with activid:apiVersion 4. Declare userName"],
    [
      "8",
      { ...WITH_USER_NAME, attributes: { SKILLS: ["a"] } },
      "cannot have several values in attributes.SKILLS with activid:apiVersion 8",
    ],
  ])("%s refuses what it cannot do before anything is sent", async (version, inputs, message) => {
    expect(await failure(on(version).provider.create(inputs as typeof MINIMAL))).toContain(message);
    expect(tenant.requests).toEqual([]);
  });

  test("4 sends userName, changes it in place, and needs no externalId", async () => {
    const { provider } = on("4");
    const { externalId: _, ...inputs } = WITH_USER_NAME;
    const { id, state } = await provider.create(inputs);
    expect(state).toMatchObject({ userName: "maria" });
    await provider.update(id, state, { ...inputs, userName: "mara" });
    expect(tenant.dump().users).toMatchObject([{ id, userName: "mara" }]);
    tenant.faults.add({ method: "POST", path: /Users$/, when: "after", action: "drop" });
    const other = await provider.create({ ...inputs, userName: "second" });
    expect(sent(tenant, "POST", /search$/)).toMatchObject([{ filter: 'userName eq "second"' }]);
    expect(other.id).not.toBe(id);
    expect(await failure(provider.delete(id, { ...state, onDelete: "deleteAndForget" }))).toContain("has no externalId");
  });

  test("4 changes the userName of a federated user by PATCH", async () => {
    const { provider } = on("4");
    const { id, state } = await provider.create({ ...FEDERATED, userName: "ada" });
    const next = await provider.update(id, state, { ...FEDERATED, userName: "countess" });
    expect(sent(tenant, "PATCH")).toEqual([{ Operations: [{ op: "Replace", path: "userName", value: "countess" }] }]);
    expect(provider.diff(next, { ...FEDERATED, userName: "countess" })).toMatchObject({ changes: false });
  });

  test("9 writes several values, in any order, and keeps foreign ones as lists", async () => {
    const { provider } = on("9");
    const inputs = { ...WITH_USER_NAME, attributes: { SKILLS: ["a", "b"] } };
    const { id, state } = await provider.create(inputs);
    expect(attributes(tenant)).toMatchObject({ SKILLS: ["a", "b"] });
    expect(provider.diff(state, { ...inputs, attributes: { SKILLS: ["b", "a"] } })).toMatchObject({ changes: false });
    const next = await provider.update(id, state, { ...inputs, attributes: { SKILLS: ["a", "b"], DOB: "1990-01-01" } });
    expect(attributes(tenant)).toMatchObject({ SKILLS: ["a", "b"], DOB: "1990-01-01" });
    await provider.update(id, next, { ...WITH_USER_NAME, attributes: { DOB: "1991-01-01" } });
    expect(Object.keys(attributes(tenant))).not.toContain("SKILLS");
    tenant.drift.setAttribute(id, "SKILLS", ["x", "y"]);
    await provider.update(id, next, { ...WITH_USER_NAME, attributes: { DOB: "1992-01-01" } });
    expect(stored(tenant).attributes).toEqual(expect.arrayContaining([{ name: "DOB", value: "1992-01-01", readOnly: false }]));
  });
});

describe("settings", () => {
  const read = (given: Record<string, string>, env: Record<string, string> = {}) =>
    readSettings("activid", settings, { get: (key) => given[key.replace("activid:", "")], env });
  const ENV = { ACTIVID_BASE_URL: "https://h.example", ACTIVID_TENANT: "ACME", ACTIVID_CLIENT_ID: "id", ACTIVID_CLIENT_SECRET: "s&cret" };

  test("come from the environment where the stack says nothing", () => {
    expect(read({}, ENV)).toEqual({
      baseUrl: "https://h.example",
      tenant: "ACME",
      clientId: "id",
      clientSecret: "s&cret",
      tokenEndpointAuthMethod: "client_secret_basic",
      concurrency: 4,
    });
    expect(read({ apiVersion: "10" }, ENV)).toMatchObject({ apiVersion: 10 });
  });

  test.each([
    ["apiVersion", "10.3.0", "major number"],
    ["tenant", "https://h/scim/x", "bare id"],
    ["concurrency", "0", ""],
    ["tokenEndpointAuthMethod", "tls_client_auth", "client_secret_basic, client_secret_post, private_key_jwt, client_secret_pki"],
  ])("refuse a wrong %s: %s", (key, value, reason) => {
    expect(() => read({ [key]: value }, ENV)).toThrow(new RegExp(`activid:${key} is wrong .*${reason}`, "s"));
  });

  test("that are missing are named together", () => {
    expect(() => read({})).toThrow(/ACTIVID_BASE_URL[\s\S]*ACTIVID_TENANT[\s\S]*ACTIVID_CLIENT_ID[\s\S]*--secret 'activid:clientSecret'/);
  });

  test("secrets are known in every form in which they are sent", () => {
    expect(activId.secrets(read({}, ENV) as never)).toEqual(["s&cret", "id:s%26cret"]);
  });
});

describe("a failure", () => {
  const { readFailure } = activId.dialect;
  test.each<[unknown, object]>([
    [
      { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], detail: "d", status: "400", scimType: "invalidValue", errorCode: 1292 },
      { vendorCode: "invalidValue 1292", words: "d" },
    ],
    [
      { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: "404" },
      { vendorCode: "SCIM 404", words: undefined },
    ],
    [
      { error: "invalid_client", error_description: "no" },
      { vendorCode: undefined, words: "invalid_client no" },
    ],
    [undefined, {}],
    ["<html>", {}],
    [{ detail: 7 }, {}],
  ])("is read in whatever shape it comes: %o", (body, expected) => {
    expect(readFailure(body)).toEqual({ vendorCode: undefined, words: undefined, ...expected });
  });
});
