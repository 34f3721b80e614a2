import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { bindTo, calls, FEDERATED, FULL, failure, kept, MINIMAL, seeded, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

async function made(inputs: Props = MINIMAL) {
  const resource = host.resource();
  await resource.up(inputs);
  tenant.clearRequests();
  return resource;
}

describe("refresh", () => {
  test.each<[string, Props]>([
    ["the fewest inputs", MINIMAL],
    ["all inputs", FULL],
    ["a federated user", { ...FEDERATED, phoneNumbers: [{ value: "1" }] }],
  ])("of an untouched user is one request and reports nothing: %s", async (_what, inputs) => {
    const resource = await made(inputs);
    const before = kept(resource);
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource)).toEqual(before);
    expect(calls(tenant)).toEqual(["GET /Users/:id 200"]);
  });

  test("reports nothing of what the program does not declare", async () => {
    const resource = await made();
    const { id } = kept(resource);
    tenant.drift.changeUser(id, {
      title: "x",
      active: false,
      roles: ["RL_AUDITV"],
      devices: ["501"],
      authenticators: ["AT_X"],
      created: "2030-01-01",
    });
    tenant.drift.setAttribute(id, "DOB", "1990-01-01");
    expect(await resource.refresh()).toBe("same");
    expect(await resource.preview(MINIMAL)).toMatchObject({ op: "same" });
  });

  test("takes roles, devices and attributes in any order, and types that the server adds, for the same", async () => {
    const resource = await made(FULL);
    tenant.drift.changeUser(kept(resource).id, (user) => {
      user.roles.reverse();
      user.attributes.reverse();
      user.phoneNumbers = [{ ...user.phoneNumbers[0], type: "mobile" } as never];
    });
    expect(await resource.refresh()).toBe("same");
    expect(await resource.preview({ ...FULL, roles: [...FULL.roles].reverse() })).toMatchObject({ op: "same" });
  });
});

describe("a user who is gone", () => {
  test("is dropped when the server says so in SCIM's form", async () => {
    const resource = await made();
    tenant.drift.removeUser(kept(resource).id);
    expect(await resource.refresh()).toBe("delete");
    expect(calls(tenant)).toEqual(["GET /Users/:id 404"]);
  });

  test("is dropped when a search confirms a 404 that has no body", async () => {
    const resource = await made();
    tenant.switches.errorBodies = false;
    tenant.drift.removeUser(kept(resource).id);
    expect(await resource.refresh()).toBe("delete");
    expect(calls(tenant)).toEqual(["GET /Users/:id 404", "POST /Users/.search 200"]);
  });

  test("is not gone when a proxy says so and the search finds the user, or fails", async () => {
    const resource = await made();
    const lie = { status: 404, body: "<html>no such page</html>", headers: { "content-type": "text/html" } };
    tenant.faults.add({ method: "GET", when: "before", action: lie });
    expect(await failure(resource.refresh())).toContain("That is not how the server says that a user is missing");
    tenant.faults.add({ times: 2, when: "before", action: lie });
    expect(await failure(resource.refresh())).toContain("check activid:baseUrl and activid:tenant");
    expect(resource.state).toBeDefined();
  });

  test("is warned of when nobody forgot the user", async () => {
    const { provider, warnings } = bindTo(tenant);
    const { id, state } = await provider.create({ ...MINIMAL, onDelete: "deleteAndForget" });
    tenant.drift.removeUser(id);
    expect(await provider.read(id, state)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("is not forgotten")]);
  });

  test("is never looked for in another tenant, where the same id is another person", async () => {
    const resource = await made();
    const state = kept(resource);
    resource.state = { ...state, outputs: { ...state.outputs, tenant: "0".repeat(16) } };
    expect(await failure(resource.refresh())).toContain("is in another tenant than the one that the connection leads to");
    expect(await failure(resource.up({ ...MINIMAL, title: "x" }))).toContain("Nothing was changed");
    expect(await failure(resource.destroy())).toContain("IDP_WRONG_TENANT");
    expect(tenant.requests).toEqual([]);
  });
});

describe("a lookup", () => {
  test("by id shows everything of a user whom no program declared", async () => {
    const id = seeded(tenant, { title: "x", roles: ["RL_AUDITV"], phoneNumbers: [{ type: "work", value: "1" }] });
    tenant.drift.setAttribute(id, "DOB", "1990-01-01");
    const { inputs, outputs } = await host.read(id, {}, {});
    expect(inputs).toEqual({
      ...MINIMAL,
      title: "x",
      active: true,
      roles: [{ value: "RL_AUDITV" }],
      phoneNumbers: [{ type: "work", value: "1" }],
      attributes: { DOB: "1990-01-01" },
    });
    expect(outputs).toMatchObject({ userType: "FTRESS", displayName: "Maria Lopez" });
  });

  test("shows attributes that are numbers or switches as texts, alone and in lists", async () => {
    const id = seeded(tenant);
    const attributes = [
      { name: "AGE", value: 42 },
      { name: "LUCKY", value: [7, 8] },
      { name: "VIP", value: true },
    ];
    const whole = { id, externalId: "mlopez", "urn:hid:scim:api:idp:2.0:UserAttribute": { attributes } };
    tenant.faults.add({ method: "GET", when: "before", action: { body: JSON.stringify(whole), contentType: "application/json+scim" } });
    expect((await host.read(id, {}, {})).inputs?.attributes).toEqual({ AGE: "42", LUCKY: ["7", "8"], VIP: "true" });
  });

  test("shows the enterprise extension where the server does", async () => {
    const id = seeded(tenant, { enterprise: { organization: "Example" } });
    expect((await host.read(id, {}, {})).inputs).not.toHaveProperty("enterprise");
    tenant.switches.enterpriseShown = true;
    expect((await host.read(id, {}, {})).inputs).toMatchObject({ enterprise: { organization: "Example" } });
  });

  test("by externalId finds the exact one and its id", async () => {
    tenant.load({
      users: [
        { id: "7", externalId: "MLOPEZ" },
        { id: "8", externalId: "mlopez" },
      ],
    });
    expect(await host.read("externalId:mlopez", {}, {})).toMatchObject({ id: "8", outputs: { externalId: "mlopez" } });
  });

  test("of somebody who is not there says so", async () => {
    expect(await failure(host.read("77", {}, {}))).toContain("There is no activid:User 77 to look up");
    expect(await failure(host.read("externalId:x", {}, {}))).toContain("to look up");
  });
});

test.each(["drop", { status: 503 }] as const)("what is only read is asked for again when the answer is lost: %o", async (action) => {
  const resource = await made();
  tenant.faults.add({ method: "GET", when: "after", action });
  expect(await resource.refresh()).toBe("same");
  expect(tenant.count({ method: "GET" })).toBe(2);
  tenant.faults.add({ path: /search$/, when: "after", action });
  expect(await host.read("externalId:mlopez", {}, {})).toMatchObject({ id: kept(resource).id });
  expect(tenant.count({ path: /search$/ })).toBe(2);
});

describe("deleting", () => {
  test("deletes the user", async () => {
    const resource = await made();
    await resource.destroy();
    expect(calls(tenant)).toEqual(["GET /Users/:id 200", "DELETE /Users/:id 204"]);
    expect(tenant.dump()).toMatchObject({ users: [], forgotten: [] });
  });

  test.each([200, 202] as const)("accepts %i", async (status) => {
    tenant.switches.deleteStatus = status;
    const resource = await made();
    await resource.destroy();
    expect(tenant.dump().users).toEqual([]);
  });

  test("of a user who is gone is a success", async () => {
    const resource = await made();
    tenant.drift.removeUser(kept(resource).id);
    await resource.destroy();
    expect(tenant.count({ method: "DELETE" })).toBe(0);
  });

  test.each([
    ["after", "drop"],
    ["before", "drop"],
    ["after", { status: 503 }],
  ] as const)("whose answer is lost ends well: %s %o", async (when, action) => {
    tenant.faults.add({ method: "DELETE", when, action });
    const resource = await made();
    await resource.destroy();
    expect(tenant.dump().users).toEqual([]);
  });

  test("is not repeated after a 500, and the next run finds nothing left to do", async () => {
    const resource = await made();
    tenant.faults.add({ method: "DELETE", when: "after", action: { status: 500 } });
    expect(await failure(resource.destroy())).toContain("HTTP 500");
    await resource.destroy();
    expect(tenant.count({ method: "DELETE" })).toBe(1);
  });

  test("is tried once more after a 409", async () => {
    const resource = await made();
    tenant.faults.add({ method: "DELETE", when: "before", action: { status: 409 } });
    await resource.destroy();
    expect(tenant.dump().users).toEqual([]);
    await resource.up(MINIMAL);
    tenant.faults.add({ method: "DELETE", times: 2, when: "before", action: { status: 409 } });
    expect(await failure(resource.destroy())).toContain("IDP_CONFLICT");
  });

  test("does not end with a 404 of a proxy", async () => {
    const resource = await made();
    tenant.faults.add({
      method: "DELETE",
      when: "before",
      action: { status: 404, body: "<p>no</p>", headers: { "content-type": "text/html" } },
    });
    expect(await failure(resource.destroy())).toContain("HTTP 404");
    expect(stored(tenant)).toBeDefined();
  });

  test("with disable only disables the user, and keeps everything else", async () => {
    const resource = await made({ ...FULL, onDelete: "disable" });
    tenant.drift.addAuthenticator(kept(resource).id, "AT_X");
    const before = stored(tenant);
    await resource.destroy();
    expect(stored(tenant)).toEqual({ ...before, active: false });
  });

  test("with disable patches a federated user", async () => {
    const resource = await made({ ...FEDERATED, onDelete: "disable" });
    await resource.destroy();
    expect(calls(tenant)).toEqual(["GET /Users/:id 200", "PATCH /Users/:id 200"]);
    expect(stored(tenant, FEDERATED.externalId).active).toBe(false);
  });

  test("never forgets by itself, and forgets after deleting when asked to", async () => {
    const resource = await made({ ...MINIMAL, onDelete: "deleteAndForget" });
    await resource.destroy();
    expect(calls(tenant)).toEqual(["GET /Users/:id 200", "DELETE /Users/:id 204", "POST /Users/.forget 204"]);
    expect(tenant.dump()).toMatchObject({ users: [], forgotten: ["mlopez"] });
  });

  test("without the right to forget says that the user is deleted and what is missing, and the next run forgets", async () => {
    tenant.switches.forgetAllowed = false;
    const resource = await made({ ...MINIMAL, onDelete: "deleteAndForget" });
    const message = await failure(resource.destroy());
    expect(message).toContain("The user is deleted; what failed is the forgetting");
    expect(message).toContain('"Forget User"');
    tenant.switches.forgetAllowed = true;
    await resource.destroy();
    expect(tenant.dump().forgotten).toEqual(["mlopez"]);
    expect(tenant.count({ method: "DELETE" })).toBe(1);
  });

  test("whose forgetting has no answer is run again to make sure", async () => {
    const resource = await made({ ...MINIMAL, onDelete: "deleteAndForget" });
    tenant.faults.add({ path: /forget$/, when: "after", action: "drop" });
    expect(await failure(resource.destroy())).toContain("whether it is forgotten is not known");
    expect(tenant.count({ path: /forget$/ })).toBe(1);
    tenant.faults.add({ path: /forget$/, when: "before", action: { status: 404 } });
    await resource.destroy();
  });
});
