import { describe, expect, onTestFinished, test } from "vitest";
import type { EngineResource, Props } from "../harness/rpc";
import { bindTo, failure, HR, kept, OPEN, PARTNERS, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

const SOURCES = [HR, PARTNERS, OPEN];
const inputs = (n: number, priority: number, rest: Props = {}) => ({
  name: `Profile ${n}`,
  authoritativeSource: { id: SOURCES[n]?.id },
  priority,
  ...rest,
});
const priorities = () => tenant.dump().profiles.map(({ priority }) => priority);

/** Profiles with these priorities, made one after the other. */
async function profiles(...priorities: number[]): Promise<EngineResource[]> {
  const resources = priorities.map((_, n) => host.resource(`profile-${n}`));
  for (const [n, priority] of priorities.entries()) await resources[n]?.up(inputs(n, priority));
  tenant.clearRequests();
  return resources;
}

/** A profile in this process, that wants a priority which another one holds. */
async function contender(own: number, wanted: number, rest: Props = {}) {
  const bound = bindTo(tenant);
  const holder = await bound.provider.create(bound.provider.check(inputs(1, wanted)).inputs);
  const { id, state } = await bound.provider.create(bound.provider.check(inputs(0, own)).inputs);
  tenant.clearRequests();
  const after = bound.provider.check(inputs(0, wanted, rest)).inputs;
  return { ...bound, id, holder, run: (patience = {}) => bound.provider.update(id, state, after, patience) };
}

/** Does something when the n-th request of a kind comes in. */
function upon(method: string, n: number, act: () => void) {
  let seen = 0;
  onTestFinished(
    tenant.onRequest(({ record, phase }) => {
      if (phase === "received" && record.method === method && ++seen === n) act();
    }),
  );
}

describe("profiles of one run that want each other's priorities end up with them", () => {
  test.each<[string, number[], number[]]>([
    ["two that swap", [10, 20], [20, 10]],
    ["a cycle of three", [10, 20, 30], [20, 30, 10]],
    ["a cycle of three the other way round", [10, 20, 30], [30, 10, 20]],
    ["a row that moves up", [10, 20, 30], [20, 30, 40]],
    ["a row that moves down", [10, 20, 30], [5, 10, 20]],
  ])("%s", async (_what, before, after) => {
    const resources = await profiles(...before);
    await Promise.all(resources.map((resource, n) => resource.up(inputs(n, after[n] ?? 0))));
    expect(priorities()).toEqual(after);
    for (const [n, resource] of resources.entries()) {
      expect(kept(resource).outputs).toMatchObject({ priority: after[n] });
      expect(await resource.refresh()).toBe("same");
    }
  });

  test("and with everything else that changes at the same time", async () => {
    const [first, second] = (await profiles(10, 20)) as [EngineResource, EngineResource];
    await Promise.all([first.up(inputs(0, 20, { description: "x" })), second.up(inputs(1, 10, { name: "Renamed" }))]);
    expect(stored(tenant, "Profile 0")).toMatchObject({ priority: 20, description: "x" });
    expect(stored(tenant, "Renamed")).toMatchObject({ priority: 10 });
  });
});

describe("a priority that another profile holds", () => {
  test("is waited for on a priority that nobody has, above all others", async () => {
    const { run, holder } = await contender(10, 20);
    upon("GET", 4, () => tenant.drift.changeProfile(holder.id, { priority: 90 }));
    expect(await run()).toMatchObject({ priority: 20 });
    const [[wanted], [parked], [again]] = sent(tenant, "PATCH") as { op: string; path: string; value: number }[][] as [
      [object],
      [{ value: number }],
      [object],
    ];
    expect(wanted).toEqual({ op: "replace", path: "/priority", value: 20 });
    expect(parked).toMatchObject({ op: "add", path: "/priority" });
    expect(parked.value).toBeGreaterThan(20);
    expect(again).toEqual({ op: "add", path: "/priority", value: 20 });
  });

  test("is waited for with longer and longer pauses, a minute at most, and then explained", async () => {
    const { run, waits, id, holder } = await contender(10, 20);
    const message = await failure(run());
    expect(message).toContain(`Priority 20 of identity profile "Profile 0" (${id}) is held by "Profile 1" (${holder.id})`);
    expect(message).toContain("--parallel of 2 or more");
    expect(message).toContain("IDP_CONFLICT");
    expect(waits.slice(0, 5)).toEqual([375, 750, 1500, 3000, 3000]);
    const waited = waits.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(59_000);
    expect(waited).toBeLessThanOrEqual(60_000);
  });

  test("leaves a profile that does not get it where it was, and nothing else of the update done", async () => {
    const { run, id } = await contender(10, 20, { description: "x" });
    await failure(run());
    expect(priorities()).toEqual([20, 10]);
    const wanted = (sent(tenant, "PATCH") as { path: string; value: unknown }[][]).map((operations) =>
      operations.find(({ path }) => path === "/priority"),
    );
    expect(wanted, "it is moved aside once, and once back").toMatchObject([{ value: 20 }, { value: expect.any(Number) }, { value: 10 }]);
    expect(tenant.dump().profiles.find((profile) => profile.id === id)?.description).toBeNull();
  });

  test("is given up sooner when customTimeouts says so", async () => {
    const [first] = (await profiles(10, 20)) as [EngineResource];
    const before = kept(first);
    const started = performance.now();
    expect(await failure(first.up(inputs(0, 20, { timeouts: { update: "3s" } })))).toContain("is held by");
    expect(performance.now() - started).toBeLessThan(5000);
    expect(priorities()).toEqual([10, 20]);
    expect(first.state).toBe(before);
  });

  test("is taken at once when its holder has given it up in between", async () => {
    const { run, holder, waits } = await contender(10, 20);
    upon("GET", 2, () => tenant.drift.changeProfile(holder.id, { priority: 90 }));
    upon("GET", 3, () => tenant.clock.advance(60_000));
    expect(await run({ timeoutMs: 30_000 }), "even if the time is over").toMatchObject({ priority: 20 });
    expect(waits).toEqual([]);
    expect(tenant.count({ method: "PATCH" })).toBe(2);
  });

  test("is named with the priority that the profile has now, when its own was taken meanwhile", async () => {
    const { run, provider } = await contender(10, 20);
    const third = await provider.create(provider.check(inputs(2, 30)).inputs);
    upon("GET", 4, () => tenant.drift.changeProfile(third.id, { priority: 10 }));
    const message = await failure(run({ timeoutMs: 5000 }));
    const { priority } = stored(tenant, "Profile 0");
    expect(priority).toBeGreaterThan(30);
    expect(message).toContain(`is held by "Profile 1"`);
    expect(message).toContain(`it has ${priority} now, because its own was taken meanwhile`);
  });

  test.each([
    [2, "after"],
    [2, "before"],
    [3, "after"],
    [3, "before"],
  ] as const)("is reached although an answer on the way is lost: request %i, %s it took effect", async (nth, when) => {
    const { run, holder } = await contender(10, 20);
    upon("GET", 5, () => tenant.drift.changeProfile(holder.id, { priority: 90 }));
    tenant.faults.add({ method: "PATCH", skip: nth - 1, when, action: "drop" });
    expect(await run()).toMatchObject({ priority: 20 });
    expect(priorities()).toEqual([90, 20]);
  });

  test("is not waited for when something else stands in the way, which is explained", async () => {
    const { run, waits } = await contender(10, 20, { name: "Profile 1" });
    expect(await failure(run())).toMatch(/Identity profile "Profile 1" \([0-9a-f]{32}\) holds the name "Profile 1"/);
    expect(waits).toEqual([]);
    expect(priorities()).toEqual([20, 10]);
  });

  test("does not hide a refusal of another kind", async () => {
    const { run } = await contender(10, 20);
    tenant.faults.add({ method: "PATCH", skip: 1, when: "before", action: { status: 403 } });
    expect(await failure(run())).toContain("IDP_FORBIDDEN");
  });
});

test("a run that was killed between the steps of a swap is finished by the next one", async () => {
  const [first, second] = (await profiles(10, 20)) as [EngineResource, EngineResource];
  tenant.drift.changeProfile(kept(first).id, { priority: 777 });
  await Promise.all([first.up(inputs(0, 20)), second.up(inputs(1, 10))]);
  expect(priorities()).toEqual([20, 10]);
  expect(kept(first).outputs).toMatchObject({ priority: 20 });
});
