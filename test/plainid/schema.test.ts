import fc from "fast-check";
import { expect, test } from "vitest";
import { identitySourceInputs } from "../../provider/src/plainid/schema";
import type { Props } from "../harness/rpc";
import { all, bindTo, kept, lay, type Place, useStack, writes } from "./fixture";

const { tenant, host } = await useStack({ allowImport: "true" });

/** A second value for each input, what somebody else might make of it, and what an update leaves when it is no longer declared. */
const FIELDS: Record<string, { first: unknown; second: unknown; drift?: unknown; dropped?: "stays" | "local" }> = {
  sourceId: { first: "hr_db", second: "people" },
  displayName: { first: "HR", second: "People", drift: { displayName: "by hand" }, dropped: "stays" },
  description: { first: "all", second: "some", drift: { description: null }, dropped: "stays" },
  sourceMetaData: {
    first: { viewName: "a", limits: { rows: [1, 2] } },
    second: { viewName: "b" },
    drift: { sourceMetaData: { viewName: "by hand" } },
    dropped: "stays",
  },
  onDelete: { first: "restoreOriginalId", second: "retain", dropped: "local" },
};
/** Inputs without a second value: what they are changed to makes another object, is refused, or counts only once. Their own tests say so. */
const OTHERS = ["envId", "identityTemplateId", "sourceType", "adoptFrom"];

test("the table has every input", () => {
  expect([...Object.keys(FIELDS), ...OTHERS].sort()).toEqual(Object.keys(identitySourceInputs.shape).sort());
});

const full = (place: Place): Props => ({
  ...place,
  adoptFrom: "ds_users",
  sourceType: "EXTERNAL_INPUT",
  ...Object.fromEntries(Object.entries(FIELDS).map(([key, { first }]) => [key, first])),
});

async function made() {
  const place = lay(tenant, ["ds_users", "ldap"]);
  const before = all(tenant, place);
  const resource = host.resource();
  await resource.up(full(place));
  tenant.clearRequests();
  return { place, before, resource };
}

test("everything is created, and a second run sends nothing", async () => {
  const { place, resource } = await made();
  expect(all(tenant, place)[0]).toMatchObject({
    sourceId: "hr_db",
    displayName: "HR",
    description: "all",
    sourceMetaData: { logoUrl: null },
  });
  expect(await resource.up(full(place))).toBe("same");
  expect(tenant.requests).toEqual([]);
});

const having = (key: "drift" | "dropped") => Object.entries(FIELDS).filter(([, field]) => field[key] !== undefined);

test.each(Object.entries(FIELDS))("%s changes in place, and back", async (key, { first, second, dropped }) => {
  const { place, resource } = await made();
  const start = all(tenant, place);
  for (const value of [second, first]) {
    expect(await resource.up({ ...full(place), [key]: value })).toBe("update");
    if (dropped !== "local" && key !== "sourceMetaData") expect(all(tenant, place)[0]).toMatchObject({ [key]: value });
    expect(await resource.up({ ...full(place), [key]: value })).toBe("same");
  }
  expect(all(tenant, place)).toEqual(start);
  if (dropped === "local") expect(writes(tenant)).toEqual([]);
});

test.each(having("dropped"))("%s is dropped without a trace at the vendor", async (key) => {
  const { place, resource } = await made();
  const { [key]: _, ...rest } = full(place);
  expect(await resource.up(rest)).toBe("update");
  expect(writes(tenant)).toEqual([]);
  expect(await resource.up(rest)).toBe("same");
});

test.each(having("drift"))("%s is seen and healed when somebody else changes it", async (key, { first, drift }) => {
  const { place, resource } = await made();
  tenant.drift.changeSource(place.envId, "User", "hr_db", drift as never);
  expect(await resource.refresh()).toBe("update");
  expect(await resource.up(full(place))).toBe("update");
  expect(await resource.refresh()).toBe("same");
  expect(all(tenant, place)[0]).toMatchObject({ [key]: first });
});

test("a source that vanished is seen, and made anew because the program says enough of it", async () => {
  const { place, resource } = await made();
  tenant.drift.removeSource(place.envId, "User", "hr_db");
  expect(await resource.refresh()).toBe("delete");
  const { adoptFrom, ...again } = full(place);
  expect(await resource.up(again)).toBe("create");
  expect(all(tenant, place).map(({ sourceId }) => sourceId)).toEqual(["ldap", "hr_db"]);
  expect(kept(resource).id).toBe(`${place.envId}/User/hr_db`);
});

test("destroy gives the first id back and leaves everything else as it is", async () => {
  const { place, before, resource } = await made();
  const declared = all(tenant, place)[0];
  await resource.destroy();
  expect(all(tenant, place)).toEqual([{ ...declared, sourceId: "ds_users" }, before[1]]);
});

// ---- any program after any other

const ORIGINALS = ["a", "b"];
type Program = Record<string, Props>;

const optional = (values: unknown[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 1 });
const fields = fc.record({
  displayName: optional(["x", "y"]),
  description: optional(["", "x", "y"]),
  sourceMetaData: optional([{}, { viewName: "v" }, { viewName: "w", more: { deep: [1] } }, { more: { deep: [] } }]),
  sourceType: optional(["EXTERNAL_INPUT"]),
});
/** Two resources, each with a source of its own to adopt, and any ids that do not collide. */
const programs: fc.Arbitrary<Program> = fc
  .tuple(fc.shuffledSubarray(["a", "b", "c", "é /"], { minLength: 2, maxLength: 2 }), fc.tuple(fields, fields))
  .map(([ids, rest]) =>
    Object.fromEntries(ORIGINALS.map((adoptFrom, index) => [adoptFrom, { sourceId: ids[index], adoptFrom, ...rest[index] }])),
  );

/** Fifty times as fast as time. */
const quick = {
  now: () => performance.now() * 50,
  random: () => 0,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 50)),
};

type Known = Map<string, { id: string; state: Props }>;

test("any program after any other ends as it would alone, and a third run has nothing to do", { timeout: 600_000 }, async () => {
  const { provider } = bindTo(tenant, { allowImport: "true" }, quick);
  const inputsOf = (place: Place, args: Props) => {
    const { inputs, failures } = provider.check({ ...place, ...args });
    expect(failures).toEqual([]);
    return inputs;
  };
  /** All are compared, then all are changed, as with a high --parallel. Returns how many were not the same. */
  async function up(place: Place, program: Program, known: Known): Promise<number> {
    const steps = Object.entries(program).flatMap(([name, args]) => {
      const inputs = inputsOf(place, args);
      const old = known.get(name);
      if (!old) return [async () => known.set(name, await provider.create(inputs))];
      const { changes, replaces } = provider.diff(old.state, inputs, old.id);
      expect(replaces).toEqual([]);
      return changes === false
        ? []
        : [async () => known.set(name, { id: old.id, state: await provider.update(old.id, old.state, inputs) })];
    });
    await Promise.all(steps.map((step) => step()));
    return steps.length;
  }
  /** What the program owns: the declared fields of each source, told apart by a value that nobody declares. */
  const owned = (place: Place, program: Program, known: Known) =>
    Object.entries(program).map(([name, args]) => {
      const source = all(tenant, place).find(({ sourceMetaData }) => sourceMetaData.madeAs === name);
      const inputs = inputsOf(place, args);
      const keys = Object.keys(inputs).filter((key) => key !== "envId");
      const state = known.get(name)?.state ?? {};
      const metaData = Object.keys((inputs.sourceMetaData as object) ?? {}).map((key) => source?.sourceMetaData[key]);
      return [
        name,
        source?.sourceId,
        inputs.displayName && source?.displayName,
        inputs.description !== undefined && (source?.description ?? ""),
        metaData,
        keys.map((key) => [key, state[key]]),
        state.originalSourceId,
      ];
    });

  await fc.assert(
    fc.asyncProperty(programs, programs, async (first, second) => {
      tenant.load({});
      const sources = ORIGINALS.map((sourceId) => ({
        sourceId,
        displayName: `made as ${sourceId}`,
        sourceMetaData: { madeAs: sourceId, keep: null },
      }));
      const [place, alone] = [lay(tenant, sources), lay(tenant, sources)];
      const [known, knownAlone]: [Known, Known] = [new Map(), new Map()];
      await up(place, first, known);
      await up(place, second, known);
      await up(alone, second, knownAlone);
      expect(owned(place, second, known)).toEqual(owned(alone, second, knownAlone));
      expect(all(tenant, place)).toHaveLength(2);
      for (const { sourceMetaData } of all(tenant, place)) expect(sourceMetaData.keep).toBeNull();
      tenant.clearRequests();
      expect(await up(place, second, known)).toBe(0);
      expect(tenant.requests).toEqual([]);
    }),
    { numRuns: 500, seed: 7 },
  );
});
