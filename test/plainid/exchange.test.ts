import { describe, expect, test } from "vitest";
import type { EngineResource, Props } from "../harness/rpc";
import { type Bound, bindTo, failure, found, kept, lay, named, type Place, renames, startHost, useStack, writes } from "./fixture";
import { waitingClock } from "./run";

const { tenant, host } = await useStack();

interface Member {
  resource: EngineResource;
  wanted: Props;
}

/** Resources that have taken a source each; `ways` says which id each is to have: `A>B`. */
async function members(place: Place, ways: string[], from = host): Promise<Member[]> {
  const made: Member[] = [];
  for (const way of ways) {
    const [sourceId, next] = way.split(">");
    const resource = from.resource(way);
    await resource.up({ ...place, sourceId });
    made.push({ resource, wanted: { ...place, sourceId: next } });
  }
  tenant.clearRequests();
  return made;
}

/** As the engine does with `--parallel` of many: all are compared and changed at the same time. */
const together = (all: Member[]) => Promise.all(all.map(({ resource, wanted }) => resource.up(wanted)));

/** As the engine does with `--parallel 1`: one change at a time, while the next resource in line is compared already. */
async function oneByOne(all: Member[]): Promise<void> {
  for (const [index, { resource, wanted }] of all.entries()) {
    const next = all[index + 1];
    await Promise.all([resource.up(wanted), next?.resource.preview(next.wanted)]);
  }
}

function orders<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

async function settled(all: Member[], place: Place, expected: Record<string, string>): Promise<void> {
  expect(found(tenant, place)).toEqual(expected);
  tenant.clearRequests();
  for (const { resource, wanted } of all) {
    expect(kept(resource)).toMatchObject({ id: expect.stringContaining(place.envId), outputs: wanted });
    expect(await resource.up(wanted)).toBe("same");
  }
  expect(tenant.requests).toEqual([]);
}

describe("ids that are exchanged end right in one run", () => {
  const SWAP = { ways: ["A>B", "B>A"], end: { A: "B", B: "A" } };
  const CHAIN = { ways: ["A>B", "B>C", "C>D"], end: { B: "A", C: "B", D: "C" } };
  const RING = { ways: ["A>B", "B>C", "C>A"], end: { B: "A", C: "B", A: "C" } };

  test.each([
    ...orders(SWAP.ways).map((ways) => ({ ways, end: SWAP.end })),
    ...orders(CHAIN.ways).map((ways) => ({ ways, end: CHAIN.end })),
    ...orders(RING.ways).map((ways) => ({ ways, end: RING.end })),
  ])("at the same time: $ways", async ({ ways, end }) => {
    const place = lay(tenant, ["A", "B", "C"].slice(0, ways.length));
    const all = await members(place, ways);
    await together(all);
    await settled(all, place, end);
  });

  test.each([
    ...orders(SWAP.ways).map((ways) => ({ ways, end: SWAP.end })),
    { ways: CHAIN.ways.toReversed(), end: CHAIN.end },
    { ways: RING.ways, end: RING.end },
  ])(
    "one at a time, with a look at the next: $ways",
    async ({ ways, end }) => {
      const place = lay(tenant, ["A", "B", "C"].slice(0, ways.length));
      const all = await members(place, ways);
      await oneByOne(all);
      await settled(all, place, end);
    },
    30_000,
  );

  test("of twelve in a ring", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const place = lay(tenant, ids);
    const all = await members(
      place,
      ids.map((id, index) => `${id}>${ids[(index + 5) % 12]}`),
    );
    await together(all);
    await settled(all, place, Object.fromEntries(ids.map((id, index) => [ids[(index + 5) % 12], id])));
  });

  test("with a source that is adopted in the same run", async () => {
    const place = lay(tenant, ["A", "B"]);
    const [first] = await members(place, ["A>B"]);
    const second = host.resource("second");
    const inputs = { ...place, sourceId: "A", adoptFrom: "B" };
    await Promise.all([first?.resource.up(first.wanted), second.up(inputs)]);
    await settled([first as Member, { resource: second, wanted: inputs }], place, { A: "B", B: "A" });
  });

  test("and cost no more than one more rename per ring", async () => {
    const place = lay(tenant, ["A", "B"]);
    await together(await members(place, ["A>B", "B>A"]));
    expect(renames(tenant)).toEqual(["B>B~ 204", "A>B 204", "B~>A 204"]);
  });

  test("and the resources' own ids stay", async () => {
    const place = lay(tenant, ["A", "B"]);
    const all = await members(place, ["A>B", "B>A"]);
    await together(all);
    expect(all.map(({ resource }) => kept(resource).id)).toEqual([`${place.envId}/User/A`, `${place.envId}/User/B`]);
  });
});

describe("an id that nobody gives up is refused before any write", () => {
  /** Two sources that have been taken over, in this process, and what the resource of A does when it wants to be B. */
  async function wantsB(before: (provider: Bound["provider"], place: Place, state: Props) => unknown): Promise<string> {
    const place = lay(tenant, ["A", "B"]);
    const clock = waitingClock();
    const { provider } = bindTo(tenant, {}, clock);
    const [a, b] = [await provider.create({ ...place, sourceId: "A" }), await provider.create({ ...place, sourceId: "B" })];
    await before(provider, place, b.state);
    const message = await failure(provider.update(a.id, a.state, { ...place, sourceId: "B" }));
    expect(clock.now()).toBeGreaterThanOrEqual(5000);
    expect(writes(tenant)).toEqual([]);
    return message;
  }
  const idOf = ({ envId }: Place) => `${envId}/User/B`;
  const taken = '"A" cannot become "B": that id belongs to another source';

  test("when its resource stays", async () => {
    expect(await wantsB((provider, place, state) => provider.diff(state, { ...place, sourceId: "B" }, idOf(place)))).toContain(taken);
  });

  test("when its resource has failed to move", async () => {
    const message = await wantsB(async (provider, place, state) => {
      provider.diff(state, { ...place, sourceId: "REQUEST_INPUT" }, idOf(place));
      await failure(provider.update(idOf(place), state, { ...place, sourceId: "REQUEST_INPUT" }));
    });
    expect(message).toContain(taken);
  });

  test("when its resource is to be replaced", async () => {
    const message = await wantsB((provider, place, state) =>
      provider.diff(state, { ...place, identityTemplateId: "Target", sourceId: "C" }, idOf(place)),
    );
    expect(message).toContain(taken);
  });

  test("when its resource gave it up for good", async () => {
    expect(await wantsB((provider, place, state) => provider.delete(idOf(place), state))).toContain(taken);
  });
});

describe("a run that is killed while ids are exchanged is finished by the next", () => {
  /** How many renames are let through before the process dies; the last is applied, or not. */
  const moments = [0, 1, 2].flatMap((done) => (["before", "after"] as const).map((when) => ({ done, when })));

  test.each(moments.flatMap((moment) => [true, false].map((parallel) => ({ ...moment, parallel }))))(
    "rename $done, $when it is applied, parallel: $parallel",
    async ({ done, when, parallel }) => {
      const place = lay(tenant, ["A", "B"]);
      const doomed = await startHost(tenant);
      const all = await members(place, ["A>B", "B>A"], doomed);
      let seen = 0;
      const phase = when === "before" ? "received" : "applied";
      const stop = tenant.onRequest(async ({ record, phase: now }) => {
        if (record.method !== "PATCH" || now !== phase || seen++ !== done) return;
        await doomed.kill();
        // Whatever is not applied yet is lost with the process.
        if (when === "before") await new Promise(() => {});
      });
      await (parallel ? together(all) : oneByOne(all)).catch(() => undefined);
      stop();
      await doomed.close().catch(() => undefined);

      // The other process knows nothing of these sources, as one that is started anew.
      const again = all.map(({ resource, wanted }, index) => {
        const next = host.resource(String(index));
        next.state = resource.state;
        return { resource: next, wanted };
      });
      await (parallel ? together(again) : oneByOne(again));
      await settled(again, place, { A: "B", B: "A" });
    },
    30_000,
  );

  test("also when two sources look alike, unless nothing tells where one of them is: then it stops and says why", async () => {
    const twin = { displayName: "twin", description: null, sourceMetaData: {} };
    const place = lay(tenant, [
      { sourceId: "A", ...twin },
      { sourceId: "B", ...twin },
    ]);
    const [first, second] = await members(place, ["A>B", "B>A"]);
    const before = second?.resource.state;
    await together([first as Member, second as Member]);
    // The engine never heard of the second half.
    await using fresh = await startHost(tenant);
    const [one, two] = [fresh.resource("1"), fresh.resource("2")];
    one.state = first?.resource.state;
    two.state = before;
    tenant.clearRequests();
    expect(await one.up(first?.wanted as Props)).toBe("same");
    expect(await failure(two.up({ ...place, sourceId: "D" }))).toContain('"B" is claimed by two resources of this program');
    expect(await two.up(second?.wanted as Props)).toBe("update");
    expect(kept(two).outputs).toMatchObject({ sourceId: "A", originalSourceId: "B" });
    expect(writes(tenant)).toEqual([]);
  });

  test("also when a refresh comes first", async () => {
    const place = lay(tenant, ["A", "B"]);
    const all = await members(place, ["A>B", "B>A"]);
    const [first] = all as [Member];
    await Promise.all([first.resource.up(first.wanted), all[1]?.resource.preview(all[1].wanted)]);
    const parked = Object.keys(found(tenant, place)).find((id) => id.includes("parked")) as string;
    expect(found(tenant, place)).toEqual({ B: "A", [parked]: "B" });
    await using fresh = await startHost(tenant);
    const second = fresh.resource("2");
    second.state = all[1]?.resource.state;
    expect(await second.refresh()).toBe("update");
    expect(kept(second).inputs).toMatchObject({ sourceId: parked });
    await second.up(all[1]?.wanted as Props);
    expect(found(tenant, place)).toEqual({ B: "A", A: "B" });
  });
});

test("a source that a killed run left parked is not mistaken for the one that has its id now", async () => {
  const place = lay(tenant, ["A", "B", "E"]);
  const [first, second, third] = (await members(place, ["A>B", "B>A", "E>E"])) as [Member, Member, Member];
  await Promise.all([first.resource.up(first.wanted), second.resource.preview(second.wanted)]);
  await using fresh = await startHost(tenant);
  const [one, two, three] = [first, second, third].map(({ resource }, index) => {
    const next = fresh.resource(String(index));
    next.state = resource.state;
    return next;
  }) as [EngineResource, EngineResource, EngineResource];
  // Two states say B; one of them was never told that its source is parked.
  await two.preview({ ...place, sourceId: "A" });
  await one.preview({ ...place, sourceId: "D" });
  await three.up({ ...place, sourceId: "B" });
  await one.up({ ...place, sourceId: "D" });
  await two.up({ ...place, sourceId: "A" });
  expect(found(tenant, place)).toEqual({ D: "A", A: "B", B: "E" });
});

test("sources of two templates never stand in each other's way", async () => {
  const place = lay(tenant, ["A"]);
  const other = lay(tenant, ["A", named("B")]);
  const [first] = await members(place, ["A>B"]);
  await members(other, ["A>A", "B>B"]);
  await first?.resource.up(first.wanted);
  expect(found(tenant, place)).toEqual({ B: "A" });
  expect(found(tenant, other)).toEqual({ A: "A", B: "B" });
});
