import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { calls, count, EMPLOYEES, ENV, FULL, failure, kept, MINIMAL, OTHER_ENV, PARTNERS, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

const SCHEMAS = { schemas: ["urn:pingidentity:schemas:2.0:DirectMappedUser"] };
/** What the vendor adds to a new user's outputs. */
const ADDED = {
  userId: expect.any(String),
  region: "EU",
  created: expect.any(String),
  enabled: true,
  account: { canAuthenticate: true, status: "OK" },
  lifecycle: { status: "ACCOUNT_OK" },
  mfaEnabled: false,
  verifyStatus: "NOT_INITIATED",
  identityProvider: { type: "PING_ONE" },
};

async function make(inputs: Props) {
  const resource = host.resource();
  expect(await resource.up(inputs)).toBe("create");
  return kept(resource);
}

describe("a create", () => {
  test("of the fewest inputs sends one request, with schemas and nothing that the program does not say", async () => {
    const { id, outputs } = await make(MINIMAL);
    expect(calls(tenant)).toEqual(["POST users 201"]);
    expect(sent(tenant, "POST")).toEqual([{ ...SCHEMAS, username: "a.lovelace" }]);
    expect(tenant.requests.at(-1)?.headers["content-type"]).toBe("application/json");
    const user = stored(tenant);
    expect(id).toBe(`${ENV}/${user.id}`);
    expect(outputs).toEqual({ ...MINIMAL, ...ADDED, userId: user.id, population: { id: EMPLOYEES }, serverChosen: ["population"] });
  });

  test("of everything sends it in the vendor's own names, custom attributes beside the others", async () => {
    const { outputs } = await make(FULL);
    const { environmentId, customAttributes, ...attributes } = FULL;
    expect(sent(tenant, "POST")).toEqual([{ ...SCHEMAS, ...attributes, ...customAttributes }]);
    expect(stored(tenant).populationId).toBe(PARTNERS);
    expect(outputs).toEqual({ ...FULL, ...ADDED });
  });

  test("asks the worker's environment for a token, and the user's for the user", async () => {
    await make({ ...MINIMAL, environmentId: OTHER_ENV });
    expect(tenant.requests.map(({ path }) => path)).toContain(`/environments/${OTHER_ENV}/v2/DirectMappedUsers`);
  });

  test("takes ids in any case", async () => {
    const resource = host.resource();
    await resource.up({ ...MINIMAL, environmentId: ENV.toUpperCase(), population: { id: PARTNERS.toUpperCase() } });
    expect(await resource.up({ ...MINIMAL, population: { id: PARTNERS } })).toBe("same");
  });

  test("ignores members that no documentation names, and accepts SCIM's media type", async () => {
    Object.assign(tenant.switches, { extraFields: true, mediaType: "application/scim+json" });
    const { outputs } = await make(MINIMAL);
    expect(JSON.stringify(outputs)).not.toContain("lastSignOn");
  });
});

describe("what PingOne takes and drops", () => {
  test("is named, and the user that exists is kept", async () => {
    const resource = host.resource();
    const message = await failure(resource.up({ ...MINIMAL, nickname: "A", customAttributes: { Badge: "1", badge: "2", nowhere: 3 } }));
    expect(message).toContain("these are not as declared: customAttributes.Badge, customAttributes.nowhere.");
    expect(message).toContain("exactly this name and case");
    expect(message).toContain("IDP_PARTIAL");
    expect(kept(resource)).toMatchObject({
      id: `${ENV}/${stored(tenant).id}`,
      outputs: { nickname: "A", customAttributes: { badge: "2" } },
    });
    expect(kept(resource).initErrors).toHaveLength(1);

    expect(await resource.up({ ...MINIMAL, nickname: "A", customAttributes: { badge: "2" } })).toBe("update");
    expect(calls(tenant)).toEqual(["POST users 201", "GET users/:id 200"]);
    expect(await resource.up({ ...MINIMAL, nickname: "A", customAttributes: { badge: "2" } })).toBe("same");
  });

  test("is named again as long as it is declared, without a second user", async () => {
    const resource = host.resource();
    const inputs = { ...MINIMAL, customAttributes: { nowhere: "x" } };
    for (const _ of [1, 2]) expect(await failure(resource.up(inputs))).toContain("customAttributes.nowhere");
    expect(count(tenant)).toBe(1);
  });

  test("is named for a value that it changes", async () => {
    tenant.switches.usernameCase = "lower";
    expect(await failure(host.resource().up({ ...MINIMAL, username: "A.Lovelace" }))).toContain("not as declared: username.");
  });
});

describe("a refused create", () => {
  test.each<["scim" | "native", string]>([
    ["scim", "HTTP 400, invalidValue, population population"],
    ["native", "HTTP 400, INVALID_DATA INVALID_VALUE, "],
  ])("shows the vendor's words and ids in the %s shape", async (errorShape, words) => {
    tenant.switches.errorShape = errorShape;
    const message = await failure(host.resource().up({ ...MINIMAL, population: { id: OTHER_ENV } }));
    expect(message).toContain('Creating PingOne user "a.lovelace" failed: ');
    expect(message).toContain(words);
    expect(message).toContain(`request id ${tenant.requests.at(-1)?.requestId}`);
    if (errorShape === "native") expect(message).toContain("tracking id ");
  });

  test("in an environment that is not there changes nothing", async () => {
    expect(await failure(host.resource().up({ ...MINIMAL, environmentId: EMPLOYEES }))).toContain("HTTP 404");
  });

  test("shows a gateway's page", async () => {
    const body = "<html><body>Bad gateway</body></html>";
    tenant.faults.add({
      method: "POST",
      path: /Users$/,
      when: "before",
      action: { status: 403, body, headers: { "content-type": "text/html" } },
    });
    expect(await failure(host.resource().up(MINIMAL))).toContain("HTTP 403, Bad gateway. The worker needs the role Identity Data Admin");
  });
});

describe("a password", () => {
  const inputs = { ...MINIMAL, password: "Winter-is-2026!" };

  test("is sent with the create, and is in no output", async () => {
    const { outputs } = await make(inputs);
    expect(stored(tenant).password).toBe(inputs.password);
    expect(JSON.stringify(outputs)).not.toContain(inputs.password);
  });

  test("that changes is no change, and no update sends it", async () => {
    const resource = host.resource();
    await resource.up(inputs);
    expect(await resource.up({ ...inputs, password: "other" })).toBe("same");
    const { op, changes } = await resource.preview({ ...inputs, password: "third", nickname: "A" });
    expect({ op, changes }).toEqual({ op: "update", changes: ["nickname"] });
    await resource.up({ ...inputs, password: "third", nickname: "A" });
    expect(sent(tenant, "PUT")[0]).not.toHaveProperty("password");
    expect(stored(tenant).password).toBe(inputs.password);
  });

  test("does not come back with a refresh, and stays no change after it", async () => {
    const resource = host.resource();
    await resource.up(inputs);
    expect(await resource.refresh()).toBe("same");
    expect(JSON.stringify(kept(resource))).not.toContain(inputs.password);
    expect(await resource.up(inputs)).toBe("same");
    expect((await resource.preview({ ...inputs, nickname: "A" })).changes).toEqual(["nickname"]);
  });

  test("is not in the message of a refusal that repeats it, nor in the state of a half-made user", async () => {
    tenant.faults.add({
      method: "POST",
      path: /Users$/,
      when: "before",
      action: { status: 400, body: { message: `bad ${inputs.password}` } },
    });
    const message = await failure(host.resource().up(inputs));
    expect(message).toContain("bad ***");
    expect(message).not.toContain(inputs.password);
    const resource = host.resource();
    const lost = await failure(resource.up({ ...inputs, customAttributes: { nowhere: "x" } }));
    expect(lost).not.toContain(inputs.password);
    expect(JSON.stringify(kept(resource).outputs)).not.toContain(inputs.password);
  });

  test("that is no text is refused without being shown", async () => {
    const message = await failure(host.resource().up({ ...MINIMAL, password: 987654321 }));
    expect(message).toContain("password");
    expect(message).not.toContain("987654321");
  });
});
