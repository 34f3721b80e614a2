import { expect, test } from "vitest";
import { CONTRACTORS, call, EMPLOYEES, seed } from "./support.js";

const profiles = "/beta/identity-profiles";

test("the default mapping follows the source's schema and is not stored", async () => {
  const { tenant, get } = await call();
  tenant.drift.changeProfile(CONTRACTORS, (profile) => {
    profile.identityAttributeConfig.attributeTransforms = [];
  });
  const { status, body } = await get(`${profiles}/${CONTRACTORS}/default-identity-attribute-config`);
  expect(status).toBe(200);
  expect(body.attributeTransforms).toMatchObject([
    { identityAttributeName: "uid", transformDefinition: { attributes: { attributeName: "login" } } },
  ]);
  expect((await get(`${profiles}/${CONTRACTORS}`)).body.identityAttributeConfig.attributeTransforms).toEqual([]);
  expect((await get(`${profiles}/none/default-identity-attribute-config`)).status).toBe(404);
});

test("processing identities answers 202 {} and settles a refresh that was due", async () => {
  const { get, patch, post } = await call();
  await patch(`${profiles}/${EMPLOYEES}`, [{ op: "replace", path: "/identityAttributeConfig/enabled", value: false }]);
  expect(await post(`${profiles}/${EMPLOYEES}/process-identities`)).toMatchObject({ status: 202, body: {} });
  expect((await get(`${profiles}/${EMPLOYEES}`)).body.identityRefreshRequired).toBe(false);
  expect((await post(`${profiles}/none/process-identities`)).status).toBe(404);
});

test("a preview computes values, reports errors per attribute with HTTP 200, and stores nothing", async () => {
  const { tenant, post } = await call();
  const before = tenant.dump();
  const map = (identityAttributeName: string, type: string, attributes: object) => ({
    identityAttributeName,
    transformDefinition: { type, attributes },
  });
  const { status, body } = await post(`${profiles}/identity-preview`, {
    identityId: "ann",
    identityAttributeConfig: {
      enabled: true,
      attributeTransforms: [
        map("email", "accountAttribute", { sourceId: "hr", attributeName: "mail" }),
        map("uid", "rule", { name: "No Such Rule" }),
        map("title", "static", { value: "x" }),
        null,
      ],
    },
  });
  expect(status).toBe(200);
  expect(body.identity).toEqual({ type: "IDENTITY", id: "ann", name: "Ann Lee" });
  expect(body.previewAttributes).toMatchObject([
    { name: "email", value: "new@x.test", previousValue: "old@x.test", errorMessages: null },
    { name: "uid", value: null, errorMessages: [{ text: expect.stringContaining("No Such Rule") }] },
    { name: "title", value: null, errorMessages: [{ localeOrigin: "DEFAULT" }] },
    { value: null, errorMessages: [{ text: expect.stringContaining("required") }] },
  ]);
  expect(tenant.dump()).toEqual(before);
});

test("a preview needs a known identity and a mapping", async () => {
  const { post } = await call();
  expect(
    (await post(`${profiles}/identity-preview`, { identityId: "nobody", identityAttributeConfig: { attributeTransforms: [] } })).status,
  ).toBe(400);
  expect((await post(`${profiles}/identity-preview`, { identityId: "ann" })).status).toBe(400);
});

test("an export can be filtered by eq and ne alone, and imported into another tenant", async () => {
  const { get } = await call();
  const exported = (await get(`${profiles}/export?filters=name eq "Employees"`)).body;
  expect(exported).toMatchObject([
    { version: 1, self: { type: "IDENTITY_PROFILE", id: EMPLOYEES, name: "Employees" }, object: { id: EMPLOYEES } },
  ]);
  expect((await get(`${profiles}/export?filters=name sw "E"`)).status).toBe(400);
  const other = await call({ seed: { sources: [{ id: "hr", name: "HR" }], identities: [{ id: "ann", name: "Ann" }] } });
  expect((await other.post(`${profiles}/import`, exported)).body).toMatchObject({
    errors: [],
    importedObjects: [{ type: "IDENTITY_PROFILE", name: "Employees" }],
  });
  const again = await other.post(`${profiles}/import`, [{ ...exported[0], object: { ...exported[0].object, description: "twice" } }]);
  expect(again.body.importedObjects).toHaveLength(1);
  expect(other.tenant.dump().profiles).toMatchObject([{ name: "Employees", description: "twice" }]);
});

test("an import answers 200 even when nothing was imported, and says why", async () => {
  const { post } = await call();
  const { status, body } = await post(`${profiles}/import`, [
    { version: 1, object: { name: "New", authoritativeSource: { id: "nowhere" } } },
    { version: 1, object: { name: "New" } },
  ]);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    infos: [],
    warnings: [],
    importedObjects: [],
    errors: [{ key: "UNKNOWN_REFERENCE_RESOLVER" }, { key: "INVALID_OBJECT" }],
  });
  expect((await post(`${profiles}/import`, {})).status).toBe(400);
});

test("lifecycle states are listed by profile, in every version but beta", async () => {
  const lifecycleStates = [
    { name: "Long Leave", profileId: EMPLOYEES, identityCount: 2 },
    { name: "Active", profileId: CONTRACTORS },
  ];
  const { get } = await call({ seed: { ...seed, lifecycleStates } });
  const { body } = await get(`/v3/identity-profiles/${EMPLOYEES}/lifecycle-states`);
  expect(body).toMatchObject([{ name: "Long Leave", technicalName: "longleave", enabled: true, identityCount: 2 }]);
  expect(body[0]).not.toHaveProperty("profileId");
  expect((await get(`/identity-profiles/v1/${CONTRACTORS}/lifecycle-states?sorters=-created`)).body).toHaveLength(1);
  expect((await get("/v3/identity-profiles/none/lifecycle-states")).status).toBe(404);
  expect((await get(`${profiles}/${EMPLOYEES}/lifecycle-states`)).status).toBe(404);
});

test("sources can be looked up by name and id, and say which profile they feed", async () => {
  const { get } = await call();
  expect((await get('/v3/sources?filters=name eq "hr b"')).body).toMatchObject([{ id: "free", name: "HR B", authoritative: false }]);
  expect((await get('/sources/v1?filters=id eq "hr"&limit=1&count=true')).headers.get("x-total-count")).toBe("1");
  expect((await get("/beta/sources/hr")).body).toMatchObject({ id: "hr", authoritative: true });
  expect((await get("/beta/sources/none")).status).toBe(404);
  expect((await get("/sources/v1/hr/connections")).body.identityProfiles).toEqual([{ id: EMPLOYEES, name: "Employees", identityCount: 7 }]);
  expect((await get("/v3/sources/free/connections")).body.identityProfiles).toEqual([]);
});

test("identities can be looked up by id, name and alias", async () => {
  const { get } = await call();
  for (const filter of ['id eq "ann"', 'name eq "ann lee"', 'alias eq "alee"']) {
    expect((await get(`/identities/v1?filters=${filter}`)).body).toMatchObject([{ id: "ann", name: "Ann Lee", alias: "alee" }]);
  }
  expect((await get('/identities/v1?filters=email sw "n"')).body).toEqual([]);
  expect((await get("/beta/identities/bob")).body.name).toBe("Bob Ray");
});

test("identity attributes are the standard ones unless the seed says otherwise", async () => {
  const standard = await call();
  expect((await standard.get("/beta/identity-attributes")).body).toContainEqual(
    expect.objectContaining({ name: "uid", displayName: "User Name", standard: true }),
  );
  const own = await call({ seed: { identityAttributes: [{ name: "badge" }] } });
  expect((await own.get("/beta/identity-attributes")).body).toMatchObject([{ name: "badge", standard: false }]);
});
