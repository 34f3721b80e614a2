import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { attributes, bindTo, calls, FEDERATED, FULL, failure, kept, MINIMAL, seeded, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

const NAMES = [
  ["FIRSTNAME", "Maria"],
  ["LASTNAME", "Lopez"],
  ["ATR_EMAIL", "mlopez@example.org"],
] as const;

/** Creates a user and returns what the engine keeps of it. */
async function up(inputs: Props) {
  const resource = host.resource();
  expect(await resource.up(inputs)).toBe("create");
  return kept(resource);
}

describe("a create", () => {
  test("of the fewest inputs sends one request and nothing that the program does not say", async () => {
    const { id, outputs } = await up(MINIMAL);
    expect(calls(tenant)).toEqual(["POST /Users 200"]);
    expect(sent(tenant, "POST")).toEqual([{ schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], ...MINIMAL }]);
    expect(tenant.requests.at(-1)?.headers).toMatchObject({ "content-type": "application/scim+json", accept: "application/scim+json" });
    expect(tenant.requests.at(-1)?.query).toEqual({});
    // The id of the body: that of the header Location is another one.
    expect(id).toBe(stored(tenant).id);
    expect(outputs).toEqual({
      ...MINIMAL,
      userName: "mlopez",
      userType: "FTRESS",
      active: true,
      displayName: "Maria Lopez",
      tenant: expect.stringMatching(/^[0-9a-f]{16}$/),
      serverChosen: ["userName", "userType", "active"],
    });
  });

  test("of everything sends it in the vendor's form, and binds devices by a change of its own", async () => {
    const { outputs } = await up(FULL);
    expect(calls(tenant)).toEqual(["POST /Users 200", "GET /Users/:id 200", "PUT /Users/:id 200"]);
    const { attributes: _, enterprise, devices, ...core } = FULL;
    const enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    expect(sent(tenant, "POST")).toEqual([
      {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:hid:scim:api:idp:2.0:UserAttribute", enterpriseUser],
        ...core,
        [enterpriseUser]: enterprise,
        "urn:hid:scim:api:idp:2.0:UserAttribute": {
          attributes: expect.arrayContaining([
            { name: "DOB", value: "1990-02-03" },
            { name: "DEPARTMENT", value: "R&D" },
          ]),
        },
      },
    ]);
    expect(sent(tenant, "PUT")[0]).toMatchObject({ "urn:hid:scim:api:idp:2.0:UserDevice": { devices } });
    expect(attributes(tenant)).toEqual({
      FIRSTNAME: "Maria",
      LASTNAME: "Lopez",
      ATR_EMAIL: "mlopez@example.org",
      DOB: "1990-02-03",
      DEPARTMENT: "R&D",
    });
    expect(stored(tenant)).toMatchObject({ devices: ["501"], roles: ["RL_AUDITV", "RL_HELPDESK"], title: "Engineer" });
    expect(outputs).toMatchObject(FULL);
  });

  test("of a federated user is sent as Entra ID sends it", async () => {
    const { outputs } = await up({ ...FEDERATED, active: true, phoneNumbers: [{ value: "1" }], addresses: [{ formatted: "x" }] });
    expect(sent(tenant, "POST")).toEqual([
      {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        ...FEDERATED,
        active: true,
        phoneNumbers: [{ type: "work", value: "1" }],
        addresses: [{ type: "work", formatted: "x" }],
      },
    ]);
    expect(outputs).toMatchObject({ userType: "SCIM_FED" });
  });

  test("accepts 201 as well", async () => {
    tenant.switches.createStatus = 201;
    expect((await up(MINIMAL)).id).toBe(stored(tenant).id);
  });

  test.each(["type work", "no type"])("drops the type of an e-mail address, as the server does: %s", async (what) => {
    const resource = host.resource();
    await resource.up({ ...MINIMAL, emails: [{ value: "mlopez@example.org", ...(what === "type work" && { type: "work" }) }] });
    expect(await resource.up(MINIMAL)).toBe("same");
    expect(tenant.count({ method: "PUT" })).toBe(0);
  });
});

describe("a refused create", () => {
  test.each<[string, Props, string]>([
    ["an unknown group", { ...MINIMAL, groups: [{ value: "USG_NONE" }] }, "HTTP 400, invalidValue 1000, Group USG_NONE is unknown"],
    ["an unknown role", { ...MINIMAL, roles: [{ value: "RL_NONE" }] }, "HTTP 400, invalidValue 1292, Role RL_NONE is unknown"],
    ["an unknown attribute", { ...MINIMAL, attributes: { SHOE: "42" } }, "Attribute type SHOE is unknown"],
  ])("shows the vendor's words and number: %s", async (_what, inputs, words) => {
    const resource = host.resource();
    const message = await failure(resource.up(inputs));
    expect(message).toContain('Creating user "mlopez" failed');
    expect(message).toContain(words);
    expect(resource.state).toBeUndefined();
    expect(tenant.dump().users).toEqual([]);
  });

  test.each([409, 400] as const)("for an externalId in use names who has it and how to take the user over: %i", async (status) => {
    tenant.switches.duplicateStatus = status;
    seeded(tenant, { title: "Director", active: false });
    const message = await failure(host.resource().up({ ...MINIMAL, title: "Engineer" }));
    expect(message).toContain(`HTTP ${status}, uniqueness`);
    expect(message).toContain("User 300 has that externalId, and is disabled");
    expect(message).toContain("set adopt: true or adopt: { id }");
  });

  test("for an externalId of a user of the other kind does not advise to take that user over", async () => {
    seeded(tenant, { userType: "SCIM_FED" });
    const message = await failure(host.resource().up(MINIMAL));
    expect(message).toContain("User 300 has that externalId, and is federated, which cannot be changed. Delete that user at the server");
    expect(message).not.toContain("adopt");
    seeded(tenant);
    expect(await failure(host.resource().up({ ...FEDERATED, externalId: "mlopez" }))).toContain("and is not federated");
  });

  test("by a proxy shows its page in short", async () => {
    tenant.faults.add({
      method: "POST",
      path: /Users$/,
      when: "before",
      action: { body: "<html><body>Please log in</body></html>", contentType: "text/html" },
    });
    const { provider } = bindTo(tenant);
    expect(await failure(provider.create(MINIMAL))).toContain("No such user is there now");
  });
});

describe("a create whose answer is lost", () => {
  test.each(["drop", { status: 500 }, { status: 503 }] as const)(
    "after it was applied is found and never sent again: %o",
    async (action) => {
      tenant.faults.add({ method: "POST", path: /Users$/, when: "after", action });
      const { id } = await up({ ...FULL, devices: undefined });
      expect(id).toBe(stored(tenant).id);
      expect(tenant.count({ method: "POST", path: /Users$/ })).toBe(1);
      expect(tenant.dump().users).toHaveLength(1);
    },
  );

  test("before it was applied is an error, and the next run makes the user once", async () => {
    tenant.faults.add({ method: "POST", path: /Users$/, when: "before", action: "drop" });
    const { provider, waits } = bindTo(tenant);
    const message = await failure(provider.create(MINIMAL));
    expect(message).toContain("No such user is there now. Run `pulumi up` again");
    expect(waits).toEqual([0, 1000, 2000, 4000]);
    await provider.create(MINIMAL);
    expect(tenant.dump().users).toHaveLength(1);
  });

  test("is recognised by the next run, even if it arrived after the first gave up", async () => {
    seeded(tenant);
    const { id } = await up(MINIMAL);
    expect(id).toBe("300");
    expect(calls(tenant)).toEqual(["POST /Users 409", "POST /Users/.search 200", "GET /Users/:id 200"]);
  });

  test.each<[string, object]>([
    ["has an authenticator", { authenticators: ["AT_EMPSMS"] }],
    ["has a device", { devices: ["501"] }],
    ["is in another group", { group: "USG_CONTR" }],
    ["is disabled", { active: false }],
    ["has a role that is not declared", { roles: ["RL_AUDITV"] }],
    ["has a title that is not declared", { title: "Director" }],
    ["has a name that a directory keeps", { attributes: NAMES.map(([name, value]) => ({ name, value, readOnly: name !== "ATR_EMAIL" })) }],
    ["differs in case", { attributes: [{ name: "FIRSTNAME", value: "MARIA", readOnly: false }] }],
    ["is federated", { userType: "SCIM_FED" }],
  ])("is not taken for somebody else's user who %s", async (_what, rest) => {
    seeded(tenant, rest);
    expect(await failure(host.resource().up(MINIMAL))).toContain("User 300 has that externalId");
  });

  test.each<[string, object, boolean]>([
    ["as it was sent", {}, true],
    ["with a title", { title: "x" }, false],
    ["with a phone number", { phoneNumbers: [{ type: "work", value: "1" }] }, false],
    ["with an address", { addresses: [{ type: "work", formatted: "x" }] }, false],
    ["with an e-mail address", { attributes: [{ name: "ATR_EMAIL", value: "x", readOnly: false }] }, false],
    ["with another name", { attributes: [{ name: "FIRSTNAME", value: "x", readOnly: false }] }, false],
  ])("of a federated user is recognised by all that the user has: %s", async (_what, rest, recognised) => {
    seeded(tenant, { userType: "SCIM_FED", attributes: [], ...rest });
    const outcome = host.resource().up({ externalId: "mlopez", userType: "SCIM_FED" });
    if (recognised) expect(await outcome).toBe("create");
    else expect(await failure(outcome)).toContain("User 300 has that externalId");
  });

  test("and whose devices were bound is recognised, too: that is its second half", async () => {
    seeded(tenant, { devices: ["501"] });
    const { id, outputs } = await up({ ...MINIMAL, devices: [{ value: "501" }] });
    expect([id, outputs.devices]).toEqual(["300", [{ value: "501" }]]);
    expect(tenant.count({ method: "PUT" })).toBe(0);
  });

  test.each<[string, object | undefined, boolean]>([
    ["is shown", { organization: "Example" }, true],
    ["is not shown", undefined, true],
    ["is another", { organization: "Other" }, false],
    ["has more members", { organization: "Example", division: "x" }, false],
  ])("is recognised by what the server shows of the enterprise extension: %s", async (_what, enterprise, recognised) => {
    tenant.switches.enterpriseShown = true;
    seeded(tenant, { enterprise });
    const resource = host.resource();
    const outcome = resource.up({ ...MINIMAL, enterprise: { organization: "Example" } });
    if (recognised) expect(await outcome).toBe("create");
    else expect(await failure(outcome)).toContain("User 300 has that externalId");
  });

  test("waits for a search that lags behind", async () => {
    tenant.switches.searchLagMs = 900;
    tenant.faults.add({ method: "POST", path: /Users$/, when: "after", action: "drop" });
    expect((await up(MINIMAL)).id).toBe(stored(tenant).id);
    expect(tenant.count({ method: "POST", path: /search$/ })).toBe(2);
  });

  test("is not confused by wildcards: only the very same externalId counts", async () => {
    tenant.load({
      users: [
        { id: "7", externalId: "a1" },
        { id: "8", externalId: "A*" },
        { id: "9", externalId: "a2" },
      ],
    });
    tenant.faults.add({ method: "POST", path: /Users$/, when: "before", action: "drop" });
    expect(await failure(bindTo(tenant).provider.create({ ...MINIMAL, externalId: "a*" }))).toContain("No such user is there now");
  });
});

describe("binding devices after a create", () => {
  test("that fails keeps the user in state, and the next run binds them", async () => {
    const resource = host.resource();
    expect(await failure(resource.up({ ...MINIMAL, devices: [{ value: "999" }] }))).toContain("Device 999 is unknown");
    expect(kept(resource)).toMatchObject({ id: stored(tenant).id, initErrors: [expect.any(String)] });
    expect(kept(resource).outputs).not.toHaveProperty("devices");
    expect(await resource.up({ ...MINIMAL, devices: [{ value: "502" }] })).toBe("update");
    expect(stored(tenant).devices).toEqual(["502"]);
    expect(tenant.count({ method: "POST", path: /Users$/ })).toBe(1);
  });
});
