import type { FaultAction } from "identity-simulators";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Props } from "../harness/rpc";
import { ADA, bindTo, calls, failure, GRACE, HR, kept, MINIMAL, mail, mapping, PARTNERS, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

const FULL = { ...MINIMAL, description: "x", owner: { id: ADA.id }, priority: 40, ...mapping({ email: mail() }) };
const workMail = { type: "accountAttribute", attributeName: "workMail", sourceId: PARTNERS.id };
const MOVED = { ...FULL, authoritativeSource: { id: PARTNERS.id }, ...mapping({ email: workMail }) };

/** The vendor's form of a mapping whose entries are all account attributes. */
const config = (attributeTransforms: Record<string, Props>, enabled = true) => ({
  enabled,
  attributeTransforms: Object.entries(attributeTransforms).map(([identityAttributeName, attributes]) => ({
    identityAttributeName,
    transformDefinition: { type: "accountAttribute", attributes },
  })),
});
const hrMail = { attributeName: "mail", sourceId: HR.id };

async function profile(inputs: Props) {
  const resource = host.resource();
  await resource.up(inputs);
  tenant.clearRequests();
  return resource;
}

/** Brings a new profile from one set of inputs to another and returns the PATCHes that it took. */
async function patches(before: Props, after: Props) {
  const resource = await profile(before);
  expect(await resource.up(after)).toBe("update");
  expect(await resource.preview(after)).toMatchObject({ op: "same" });
  expect(kept(resource).outputs).toMatchObject(kept(resource).inputs);
  return sent(tenant, "PATCH");
}

describe("an update sends only what changed", () => {
  const one = (op: string, path: string, value?: unknown) => [[{ op, path, ...(value !== undefined && { value }) }]];
  test.each<[string, Props, Props, unknown[]]>([
    ["a new name", FULL, { ...FULL, name: "Staff" }, one("replace", "/name", "Staff")],
    ["another description", FULL, { ...FULL, description: "y" }, one("replace", "/description", "y")],
    ["a first description", MINIMAL, { ...MINIMAL, description: "y" }, one("add", "/description", "y")],
    ["a description cleared", FULL, { ...FULL, description: null }, one("remove", "/description")],
    ["another owner", FULL, { ...FULL, owner: { id: GRACE.id } }, one("replace", "/owner", { type: "IDENTITY", id: GRACE.id })],
    ["an owner by name", FULL, { ...FULL, owner: { name: "Grace Hopper" } }, one("replace", "/owner", { type: "IDENTITY", id: GRACE.id })],
    ["a first owner", MINIMAL, { ...MINIMAL, owner: { id: ADA.id } }, one("add", "/owner", { type: "IDENTITY", id: ADA.id })],
    ["an owner dropped", FULL, { ...FULL, owner: null }, one("remove", "/owner")],
    ["another priority", FULL, { ...FULL, priority: 41 }, one("replace", "/priority", 41)],
    ["a first priority", MINIMAL, { ...MINIMAL, priority: 41 }, one("replace", "/priority", 41)],
    ["a priority dropped, which stays as it is", FULL, { ...FULL, priority: null }, []],
    [
      "another source",
      MINIMAL,
      { ...MINIMAL, authoritativeSource: { id: PARTNERS.id } },
      one("replace", "/authoritativeSource", { type: "SOURCE", id: PARTNERS.id }),
    ],
    ["the same source by name", MINIMAL, { ...MINIMAL, authoritativeSource: { name: "HR" } }, []],
    [
      "another mapping",
      FULL,
      { ...FULL, ...mapping({ email: mail({ attributeName: "login" }) }) },
      one("replace", "/identityAttributeConfig", config({ email: { attributeName: "login", sourceId: HR.id } })),
    ],
    [
      "a first mapping",
      MINIMAL,
      { ...MINIMAL, ...mapping({ title: mail() }) },
      one("replace", "/identityAttributeConfig", config({ title: hrMail })),
    ],
    [
      "the mapping switched off",
      FULL,
      { ...FULL, ...mapping({ email: mail() }, { enabled: false }) },
      one("replace", "/identityAttributeConfig", config({ email: hrMail }, false)),
    ],
    ["a mapping dropped, which stays as it is", FULL, { ...FULL, identityAttributeConfig: null }, []],
    [
      "a key of a transform dropped",
      { ...FULL, ...mapping({ email: mail({ accountFilter: "x" }) }) },
      FULL,
      one("replace", "/identityAttributeConfig", config({ email: hrMail })),
    ],
    ["only options of this library", FULL, { ...FULL, renameBy: "replace", changeSourceBy: "update", forceDelete: true }, []],
    [
      "several properties, in one request",
      FULL,
      { ...FULL, name: "Staff", description: null, priority: 5, ...mapping({ uid: mail({ attributeName: "login" }) }) },
      [
        [
          { op: "replace", path: "/name", value: "Staff" },
          { op: "remove", path: "/description" },
          { op: "replace", path: "/priority", value: 5 },
          { op: "replace", path: "/identityAttributeConfig", value: config({ uid: { attributeName: "login", sourceId: HR.id } }) },
        ],
      ],
    ],
    [
      "source and mapping, in two requests of which the source is the first",
      FULL,
      { ...MOVED, description: "y" },
      [
        [
          { op: "replace", path: "/description", value: "y" },
          { op: "replace", path: "/authoritativeSource", value: { type: "SOURCE", id: PARTNERS.id } },
        ],
        [
          {
            op: "replace",
            path: "/identityAttributeConfig",
            value: config({ email: { attributeName: "workMail", sourceId: PARTNERS.id } }),
          },
        ],
      ],
    ],
    [
      "a source under a mapping that stays",
      FULL,
      { ...FULL, authoritativeSource: { id: PARTNERS.id } },
      one("replace", "/authoritativeSource", { type: "SOURCE", id: PARTNERS.id }),
    ],
  ])("%s", async (_what, before, after, expected) => {
    expect(await patches(before, after)).toEqual(expected);
  });

  test("as a JSON patch, after a fresh look", async () => {
    await patches(MINIMAL, { ...MINIMAL, description: "y" });
    expect(calls(tenant)).toEqual(["GET /identity-profiles/:id 200", "PATCH /identity-profiles/:id 200"]);
    expect(tenant.requests.at(-1)?.headers["content-type"]).toBe("application/json-patch+json");
  });

  test("with the answers of a tenant that leaves empty fields out", async () => {
    tenant.switches.emptyFields = "absent";
    expect(await patches(MINIMAL, { ...FULL, priority: null })).toMatchObject([[{ op: "add" }, { op: "add" }, { op: "replace" }]]);
    expect(stored(tenant)).toMatchObject({ description: "x", owner: { id: ADA.id } });
  });

  test("and nothing for a description that somebody else has cleared already", async () => {
    const resource = await profile(FULL);
    tenant.drift.changeProfile(kept(resource).id, { description: null, owner: null });
    await resource.up({ ...FULL, description: null, owner: null });
    expect(sent(tenant, "PATCH")).toEqual([]);
  });

  test("and nothing for what somebody else has set to the wanted value already", async () => {
    const resource = await profile(FULL);
    tenant.drift.changeProfile(kept(resource).id, { description: "y", priority: 41 });
    await resource.up({ ...FULL, description: "y", priority: 41 });
    expect(sent(tenant, "PATCH")).toEqual([]);
    expect(kept(resource).outputs).toMatchObject({ description: "y", priority: 41 });
  });

  test("so that what somebody else changed at the same time stays", async () => {
    const resource = await profile({ ...MINIMAL, description: "x" });
    const { id } = kept(resource);
    onTestFinished(
      tenant.onRequest(({ record, phase }) => {
        if (record.method === "PATCH" && phase === "received")
          tenant.drift.changeProfile(id, { priority: 99, owner: { type: "IDENTITY", id: ADA.id } });
      }),
    );
    await resource.up({ ...MINIMAL, description: "y" });
    expect(stored(tenant)).toMatchObject({ description: "y", priority: 99, owner: { id: ADA.id } });
    expect(kept(resource).outputs).toMatchObject({ priority: 99, owner: { id: ADA.id } });
  });
});

describe("a dropped value", () => {
  test("of the priority is released: the next change elsewhere is no drift", async () => {
    const resource = await profile(FULL);
    await resource.up({ ...FULL, priority: null });
    expect(kept(resource).outputs).toMatchObject({ priority: 40, serverChosen: ["priority"] });
    tenant.drift.changeProfile(kept(resource).id, { priority: 77 });
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toMatchObject({ priority: 77 });
  });

  test("of the mapping is released: the next change elsewhere is no drift", async () => {
    const resource = await profile(FULL);
    await resource.up({ ...FULL, identityAttributeConfig: null });
    tenant.drift.resetMapping(kept(resource).id);
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).not.toHaveProperty("identityAttributeConfig");
  });

  test("of the owner is cleared once, and an owner that the vendor gives then stays", async () => {
    const resource = await profile(FULL);
    await resource.up({ ...FULL, owner: null });
    expect(stored(tenant).owner).toBeNull();
    tenant.drift.changeProfile(kept(resource).id, { owner: { type: "IDENTITY", id: GRACE.id } });
    await resource.refresh();
    await resource.up({ ...FULL, owner: null, description: "y" });
    expect(stored(tenant).owner).toMatchObject({ id: GRACE.id });
  });
});

describe("a mapping", () => {
  test("keeps what the server added to entries that stay as they are", async () => {
    const resource = await profile(FULL);
    tenant.drift.enrichMapping(kept(resource).id);
    await resource.up({ ...FULL, ...mapping({ email: mail(), uid: mail({ attributeName: "login" }) }) });
    const [[operation]] = sent(tenant, "PATCH") as [[{ value: ReturnType<typeof config> }]];
    expect(operation.value.attributeTransforms).toHaveLength(2);
    expect(operation.value.attributeTransforms).toEqual(
      expect.arrayContaining(
        config({ email: { ...hrMail, sourceName: "HR" }, uid: { attributeName: "login", sourceId: HR.id } }).attributeTransforms,
      ),
    );
  });

  test("loses a transform that somebody else added", async () => {
    const resource = await profile(FULL);
    tenant.drift.changeProfile(kept(resource).id, { identityAttributeConfig: config({ email: hrMail, title: hrMail }) });
    await resource.refresh();
    expect(await resource.up(FULL)).toBe("update");
    expect(stored(tenant).identityAttributeConfig).toEqual(config({ email: hrMail }));
  });

  test("in another order is the same", async () => {
    const [email, uid] = [mail(), mail({ attributeName: "login" })];
    const resource = await profile({ ...MINIMAL, ...mapping({ email, uid }) });
    tenant.drift.changeProfile(kept(resource).id, (found) => void found.identityAttributeConfig.attributeTransforms.reverse());
    expect(await resource.up({ ...MINIMAL, description: "y", ...mapping({ uid, email }) })).toBe("update");
    expect(sent(tenant, "PATCH")).toEqual([[{ op: "add", path: "/description", value: "y" }]]);
  });
});

describe("source and mapping", () => {
  test("the mapping is sent again when the move has reset it, although the program did not change it", async () => {
    tenant.switches.sourceChangeResetsMapping = true;
    await patches(FULL, { ...FULL, authoritativeSource: { id: PARTNERS.id } });
    expect(stored(tenant).identityAttributeConfig).toEqual(config({ email: hrMail }));
    expect(tenant.count({ method: "PATCH" })).toBe(2);
  });

  test("the mapping is sent again when it is reset after the move was answered", async () => {
    const resource = await profile(FULL);
    const { id } = kept(resource);
    const stop = tenant.onRequest(({ record, phase }) => {
      if (record.method !== "PATCH" || phase !== "applied") return;
      tenant.drift.resetMapping(id);
      stop();
    });
    await resource.up({ ...FULL, authoritativeSource: { id: PARTNERS.id } });
    expect(stored(tenant).identityAttributeConfig).toEqual(config({ email: hrMail }));
  });

  test("a mapping that the program does not declare is left as the move makes it", async () => {
    tenant.switches.sourceChangeResetsMapping = true;
    expect(await patches(MINIMAL, { ...MINIMAL, authoritativeSource: { id: PARTNERS.id } })).toHaveLength(1);
  });

  test("when the second request fails, state knows the first half, and the next up sends only the rest", async () => {
    const resource = await profile(FULL);
    const wrong = { ...MOVED, ...mapping({ email: { ...workMail, attributeName: "fax" } }) };
    const message = await failure(resource.up(wrong));
    expect(message).toContain("fax is not an account attribute of source Partners");
    expect(message).toContain("What was done before is kept in state; the next `pulumi up` finishes the rest");
    const { initErrors, outputs } = kept(resource);
    expect(initErrors).toEqual([message]);
    expect(outputs).toMatchObject({ authoritativeSource: { id: PARTNERS.id }, ...mapping({ email: mail() }) });

    tenant.clearRequests();
    expect(await resource.up(MOVED)).toBe("update");
    expect(sent(tenant, "PATCH")).toEqual([
      [{ op: "replace", path: "/identityAttributeConfig", value: config({ email: { attributeName: "workMail", sourceId: PARTNERS.id } }) }],
    ]);
    expect(await resource.preview(MOVED)).toMatchObject({ op: "same" });
  });

  test("when the first request fails, nothing has changed and nothing is kept", async () => {
    const resource = await profile(FULL);
    const before = kept(resource);
    expect(await failure(resource.up({ ...MOVED, authoritativeSource: { id: "nowhere" } }))).toContain("Source nowhere was not found");
    expect(resource.state).toBe(before);
    expect(tenant.count({ method: "PATCH" })).toBe(1);
  });

  test("a half-made adoption is kept too", async () => {
    const { id } = kept(await profile(FULL));
    const resource = host.resource("adopted");
    const inputs = { ...MOVED, adopt: { id } };
    tenant.faults.add({ method: "PATCH", skip: 1, when: "before", action: { status: 403 } });
    await failure(resource.up(inputs));
    expect(kept(resource)).toMatchObject({ id, outputs: { authoritativeSource: { id: PARTNERS.id } }, initErrors: [expect.any(String)] });
    expect(await resource.up(inputs)).toBe("update");
    expect(stored(tenant).identityAttributeConfig).toEqual(config({ email: { attributeName: "workMail", sourceId: PARTNERS.id } }));
    expect(await resource.preview(inputs)).toMatchObject({ op: "same" });
  });
});

describe("a reference by name", () => {
  const BY_NAME = { name: "Employees", authoritativeSource: { name: "HR" }, owner: { name: "Ada Lovelace" } };

  test("that did not change is not looked up again, even if the object was renamed since", async () => {
    const resource = await profile(BY_NAME);
    tenant.drift.renameSource(HR.id, "HR (new)");
    tenant.drift.renameIdentity(ADA.id, "Ada King");
    await resource.up({ ...BY_NAME, description: "y" });
    expect(calls(tenant)).toEqual(["GET /identity-profiles/:id 200", "PATCH /identity-profiles/:id 200"]);
    expect(sent(tenant, "PATCH")).toEqual([[{ op: "add", path: "/description", value: "y" }]]);
  });

  test("that changed is looked up, and only its id is sent", async () => {
    const resource = await profile(BY_NAME);
    await resource.up({ ...BY_NAME, authoritativeSource: { name: "Partners" } });
    expect(sent(tenant, "PATCH")).toEqual([[{ op: "replace", path: "/authoritativeSource", value: { type: "SOURCE", id: PARTNERS.id } }]]);
    expect(kept(resource).outputs).toMatchObject({ authoritativeSource: { id: PARTNERS.id, name: "Partners" } });
  });

  test("leads back to the declared object after a change elsewhere", async () => {
    const resource = await profile(BY_NAME);
    tenant.drift.changeProfile(kept(resource).id, { owner: { type: "IDENTITY", id: GRACE.id } });
    await resource.refresh();
    await resource.up(BY_NAME);
    expect(stored(tenant).owner).toMatchObject({ id: ADA.id });
  });
});

test("a tenant that refuses to rename is explained, with the way out", async () => {
  tenant.switches.seedStrictName = true;
  const resource = await profile(MINIMAL);
  const message = await failure(resource.up({ ...MINIMAL, name: "Staff" }));
  expect(message).toContain('The tenant refuses to rename identity profile "Employees"');
  expect(message).toContain('renameBy: "replace"');
  expect(message).toContain("400.1.1 Illegal update attempt");
  expect(message).toMatch(/tracking id [0-9a-f]{32}, request id [0-9a-f]{32}/);
  expect(await resource.up({ ...MINIMAL, name: "Staff", renameBy: "replace" })).toBe("replace");
  expect(stored(tenant, "Staff").id).toBe(kept(resource).id);
});

test.each([
  ["of its own accord", { detailCode: "400.1 Bad Request Content" }, { name: "Staff" }, true],
  ["because it is too long", { detailCode: "400.1.2 Value length out of range" }, { name: "Staff" }, false],
  ["together with something else, for whatever reason", { detailCode: "400.1 Bad Request Content" }, { name: "Staff", priority: 7 }, false],
  ["although it was not even sent", { detailCode: "400.1.1 Illegal update attempt" }, { priority: 7 }, false],
])("a name refused %s is told apart from a tenant that refuses to rename", async (_why, body, change, refusesToRename) => {
  const resource = await profile(MINIMAL);
  tenant.faults.add({ method: "PATCH", when: "before", action: { status: 400, body, headers: { "content-type": "application/json" } } });
  const message = await failure(resource.up({ ...MINIMAL, ...change }));
  expect(message).toContain(body.detailCode);
  expect(message.includes("renameBy")).toBe(refusesToRename);
});

test("a name, source or priority that another profile holds is explained", async () => {
  const other = { name: "Other", authoritativeSource: { id: PARTNERS.id } };
  const { id } = kept(await profile(other));
  const resource = await profile(MINIMAL);
  expect(await failure(resource.up({ ...MINIMAL, name: "other" }))).toContain(`Identity profile "Other" (${id}) holds the name "Other"`);
  const message = await failure(resource.up({ ...MINIMAL, authoritativeSource: { id: PARTNERS.id } }));
  expect(message).toContain(`Identity profile "Other" (${id}) holds the source Partners`);
  expect(message).toContain("400.1.409 Reference conflict");
});

describe("an update whose answer is lost", () => {
  const lost: [string, FaultAction][] = [
    ["the connection breaks", "drop"],
    ["500", { status: 500 }],
    ["502 with a page", { status: 502 }],
  ];

  test.each(lost)("is not sent again when it took effect: %s", async (_what, action) => {
    const resource = await profile(FULL);
    tenant.faults.add({ method: "PATCH", when: "after", action });
    expect(await resource.up({ ...FULL, description: null })).toBe("update");
    expect(tenant.count({ method: "PATCH" })).toBe(1);
    expect(stored(tenant).description).toBeNull();
    expect(kept(resource).outputs).not.toHaveProperty("description");
  });

  test.each(lost)("is sent again when it did not: %s", async (_what, action) => {
    const resource = await profile(FULL);
    tenant.faults.add({ method: "PATCH", when: "before", action });
    expect(await resource.up({ ...FULL, description: null })).toBe("update");
    expect(tenant.count({ method: "PATCH" })).toBe(2);
    expect(stored(tenant).description).toBeNull();
  });

  test("between source and mapping still ends with both", async () => {
    const resource = await profile(FULL);
    tenant.faults.add({ method: "PATCH", when: "after", times: 2, action: "drop" });
    await resource.up(MOVED);
    expect(tenant.count({ method: "PATCH" })).toBe(2);
    expect(stored(tenant)).toMatchObject({
      authoritativeSource: { id: PARTNERS.id },
      identityAttributeConfig: config({ email: { attributeName: "workMail", sourceId: PARTNERS.id } }),
    });
  });

  test("four times in a row is given up, and says that it may have been done", async () => {
    const { provider, waits } = bindTo(tenant);
    const { id, state } = await provider.create(provider.check(MINIMAL).inputs);
    tenant.faults.add({ method: "PATCH", when: "before", times: 4, action: "drop" });
    const message = await failure(provider.update(id, state, provider.check({ ...MINIMAL, description: "y" }).inputs));
    expect(message).toContain("IDP_LOST_ANSWER");
    expect(message).toContain("It is not known whether the vendor did it");
    expect(tenant.count({ method: "PATCH" })).toBe(4);
    expect(waits, "a change that is still on its way is given time to arrive").toEqual([375, 750, 1500]);
  });

  test("and then meets a conflict is explained like any other", async () => {
    const { id } = kept(await profile({ name: "Other", authoritativeSource: { id: PARTNERS.id } }));
    const resource = await profile(MINIMAL);
    tenant.faults.add({ method: "PATCH", when: "before", action: "drop" });
    expect(await failure(resource.up({ ...MINIMAL, name: "Other" }))).toContain(`Identity profile "Other" (${id}) holds the name`);
  });
});

test("an update of a profile that is gone says what to do, and keeps the state", async () => {
  const resource = await profile(MINIMAL);
  const before = kept(resource);
  tenant.drift.removeProfile(before.id);
  const message = await failure(resource.up({ ...MINIMAL, description: "y" }));
  expect(message).toContain(`Identity profile "Employees" (${before.id}) is gone from the tenant`);
  expect(message).toContain("pulumi up --refresh");
  expect(resource.state).toBe(before);
});
