import { expect, test } from "vitest";
import { type Caller, call, code, EMPLOYEES, seed } from "./support.js";

const path = `/beta/identity-profiles/${EMPLOYEES}`;
const entry = { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "Unique User Name" } } };

async function read({ get }: Caller) {
  return (await get(path)).body;
}

test.each([
  ["rename", [{ op: "replace", path: "/name", value: "Staff" }], { name: "Staff" }],
  ["describe", [{ op: "add", path: "/description", value: "All" }], { description: "All" }],
  ["move in the order of priorities", [{ op: "replace", path: "/priority", value: 15 }], { priority: 15 }],
  [
    "change the owner by its id, whose name the server knows",
    [{ op: "replace", path: "/owner/id", value: "bob" }],
    { owner: { type: "IDENTITY", id: "bob", name: "Bob Ray" } },
  ],
  [
    "replace the owner, whatever name is sent",
    [{ op: "add", path: "/owner", value: { type: "IDENTITY", id: "bob", name: "stale" } }],
    { owner: { type: "IDENTITY", id: "bob", name: "Bob Ray" } },
  ],
  ["remove the owner", [{ op: "remove", path: "/owner" }], { owner: null }],
  [
    "several operations, a passing test among them",
    [
      { op: "test", path: "/priority", value: 10 },
      { op: "replace", path: "/priority", value: 11 },
      { op: "copy", from: "/name", path: "/description" },
    ],
    { priority: 11, description: "Employees" },
  ],
])("%s", async (_name, operations, expected) => {
  const caller = await call();
  const before = await read(caller);
  const { status, body } = await caller.patch(path, operations);
  expect(status).toBe(200);
  expect(body).toMatchObject(expected);
  expect(body.modified > before.modified).toBe(true);
  expect(body.identityRefreshRequired).toBe(false);
  expect(await read(caller)).toEqual(body);
});

test.each([
  ["the whole mapping", [{ op: "replace", path: "/identityAttributeConfig", value: { enabled: false, attributeTransforms: [entry] } }]],
  [
    "one entry more",
    [{ op: "add", path: "/identityAttributeConfig/attributeTransforms/-", value: { ...entry, identityAttributeName: "title" } }],
  ],
  ["one entry less", [{ op: "remove", path: "/identityAttributeConfig/attributeTransforms/0" }]],
  [
    "deep inside one entry",
    [{ op: "replace", path: "/identityAttributeConfig/attributeTransforms/0/transformDefinition/attributes/attributeName", value: "mail" }],
  ],
  ["the switch of the mapping", [{ op: "replace", path: "/identityAttributeConfig/enabled", value: false }]],
  ["the source", [{ op: "replace", path: "/authoritativeSource", value: { type: "SOURCE", id: "free" } }]],
  ["the source by its id", [{ op: "replace", path: "/authoritativeSource/id", value: "free" }]],
])("changing %s makes a refresh due", async (_name, operations) => {
  const caller = await call();
  expect((await read(caller)).identityRefreshRequired).toBe(false);
  expect((await caller.patch(path, operations)).body.identityRefreshRequired).toBe(true);
});

test("a refresh that is due stays due", async () => {
  const { patch } = await call();
  await patch(path, [{ op: "replace", path: "/identityAttributeConfig/enabled", value: false }]);
  expect((await patch(path, [{ op: "replace", path: "/priority", value: 12 }])).body.identityRefreshRequired).toBe(true);
});

test("modified grows even when the clock does not", async () => {
  const caller = await call();
  const before = await read(caller);
  caller.tenant.clock.advance(-3_600_000);
  expect((await caller.patch(path, [{ op: "replace", path: "/priority", value: 12 }])).body.modified > before.modified).toBe(true);
});

test("a new source leaves the mapping as it was, unless the switch says that it resets it", async () => {
  const { tenant, get, patch } = await call();
  const source = (id: string) => [{ op: "replace", path: "/authoritativeSource/id", value: id }];
  const before = (await get(path)).body.identityAttributeConfig;
  const stale = (await patch(path, source("free"))).body;
  expect(stale).toMatchObject({ authoritativeSource: { id: "free", name: "HR B" }, identityAttributeConfig: before });
  tenant.switches.sourceChangeResetsMapping = true;
  const reset = (await patch(path, source("hr"))).body;
  expect(reset.identityAttributeConfig.attributeTransforms[0].transformDefinition.attributes.sourceId).toBe("hr");
});

test.each<[string, unknown, string]>([
  ["a body that is an object", { op: "replace", path: "/name", value: "x" }, "400.1"],
  ["an unknown operation", [{ op: "set", path: "/name", value: "x" }], "400.1"],
  ["a path that is no pointer", [{ op: "replace", path: "name", value: "x" }], "400.1.3"],
  ["the whole document", [{ op: "replace", path: "", value: {} }], "400.1.3"],
  ["a missing value", [{ op: "replace", path: "/name" }], "400.1"],
  ["a missing from", [{ op: "copy", path: "/description" }], "400.1"],
  ["a null value", [{ op: "replace", path: "/description", value: null }], "400.1.3"],
  ["a field that does not exist", [{ op: "add", path: "/colour", value: "red" }], "400.1.3"],
  ...["id", "created", "modified", "identityCount", "identityRefreshRequired"].map((field): [string, unknown, string] => [
    `the read-only ${field}`,
    [{ op: "replace", path: `/${field}`, value: 1 }],
    "400.1.1",
  ]),
  ["moving a read-only field away", [{ op: "move", from: "/id", path: "/description" }], "400.1.1"],
  [
    "source and mapping at once",
    [
      { op: "replace", path: "/authoritativeSource/id", value: "free" },
      { op: "replace", path: "/identityAttributeConfig/enabled", value: true },
    ],
    "400.1",
  ],
  ["removing what is not there", [{ op: "remove", path: "/identityAttributeConfig/attributeTransforms/99" }], "400.1"],
  ["replacing what is not there", [{ op: "replace", path: "/identityAttributeConfig/nothing", value: 1 }], "400.1"],
  ["an index behind the end", [{ op: "add", path: "/identityAttributeConfig/attributeTransforms/99", value: entry }], "400.1"],
  ["a failing test", [{ op: "test", path: "/name", value: "Nope" }], "400.1"],
  ["removing the name", [{ op: "remove", path: "/name" }], "400.1.0"],
  ["removing the priority", [{ op: "remove", path: "/priority" }], "400.1.0"],
  ["a used name", [{ op: "replace", path: "/name", value: "contractors" }], "400.1.409"],
  ["a used priority", [{ op: "replace", path: "/priority", value: 40 }], "400.1.409"],
  ["a bound source", [{ op: "replace", path: "/authoritativeSource/id", value: "agency" }], "400.1.409"],
  ["an unknown source", [{ op: "replace", path: "/authoritativeSource/id", value: "nowhere" }], "400.1.404"],
  ["an unknown owner", [{ op: "replace", path: "/owner/id", value: "nobody" }], "400.1.404"],
  [
    "an attribute outside the schema",
    [{ op: "replace", path: "/identityAttributeConfig/attributeTransforms/0/transformDefinition/attributes/attributeName", value: "nope" }],
    "400.1.3",
  ],
])("%s is refused, and nothing of the request is applied", async (_name, operations, detailCode) => {
  const caller = await call();
  const before = await read(caller);
  const all = Array.isArray(operations) ? [{ op: "add", path: "/description", value: "half" }, ...operations] : operations;
  const answer = await caller.patch(path, all);
  expect([answer.status, code(answer)]).toEqual([400, detailCode]);
  expect(await read(caller)).toEqual(before);
});

test("the wrong content type answers 415", async () => {
  const { patch } = await call();
  expect((await patch(path, [], { "content-type": "application/json" })).status).toBe(415);
  expect((await patch(path, [], { "content-type": "application/json-patch+json; charset=utf-8" })).status).toBe(200);
});

test("a body that is no JSON answers 400", async () => {
  const { patch } = await call();
  expect((await patch(path, "[")).status).toBe(400);
});

test("an unknown profile answers 404", async () => {
  const { patch } = await call();
  expect((await patch("/beta/identity-profiles/none", [])).status).toBe(404);
});

test("an empty patch changes nothing", async () => {
  const caller = await call();
  const before = await read(caller);
  expect((await caller.patch(path, [])).body).toEqual(before);
});

test("fields the server derives are neither refused nor heeded", async () => {
  const { patch } = await call();
  const answer = await patch(path, [{ op: "replace", path: "/hasTimeBasedAttr", value: true }]);
  expect(answer).toMatchObject({ status: 200, body: { hasTimeBasedAttr: false } });
});

test("seedStrictName refuses /name with 400.1.1 and lets the rest pass", async () => {
  const { patch } = await call({ switches: { seedStrictName: true } });
  const refused = await patch(path, [{ op: "replace", path: "/name", value: "Staff" }]);
  expect([refused.status, code(refused)]).toEqual([400, "400.1.1"]);
  expect(
    (
      await patch(path, [
        { op: "test", path: "/name", value: "Employees" },
        { op: "replace", path: "/priority", value: 12 },
      ])
    ).status,
  ).toBe(200);
});

test("patchAllowsNull accepts null as a value", async () => {
  const { patch } = await call({ switches: { patchAllowsNull: true } });
  expect((await patch(path, [{ op: "replace", path: "/owner", value: null }])).body.owner).toBeNull();
});

test("enrichOnWrite completes a mapping written by PATCH", async () => {
  const { patch } = await call({ switches: { enrichOnWrite: true } });
  const value = [
    {
      identityAttributeName: "uid",
      transformDefinition: { type: "accountAttribute", attributes: { sourceId: "hr", attributeName: "login" } },
    },
  ];
  const { body } = await patch(path, [{ op: "replace", path: "/identityAttributeConfig/attributeTransforms", value }]);
  expect(body.identityAttributeConfig.attributeTransforms[0].transformDefinition.attributes.sourceName).toBe("HR");
});

test("absent empty fields cannot be removed or replaced, only added", async () => {
  const { patch, get } = await call({ switches: { emptyFields: "absent" } });
  expect((await get(path)).body).not.toHaveProperty("description");
  expect((await patch(path, [{ op: "remove", path: "/description" }])).status).toBe(400);
  expect((await patch(path, [{ op: "replace", path: "/description", value: "x" }])).status).toBe(400);
  expect((await patch(path, [{ op: "add", path: "/description", value: "x" }])).status).toBe(200);
  expect((await patch(path, [{ op: "remove", path: "/description" }])).status).toBe(200);
});

test("removing the mapping brings the default one back", async () => {
  const { patch, get } = await call();
  await patch(path, [{ op: "replace", path: "/identityAttributeConfig/attributeTransforms", value: [entry] }]);
  const { body } = await patch(path, [{ op: "remove", path: "/identityAttributeConfig" }]);
  const standard = (await get(`${path}/default-identity-attribute-config`)).body;
  expect(body.identityAttributeConfig.attributeTransforms).toEqual(standard.attributeTransforms);
});

test("an owner who has left does not block other changes", async () => {
  const { identities: _, ...unowned } = seed;
  const { patch } = await call({ seed: unowned });
  expect((await patch(path, [{ op: "replace", path: "/priority", value: 12 }])).body).toMatchObject({ priority: 12, owner: { id: "ann" } });
});

test("a mapping made stale by a renamed source stays valid until it is touched", async () => {
  const { tenant, patch } = await call();
  tenant.drift.changeProfile(EMPLOYEES, (profile) => {
    profile.identityAttributeConfig.attributeTransforms = [
      {
        identityAttributeName: "uid",
        transformDefinition: { type: "accountAttribute", attributes: { sourceName: "HR", attributeName: "login" } },
      },
    ];
  });
  tenant.drift.renameSource("hr", "Human Resources");
  expect((await patch(path, [{ op: "replace", path: "/priority", value: 12 }])).status).toBe(200);
  const touched = await patch(path, [{ op: "replace", path: "/identityAttributeConfig/enabled", value: false }]);
  expect(code(touched)).toBe("400.1.404");
});
