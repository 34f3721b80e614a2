import { expect, test } from "vitest";
import { call, code, EMPLOYEES } from "./support.js";

const minimal = { name: "New", authoritativeSource: { type: "SOURCE", id: "free" } };
const mapped = (type: string, attributes: object) => ({
  ...minimal,
  identityAttributeConfig: { attributeTransforms: [{ identityAttributeName: "uid", transformDefinition: { type, attributes } }] },
});

test("the required fields are enough: the server fills in the rest", async () => {
  const { tenant, post, get } = await call();
  const { status, body } = await post("/beta/identity-profiles", minimal);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    name: "New",
    description: null,
    owner: null,
    priority: 50,
    authoritativeSource: { type: "SOURCE", id: "free", name: "HR B" },
    identityRefreshRequired: true,
    identityCount: 0,
    hasTimeBasedAttr: false,
    created: body.modified,
  });
  const account = (attributeName: string) => ({
    type: "accountAttribute",
    attributes: { sourceName: "HR B", attributeName, sourceId: "free" },
  });
  expect(body.identityAttributeConfig).toEqual({
    enabled: true,
    attributeTransforms: [
      { identityAttributeName: "uid", transformDefinition: account("login") },
      { identityAttributeName: "email", transformDefinition: account("mail") },
    ],
  });
  expect((await get(`/beta/identity-profiles/${body.id}`)).body).toEqual(body);
  expect(tenant.dump().profiles).toHaveLength(3);
});

test("everything a client may set is stored, read-only fields are ignored", async () => {
  const { post } = await call();
  const mapping = {
    enabled: false,
    attributeTransforms: [
      { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { id: "r1" } } },
      { identityAttributeName: "email", transformDefinition: { type: "reference", attributes: { id: "Lower Case" } } },
      { identityAttributeName: "unheardOf", transformDefinition: { type: "somethingElse", attributes: { deep: { list: [1] } } } },
    ],
  };
  const sent = {
    ...minimal,
    description: "x",
    owner: { type: "IDENTITY", id: "bob", name: "stale" },
    priority: 7,
    identityAttributeConfig: mapping,
  };
  const readOnly = {
    id: "mine",
    created: "2001-01-01T00:00:00Z",
    identityCount: 99,
    identityRefreshRequired: false,
    hasTimeBasedAttr: true,
  };
  const { status, body } = await post("/beta/identity-profiles", { ...sent, ...readOnly });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    description: "x",
    owner: { type: "IDENTITY", id: "bob", name: "Bob Ray" },
    priority: 7,
    identityAttributeConfig: mapping,
  });
  expect(body).toMatchObject({ identityCount: 0, identityRefreshRequired: true, hasTimeBasedAttr: false });
  expect([body.id, body.created]).not.toContain("mine");
  expect(body.created).not.toContain("2001");
});

test.each([
  ["beta", true],
  ["v3", false],
  ["v2026", false],
])("enabled defaults to the version's own value under %s: %s", async (version, enabled) => {
  const { post, get } = await call();
  const { body } = await post(`/${version}/identity-profiles`, mapped("rule", { name: "Unique User Name" }));
  expect(body.identityAttributeConfig.enabled).toBe(enabled);
  const config = await get(`/${version}/identity-profiles/${EMPLOYEES}/default-identity-attribute-config`);
  expect(config.body.enabled).toBe(enabled);
});

test.each([
  ["no name", { authoritativeSource: minimal.authoritativeSource }, "400.1.0"],
  ["an empty name", { ...minimal, name: "" }, "400.1.0"],
  ["no source", { name: "New" }, "400.1.0"],
  ["a source without id", { name: "New", authoritativeSource: { type: "SOURCE" } }, "400.1.0"],
  ["a source of a wrong type", { name: "New", authoritativeSource: { type: "IDENTITY", id: "free" } }, "400.1.3"],
  ["an unknown source", { name: "New", authoritativeSource: { id: "nowhere" } }, "400.1.404"],
  ["an unknown owner", { ...minimal, owner: { id: "nobody" } }, "400.1.404"],
  ["a bound source", { name: "New", authoritativeSource: { id: "hr" } }, "400.1.409"],
  ["a used name", { ...minimal, name: "EMPLOYEES" }, "400.1.409"],
  ["a used priority", { ...minimal, priority: 40 }, "400.1.409"],
  ["priority 0", { ...minimal, priority: 0 }, "400.1.3"],
  ["a broken priority", { ...minimal, priority: 1.5 }, "400.1.3"],
  ["a name that is too long", { ...minimal, name: "x".repeat(256) }, "400.1.2"],
  ["a description that is too long", { ...minimal, description: "x".repeat(4001) }, "400.1.2"],
  ["an array", [minimal], "400.1"],
  ["a mapping that is a list", { ...minimal, identityAttributeConfig: [] }, "400.1.3"],
  [
    "a mapping without attribute name",
    { ...minimal, identityAttributeConfig: { attributeTransforms: [{ transformDefinition: { type: "rule" } }] } },
    "400.1.0",
  ],
  [
    "a mapping without definition",
    { ...minimal, identityAttributeConfig: { attributeTransforms: [{ identityAttributeName: "uid" }] } },
    "400.1.0",
  ],
  ["an attribute outside the schema", mapped("accountAttribute", { sourceId: "free", attributeName: "nope" }), "400.1.3"],
  ["an attribute of a fresh source", mapped("accountAttribute", { sourceName: "Fresh", attributeName: "login" }), "400.1.3"],
  ["an account attribute without source", mapped("accountAttribute", { attributeName: "login" }), "400.1.0"],
  ["an account attribute without name", mapped("accountAttribute", { sourceId: "free" }), "400.1.0"],
  ["an account attribute of an unknown source", mapped("accountAttribute", { sourceName: "Gone", attributeName: "login" }), "400.1.404"],
  ["an unknown transform", mapped("reference", { id: "t1" }), "400.1.404"],
  [
    "a bad input of a transform",
    mapped("reference", { id: "Lower Case", input: { type: "accountAttribute", attributes: { sourceId: "free", attributeName: "nope" } } }),
    "400.1.3",
  ],
  ["an unknown rule", mapped("rule", { name: "No Such Rule" }), "400.1.404"],
])("%s is refused with its code, and nothing is stored", async (_name, body, detailCode) => {
  const { tenant, post } = await call();
  const answer = await post("/beta/identity-profiles", body);
  expect([answer.status, code(answer)]).toEqual([400, detailCode]);
  expect(tenant.dump().profiles).toHaveLength(2);
});

test("an empty description is none", async () => {
  const { post } = await call();
  expect((await post("/beta/identity-profiles", { ...minimal, description: "" })).body.description).toBeNull();
});

test("a source whose schema is not modelled accepts every attribute name, by name or application name", async () => {
  const { post } = await call();
  expect(
    (await post("/beta/identity-profiles", mapped("accountAttribute", { applicationName: "Opaque", attributeName: "anything" }))).status,
  ).toBe(201);
});

test("a conflict is HTTP 409 where the switch says so", async () => {
  const { post } = await call({ switches: { conflictStatus: 409 } });
  const answer = await post("/beta/identity-profiles", { ...minimal, name: "Employees" });
  expect([answer.status, code(answer)]).toEqual([409, "400.1.409"]);
});

test.each([
  ["text/plain", '{"name":"x"}', 415],
  ["application/json", "{", 400],
])("a %s body %s answers %i", async (type, body, status) => {
  const { tenant, post } = await call();
  expect((await post("/beta/identity-profiles", body, { "content-type": type })).status).toBe(status);
  expect(tenant.requests.at(-1)).toMatchObject({ body, status });
});

test("switches: an owner is assigned, a written mapping is enriched, unknown fields appear", async () => {
  const { post } = await call({ switches: { assignsOwner: true, enrichOnWrite: true, extraFields: true } });
  const { body } = await post("/beta/identity-profiles", mapped("accountAttribute", { sourceName: "HR B", attributeName: "login" }));
  expect(body.owner).toEqual({ type: "IDENTITY", id: "ann", name: "Ann Lee" });
  expect(body.identityAttributeConfig.attributeTransforms[0].transformDefinition.attributes).toEqual({
    sourceId: "free",
    sourceName: "HR B",
    attributeName: "login",
  });
  expect(body.somethingNew).toBeDefined();
});

test.each([
  ["a transform that depends on the date", mapped("reference", { id: "Today" })],
  ["an attribute that asks for periodic refresh", mapped("rule", { name: "Unique User Name", requiresPeriodicRefresh: true })],
])("%s makes the profile time based", async (_name, body) => {
  const { post } = await call();
  expect((await post("/beta/identity-profiles", body)).body.hasTimeBasedAttr).toBe(true);
});
