/** The life of every input, driven by the schema itself: an input that is added without a case here fails the first test. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userDefinition } from "../../provider/src/activid/user-definition";
import type { Props } from "../harness/rpc";
import { FEDERATED, FULL, kept, stored, useStack } from "./fixture";

const { tenant, host } = await useStack("activid:User", { switches: { enterpriseShown: true } });

interface Case {
  /** The value that takes the place of the one among all. */
  changed: unknown;
  /** What a change elsewhere makes of the stored user. */
  drift(id: string): void;
  /** Whether the user is as before once the program says nothing about the input any more. */
  dropped?: "cleared" | "released";
}

const change = (rest: Parameters<typeof tenant.drift.changeUser>[1]) => (id: string) => tenant.drift.changeUser(id, rest);
const CASES: Record<string, Case> = {
  externalId: { changed: "mlopez2", drift: change({ externalId: "other" }) },
  name: { changed: { givenName: "Mara", familyName: "Lopez" }, drift: (id) => tenant.drift.setAttribute(id, "FIRSTNAME", "Other") },
  emails: { changed: [{ value: "new@example.org" }], drift: (id) => tenant.drift.setAttribute(id, "ATR_EMAIL", "other@x") },
  phoneNumbers: { changed: [{ value: "2" }], drift: change({ phoneNumbers: [{ value: "3" }] }), dropped: "cleared" },
  addresses: { changed: [{ formatted: "3 New Street" }], drift: change({ addresses: [] }), dropped: "cleared" },
  title: { changed: "Director", drift: change({ title: undefined }), dropped: "cleared" },
  active: { changed: false, drift: change({ active: true }), dropped: "released" },
  groups: { changed: [{ value: "USG_CONTR" }], drift: change({ group: "USG_FTEMP" }) },
  roles: { changed: [{ value: "RL_AUDITV" }], drift: change({ roles: [] }), dropped: "cleared" },
  attributes: {
    changed: { DOB: "1991-01-01", BADGE: "7" },
    drift: (id) => tenant.drift.setAttribute(id, "DOB", "2000-01-01"),
    dropped: "cleared",
  },
  enterprise: { changed: { organization: "Other" }, drift: change({ enterprise: { organization: "Third" } }), dropped: "cleared" },
  devices: { changed: [{ value: "502" }], drift: change({ devices: [] }), dropped: "released" },
};
/** Inputs that are never sent, or that have tests of their own. */
const ELSEWHERE = ["userName", "userType", "onDelete", "adopt"];
const EMPTY: Record<string, unknown> = { phoneNumbers: [], addresses: [], title: undefined, roles: [], enterprise: undefined };
/** The attributes in which a value is stored that is no member of its own. */
const STORED_IN: Record<string, string[]> = {
  name: ["FIRSTNAME", "LASTNAME"],
  emails: ["ATR_EMAIL"],
  attributes: ["DOB", "BADGE", "DEPARTMENT"],
};

const FULL_FEDERATED: Props = {
  ...FEDERATED,
  title: "Engineer",
  active: true,
  emails: [{ value: "ada@example.org" }],
  phoneNumbers: [{ value: "1" }],
  addresses: [{ formatted: "1 Main Street" }, { formatted: "2 Side Street", type: "home" }],
};
const FEDERATED_CASES: Record<string, Case> = {
  ...CASES,
  name: {
    changed: { givenName: "Ada", familyName: "King" },
    drift: (id) => tenant.drift.setAttribute(id, "LASTNAME", "Other"),
    dropped: "cleared",
  },
  phoneNumbers: { changed: [{ value: "2" }], drift: change({ phoneNumbers: [{ type: "mobile", value: "3" }] }), dropped: "cleared" },
  addresses: {
    changed: [{ formatted: "3 New Street" }],
    drift: change(({ addresses }) => void addresses.push({ type: "other", formatted: "4 Foreign Street" })),
    dropped: "cleared",
  },
  emails: { changed: [{ value: "new@x" }], drift: (id) => tenant.drift.setAttribute(id, "ATR_EMAIL"), dropped: "cleared" },
};
/** What a federated user cannot be given. */
const NOT_FEDERATED = ["groups", "roles", "attributes", "enterprise", "devices"];
for (const key of NOT_FEDERATED) delete FEDERATED_CASES[key];

test("every input of the schema has a case", () => {
  expect([...Object.keys(CASES), ...ELSEWHERE].sort()).toEqual(Object.keys(userDefinition.schema.shape).sort());
  expect(Object.keys(FULL_FEDERATED).sort()).toEqual([...Object.keys(FEDERATED_CASES), "userType"].sort());
  expect(Object.keys(userDefinition.fields).sort()).toEqual(Object.keys(userDefinition.schema.shape).sort());
});

const ROWS = [
  ...Object.entries(CASES).map(([key, row]) => ["a user's", key, { ...row, whole: FULL as Props, method: "PUT" }] as const),
  ...Object.entries(FEDERATED_CASES).map(
    ([key, row]) => ["a federated user's", key, { ...row, whole: FULL_FEDERATED, method: "PATCH" }] as const,
  ),
];

describe.each(ROWS)("%s %s", (_whose, key, { changed, drift, dropped, whole, method }) => {
  test("is made, kept, changed, dropped, seen to drift, healed, and deleted", async () => {
    const before = tenant.dump();
    const resource = host.resource();
    const silent = async (inputs: Props) => {
      tenant.clearRequests();
      expect(await resource.up(inputs)).toBe("same");
      expect(tenant.requests).toEqual([]);
    };
    await resource.up(whole);
    await silent(whole);

    const wanted = { ...whole, [key]: changed };
    expect(await resource.up(wanted)).toBe("update");
    expect(tenant.count({ method })).toBe(1);
    expect(kept(resource).outputs).toMatchObject({ [key]: changed });
    await silent(wanted);

    drift(kept(resource).id);
    expect(await resource.refresh()).toBe("update");
    expect(await resource.preview(wanted)).toMatchObject({ op: "update", changes: [key] });
    await resource.up(wanted);
    await silent(wanted);
    expect(await resource.refresh()).toBe("same");

    if (dropped) {
      const { [key]: _, ...rest }: Props = wanted;
      const left = stored(tenant, String(wanted.externalId));
      expect(await resource.up(rest)).toBe("update");
      const now = stored(tenant, String(wanted.externalId));
      if (dropped === "released") expect(now).toEqual(left);
      else if (STORED_IN[key]) expect(now.attributes.filter(({ name }) => STORED_IN[key]?.includes(name))).toEqual([]);
      else expect(now).toEqual({ ...left, [key]: EMPTY[key] });
      await silent(rest);
    }

    tenant.drift.removeUser(kept(resource).id);
    expect(await resource.refresh()).toBe("delete");
    expect(await resource.up(whole)).toBe("create");
    await resource.destroy();
    expect({ ...tenant.dump(), nextId: 0 }).toEqual({ ...before, nextId: 0 });
  });
});

const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== "");
const code = (...codes: string[]) => fc.subarray(codes).map((list) => list.map((value) => ({ value })));
const inputs = fc
  .record(
    {
      externalId: fc.constantFrom("one", "two", "o*e", 'q"u\\o'),
      name: fc.record({ givenName: word, familyName: word }),
      emails: fc.tuple(fc.record({ value: word })),
      groups: fc.constantFrom([{ value: "USG_FTEMP" }], [{ value: "USG_CONTR" }]),
      title: word,
      active: fc.boolean(),
      phoneNumbers: fc.array(fc.record({ value: word, type: fc.constantFrom("work", "mobile") }, { requiredKeys: ["value"] }), {
        maxLength: 1,
      }),
      addresses: fc.array(fc.record({ formatted: word, type: fc.constantFrom("work", "home") }, { requiredKeys: ["formatted"] }), {
        maxLength: 4,
      }),
      roles: code("RL_AUDITV", "RL_HELPDESK"),
      attributes: fc.dictionary(fc.constantFrom("DOB", "DEPARTMENT", "BADGE", "ATR_MOBILE"), word),
      enterprise: fc.dictionary(fc.constantFrom("organization", "division"), word),
      devices: code("501", "502"),
    },
    { requiredKeys: ["externalId", "name", "emails", "groups"] },
  )
  .map((value) => value as Props);

const types = fc.constantFrom("work", "home");
const federated = fc
  .record(
    {
      externalId: fc.constantFrom("one", "two"),
      name: fc.record({ givenName: word, familyName: word }, { requiredKeys: [] }),
      emails: fc.array(fc.record({ value: word }), { maxLength: 1 }),
      title: word,
      active: fc.boolean(),
      phoneNumbers: fc.array(fc.record({ value: word, type: types }, { requiredKeys: ["value"] }), { maxLength: 1 }),
      addresses: fc.uniqueArray(fc.record({ formatted: word, type: types }, { requiredKeys: ["formatted"] }), {
        maxLength: 2,
        selector: ({ type = "work" }) => type,
      }),
    },
    { requiredKeys: ["externalId"] },
  )
  .map((value): Props => ({ ...value, userType: "SCIM_FED" }));

/** Of a stored user, what a program that declares it owns: what it may leave as it was is taken out. */
function owned(program: Props) {
  const { id, created, devices, active, ...user } = stored(tenant, String(program.externalId));
  // Types that only the server chose mean nothing, nor does the order of what is addressed by its type.
  const typeless = (list: { type?: string }[]) => list.map(({ type: _, ...rest }) => rest);
  const listed = (list: { type?: string }[]) =>
    program.userType ? [...list].sort((a, b) => (String(a.type) < String(b.type) ? -1 : 1)) : typeless(list);
  return {
    ...user,
    attributes: Object.fromEntries(user.attributes.map(({ name, value }) => [name, value])),
    roles: [...user.roles].sort(),
    phoneNumbers: listed(user.phoneNumbers),
    addresses: listed(user.addresses),
    ...(program.devices !== undefined && { devices: [...devices].sort() }),
    ...(program.active !== undefined && { active }),
  };
}

test.each([
  ["users", inputs, 500],
  ["federated users", federated, 250],
] as const)(
  "from any inputs to any others ends where the others alone would, and then changes nothing: %s",
  async (_what, programs, numRuns) => {
    await fc.assert(
      fc.asyncProperty(programs, programs, async (first, second) => {
        tenant.reset();
        const user = host.resource();
        await user.up(first);
        await user.up(second);
        const after = kept(user);
        tenant.clearRequests();
        expect(await user.up(second)).toBe("same");
        expect(tenant.requests).toEqual([]);
        const { outputs } = await host.update(after.id, after.outputs, after.inputs);
        expect(tenant.requests.map(({ method }) => method)).toEqual(["GET"]);
        expect(outputs).toEqual(after.outputs);
        expect(await user.refresh()).toBe("same");
        expect(kept(user).inputs).toEqual(after.inputs);
        const changed = owned(second);

        tenant.reset();
        const only = host.resource();
        await only.up(second);
        expect(changed).toEqual(owned(second));
        const { serverChosen: _, active: __, ...declared } = kept(only).outputs;
        expect(after.outputs).toMatchObject(declared);
      }),
      { numRuns },
    );
  },
  300_000,
);
