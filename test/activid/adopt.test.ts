import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { calls, FEDERATED, FULL, failure, kept, MINIMAL, seeded, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

async function up(inputs: Props) {
  const resource = host.resource();
  await resource.up(inputs);
  return kept(resource);
}

test("true takes the user of that externalId and sends nothing when the user is as declared", async () => {
  const id = seeded(tenant, { roles: ["RL_AUDITV"], devices: ["501"], authenticators: ["AT_EMPSMS"], title: "Director" });
  const state = await up({ ...MINIMAL, adopt: true });
  expect(state.id).toBe(id);
  expect(calls(tenant)).toEqual(["POST /Users/.search 200", "GET /Users/:id 200"]);
  expect(sent(tenant, "POST", /search$/)).toMatchObject([
    { filter: 'externalId eq "mlopez"', attributes: ["externalId", "userName"], startIndex: 1 },
  ]);
  expect(state.outputs).not.toHaveProperty("roles");
});

test("by id brings the user to what is declared, in place", async () => {
  const id = seeded(tenant, { externalId: "old", authenticators: ["AT_EMPSMS"] });
  await up({ ...MINIMAL, title: "Engineer", adopt: { id } });
  expect(stored(tenant)).toMatchObject({ id, title: "Engineer", authenticators: ["AT_EMPSMS"] });
  expect(tenant.dump().users).toHaveLength(1);
});

test("chooses the exact one among wildcard and case-blind hits, beyond the first 100", async () => {
  const users = Array.from({ length: 150 }, (_, index) => ({ id: String(1000 + index), externalId: `x${index}` }));
  tenant.load({ users: [...users, { id: "5", externalId: "x*" }] });
  const { id } = await up({ ...MINIMAL, externalId: "x*", adopt: true });
  expect(id).toBe("5");
  expect(sent(tenant, "POST", /search$/).map(({ startIndex }) => startIndex)).toEqual([1, 101]);
});

test("finds the exact one on any page, also where the server does not say how many there are", async () => {
  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: String(from + index), externalId: "y" }));
  const page = (resources: object[]) => ({ body: JSON.stringify({ resources }), contentType: "application/json+scim" });
  const id = seeded(tenant, { externalId: "x*" });
  for (const resources of [rows(1000, 100), [...rows(1100, 49), { id, externalId: "x*" }]])
    tenant.faults.add({ path: /search$/, when: "before", action: page(resources) });
  expect((await up({ ...MINIMAL, externalId: "x*", adopt: true })).id).toBe(id);
  expect(sent(tenant, "POST", /search$/).map(({ startIndex }) => startIndex)).toEqual([1, 101]);
});

test("never takes a user of a directory who is not bound: that is nobody's id", async () => {
  tenant.load({ users: [{ id: "0", externalId: "mlopez", userType: "FTRESS" }] });
  expect(await failure(host.resource().up({ ...MINIMAL, adopt: true }))).toContain(
    'There is no user with the externalId "mlopez" to adopt',
  );
});

test("refuses to make a federated user of one who is not, and the other way round", async () => {
  const id = seeded(tenant);
  expect(await failure(host.resource().up({ ...FEDERATED, adopt: { id } }))).toContain("Remove userType");
  seeded(tenant, { userType: "SCIM_FED" });
  expect(await failure(host.resource().up({ ...MINIMAL, adopt: { id } }))).toContain('Declare userType: "SCIM_FED"');
});

test("never creates", async () => {
  expect(await failure(host.resource().up({ ...MINIMAL, adopt: { id: "77" } }))).toContain(
    "There is no user 77 to adopt. Correct adopt.id",
  );
  expect(tenant.dump().users).toEqual([]);
});

describe("of a user as it is", () => {
  const mode = { mode: "match" };
  /** FULL as the server has it, with more that nobody declares. */
  const there = () => {
    const declared = { FIRSTNAME: "Maria", LASTNAME: "Lopez", ATR_EMAIL: "mlopez@example.org", ...FULL.attributes, BADGE: "B-1" };
    return seeded(tenant, {
      title: "Engineer",
      phoneNumbers: FULL.phoneNumbers,
      addresses: FULL.addresses,
      roles: ["RL_HELPDESK", "RL_AUDITV"],
      devices: ["501"],
      authenticators: ["AT_EMPSMS"],
      attributes: Object.entries(declared).map(([name, value]) => ({ name, value, readOnly: false })),
    });
  };
  const writes = () => calls(tenant).filter((call) => !call.startsWith("GET") && !call.startsWith("POST /Users/.search"));
  const { enterprise, ...SHOWN } = FULL;

  test.each<[string, Props]>([
    ["as little as can be declared", MINIMAL],
    ["all that answers show", SHOWN],
  ])("takes the user over without a write when all is as declared: %s", async (_what, inputs) => {
    const id = there();
    const before = tenant.dump();
    const resource = host.resource();
    await resource.up({ ...inputs, adopt: mode });
    expect(kept(resource).id).toBe(id);
    expect(writes()).toEqual([]);
    expect(tenant.dump()).toEqual(before);
    expect(await resource.refresh()).toBe("same");
    expect(await resource.up(inputs)).toBe("same");
  });

  test.each<[string, Props, string]>([
    ["externalId", { externalId: "other" }, 'externalId: there "mlopez", declared "other"'],
    ["name", { name: { givenName: "Mary", familyName: "Lopez" } }, 'name.givenName: there "Maria", declared "Mary"'],
    ["state", { active: false }, "active: there true, declared false"],
    [
      "roles",
      { roles: [{ value: "RL_AUDITV" }] },
      'roles: there [{"value":"RL_HELPDESK"},{"value":"RL_AUDITV"}], declared [{"value":"RL_AUDITV"}]',
    ],
    ["attribute", { attributes: { BADGE: "B-2" } }, 'attributes.BADGE: there "B-1", declared "B-2"'],
    ["attribute that is not there", { attributes: { FLOOR: "3" } }, 'attributes.FLOOR: there nothing, declared "3"'],
    ["devices", { devices: [] }, 'devices: there [{"value":"501"}], declared []'],
  ])("refuses the user who differs in this, and writes nothing: %s", async (_what, change, difference) => {
    const id = there();
    const before = tenant.dump();
    const resource = host.resource();
    const message = await failure(resource.up({ ...SHOWN, ...change, adopt: { id, ...mode } }));
    expect(message).toContain(`The user ${id} is not taken over`);
    expect(message).toContain(difference);
    expect(writes()).toEqual([]);
    expect([tenant.dump(), resource.state]).toEqual([before, undefined]);
  });

  test("names the enterprise extension, which no answer shows; where one does, it is compared", async () => {
    there();
    await host.resource().up({ ...MINIMAL, enterprise, adopt: mode });
    expect(writes()).toEqual([]);
    expect(host.logs.map(({ message }) => message).join()).toContain(
      'The user with the externalId "mlopez" is taken over without comparing enterprise',
    );
    seeded(tenant, { enterprise: { organization: "Other" } });
    Object.assign(tenant.switches, { enterpriseShown: true });
    const message = await failure(host.resource().up({ ...MINIMAL, enterprise, adopt: mode }));
    expect(message).toContain('enterprise.organization: there "Other", declared "Example"');
  });
});

test.each(["Resources", "resources"] as const)(
  "reads lists with their array called %s and without the optional members",
  async (resourcesKey) => {
    seeded(tenant);
    Object.assign(tenant.switches, { resourcesKey, bareLists: true });
    expect((await up({ ...MINIMAL, adopt: true })).id).toBe("300");
  },
);
