import { beforeEach, describe, expect, test } from "vitest";
import type { EngineResource, Props } from "../harness/rpc";
import { attributes, bindTo, calls, FEDERATED, FULL, failure, kept, MINIMAL, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

const ATTRIBUTES = "urn:hid:scim:api:idp:2.0:UserAttribute";
const DEVICES = "urn:hid:scim:api:idp:2.0:UserDevice";
const AUTHENTICATORS = "urn:hid:scim:api:idp:2.0:UserAuthenticator";
let resource: EngineResource;

/** A user made from inputs, with an authenticator, a device and an attribute of somebody else's. The log is empty then. */
async function equipped(inputs: Props = MINIMAL): Promise<string> {
  resource = host.resource();
  await resource.up(inputs);
  const { id } = kept(resource);
  tenant.drift.addAuthenticator(id, "AT_EMPSMS");
  tenant.drift.bindDevice(id, "502");
  tenant.drift.setAttribute(id, "BADGE", "B-1");
  tenant.clearRequests();
  return id;
}

describe("the three rules of PUT", () => {
  test("a change of a core value sends the whole user and no extension", async () => {
    await equipped({ ...MINIMAL, title: "Engineer" });
    await resource.up({ ...MINIMAL, title: "Director" });
    expect(calls(tenant)).toEqual(["GET /Users/:id 200", "PUT /Users/:id 200"]);
    expect(sent(tenant, "PUT")).toEqual([
      {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        ...MINIMAL,
        title: "Director",
        active: true,
        phoneNumbers: [],
        addresses: [],
        roles: [],
      },
    ]);
  });

  test.each<[string, Props, Props]>([
    ["the title", {}, { title: "x" }],
    ["the name", {}, { name: { givenName: "Mara", familyName: "Lopez" } }],
    ["the e-mail", {}, { emails: [{ value: "new@example.org" }] }],
    ["the externalId", {}, { externalId: "mlopez2" }],
    ["the group", {}, { groups: [{ value: "USG_CONTR" }] }],
    ["active", {}, { active: false }],
    ["the roles", {}, { roles: [{ value: "RL_AUDITV" }] }],
    ["an attribute added", {}, { attributes: { DOB: "1990-02-03" } }],
    ["an attribute changed", { attributes: { DOB: "1990-02-03" } }, { attributes: { DOB: "1991-02-03" } }],
    ["an attribute removed", { attributes: { DOB: "1990-02-03", DEPARTMENT: "x" } }, { attributes: { DEPARTMENT: "x" } }],
    ["the last attribute removed", { attributes: { DOB: "1990-02-03" } }, {}],
    ["the name and an attribute at once", {}, { name: { givenName: "Mara", familyName: "Ruiz" }, attributes: { DOB: "1990-02-03" } }],
    ["the e-mail and an attribute at once", {}, { emails: [{ value: "new@example.org" }], attributes: { DOB: "1990-02-03" } }],
    ["a device bound beside", {}, { devices: [{ value: "501" }, { value: "502" }] }],
  ])("whatever changes, name, e-mail, group, authenticators, devices and foreign attributes stay: %s", async (_what, before, after) => {
    const id = await equipped({ ...MINIMAL, ...before });
    const wanted = { ...MINIMAL, ...after };
    expect(await resource.up(wanted)).toBe("update");
    expect(stored(tenant, wanted.externalId)).toMatchObject({ id, authenticators: ["AT_EMPSMS"], group: wanted.groups[0]?.value });
    expect(stored(tenant, wanted.externalId).devices).toEqual(expect.arrayContaining(["502"]));
    expect(attributes(tenant, wanted.externalId)).toEqual({
      FIRSTNAME: wanted.name.givenName,
      LASTNAME: wanted.name.familyName,
      ATR_EMAIL: wanted.emails[0]?.value,
      BADGE: "B-1",
      ...("attributes" in wanted ? (wanted.attributes as Props) : {}),
    });
    const [body] = sent(tenant, "PUT");
    expect(body).toMatchObject({ groups: [{ value: expect.any(String) }] });
    expect(body).not.toHaveProperty(AUTHENTICATORS);
    if (!("devices" in after)) expect(body).not.toHaveProperty(DEVICES);
    expect(await resource.up(wanted)).toBe("same");
    expect(tenant.count({ method: "PUT" })).toBe(1);
  });

  test("an attribute list carries name, e-mail and every foreign attribute, but none that a directory keeps", async () => {
    const id = await equipped();
    tenant.drift.changeUser(id, (user) => user.attributes.push({ name: "ATR_MOBILE", value: "1", readOnly: true }));
    await resource.up({ ...MINIMAL, attributes: { DOB: "1990-02-03" } });
    const [body = {}] = sent(tenant, "PUT");
    const list = (body[ATTRIBUTES] as { attributes: { name: string; value: string }[] }).attributes;
    expect(Object.fromEntries(list.map(({ name, value }) => [name, value]))).toEqual({
      FIRSTNAME: "Maria",
      LASTNAME: "Lopez",
      ATR_EMAIL: "mlopez@example.org",
      BADGE: "B-1",
      DOB: "1990-02-03",
    });
    expect(Object.keys(list[0] ?? {}).sort()).toEqual(["name", "value"]);
    expect(attributes(tenant)).toMatchObject({ ATR_MOBILE: "1" });
  });

  test("an attribute that a directory keeps is not written over", async () => {
    const id = await equipped();
    tenant.drift.changeUser(id, (user) => user.attributes.push({ name: "DOB", value: "1980-01-01", readOnly: true }));
    expect(await failure(resource.up({ ...MINIMAL, attributes: { DOB: "1990-02-03" } }))).toContain("Attribute DOB of user");
    expect(tenant.count({ method: "PUT" })).toBe(0);
  });

  test.each<[string, string, Props]>([
    ["FIRSTNAME", "name.givenName", { name: { givenName: "Mara", familyName: "Lopez" } }],
    ["LASTNAME", "name.familyName", { name: { givenName: "Maria", familyName: "Ruiz" } }],
    ["ATR_EMAIL", "emails[0].value", { emails: [{ value: "new@example.org" }] }],
  ])("a name or e-mail that a directory keeps is not written over, and everything else can be changed: %s", async (name, path, change) => {
    const id = await equipped();
    tenant.drift.changeUser(id, ({ attributes }) => {
      for (const entry of attributes) entry.readOnly = entry.name === name;
    });
    await resource.up({ ...MINIMAL, title: "x", attributes: { DOB: "1990-02-03" } });
    const before = stored(tenant);
    expect(await failure(resource.up({ ...MINIMAL, ...change }))).toContain(
      `${path} of user ${id} is the attribute ${name}, which is read-only`,
    );
    expect(stored(tenant)).toEqual(before);
    expect(before).toMatchObject({ title: "x" });
  });

  test("what somebody else changed since the last run is kept", async () => {
    const id = await equipped();
    tenant.drift.changeUser(id, { title: "Director", roles: ["RL_HELPDESK"], phoneNumbers: [{ value: "1", type: "work" }] });
    await resource.up({ ...MINIMAL, attributes: { DOB: "1990-02-03" } });
    expect(stored(tenant)).toMatchObject({ title: "Director", roles: ["RL_HELPDESK"], phoneNumbers: [{ value: "1", type: "work" }] });
  });

  test.each(["cleared", "kept"] as const)(
    "values that are dropped are removed, whatever a PUT does to what it leaves out: %s",
    async (omittedCore) => {
      tenant.switches.omittedCore = omittedCore;
      await equipped({ ...FULL, devices: undefined });
      await resource.up(MINIMAL);
      expect(sent(tenant, "PUT")[0]).toMatchObject({ title: null, phoneNumbers: [], addresses: [], roles: [] });
      expect(stored(tenant)).toMatchObject({ phoneNumbers: [], addresses: [], roles: [] });
      expect(stored(tenant).title).toBeUndefined();
      expect(attributes(tenant)).toEqual({ FIRSTNAME: "Maria", LASTNAME: "Lopez", ATR_EMAIL: "mlopez@example.org", BADGE: "B-1" });
    },
  );

  test("a device that is not declared any more is unbound while the list is declared, and left alone when it is not", async () => {
    resource = host.resource();
    await resource.up({ ...MINIMAL, devices: [{ value: "501" }, { value: "502" }] });
    await resource.up({ ...MINIMAL, devices: [{ value: "502" }] });
    expect(stored(tenant).devices).toEqual(["502"]);
    await resource.up(MINIMAL);
    expect(stored(tenant).devices).toEqual(["502"]);
  });

  test.each([true, false])("the enterprise extension goes as it is, and foreign members of it stay where they show: %s", async (shown) => {
    tenant.switches.enterpriseShown = shown;
    const id = await equipped({ ...MINIMAL, enterprise: { organization: "A", division: "B" } });
    if (shown) tenant.drift.changeUser(id, ({ enterprise }) => void Object.assign(enterprise ?? {}, { costCenter: "7" }));
    const foreign = shown ? { costCenter: "7" } : {};
    await resource.up({ ...MINIMAL, enterprise: { organization: "C", manager: { value: "9" } } });
    expect(stored(tenant).enterprise).toEqual({ organization: "C", manager: { value: "9" }, ...foreign });
    await resource.up({ ...MINIMAL, title: "x", enterprise: { organization: "C", manager: { value: "9" } } });
    expect(stored(tenant).enterprise).toEqual({ organization: "C", manager: { value: "9" }, ...foreign });
    expect(sent(tenant, "PUT").at(-1)).not.toHaveProperty(["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]);
    expect(await resource.refresh()).toBe("same");
    await resource.up({ ...MINIMAL, title: "x" });
    expect(stored(tenant).enterprise).toEqual(shown ? foreign : undefined);
    expect(await resource.up({ ...MINIMAL, title: "x" })).toBe("same");
  });

  test("a time is the same in every shape that the server takes", async () => {
    resource = host.resource();
    const inputs = { ...MINIMAL, attributes: { DOB: "1990-02-03T02:00:00+0200" } };
    await resource.up(inputs);
    expect(attributes(tenant)).toMatchObject({ DOB: "1990-02-03T00:00:00.000Z" });
    expect(await resource.refresh()).toBe("same");
    const puts = () => tenant.count({ method: "PUT" });
    for (const DOB of ["1990-02-03T02:00:00+0200", "1990-02-03T00:00:00Z", "1990-02-03T03:00:00.000+03:00"]) {
      expect(await resource.up({ ...MINIMAL, attributes: { DOB } })).toBe("same");
    }
    expect(puts()).toBe(0);
    expect(await resource.up({ ...MINIMAL, attributes: { DOB: "1990-02-03T01:00:00Z" } })).toBe("update");
    expect(puts()).toBe(1);
  });

  test("active: false disables, and dropping it enables nobody", async () => {
    await equipped();
    await resource.up({ ...MINIMAL, active: false });
    expect(stored(tenant).active).toBe(false);
    await resource.up(MINIMAL);
    expect(stored(tenant).active).toBe(false);
    await resource.up({ ...MINIMAL, title: "x" });
    expect(stored(tenant).active).toBe(false);
    await resource.up({ ...MINIMAL, active: true });
    expect(stored(tenant).active).toBe(true);
  });

  test("externalId changes in place, and userName follows", async () => {
    const id = await equipped();
    expect(await resource.preview({ ...MINIMAL, externalId: "new" })).toMatchObject({ op: "update", replaces: [] });
    await resource.up({ ...MINIMAL, externalId: "new" });
    expect(stored(tenant, "new").id).toBe(id);
    expect(kept(resource).outputs).toMatchObject({ externalId: "new", userName: "new" });
  });
});

describe("a federated user", () => {
  const UP: Props = {
    ...FEDERATED,
    active: true,
    title: "x",
    emails: [{ value: "a@x" }],
    phoneNumbers: [{ value: "1" }],
    addresses: [{ formatted: "here" }],
  };

  test.each<[string, Props, object[]]>([
    ["disabled", { active: false }, [{ op: "Replace", path: "active", value: "false" }]],
    ["another externalId", { externalId: "ada2@example.org" }, [{ op: "Replace", path: "externalId", value: "ada2@example.org" }]],
    ["another name", { name: { givenName: "Ada", familyName: "King" } }, [{ op: "Replace", path: "name.familyName", value: "King" }]],
    ["another e-mail", { emails: [{ value: "b@x" }] }, [{ op: "Replace", path: 'emails[type eq "work"].value', value: "b@x" }]],
    ["another phone", { phoneNumbers: [{ value: "2" }] }, [{ op: "Replace", path: 'phoneNumbers[type eq "work"].value', value: "2" }]],
    [
      "a phone of another type",
      { phoneNumbers: [{ value: "2", type: "mobile" }] },
      [
        { op: "Remove", path: 'phoneNumbers[type eq "work"].value' },
        { op: "Add", path: 'phoneNumbers[type eq "mobile"].value', value: "2" },
      ],
    ],
    [
      "a further address",
      { addresses: [{ formatted: "here" }, { formatted: "there", type: "home" }] },
      [{ op: "Add", path: 'addresses[type eq "home"].formatted', value: "there" }],
    ],
    ["no title", { title: "" }, [{ op: "Remove", path: "title" }]],
    ["no phone", { phoneNumbers: [] }, [{ op: "Remove", path: 'phoneNumbers[type eq "work"].value' }]],
  ])("is changed by PATCH as Entra ID sends it: %s", async (_what, change, Operations) => {
    resource = host.resource();
    await resource.up(UP);
    tenant.clearRequests();
    expect(await resource.up({ ...UP, ...change })).toBe("update");
    expect(calls(tenant)).toEqual(["GET /Users/:id 200", "PATCH /Users/:id 200"]);
    expect(sent(tenant, "PATCH")).toEqual([{ Operations }]);
    expect(await resource.up({ ...UP, ...change })).toBe("same");
    expect(await resource.refresh()).toBe("same");
  });

  test("may answer a PATCH without a body", async () => {
    tenant.switches.patchStatus = 204;
    resource = host.resource();
    await resource.up(UP);
    await resource.up({ ...UP, active: false });
    expect(kept(resource).outputs).toMatchObject({ active: false });
  });

  const LOST = ["drop", { status: 500 }, { status: 502 }, { status: 503 }] as const;
  test.each(LOST.flatMap((action) => [["before", action] as const, ["after", action] as const]))(
    "is brought to what is declared even if an answer is lost: %s %o",
    async (when, action) => {
      const { provider } = bindTo(tenant);
      const { id, state } = await provider.create(FEDERATED);
      tenant.faults.add({ method: "PATCH", when, action });
      await provider.update(id, state, { ...FEDERATED, active: false });
      expect(stored(tenant, FEDERATED.externalId).active).toBe(false);
      expect(tenant.count({ method: "PATCH" })).toBe(when === "before" ? 2 : 1);
    },
  );

  test("whose PATCHes all get lost is an error after four, and the next run looks first", async () => {
    const { provider } = bindTo(tenant);
    const { id, state } = await provider.create(FEDERATED);
    tenant.faults.add({ method: "PATCH", times: 4, when: "before", action: "drop" });
    expect(await failure(provider.update(id, state, { ...FEDERATED, active: false }))).toContain("IDP_LOST_ANSWER");
    expect(tenant.count({ method: "PATCH" })).toBe(4);
    await provider.update(id, state, { ...FEDERATED, active: false });
    expect(stored(tenant, FEDERATED.externalId).active).toBe(false);
  });

  test("is read anew and tried once more after a 409, and an externalId in use is explained", async () => {
    resource = host.resource();
    await resource.up(FEDERATED);
    tenant.faults.add({ method: "PATCH", when: "before", action: { status: 409 } });
    await resource.up({ ...FEDERATED, active: false });
    expect(stored(tenant, FEDERATED.externalId).active).toBe(false);
    await host.resource("other").up({ ...FEDERATED, externalId: "taken" });
    const message = await failure(resource.up({ ...FEDERATED, externalId: "taken" }));
    expect(message).toContain(`User ${stored(tenant, "taken").id} has that externalId. Delete that user at the server, or choose another`);
  });

  test("cannot become one, nor stop being one, in place", async () => {
    resource = host.resource();
    await resource.up(MINIMAL);
    expect(await resource.preview({ ...FEDERATED, externalId: "mlopez" })).toMatchObject({ op: "replace", replaces: ["userType"] });
    await resource.up({ ...FEDERATED, externalId: "mlopez" });
    expect(stored(tenant).userType).toBe("SCIM_FED");
    expect(await resource.preview(MINIMAL)).toMatchObject({ op: "replace", replaces: ["userType"] });
  });

  test("gets the server's words when it does not know PATCH after all", async () => {
    resource = host.resource();
    await resource.up(FEDERATED);
    tenant.faults.add({ method: "PATCH", when: "before", action: { status: 501 } });
    const message = await failure(resource.up({ ...FEDERATED, active: false }));
    expect(message).toContain("HTTP 501");
    expect(tenant.count({ method: "PATCH" })).toBe(1);
  });
});

describe("a change that meets trouble", () => {
  beforeEach(async () => {
    resource = host.resource();
    await resource.up(MINIMAL);
    tenant.clearRequests();
  });
  const changed = { ...MINIMAL, title: "x" };

  test.each<[string, "before" | "after", "drop" | { status: number }, number]>([
    ["a broken connection, applied", "after", "drop", 2],
    ["a broken connection, not applied", "before", "drop", 2],
    ["503", "before", { status: 503 }, 2],
    ["502 after it was applied", "after", { status: 502 }, 2],
  ])("is repeated with the same body: %s", async (_what, when, action, puts) => {
    tenant.faults.add({ method: "PUT", when, action });
    await resource.up(changed);
    expect(stored(tenant).title).toBe("x");
    expect(tenant.count({ method: "PUT" })).toBe(puts);
    const [first, second] = sent(tenant, "PUT");
    expect(first).toEqual(second);
  });

  test("is not repeated after a 500, and the next run compares anew", async () => {
    tenant.faults.add({ method: "PUT", when: "after", action: { status: 500 } });
    await failure(resource.up(changed));
    expect(tenant.count({ method: "PUT" })).toBe(1);
    expect(await resource.up(changed)).toBe("update");
    expect(tenant.count({ method: "PUT" })).toBe(1);
  });

  test("reads anew and tries once more after a 409, then explains", async () => {
    tenant.faults.add({ method: "PUT", when: "before", action: { status: 409 } });
    await resource.up(changed);
    expect(calls(tenant)).toEqual(["GET /Users/:id 200", "PUT /Users/:id 409", "GET /Users/:id 200", "PUT /Users/:id 200"]);
    tenant.faults.add({ method: "PUT", when: "before", times: 2, action: { status: 409 } });
    expect(await failure(resource.up({ ...changed, title: "y" }))).toContain("HTTP 409");
  });

  test("says who has the externalId that it wants", async () => {
    await host.resource("other").up({ ...MINIMAL, externalId: "taken" });
    const { id } = stored(tenant, "taken");
    expect(await failure(resource.up({ ...MINIMAL, externalId: "taken" }))).toContain(`User ${id} has that externalId`);
    expect(stored(tenant).id).toBe(kept(resource).id);
  });

  test("follows 307 and 308 with method and body", async () => {
    for (const status of [307, 308]) {
      tenant.faults.add({
        method: "PUT",
        when: "before",
        action: { status, headers: { location: `/scim/ACME/v2/Users/${kept(resource).id}` } },
      });
      await resource.up({ ...changed, title: String(status) });
      expect(stored(tenant).title).toBe(String(status));
    }
  });

  test("renews a token that is refused once, and waits as told when throttled", async () => {
    tenant.revokeTokens();
    tenant.faults.add({ method: "PUT", when: "before", action: { retryAfter: 1 } });
    await resource.up(changed);
    expect(tenant.count({ path: /token$/ })).toBe(1);
    expect(stored(tenant).title).toBe("x");
  });

  test("says what a client without the role needs", async () => {
    tenant.faults.add({ method: "GET", when: "before", action: { status: 403 } });
    expect(await failure(resource.up(changed))).toContain("The client needs a privileged role with the permissions to read users");
  });

  test("tells a user who is gone", async () => {
    tenant.drift.removeUser(kept(resource).id);
    expect(await failure(resource.up(changed))).toContain("is gone from the tenant. Run `pulumi up --refresh`");
  });
});
