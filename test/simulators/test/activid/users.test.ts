import { describe, expect, test } from "vitest";
import { ATTRIBUTES, AUTHENTICATORS, call, DEVICES, MARIA } from "./support.js";

const names = (body: Record<string, { attributes: { name: string }[] }>) => body[ATTRIBUTES]?.attributes.map(({ name }) => name).sort();

describe("create", () => {
  test("answers 200 with an id that the header Location does not have, and shows name and e-mail as attributes too", async () => {
    const { send } = await call();
    const { status, body, headers } = await send("POST", "/Users", {
      ...MARIA,
      userName: "x",
      displayName: "y",
      id: "1",
      [ATTRIBUTES]: { attributes: [{ name: "DOB", value: "1990-02-03" }] },
    });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("application/json+scim");
    expect(headers.get("etag")).toBeNull();
    expect(headers.get("location")).toMatch(/\/SCIM\/ACME\/v2\/User\/20418$/);
    expect(body).toMatchObject({
      id: "20417",
      userName: "mlopez",
      displayName: "Maria Lopez",
      userType: "FTRESS",
      active: true,
      emails: [{ value: "mlopez@example.org" }],
    });
    expect(body.emails[0]).not.toHaveProperty("type");
    expect(body.meta).toMatchObject({ version: "1", location: expect.stringMatching(/\/Users\/20417$/) });
    expect(names(body)).toEqual(["ATR_EMAIL", "DOB", "FIRSTNAME", "LASTNAME"]);
    expect(body[DEVICES]).toEqual({ devices: [] });
    expect(body[AUTHENTICATORS]).toEqual({ authenticators: [] });
  });

  test.each<[string, object, number, object]>([
    ["no externalId", { externalId: undefined }, 400, { scimType: "invalidValue" }],
    ["no name", { name: undefined }, 400, { scimType: "invalidValue" }],
    ["no e-mail", { emails: [] }, 400, { scimType: "invalidValue" }],
    ["an unknown group", { groups: [{ value: "x" }] }, 400, { scimType: "invalidValue" }],
    ["two groups", { groups: [{ value: "USG_FTEMP" }, { value: "USG_CONTR" }] }, 400, {}],
    ["an unknown role", { roles: [{ value: "x" }] }, 400, { errorCode: 1292 }],
    ["two e-mails", { emails: [{ value: "a" }, { value: "b" }] }, 400, {}],
    ["five addresses", { addresses: Array(5).fill({ formatted: "x" }) }, 400, {}],
    ["name and attribute that differ", { [ATTRIBUTES]: { attributes: [{ name: "FIRSTNAME", value: "x" }] } }, 400, {}],
  ])("refuses %s", async (_what, rest, status, error) => {
    const { send } = await call();
    const answer = await send("POST", "/Users", { ...MARIA, ...rest });
    expect(answer).toMatchObject({ status, body: { status: String(status), errorCode: expect.any(Number), ...error } });
  });

  test("takes an externalId once, and from version 4 on needs a userName", async () => {
    const { send } = await call();
    await send("POST", "/Users/", MARIA);
    expect(await send("POST", "/Users", MARIA)).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
    expect((await send("POST", "/Users?api-version=4", { ...MARIA, externalId: undefined })).status).toBe(400);
    expect((await send("POST", "/Users?api-version=4", { ...MARIA, externalId: undefined, userName: "m" })).body).toMatchObject({
      userName: "m",
    });
  });

  test("asks a federated user for nothing but a key", async () => {
    const { send } = await call();
    expect((await send("POST", "/Users", { externalId: "x", userType: "SCIM_FED" })).body).toMatchObject({ userType: "SCIM_FED" });
  });
});

describe("replace", () => {
  const equipped = async () => {
    const caller = await call();
    const { body } = await caller.send("POST", "/Users", MARIA);
    caller.tenant.drift.addAuthenticator(body.id, "AT_EMPSMS");
    caller.tenant.drift.bindDevice(body.id, "501");
    return { ...caller, id: body.id as string };
  };

  test("keeps extensions that are left out, and erases what a present one leaves out, name and e-mail included", async () => {
    const { send, id } = await equipped();
    expect((await send("PUT", `/Users/${id}`, MARIA)).body).toMatchObject({
      [DEVICES]: { devices: [{ value: "501", display: "SN-501" }] },
      [AUTHENTICATORS]: { authenticators: [{ value: `${id}.AT_EMPSMS`, display: "AT_EMPSMS" }] },
    });
    const { body } = await send("PUT", `/Users/${id}`, {
      ...MARIA,
      [ATTRIBUTES]: { attributes: [{ name: "DOB", value: "1990-02-03" }] },
      [DEVICES]: { devices: [] },
      [AUTHENTICATORS]: { authenticators: [] },
    });
    expect(names(body)).toEqual(["DOB"]);
    expect(body).not.toHaveProperty("name");
    expect(body).not.toHaveProperty("displayName");
    expect(body).not.toHaveProperty("emails");
    expect(body).toMatchObject({ [DEVICES]: { devices: [] }, [AUTHENTICATORS]: { authenticators: [] } });
  });

  test("needs the group, and clears or keeps other members that are left out, as the switch says", async () => {
    const { send, id, tenant } = await equipped();
    expect((await send("PUT", `/Users/${id}`, { ...MARIA, groups: undefined })).status).toBe(400);
    await send("PUT", `/Users/${id}`, { ...MARIA, title: "x" });
    tenant.switches.omittedCore = "kept";
    expect((await send("PUT", `/Users/${id}`, { ...MARIA, name: undefined })).body).toMatchObject({
      title: "x",
      displayName: "Maria Lopez",
    });
    tenant.switches.omittedCore = "cleared";
    const { body } = await send("PUT", `/Users/${id}`, { ...MARIA, name: undefined });
    expect(body).not.toHaveProperty("title");
    expect(body).not.toHaveProperty("name");
  });

  test("replaces the enterprise extension as a whole, and shows it only where a server does", async () => {
    const { send, id, tenant } = await equipped();
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    expect((await send("PUT", `/Users/${id}`, { ...MARIA, [enterprise]: { organization: "A", division: "B" } })).body).not.toHaveProperty([
      enterprise,
    ]);
    await send("PUT", `/Users/${id}`, MARIA);
    expect(tenant.dump().users[0]?.enterprise).toEqual({ organization: "A", division: "B" });
    tenant.switches.enterpriseShown = true;
    const { body } = await send("PUT", `/Users/${id}`, { ...MARIA, [enterprise]: { organization: "C" } });
    expect(body[enterprise]).toEqual({ organization: "C" });
    await send("PUT", `/Users/${id}`, { ...MARIA, [enterprise]: {} });
    expect(tenant.dump().users[0]?.enterprise).toBeUndefined();
  });

  test.each(["1990-02-03T00:00:00Z", "1990-02-03T02:00:00+0200", "1990-02-03T02:00:00.000+02:00"])(
    "shows a time in one shape, whatever the shape it came in: %s",
    async (value) => {
      const { send, id } = await equipped();
      const { body } = await send("PUT", `/Users/${id}`, { ...MARIA, [ATTRIBUTES]: { attributes: [{ name: "DOB", value }] } });
      expect(body[ATTRIBUTES].attributes).toMatchObject([{ name: "DOB", type: "DATE", value: "1990-02-03T00:00:00.000Z" }]);
    },
  );

  test("shows the name of a device from version 2 on, and takes lists from version 9 on", async () => {
    const { send, id } = await equipped();
    expect((await send("GET", `/Users/${id}`)).body[DEVICES].devices[0]).not.toHaveProperty("friendlyName");
    expect((await send("GET", `/Users/${id}?api-version=2`)).body[DEVICES].devices[0]).toMatchObject({ friendlyName: "Blue token" });
    const skills = (value: unknown) => ({ ...MARIA, userName: "m", [ATTRIBUTES]: { attributes: [{ name: "SKILLS", value }] } });
    expect((await send("PUT", `/Users/${id}`, skills(["a"]))).status).toBe(400);
    expect((await send("PUT", `/Users/${id}?api-version=9`, skills("a"))).status).toBe(400);
    expect((await send("PUT", `/Users/${id}?api-version=9`, skills(["a"]))).status).toBe(200);
  });
});

describe("patch", () => {
  test("takes what Entra ID sends for federated users, and nothing for others", async () => {
    const { send, tenant } = await call();
    const { body } = await send("POST", "/Users", { externalId: "x", userType: "SCIM_FED", name: MARIA.name });
    const operations = [
      { op: "Replace", path: "active", value: "False" },
      { op: "add", path: 'phoneNumbers[type eq "work"].value', value: "1" },
      { op: "Replace", path: "name.givenName", value: "Mara" },
    ];
    const patched = await send("PATCH", `/Users/${body.id}`, { Operations: operations });
    expect(patched.body).toMatchObject({ active: false, displayName: "Mara Lopez", phoneNumbers: [{ type: "work", value: "1" }] });
    expect((await send("PATCH", `/Users/${body.id}`, { Operations: [{ op: "Replace", path: "shoe", value: "1" }] })).body).toMatchObject({
      scimType: "invalidPath",
    });
    const other = await send("POST", "/Users", MARIA);
    expect((await send("PATCH", `/Users/${other.body.id}`, { Operations: operations })).status).toBe(501);
    tenant.switches.patchOthers = 404;
    expect((await send("PATCH", `/Users/${other.body.id}`, { Operations: operations })).status).toBe(404);
  });
});

test("a deleted user is gone, and only a deleted user can be forgotten", async () => {
  const { send, tenant } = await call();
  const { body } = await send("POST", "/Users", MARIA);
  expect((await send("POST", "/Users/.forget", { externalId: "mlopez" })).status).toBe(400);
  expect((await send("DELETE", `/Users/${body.id}`)).status).toBe(204);
  expect(await send("GET", `/Users/${body.id}`)).toMatchObject({ status: 404, body: { status: "404" } });
  expect((await send("POST", "/Users/.forget", { externalId: "mlopez" })).status).toBe(204);
  expect(tenant.dump().forgotten).toEqual(["mlopez"]);
});
