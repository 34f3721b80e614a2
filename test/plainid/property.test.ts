import fc from "fast-check";
import { expect, test } from "vitest";
import { identitySourceInputs } from "../../provider/src/plainid/schema";
import type { EngineResource, Props } from "../harness/rpc";
import { all, kept, lay, type Place, useStack } from "./fixture";

const { tenant, host } = await useStack({ allowImport: "true" });

const IDS = ["a", "b"];
/** Lives that are led side by side, each in environments of its own, because exchanged ids are waited for. */
const AT_ONCE = 5;

const word = fc.string({ minLength: 1, maxLength: 12 });
const metaData = fc.dictionary(fc.constantFrom("viewName", "logoUrl", "own"), fc.oneof(word, fc.boolean(), fc.constant({ a: [1] })), {
  minKeys: 1,
});
const fields = { displayName: word, description: fc.oneof(word, fc.constant("")), sourceMetaData: metaData };
const type = fc.constant("EXTERNAL_INPUT");
/** Of a source that is there. */
const taken = fc.oneof(fc.constant({}), fc.record({ ...fields, sourceType: type }, { requiredKeys: [] }));
/** Of a source that the program makes if it is not there. */
const made = fc.record(
  { sourceId: fc.constantFrom("new", "newer"), ...fields, sourceType: type },
  { requiredKeys: ["sourceId", "displayName", "sourceType"] },
);

/** Declares two sources that are there, whose ids it may exchange, and perhaps one that is not. */
interface Program {
  /** Which of two environments. */
  where: number;
  targets: string[];
  rest: Props[];
  made: Props | undefined;
  /** Of all alike: a source that gives its id back waits for the one that has it. `fail` would let no program follow. */
  onDelete: string | undefined;
}
const program: fc.Arbitrary<Program> = fc.record({
  where: fc.constantFrom(0, 0, 1),
  targets: fc.shuffledSubarray([...IDS, "c"], { minLength: 2, maxLength: 2 }),
  rest: fc.tuple(taken, taken),
  made: fc.option(made, { nil: undefined }),
  onDelete: fc.constantFrom(undefined, "retain", "restoreOriginalId"),
});

/** What the program declares, by resource; undefined for one that it leaves out. */
function declared({ where, targets, rest, made, onDelete }: Program, places: Place[]): (Props | undefined)[] {
  const common = { ...places[where], ...(onDelete && { onDelete }) };
  const adopted = IDS.map((adoptFrom, index) => ({ ...common, sourceId: targets[index], adoptFrom, ...rest[index] }));
  return [...adopted, made && { ...common, ...made }];
}

test("programs say everything that they can say of a source, in one connection", () => {
  const places = [lay(tenant, [])];
  const said = fc.sample(program, { numRuns: 100, seed: 1 }).flatMap((one) => declared({ ...one, where: 0 }, places));
  expect([...new Set(said.flatMap((inputs) => Object.keys(inputs ?? {})))].sort()).toEqual(Object.keys(identitySourceInputs.shape).sort());
});

interface Life {
  places: Place[];
  resources: EngineResource[];
}

const begin = (): Life => ({
  places: [lay(tenant, IDS), lay(tenant, IDS)],
  resources: [...IDS, "made"].map((name) => host.resource(name)),
});

/** One `up` of every life, all resources at the same time, as the engine runs those that do not depend on each other. */
const up = (lives: Life[], programs: Program[]) =>
  Promise.all(
    lives.flatMap(({ resources, places }, n) => {
      const inputs = declared(programs[n] as Program, places);
      return resources.map((resource, index) => (inputs[index] ? resource.up(inputs[index]) : resource.destroy()));
    }),
  );

/** What the program owns of its sources, as the tenant has it and as state has it. */
function owned({ places, resources }: Life, program: Program) {
  return declared(program, places).map((inputs, index) => {
    if (!inputs) return undefined;
    const { envId, identityTemplateId, ...own } = inputs;
    const { outputs } = kept(resources[index] as EngineResource);
    const sources = all(tenant, { envId, identityTemplateId } as Place);
    // Sources keep their order, whatever they are called.
    const source = sources[index < IDS.length ? index : sources.findIndex(({ sourceId }) => sourceId === own.sourceId)] as unknown as Props;
    const keys = Object.keys((own.sourceMetaData as Props) ?? {});
    return {
      atTenant: {
        ...Object.fromEntries(Object.keys(own).map((key) => [key, source[key]])),
        sourceMetaData: keys.map((key) => [key, (source.sourceMetaData as Props)[key]]),
      },
      inState: Object.fromEntries(Object.keys(own).map((key) => [key, outputs[key]])),
      // One that the first program made has the id of that time.
      originalSourceId: index < IDS.length && outputs.originalSourceId,
    };
  });
}

test("whatever was declared before, the second program gets what it would have got alone, and then there is nothing to do", async () => {
  const pair = fc.tuple(program, program);
  await fc.assert(
    fc.asyncProperty(fc.tuple(...Array.from({ length: AT_ONCE }, () => pair)), async (pairs) => {
      tenant.load({});
      const [first, second] = [pairs.map(([one]) => one), pairs.map(([, two]) => two)];
      const [lives, alone] = [pairs.map(begin), pairs.map(begin)];
      await Promise.all([up(lives, first).then(() => up(lives, second)), up(alone, second)]);
      expect(lives.map((life, n) => owned(life, second[n] as Program))).toEqual(alone.map((life, n) => owned(life, second[n] as Program)));
      const expected = second.map(({ targets }) => targets);
      const ids = lives.map(({ places }, n) => all(tenant, places[second[n]?.where ?? 0] as Place).map(({ sourceId }) => sourceId));
      expect(ids.map((list) => list.slice(0, IDS.length))).toEqual(expected);

      tenant.clearRequests();
      const again = await up(lives, second);
      expect(again.filter((outcome) => outcome !== undefined && outcome !== "same")).toEqual([]);
      expect(tenant.requests).toEqual([]);
      const resources = lives.flatMap((life) => life.resources).filter(({ state }) => state);
      const before = resources.map((resource) => kept(resource).inputs);
      expect(new Set(await Promise.all(resources.map((resource) => resource.refresh())))).toEqual(new Set(["same"]));
      expect(resources.map((resource) => kept(resource).inputs)).toEqual(before);
    }),
    { numRuns: 500 / AT_ONCE },
  );
}, 600_000);
