import { describe, expect, test } from "vitest";
import { NotFoundError } from "../../provider/src/core/errors";
import { type Bulk, Gather } from "../../provider/src/core/gather";
import { VirtualClock } from "./virtual-clock";

const CALL_MS = 20;
/** As many objects as the engine asks for at the same time on a machine with two cores. */
const IN_FLIGHT = 8;
const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);

/** A tenant with so many objects, whose calls are counted; `value` is what each object holds now. */
function lab(size: number, { together = true, paged = true, lagMs = 0, pageSize = 100 } = {}) {
  const clock = new VirtualClock();
  const objects = new Map(ids(size).map((id) => [id, { id, value: 0 }]));
  const calls: string[] = [];
  const call = async <T>(name: string, give: () => T): Promise<T> => {
    calls.push(name);
    const answer = give();
    await clock.sleep(CALL_MS);
    return answer;
  };
  const copies = (wanted: readonly string[]) =>
    new Map(wanted.flatMap((id) => (objects.has(id) ? [[id, structuredClone(objects.get(id))]] : [])) as [string, { value: number }][]);
  const bulk: Bulk<{ value: number }> = {
    ...(together && { some: { most: 5, get: (wanted) => call(`some ${wanted.length}`, () => copies(wanted)) } }),
    ...(paged && {
      page: (index) =>
        call(`page ${index}`, () => ({
          items: copies([...objects.keys()].slice(index * pageSize, (index + 1) * pageSize)),
          pages: Math.ceil(objects.size / pageSize),
        })),
    }),
    lagMs,
  };
  const gather = new Gather<{ value: number }>(clock);
  /** What a handler does: out of the gathered answers, or alone. */
  const read = async (id: string) => (await gather.read(id, bulk)) ?? (await call("alone", () => structuredClone(objects.get(id))));
  /** Reads as the engine does: in order, and so many at a time. */
  const readAll = async (wanted: string[], inFlight = IN_FLIGHT) => {
    const values: unknown[] = [];
    const queue = wanted.map((id, index) => ({ id, index }));
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) values[next.index] = (await read(next.id))?.value;
    };
    await clock.until(Promise.all(Array.from({ length: inFlight }, worker)));
    return values;
  };
  const set = (id: string, value: number) => void objects.set(id, { id, value });
  return { clock, gather, calls, readAll, start: read, read: (id: string) => clock.until(read(id)), set };
}

describe("objects read side by side", () => {
  test("of a tenant that holds little else are read page by page", async () => {
    const { readAll, calls } = lab(1000);
    expect(await readAll(ids(1000))).toEqual(ids(1000).map(() => 0));
    expect(calls).toEqual(["some 5", "some 3", ...Array.from({ length: 10 }, (_, index) => `page ${index}`)]);
  });

  test("of a tenant that holds a thousand times as many never read the tenant", async () => {
    const { readAll, calls } = lab(100_000);
    await readAll(ids(100_000).slice(-10));
    expect(calls).toEqual(["some 5", "some 3", "page 0", "some 2"]);
  });

  test("where the vendor gives no several ids, look at the tenant's size first, and few never do", async () => {
    const small = lab(1000, { together: false });
    await small.readAll(ids(1000));
    expect(small.calls).toEqual(Array.from({ length: 10 }, (_, index) => `page ${index}`));
    const large = lab(100_000, { together: false });
    await large.readAll(ids(100_000).slice(-10));
    expect(large.calls.filter((call) => call !== "alone")).toEqual(["page 0"]);
    expect(large.calls).toHaveLength(11);
    const few = lab(1000, { together: false });
    await few.readAll(ids(3));
    expect(few.calls).toEqual(["alone", "alone", "alone"]);
  });

  test("where the vendor gives no pages, share calls", async () => {
    const { readAll, calls } = lab(40, { paged: false });
    await readAll(ids(40));
    expect(calls).toHaveLength(10);
    expect(new Set(calls)).toEqual(new Set(["some 5", "some 3"]));
  });

  test("cost at most about twice what the cheaper way would, when many of a large tenant are managed", async () => {
    const { readAll, calls } = lab(4000);
    await readAll(ids(4000));
    expect(calls.length).toBeLessThanOrEqual(2 * 40);
  });

  test("that are not there are read alone, which proves it", async () => {
    const { readAll, calls } = lab(20, { pageSize: 10 });
    expect(await readAll(["id-1", "gone", "id-2"])).toEqual([0, undefined, 0]);
    expect(calls).toEqual(["some 3", "alone"]);
  });

  test("that are the same object are asked for once", async () => {
    const { readAll, calls } = lab(5);
    expect(await readAll(["id-1", "id-1", "id-1"])).toEqual([0, 0, 0]);
    expect(calls).toEqual(["some 1"]);
  });
});

test("a single object is read alone, however many are read one after the other", async () => {
  const { read, calls } = lab(100);
  for (const id of ids(4)) await read(id);
  expect(calls).toEqual(["alone", "alone", "alone", "alone"]);
});

test("what a reading gave is not given to the next one", async () => {
  const { readAll, clock, set } = lab(20);
  await readAll(ids(20));
  set("id-3", 7);
  await clock.advance(1001);
  expect((await readAll(ids(4)))[3]).toBe(7);
});

test("what was read before a write is not given to anybody after it, also when its answer comes after the write", async () => {
  const { readAll, start, gather, set, clock, calls } = lab(20);
  await readAll(ids(20));
  set("id-3", 7);
  gather.forget();
  calls.length = 0;
  const reading = Promise.all(ids(4).map(start));
  await clock.advance(CALL_MS);
  expect(calls).toEqual(["some 4"]);
  set("id-3", 8);
  gather.forget();
  expect((await clock.until(reading))[3]).toEqual({ id: "id-3", value: 8 });
  expect(calls).toEqual(["some 4", "alone", "alone", "alone", "alone"]);
});

test("for as long as a vendor's lists may lag behind a write, objects are read alone", async () => {
  const { readAll, gather, clock, calls } = lab(20, { lagMs: 5000 });
  gather.forget();
  await readAll(ids(4));
  expect(calls).toEqual(["alone", "alone", "alone", "alone"]);
  await clock.advance(5000);
  await readAll(ids(4));
  expect(calls.slice(4)).toEqual(["some 4"]);
});

test("a vendor that refuses to give several objects is asked for each alone, once per reading", async () => {
  const { clock, gather, calls } = lab(20);
  const refuse = async () => {
    calls.push("refused");
    throw new NotFoundError("No such list");
  };
  const bulk = { some: { most: 50, get: refuse } };
  const both = (names: string[]) => clock.until(Promise.all(names.map((id) => gather.read(id, bulk))));
  expect(await both(["id-1", "id-2"])).toEqual([undefined, undefined]);
  expect(await both(["id-3", "id-4"])).toEqual([undefined, undefined]);
  expect(calls).toEqual(["refused"]);
  await clock.advance(1001);
  await both(["id-1", "id-2"]);
  expect(calls).toEqual(["refused", "refused"]);
});

test("an error that is nobody's answer reaches all who wait", async () => {
  const { clock, gather } = lab(20);
  const broken = { some: { most: 50, get: () => Promise.reject(new TypeError("a bug")) } };
  const outcome = Promise.allSettled(["id-1", "id-2"].map((id) => gather.read(id, broken)));
  expect((await clock.until(outcome)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
