import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { all, bindTo, lay, type Place, useStack } from "./fixture";
import { dieAt, type Known, type Program, quick, startAnew, up } from "./run";

// In this process, because every run that dies would cost a provider process of its own, and runs with few workers wait for five seconds
// before they refuse; `property.test.ts` and `kill.test.ts` drive the provider process itself.
const { tenant } = await useStack();
const { provider } = bindTo(tenant, { allowImport: "true" }, quick);

const IDS = ["a", "b", "c"];

interface Exchange {
  /** Id that each of the sources a, b and c is to have. */
  targets: string[];
  /** Order in which the resources are registered. */
  order: number[];
  /** Whether the resources take their sources over in the very run that exchanges the ids. */
  fresh: boolean;
  /** Whether only their ids tell the sources apart. */
  alike: boolean;
  /** Which sources get a new name in the same run. */
  named: boolean[];
}

const exchanges: fc.Arbitrary<Exchange> = fc.record({
  targets: fc.shuffledSubarray([...IDS, "d"], { minLength: 3, maxLength: 3 }),
  order: fc.shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 }),
  fresh: fc.boolean(),
  alike: fc.boolean(),
  named: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
});

/** A place with the three sources, and the engine's memory of them. */
async function begin({ fresh, alike }: Exchange): Promise<{ place: Place; known: Known }> {
  tenant.load({});
  const place = lay(
    tenant,
    IDS.map((sourceId) => ({
      sourceId,
      displayName: alike ? "one of three" : `made as ${sourceId}`,
      sourceMetaData: alike ? {} : { of: sourceId },
    })),
  );
  const known: Known = new Map();
  if (!fresh) {
    const program: Program = IDS.map((id) => [id, { sourceId: id }]);
    expect(await up(provider, place, program, known, 3)).toEqual({ errors: [], steps: 3 });
    startAnew(place);
  }
  return { place, known };
}

function programOf({ targets, order, fresh, named }: Exchange): Program {
  return order.map((index) => {
    const id = IDS[index] as string;
    return [id, { sourceId: targets[index], ...(fresh && { adoptFrom: id }), ...(named[index] && { displayName: `new name of ${id}` }) }];
  });
}

/** The simulator keeps its sources in their order whatever they are called, so the order tells which is which. */
const ids = (place: Place) => all(tenant, place).map(({ sourceId }) => sourceId);

async function expectSettled(place: Place, exchange: Exchange, known: Known): Promise<void> {
  expect(ids(place)).toEqual(exchange.targets);
  expect(IDS.map((id) => known.get(id)?.state.sourceId)).toEqual(exchange.targets);
  expect(IDS.map((id) => known.get(id)?.state.originalSourceId)).toEqual(IDS);
  tenant.clearRequests();
  expect(await up(provider, place, programOf(exchange), known, 3)).toEqual({ errors: [], steps: 0 });
  expect(tenant.requests).toEqual([]);
}

describe("any exchange of three ids, in any order", () => {
  test("ends right in one run", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(exchanges, async (exchange) => {
        const { place, known } = await begin(exchange);
        expect((await up(provider, place, programOf(exchange), known, 3)).errors).toEqual([]);
        await expectSettled(place, exchange, known);
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test("with fewer workers ends right or says how many it takes, and with that many the next run ends right", {
    timeout: 120_000,
  }, async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(exchanges, fc.integer({ min: 1, max: 2 }), async (exchange, workers) => {
        const { place, known } = await begin(exchange);
        const { errors } = await up(provider, place, programOf(exchange), known, workers);
        if (errors.length > 0) {
          refused += 1;
          expect(errors).toEqual(errors.map(() => expect.stringContaining("`pulumi up --parallel N`")));
          startAnew(place);
          expect((await up(provider, place, programOf(exchange), known, 3)).errors).toEqual([]);
        }
        await expectSettled(place, exchange, known);
      }),
      { numRuns: 60, seed: 13 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  test("that dies at any write is finished by the next run", { timeout: 240_000 }, async () => {
    let died = 0;
    const points = fc.record({
      nth: fc.integer({ min: 1, max: 7 }),
      phase: fc.constantFrom("received" as const, "applied" as const),
      workers: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(exchanges, points, async (exchange, { nth, phase, workers }) => {
        const { place, known } = await begin(exchange);
        const { alive, revive } = dieAt(tenant, nth, phase);
        await up(provider, place, programOf(exchange), known, workers, alive);
        if (!alive()) died += 1;
        revive();
        startAnew(place);
        expect((await up(provider, place, programOf(exchange), known, 3)).errors).toEqual([]);
        await expectSettled(place, exchange, known);
      }),
      { numRuns: 200, seed: 12 },
    );
    expect(died).toBeGreaterThan(80);
  });
});

test("twelve ids go round with eight workers, also when every answer takes its time", { timeout: 60_000 }, async () => {
  tenant.load({});
  const twelve = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const place = lay(tenant, twelve);
  const known: Known = new Map();
  await up(
    provider,
    place,
    twelve.map((id) => [id, { sourceId: id }]),
    known,
    12,
  );
  startAnew(place);
  const round: Program = twelve.map((id, index) => [id, { sourceId: twelve[(index + 5) % 12] }]);
  const stop = tenant.onRequest(() => new Promise((resolve) => setTimeout(resolve, 3)));
  const { errors } = await up(provider, place, round, known, 8);
  stop();
  expect(errors).toEqual([]);
  expect(ids(place)).toEqual(round.map(([, { sourceId }]) => sourceId));
});
