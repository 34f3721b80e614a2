/** The life of every input, driven by the schema itself: an input that is added without a case here fails the first test. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userDefinition } from "../../provider/src/activid/user-definition";
import type { Props } from "../harness/rpc";
import { bindTo, FULL, kept, stored, useStack } from "./fixture";

const { tenant, host } = await useStack("activid:User", { switches: { enterpriseShown: true } });

interface Case {
  /** The value that takes the place of FULL's. */
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

test("every input of the schema has a case", () => {
  expect([...Object.keys(CASES), ...ELSEWHERE].sort()).toEqual(Object.keys(userDefinition.schema.shape).sort());
  expect(Object.keys(userDefinition.fields).sort()).toEqual(Object.keys(userDefinition.schema.shape).sort());
});

describe.each(Object.entries(CASES))("%s", (key, { changed, drift, dropped }) => {
  test("is made, kept, changed, dropped, seen to drift, healed, and deleted", async () => {
    const before = tenant.dump();
    const resource = host.resource();
    const silent = async (inputs: Props) => {
      tenant.clearRequests();
      expect(await resource.up(inputs)).toBe("same");
      expect(tenant.requests).toEqual([]);
    };
    await resource.up(FULL);
    await silent(FULL);

    const wanted = { ...FULL, [key]: changed };
    expect(await resource.up(wanted)).toBe("update");
    expect(tenant.count({ method: "PUT" })).toBe(1);
    expect(kept(resource).outputs).toMatchObject({ [key]: changed });
    await silent(wanted);

    drift(kept(resource).id);
    expect(await resource.refresh()).toBe("update");
    expect(await resource.preview(wanted)).toMatchObject({ op: "update", changes: [key] });
    await resource.up(wanted);
    await silent(wanted);
    expect(await resource.refresh()).toBe("same");

    if (dropped) {
      const { [key]: _, ...rest } = wanted as Props;
      const left = stored(tenant, String(wanted.externalId));
      expect(await resource.up(rest)).toBe("update");
      const now = stored(tenant, String(wanted.externalId)) as unknown as Props;
      if (dropped === "released") expect(now).toEqual(left);
      else if (key !== "attributes") expect(now[key]).toEqual(EMPTY[key]);
      await silent(rest);
    }

    tenant.drift.removeUser(kept(resource).id);
    expect(await resource.refresh()).toBe("delete");
    expect(await resource.up(FULL)).toBe("create");
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
  ["users", inputs],
  ["federated users", federated],
] as const)(
  "from any inputs to any others ends where the others alone would, and then changes nothing: %s",
  async (_what, programs) => {
    const { provider } = bindTo(tenant);
    const checked = (program: Props) => {
      const { inputs, failures } = provider.check(program);
      expect(failures).toEqual([]);
      return inputs;
    };
    await fc.assert(
      fc.asyncProperty(programs, programs, async (first, second) => {
        tenant.reset();
        const [a, b] = [checked(first), checked(second)];
        const { id, state } = await provider.create(a);
        const after = provider.diff(state, b).changes === false ? state : await provider.update(id, state, b);
        expect(provider.diff(after, b)).toMatchObject({ changes: false });
        const requests = tenant.requests.length;
        const again = await provider.update(id, after, b);
        expect(tenant.requests.slice(requests).map(({ method }) => method)).toEqual(["GET"]);
        expect(again).toEqual(after);
        const read = await provider.read(id, after);
        expect(provider.diff(read?.state ?? {}, b)).toMatchObject({ changes: false });
        expect(read?.inputs).toEqual(b);
        const changed = owned(b);

        tenant.reset();
        const alone = await provider.create(b);
        expect(changed).toEqual(owned(b));
        const { serverChosen: _, active: __, ...declared } = alone.state;
        expect(after).toMatchObject(declared);
      }),
      { numRuns: 500 },
    );
  },
  60_000,
);
