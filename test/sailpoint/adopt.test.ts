import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { ADA, calls, failure, GRACE, HR, kept, MINIMAL, mail, mapping, PARTNERS, sent, startHost, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

async function up(inputs: Props) {
  const resource = host.resource();
  await resource.up(inputs);
  return kept(resource);
}

const seeded = (rest: object = {}) => {
  const { sources, identities, transforms, rules } = tenant.dump();
  const profile = { id: "a".repeat(32), name: "Employees", authoritativeSource: { id: HR.id }, priority: 10, ...rest };
  tenant.load({ sources, identities, transforms, rules, profiles: [profile] });
  return profile;
};

test("true takes the profile of that name, whatever its case, and sends nothing when it is as declared", async () => {
  const { id } = seeded();
  const state = await up({ ...MINIMAL, adopt: true });
  expect(state.id).toBe(id);
  expect(calls(tenant)).toEqual(["GET /identity-profiles 200"]);
  expect(tenant.requests.find(({ path }) => path === "/beta/identity-profiles")?.query).toMatchObject({ filters: 'name eq "Employees"' });
  expect(state.outputs).toMatchObject({ priority: 10, serverChosen: ["priority"] });
  expect(state.outputs).not.toHaveProperty("identityAttributeConfig");
});

test("by id takes that profile, whatever its name, and brings it to what is declared", async () => {
  const { id } = seeded({ name: "Old name", description: "old", identityCount: 900 });
  const inputs = { ...MINIMAL, adopt: { id }, priority: 50, ...mapping({ email: mail() }) };
  const state = await up(inputs);
  expect(state.id).toBe(id);
  expect(calls(tenant)).toEqual(["GET /identity-profiles/:id 200", "PATCH /identity-profiles/:id 200"]);
  expect(sent(tenant, "PATCH")).toEqual([
    [
      { op: "replace", path: "/name", value: "Employees" },
      { op: "remove", path: "/description" },
      { op: "replace", path: "/priority", value: 50 },
      { op: "replace", path: "/identityAttributeConfig", value: expect.objectContaining({ enabled: true }) },
    ],
  ]);
  expect(state.outputs).toMatchObject({ name: "Employees", priority: 50, identityCount: 900 });
  const resource = host.resource();
  resource.state = state;
  expect(await resource.preview(inputs)).toMatchObject({ op: "same" });
});

test("of a profile in other case renames it", async () => {
  seeded({ name: "EMPLOYEES" });
  await up({ ...MINIMAL, adopt: true });
  expect(sent(tenant, "PATCH")).toEqual([[{ op: "replace", path: "/name", value: "Employees" }]]);
});

test("keeps the owner that the program does not declare", async () => {
  seeded({ owner: { id: ADA.id } });
  const state = await up({ ...MINIMAL, adopt: true });
  expect(sent(tenant, "PATCH")).toEqual([]);
  expect(state.outputs).toMatchObject({ owner: { id: ADA.id }, serverChosen: ["owner", "priority"] });
});

test("moves the profile to the declared source first, then to the declared mapping", async () => {
  const { id } = seeded();
  await up({
    name: "Employees",
    authoritativeSource: { name: "Partners" },
    adopt: { id },
    ...mapping({ email: { type: "accountAttribute", attributeName: "workMail", sourceId: PARTNERS.id } }),
  });
  const paths = (sent(tenant, "PATCH") as { path: string }[][]).map((operations) => operations.map(({ path }) => path));
  expect(paths).toEqual([["/authoritativeSource"], ["/identityAttributeConfig"]]);
});

test("never chooses among several of one name", async () => {
  const twins = ["a", "b"].map((digit) => ({ id: digit.repeat(32), name: "Employees", authoritativeSource: { id: HR.id } }));
  const answer = { status: 200, body: twins, headers: { "content-type": "application/json" } };
  tenant.faults.add({ method: "GET", when: "before", action: answer });
  const message = await failure(host.resource().up({ ...MINIMAL, adopt: true }));
  expect(message).toContain(`2 identity profiles are named "Employees": ${twins[0]?.id}, ${twins[1]?.id}`);
  expect(message).toContain("Give adopt: { id } instead of the name");
  expect(calls(tenant)).toEqual(["GET /identity-profiles 200"]);
});

test("never creates: a name that is not there is an error", async () => {
  const message = await failure(host.resource().up({ ...MINIMAL, adopt: true }));
  expect(message).toContain('There is no identity profile named "Employees" to adopt');
  expect(message).toContain("Remove adopt to create it");
  expect(tenant.count({ method: "POST", path: /identity-profiles/ })).toBe(0);
});

test("never creates: an id that is not there is an error that names it", async () => {
  const message = await failure(host.resource().up({ ...MINIMAL, adopt: { id: "0".repeat(32) } }));
  expect(message).toContain(`There is no identity profile ${"0".repeat(32)} to adopt`);
  expect(message).toContain("Correct adopt.id");
  expect(tenant.count({ method: "POST", path: /identity-profiles/ })).toBe(0);
});

describe("that is still declared when the profile is replaced is over and done with: the replacement is created", () => {
  const byReplacement = { ...MINIMAL, renameBy: "replace", changeSourceBy: "replace" };
  test.each<[string, Props | true, Props]>([
    ["by id, with another source", { id: "a".repeat(32) }, { authoritativeSource: { id: PARTNERS.id } }],
    ["by id, with another name", { id: "a".repeat(32) }, { name: "Staff" }],
    ["by name, with another source", true, { authoritativeSource: { name: "Partners" } }],
    ["by name, with another name", true, { name: "Staff" }],
    ["by name, with both", true, { name: "Staff", authoritativeSource: { id: PARTNERS.id } }],
  ])("%s", async (_what, adopt, change) => {
    const { id } = seeded();
    const resource = host.resource();
    await resource.up({ ...byReplacement, adopt });
    expect(kept(resource).id).toBe(id);
    const after = { ...byReplacement, adopt, ...change };
    expect(await resource.up(after)).toBe("replace");
    expect(kept(resource).id).not.toBe(id);
    expect(tenant.dump().profiles).toMatchObject([{ id: kept(resource).id, name: after.name }]);
    expect(await resource.up(after)).toBe("same");
    await resource.destroy();
    expect(tenant.dump().profiles).toEqual([]);
  });

  test.each([
    ["as planned", { name: "Staff" }],
    ["as it was before", {}],
  ])("by the run after one that was killed in between: %s", async (_what, change) => {
    const { id } = seeded();
    const resource = host.resource();
    await resource.up({ ...byReplacement, adopt: { id } });
    const { inputs, outputs } = kept(resource);
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "before", action: { status: 403 } });
    await failure(resource.up({ ...byReplacement, adopt: { id }, name: "Staff" }));

    await using next = await startHost(tenant);
    const second = next.resource();
    second.state = { id, inputs, outputs, initErrors: [], pendingReplacement: true };
    expect(await second.up({ ...byReplacement, adopt: { id }, ...change })).toBe("replace");
    expect(tenant.dump().profiles).toMatchObject([{ id: kept(second).id }]);
  });

  test("unless there is a profile of the new name, which is taken over", async () => {
    const { id } = seeded();
    const resource = host.resource();
    await resource.up({ ...byReplacement, adopt: true });
    const other = await up({ name: "Staff", authoritativeSource: { id: PARTNERS.id } });
    await resource.up({ ...byReplacement, adopt: true, name: "Staff" });
    expect(kept(resource).id).toBe(other.id);
    expect(tenant.dump().profiles).toMatchObject([{ id: other.id, authoritativeSource: { id: HR.id } }]);
    expect(id).not.toBe(other.id);
  });

  test("but a profile that a refresh found gone is not there to adopt", async () => {
    const { id } = seeded();
    const resource = host.resource();
    await resource.up({ ...byReplacement, name: "Volunteers", adopt: { id } });
    tenant.drift.removeProfile(id);
    expect(await resource.refresh()).toBe("delete");
    const message = await failure(resource.up({ ...byReplacement, name: "Volunteers", description: "x", adopt: { id } }));
    expect(message).toContain("Correct adopt.id, or remove adopt to create it");
  });
});

describe("of a profile as it is", () => {
  const declared = {
    ...MINIMAL,
    authoritativeSource: { name: "hr" },
    owner: { name: ADA.name },
    priority: 10,
    description: "staff",
    ...mapping({ email: mail() }),
  };
  const there = {
    owner: { id: ADA.id, name: ADA.name },
    description: "staff",
    identityAttributeConfig: {
      enabled: true,
      attributeTransforms: [
        {
          identityAttributeName: "email",
          // The vendor adds the name of the source.
          transformDefinition: {
            type: "accountAttribute",
            attributes: { attributeName: "mail", sourceId: HR.id, sourceName: "HR" },
          },
        },
      ],
    },
  };
  const writes = () => calls(tenant).filter((call) => !call.startsWith("GET"));

  test.each<[string, Props]>([
    ["as little of it as can be declared", { ...MINIMAL, description: "staff" }],
    ["all of it, by other words that mean the same", declared],
  ])("takes it over without a write when it is as declared: %s", async (_what, inputs) => {
    const { id } = seeded(there);
    const before = tenant.dump().profiles;
    const resource = host.resource();
    await resource.up({ ...inputs, adopt: { mode: "match" } });
    expect(kept(resource).id).toBe(id);
    expect(writes()).toEqual([]);
    expect(tenant.dump().profiles).toEqual(before);
    expect(await resource.refresh()).toBe("same");
    expect(await resource.up(inputs)).toBe("same");
    expect(await resource.up({ ...inputs, description: "people" })).toBe("update");
  });

  test.each<[string, Props, Props, string]>([
    ["name, of which case counts", { name: "EMPLOYEES" }, {}, 'name: there "EMPLOYEES", declared "Employees"'],
    ["description that is not declared", {}, { description: "" }, 'description: there "staff", declared nothing'],
    ["owner", { owner: { id: GRACE.id, name: GRACE.name } }, {}, 'owner.name: there "Grace Hopper", declared "Ada Lovelace"'],
    ["owner that is not there", { owner: null }, {}, 'owner.name: there nothing, declared "Ada Lovelace"'],
    ["priority", {}, { priority: 20 }, "priority: there 10, declared 20"],
    ["source", {}, { authoritativeSource: { name: "Partners" } }, 'authoritativeSource.name: there "HR", declared "Partners"'],
    [
      "transform",
      {},
      mapping({ email: mail({ attributeName: "workMail" }) }),
      'identityAttributeConfig.attributeTransforms.email.attributeName: there "mail", declared "workMail"',
    ],
    [
      "transform that is not declared",
      {},
      mapping({ uid: mail() }),
      'identityAttributeConfig.attributeTransforms.email.attributeName: there "mail", declared nothing',
    ],
    ["mapping's switch", {}, mapping({ email: mail() }, { enabled: false }), "identityAttributeConfig.enabled: there true, declared false"],
  ])("refuses it, names what differs and writes nothing: %s", async (_what, rest, change, difference) => {
    const { id } = seeded({ ...there, ...rest });
    const before = tenant.dump().profiles;
    const resource = host.resource();
    const message = await failure(resource.up({ ...declared, ...change, adopt: { id, mode: "match" } }));
    expect(message).toContain(`The identity profile ${id} is not taken over`);
    expect(message).toContain(difference);
    expect(message).toContain("Declare it as it is, or remove adopt.mode");
    expect(message).toContain("IDP_GUARD");
    expect(writes()).toEqual([]);
    expect([tenant.dump().profiles, resource.state]).toEqual([before, undefined]);
  });
});

test("whose answer is lost ends well, and every change is made once", async () => {
  const { id } = seeded();
  tenant.faults.add({ method: "PATCH", when: "after", action: "drop" });
  const state = await up({ ...MINIMAL, adopt: true, description: "new" });
  expect(state.id).toBe(id);
  expect(stored(tenant).description).toBe("new");
  expect(tenant.count({ method: "PATCH" })).toBe(1);
});

test("that is refused leaves nothing in state", async () => {
  seeded();
  const resource = host.resource();
  await failure(resource.up({ ...MINIMAL, adopt: true, ...mapping({ email: mail({ attributeName: "fax" }) }) }));
  expect(resource.state).toBeUndefined();
});
