/** The life of every input of an import, driven by the schema itself, and what has to hold for any lists. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { userImportDefinition } from "../../provider/src/activid/user-import-definition";
import type { Props } from "../harness/rpc";
import { bindTo, failure, kept, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack("activid:UserImport", { switches: { importTickMs: 0 } });

const person = (externalId: string) => ({
  externalId,
  name: { givenName: "Ann", familyName: externalId },
  emails: [{ value: `${externalId}@example.org` }],
});
const people = (...ids: string[]) => ids.map(person);
const FULL = {
  users: people("a", "b"),
  group: { value: "USG_FTEMP" },
  authenticatorPolicy: { value: "AT_EMPPWD" },
  onFailure: "error",
  onDelete: "keep",
};
const everybody = () => tenant.dump().users.map(({ externalId }) => String(externalId));
const importedIds = () => sent(tenant, "POST", /\.import$/).map(({ users }) => (users as Props[]).map(({ externalId }) => externalId));

/** By input: the value that takes the place of FULL's, and whether it may be dropped. */
const CASES: Record<string, { changed: unknown; optional?: true }> = {
  users: { changed: people("a", "c") },
  group: { changed: { value: "USG_CONTR" } },
  authenticatorPolicy: { changed: { value: "AT_EMPSMS" }, optional: true },
  onFailure: { changed: "warn", optional: true },
  onDelete: { changed: "delete", optional: true },
};

test("every input of the schema has a case", () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(userImportDefinition.schema.shape).sort());
  expect(Object.keys(userImportDefinition.fields).sort()).toEqual(Object.keys(userImportDefinition.schema.shape).sort());
});

describe.each(Object.entries(CASES))("%s", (key, { changed, optional }) => {
  test("is kept, changed, dropped, not seen to drift, and changes nobody who was imported before", async () => {
    const resource = host.resource();
    const silent = async (inputs: Props) => {
      tenant.clearRequests();
      expect(await resource.up(inputs)).toBe("same");
      expect(await resource.refresh()).toBe("same");
      expect(tenant.requests).toEqual([]);
    };
    await resource.up(FULL);
    expect(stored(tenant, "a")).toMatchObject({ group: "USG_FTEMP", authenticators: ["AT_EMPPWD"] });
    const a = stored(tenant, "a");
    await silent(FULL);

    const wanted = { ...FULL, [key]: changed };
    expect(await resource.preview(wanted)).toMatchObject({ op: "update", changes: [key], replaces: [] });
    await resource.up(wanted);
    expect(kept(resource).outputs).toMatchObject({ [key]: changed });
    await silent(wanted);
    const { [key]: _, ...rest } = wanted as Props;
    if (optional) {
      expect(await resource.up(rest)).toBe("update");
      await silent(rest);
    }
    expect(stored(tenant, "a")).toEqual(a);
    await resource.up({ ...wanted, users: [...(wanted.users as Props[]), person("later")] });
    const policy = (wanted.authenticatorPolicy as { value: string }).value;
    expect(stored(tenant, "later")).toMatchObject({ group: (wanted.group as { value: string }).value, authenticators: [policy] });
    await resource.destroy();
    expect(everybody().sort()).toEqual(key === "onDelete" ? [] : ["a", "b", ...(key === "users" ? ["c"] : []), "later"]);
  }, 60_000);
});

const ids = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "w*"), { minLength: 1 });
const program = fc
  .record(
    {
      users: ids.map((list) => people(...list)),
      group: fc.constantFrom({ value: "USG_FTEMP" }, { value: "USG_CONTR" }),
      authenticatorPolicy: fc.constant({ value: "AT_EMPPWD" }),
      onFailure: fc.constantFrom("error", "warn"),
      onDelete: fc.constantFrom("keep", "delete"),
    },
    { requiredKeys: ["users", "group"] },
  )
  .map((value) => value as Props & { users: { externalId: string }[] });

test("from any list to any other everybody of the other is there once, nobody is changed, and a third run sends nothing", async () => {
  const idsOf = ({ users }: { users: { externalId: string }[] }) => users.map(({ externalId }) => externalId).sort();
  await fc.assert(
    fc.asyncProperty(program, program, fc.subarray(["a", "b", "wx"]), async (first, second, before) => {
      tenant.reset();
      tenant.load({ users: before.map((externalId, index) => ({ id: String(index + 1), externalId })) });
      const existing = tenant.dump().users;
      const resource = host.resource();
      await resource.up(first);
      const half = tenant.dump().users;
      await resource.up(second);
      const { id, inputs, outputs: after } = kept(resource);

      tenant.clearRequests();
      expect(await resource.up(second)).toBe("same");
      const { outputs: again } = await host.update(id, after, inputs);
      expect(again).toEqual({ ...after, users: second.users });
      expect(await resource.refresh()).toBe("same");
      // The same users in another order are no change, so the first order stays in state.
      expect(kept(resource)).toMatchObject({ inputs: { ...inputs, users: after.users }, outputs: after });
      expect(tenant.requests).toEqual([]);

      const gone = second.onDelete === "delete" ? idsOf(first).filter((one) => !before.includes(one) && !idsOf(second).includes(one)) : [];
      const expected = new Set([...before, ...idsOf(first), ...idsOf(second)]);
      expect(everybody().sort()).toEqual([...expected].filter((one) => !gone.includes(one)).sort());
      for (const user of [...existing, ...half])
        if (!gone.includes(String(user.externalId))) expect(tenant.dump().users).toContainEqual(user);
      // As if the second list had been the first one, but for who was there by then.
      const results = Object.entries(after.results as Record<string, Props>);
      expect(results.map(([externalId]) => externalId).sort()).toEqual(idsOf(second));
      for (const [externalId, result] of results)
        expect(result).toEqual({ outcome: before.includes(externalId) ? "alreadyExisted" : "imported", id: stored(tenant, externalId).id });
      expect(again).toMatchObject(second);
    }),
    { numRuns: 500 },
  );
}, 600_000);

describe("a lost answer", () => {
  const LOST = ["drop", { status: 500 }, { status: 502 }, { status: 503 }] as const;

  test.each(LOST)(
    "to the start is settled by looking, whatever was lost, and the import is never started twice in a run: %o",
    async (action) => {
      tenant.faults.add({ path: /import$/, when: "after", action });
      const { provider } = bindTo(tenant, "UserImport");
      expect(await provider.create(FULL)).toMatchObject({ state: { imported: 2 } });
      tenant.faults.add({ path: /import$/, when: "before", action });
      const more = { ...FULL, users: people("c") };
      const error = await provider.create(more).catch((thrown) => thrown);
      expect(error.message).toContain("None of the users is there now. Run again");
      expect(importedIds()).toEqual([["a", "b"], ["c"]]);
      expect(await provider.update(error.id, error.state, more)).toMatchObject({ imported: 1 });
    },
  );

  test.each(LOST)("to a look at the job is asked for again: %o", async (action) => {
    tenant.faults.add({ path: /import\/\d+$/, when: "after", action });
    const { provider } = bindTo(tenant, "UserImport");
    expect(await provider.create(FULL)).toMatchObject({ state: { imported: 2 } });
    expect(importedIds()).toHaveLength(1);
  });

  test.each(LOST)("to a search loses nothing: %o", async (action) => {
    const { provider } = bindTo(tenant, "UserImport");
    // The searches before the import, and those after it.
    for (const skip of [0, 2]) {
      tenant.reset();
      tenant.faults.add({ path: /search$/, skip, when: "after", action });
      const made = await provider.create(FULL).catch((thrown) => thrown);
      const state =
        made.message && Object.keys(made.state ?? {}).length > 0 ? await provider.update(made.id, made.state, FULL) : made.state;
      if (state) expect(state).toMatchObject({ imported: 2, failed: 0 });
      else expect(await provider.create(FULL)).toMatchObject({ state: { imported: 2 } });
      expect(importedIds()).toEqual([["a", "b"]]);
      tenant.faults.clear();
    }
  });

  test.each(LOST.flatMap((action) => [["before", action] as const, ["after", action] as const]))(
    "to a deletion ends well, at the latest with the next run: %s %o",
    async (when, action) => {
      const { provider } = bindTo(tenant, "UserImport");
      const { id, state } = await provider.create({ ...FULL, onDelete: "delete" });
      tenant.faults.add({ method: "DELETE", when, action });
      const outcome = await provider.delete(id, state).catch((error: Error) => error.message);
      if (outcome !== undefined) {
        expect(outcome).toContain("HTTP 500");
        await provider.delete(id, state);
      }
      expect(everybody()).toEqual([]);
    },
  );
});

test("users of a job that nobody awaited are deleted with the others, and a warning names those who may still come", async () => {
  tenant.switches.importTickMs = 600_000;
  const { provider, warnings } = bindTo(tenant, "UserImport");
  const error = await provider.create({ ...FULL, onDelete: "delete" }, { timeoutMs: 30_000 }).catch((thrown) => thrown);
  expect(error.state.results).toEqual({ a: { outcome: "pending" }, b: { outcome: "pending" } });
  tenant.switches.importPerTick = 1;
  tenant.clock.advance(600_000);
  await provider.delete(error.id, error.state);
  expect(warnings).toEqual(['User "b" is not there to be deleted; should import 700 still make the user, delete it by hand.']);
  tenant.clock.advance(600_000);
  await provider.delete(error.id, error.state);
  expect(everybody()).toEqual([]);
});

describe("api-version", () => {
  const withName = { ...person("a"), userName: "ann" };
  test.each<[string | undefined, Props, string]>([
    [undefined, withName, 'User "a" cannot have a userName of its own with no activid:apiVersion. Remove userName'],
    ["3", withName, "with activid:apiVersion 3"],
    ["4", person("a"), 'User "a" needs userName with activid:apiVersion 4. Give every user a userName'],
  ])("%s refuses what it cannot do before anything is sent", async (apiVersion, user, message) => {
    const { provider } = bindTo(tenant, "UserImport", apiVersion === undefined ? {} : { apiVersion });
    expect(await failure(provider.create({ ...FULL, users: [user] }))).toContain(message);
    expect(tenant.requests).toEqual([]);
  });

  test("4 imports users with a userName of their own", async () => {
    const { provider } = bindTo(tenant, "UserImport", { apiVersion: "4" });
    await provider.create({ ...FULL, users: [withName] });
    expect(tenant.requests.at(-1)?.query).toEqual({ "api-version": "4" });
    expect(stored(tenant, "a")).toMatchObject({ userName: "ann" });
  });
});
