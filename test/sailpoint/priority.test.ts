import { describe, expect, onTestFinished, test } from "vitest";
import type { ResourceProvider } from "../../provider/src/core/resource";
import { prioritiesOf } from "../../provider/src/sailpoint/priority";
import type { EngineResource, Props } from "../harness/rpc";
import { bindTo, calls, failure, HR, kept, OPEN, PARTNERS, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

const SOURCES = [HR, PARTNERS, OPEN];
const inputs = (n: number, priority: number | undefined, rest: Props = {}) => ({
  name: `Profile ${n}`,
  authoritativeSource: { id: SOURCES[n]?.id },
  priority,
  ...rest,
});
const priorities = () => tenant.dump().profiles.map(({ priority }) => priority);
const priorityOf = (n: number) => stored(tenant, `Profile ${n}`).priority;

/** Profiles with these priorities, made one after the other. */
async function profiles(...priorities: number[]): Promise<EngineResource[]> {
  const resources = priorities.map((_, n) => host.resource(`profile-${n}`));
  for (const [n, priority] of priorities.entries()) await resources[n]?.up(inputs(n, priority));
  tenant.clearRequests();
  return resources;
}

/** As the engine does with `--parallel 1`: one change at a time, while the next resource in line is compared already. */
async function oneByOne(resources: EngineResource[], after: number[]): Promise<void> {
  for (const [n, resource] of resources.entries()) {
    const next = resources[n + 1]?.preview(inputs(n + 1, after[n + 1]));
    await Promise.all([resource.up(inputs(n, after[n])), next]);
  }
}

async function settled(resources: EngineResource[], after: number[]): Promise<void> {
  expect(priorities()).toEqual(after);
  tenant.clearRequests();
  for (const [n, resource] of resources.entries()) {
    expect(kept(resource).outputs).toMatchObject({ priority: after[n] });
    expect(await resource.up(inputs(n, after[n]))).toBe("same");
  }
  expect(calls(tenant)).toEqual([]);
  for (const resource of resources) expect(await resource.refresh()).toBe("same");
}

/** A profile in this process. */
interface Member {
  id: string;
  state: Props;
  /** The diff that the engine asks for before it orders the change. */
  compare(priority: number | undefined, rest?: Props): ReturnType<ResourceProvider["diff"]>;
  update(priority: number | undefined, rest?: Props, patience?: object): Promise<Props>;
}

/** Profiles with these priorities in this process, where no wait takes time. */
async function members(...priorities: number[]) {
  const bound = bindTo(tenant);
  const checked = (n: number, priority: number | undefined, rest: Props = {}) => bound.provider.check(inputs(n, priority, rest)).inputs;
  const made: Member[] = [];
  for (const [n, priority] of priorities.entries()) {
    const { id, state } = await bound.provider.create(checked(n, priority));
    made.push({
      id,
      state,
      compare: (wanted, rest) => bound.provider.diff(state, checked(n, wanted, rest), id),
      update: (wanted, rest, patience) => bound.provider.update(id, state, checked(n, wanted, rest), patience),
    });
  }
  tenant.clearRequests();
  const [first, second, third] = made as [Member, Member, Member];
  return { ...bound, first, second, third, checked };
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
  const OTHER_WAY = "a cycle of three the other way round";
  const ways: [string, number[], number[]][] = [
    ["two that swap", [10, 20], [20, 10]],
    ["a cycle of three", [10, 20, 30], [20, 30, 10]],
    [OTHER_WAY, [10, 20, 30], [30, 10, 20]],
    ["a row that moves up", [10, 20, 30], [20, 30, 40]],
    ["a row that moves down", [10, 20, 30], [5, 10, 20]],
  ];

  test.each(ways)("all at the same time: %s", async (_what, before, after) => {
    const resources = await profiles(...before);
    await Promise.all(resources.map((resource, n) => resource.up(inputs(n, after[n]))));
    await settled(resources, after);
  });

  test.each(ways.filter(([what]) => what !== OTHER_WAY))(
    "one at a time, with a look at the next: %s",
    async (_what, before, after) => {
      const resources = await profiles(...before);
      await oneByOne(resources, after);
      await settled(resources, after);
    },
    30_000,
  );

  test("but not one at a time, if the first needs one that is not even compared by then: nothing is changed, and more at a time do it", async () => {
    const resources = await profiles(10, 20, 30);
    const message = await failure(oneByOne(resources, [30, 10, 20]));
    expect(message).toContain('Priority 30 of identity profile "Profile 0"');
    expect(message).toContain("raise --parallel");
    expect(priorities()).toEqual([10, 20, 30]);
    await Promise.all(resources.map((resource, n) => resource.up(inputs(n, [30, 10, 20][n]))));
    await settled(resources, [30, 10, 20]);
  }, 30_000);

  test.each(ways)("compared first, then changed one after the other, without a wait: %s", async (_what, before, after) => {
    const { first, second, third, waits } = await members(...before);
    const all = [first, second, third].slice(0, before.length);
    for (const [n, member] of all.entries()) member.compare(after[n]);
    for (const [n, member] of all.entries()) expect(await member.update(after[n])).toMatchObject({ priority: after[n] });
    expect(priorities()).toEqual(after);
    expect(waits).toEqual([]);
  });

  test("and with everything else that changes at the same time", async () => {
    const [first, second] = (await profiles(10, 20)) as [EngineResource, EngineResource];
    await Promise.all([first.up(inputs(0, 20, { description: "x" })), second.up(inputs(1, 10, { name: "Renamed" }))]);
    expect(stored(tenant, "Profile 0")).toMatchObject({ priority: 20, description: "x" });
    expect(stored(tenant, "Renamed")).toMatchObject({ priority: 10 });
  });

  test("and when they are taken over in that run", async () => {
    const { sources } = tenant.dump();
    const there = [10, 20].map((priority, n) => ({
      ...inputs(n, priority),
      id: `${n}`.repeat(32),
      authoritativeSource: { id: SOURCES[n]?.id ?? "" },
    }));
    tenant.load({ sources, profiles: there });
    const resources = there.map(({ id }) => host.resource(id));
    await Promise.all(resources.map((resource, n) => resource.up(inputs(n, n === 0 ? 20 : 10, { adopt: true }))));
    expect([priorityOf(0), priorityOf(1)]).toEqual([20, 10]);
  });
});

describe("a profile that is made", () => {
  test("takes the priority that another one gives up in the same run, whichever comes first", async () => {
    const { provider, first, checked, waits } = await members(10);
    first.compare(20);
    expect(await provider.create(checked(1, 10))).toMatchObject({ state: { priority: 10 } });
    expect(await first.update(20)).toMatchObject({ priority: 20 });
    expect([priorityOf(0), priorityOf(1)]).toEqual([20, 10]);
    expect(waits).toEqual([]);
  });

  test("waits for the others to be compared", async () => {
    const [first] = (await profiles(10)) as [EngineResource];
    const made = host.resource("made");
    upon("POST", 1, () => void first.preview(inputs(0, 20)));
    await made.up(inputs(1, 10));
    expect(priorityOf(1)).toBe(10);
    expect(priorityOf(0), "it makes room until its own turn comes").toBe(11);
    expect(await first.up(inputs(0, 20))).toBe("update");
    await settled([first, made], [20, 10]);
  });

  /** Makes a profile with the priority of one whose deletion begins at that moment. */
  async function duringDeletion() {
    const { provider, first, checked } = await members(10);
    let creation: Promise<unknown> | undefined;
    upon("DELETE", 1, () => {
      creation = provider.create(checked(1, 10)).catch((error: Error) => error.message);
    });
    const deletion = await provider.delete(first.id, first.state).catch((error: Error) => error.message);
    return { deletion, creation: await creation };
  }

  test("waits for a profile that is being deleted, which takes its priority along", async () => {
    tenant.switches.taskDelayMs = 60_000;
    const { creation } = await duringDeletion();
    expect(creation).toMatchObject({ state: { priority: 10 } });
    expect(tenant.dump().profiles).toMatchObject([{ name: "Profile 1", priority: 10 }]);
    expect(sent(tenant, "PATCH"), "nothing is changed about a profile that goes").toEqual([]);
  });

  test("is told at once when such a profile is gone", async () => {
    const { provider, first } = await members(10);
    await provider.delete(first.id, first.state);
    expect(
      prioritiesOf({ tenant: "acme" })
        .all()
        .map(({ owner }) => owner),
    ).not.toContain(first.id);
  });

  test("does not get the priority of a profile whose deletion fails, and nothing is left of it", async () => {
    tenant.switches.taskDelayMs = 60_000;
    tenant.switches.task = "error";
    const { deletion, creation } = await duringDeletion();
    expect(deletion).toContain("ended with ERROR");
    expect(creation).toContain('Identity profile "Profile 0"');
    expect(tenant.dump().profiles).toMatchObject([{ name: "Profile 0", priority: 10 }]);
  });

  test("is not made with a priority that nobody is known to give up, which is explained after 5 s without news", async () => {
    const { provider, first, checked, waits } = await members(10);
    first.compare(10);
    const message = await failure(provider.create(checked(1, 10)));
    expect(message).toContain(`Identity profile "Profile 0" (${first.id}) holds the priority 10. Choose another priority`);
    expect(message).toContain("without dependsOn between them");
    expect(message).toContain("IDP_CONFLICT");
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(5000);
    expect(tenant.count({ method: "POST", path: /identity-profiles/ })).toBe(1);
    expect(priorities()).toEqual([10]);
  });

  test("is tried four times at most where the vendor sees a conflict that nobody else does", async () => {
    const body = { detailCode: "400.1.409 Reference conflict" };
    const action = { status: 400, body, headers: { "content-type": "application/json" } };
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "before", action, times: 9 });
    const { provider, checked } = bindToEmpty();
    expect(await failure(provider.create(checked(1, 10)))).toContain("400.1.409 Reference conflict");
    expect(tenant.count({ method: "POST", path: /identity-profiles/ })).toBe(4);
  });

  test.each(["after", "before"] as const)("is made although the answer to making room is lost: %s it took effect", async (when) => {
    const { provider, first, checked } = await members(10);
    first.compare(20);
    tenant.faults.add({ method: "PATCH", when, action: "drop" });
    await provider.create(checked(1, 10));
    expect(await first.update(20)).toMatchObject({ priority: 20 });
    expect([priorityOf(0), priorityOf(1)]).toEqual([20, 10]);
  });

  test("that was made by a run that was killed is taken over, and the profile that made room moves on", async () => {
    const { provider, first, checked } = await members(10);
    const { id } = await provider.create(checked(1, 30));
    tenant.drift.changeProfile(first.id, { priority: 777 });
    tenant.drift.changeProfile(id, { priority: 10 });
    expect(await provider.create(checked(1, 10))).toMatchObject({ id });
    expect(await first.update(20)).toMatchObject({ priority: 20 });
  });
});

const bindToEmpty = () => {
  const bound = bindTo(tenant);
  return { ...bound, checked: (n: number, priority: number) => bound.provider.check(inputs(n, priority)).inputs };
};

describe("a priority that another profile holds", () => {
  test("is made free by moving that one to a number below all others, from which it goes on", async () => {
    const { first, second, progress } = await members(10, 20);
    second.compare(10);
    await first.update(20);
    expect(sent(tenant, "PATCH")).toEqual([
      [{ op: "replace", path: "/priority", value: 20 }],
      [{ op: "add", path: "/priority", value: 21 }],
      [{ op: "replace", path: "/priority", value: 20 }],
    ]);
    expect(progress).toEqual(['Identity profile "Profile 1" makes room with priority 21 until its own turn comes']);
    expect(priorities()).toEqual([20, 21]);
    expect(await second.update(10)).toMatchObject({ priority: 10 });
  });

  test("is explained after 5 s in which nothing was learned", async () => {
    const { first, second, waits } = await members(10, 20);
    const message = await failure(first.update(20));
    expect(message).toContain(`Priority 20 of identity profile "Profile 0" (${first.id}) is held by "Profile 1" (${second.id})`);
    expect(message).toContain("must be changed in the same run, without dependsOn between them; if they are, raise --parallel");
    expect(message).toContain("IDP_CONFLICT");
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBe(5000);
  });

  test("of a profile that is compared only after this one was changed stays there, and so does everything else", async () => {
    const { first, second } = await members(10, 20);
    first.compare(20);
    expect(await failure(first.update(20, { description: "x" }))).toContain("in the same run");
    second.compare(10);
    expect(await failure(second.update(10)), "who failed does not move any more").toContain(`is held by "Profile 0"`);
    expect(priorities()).toEqual([10, 20]);
    expect(stored(tenant, "Profile 0").description).toBeNull();
  });

  test("is waited for as long as others are compared", async () => {
    const { first, second, waits } = await members(10, 20);
    upon("GET", 4, () => void second.compare(10));
    expect(await first.update(20)).toMatchObject({ priority: 20 });
    expect(waits.length).toBeGreaterThan(0);
  });

  test("leaves a profile that does not get it where it was, and nothing else of the update done", async () => {
    const { first } = await members(10, 20);
    await failure(first.update(20, { description: "x" }));
    expect(priorities()).toEqual([10, 20]);
    expect(tenant.count({ method: "PATCH" }), "it is asked for once, and nobody is moved aside").toBe(1);
    expect(stored(tenant, "Profile 0").description).toBeNull();
  });

  test("is given up sooner when customTimeouts says so", async () => {
    const [first] = (await profiles(10, 20)) as [EngineResource];
    const before = kept(first);
    const started = performance.now();
    expect(await failure(first.up(inputs(0, 20, { timeouts: { update: "2s" } })))).toContain("is held by");
    expect(performance.now() - started).toBeLessThan(4000);
    expect(priorities()).toEqual([10, 20]);
    expect(first.state).toBe(before);
  });

  test("is taken at once when its holder has given it up in between", async () => {
    const { first, second, waits } = await members(10, 20);
    upon("GET", 2, () => tenant.drift.changeProfile(second.id, { priority: 90 }));
    expect(await first.update(20)).toMatchObject({ priority: 20 });
    expect(waits).toEqual([]);
    expect(tenant.count({ method: "PATCH" })).toBe(2);
  });

  test("is taken for reached when somebody else gave it to the profile in between", async () => {
    const { first, second } = await members(10, 20);
    upon("GET", 3, () => {
      tenant.drift.changeProfile(second.id, { priority: 90 });
      tenant.drift.changeProfile(first.id, { priority: 20 });
    });
    expect(await first.update(20)).toMatchObject({ priority: 20 });
    expect(tenant.count({ method: "PATCH" })).toBe(1);
  });

  test.each([
    [1, "after"],
    [1, "before"],
    [2, "after"],
    [2, "before"],
    [3, "after"],
    [3, "before"],
  ] as const)("is reached although an answer on the way is lost: request %i, %s it took effect", async (nth, when) => {
    const { first, second } = await members(10, 20);
    second.compare(10);
    tenant.faults.add({ method: "PATCH", skip: nth - 1, when, action: "drop" });
    expect(await first.update(20)).toMatchObject({ priority: 20 });
    expect(await second.update(10)).toMatchObject({ priority: 10 });
    expect(priorities()).toEqual([20, 10]);
  });

  test("is not waited for when something else stands in the way, which is explained", async () => {
    const { first, waits } = await members(10, 20);
    expect(await failure(first.update(20, { name: "Profile 1" }))).toMatch(
      /Identity profile "Profile 1" \([0-9a-f]{32}\) holds the name "Profile 1"/,
    );
    expect(waits).toEqual([]);
    expect(priorities()).toEqual([10, 20]);
  });

  test("does not hide a refusal of another kind", async () => {
    const { first, second } = await members(10, 20);
    second.compare(10);
    tenant.faults.add({ method: "PATCH", skip: 1, when: "before", action: { status: 403 } });
    expect(await failure(first.update(20))).toContain("IDP_FORBIDDEN");
    expect(priorities()).toEqual([10, 20]);
  });

  test("is not taken from a profile that keeps it, whatever state says it had", async () => {
    const { first, second } = await members(10, 30);
    tenant.drift.changeProfile(second.id, { priority: 20 });
    second.compare(20);
    expect(await failure(first.update(20))).toContain("is held by");
    expect(priorities()).toEqual([10, 20]);
  });
});

describe("a profile that made room and is not moved on", () => {
  /** Profile 1 has made room for profile 0 and cannot have what it wants. */
  async function stranded(rest: Props = {}) {
    const [first, second] = (await profiles(10, 20)) as [EngineResource, EngineResource];
    await second.preview(inputs(1, 30, rest));
    await first.up(inputs(0, 20));
    expect(priorityOf(1)).toBe(21);
    return { first, second };
  }

  test("because its own change fails is known to be there: the error's state says so, and the next up moves it on", async () => {
    const { second } = await stranded({ owner: { name: "Nobody" } });
    const { id } = kept(second);
    const message = await failure(second.up(inputs(1, 30, { owner: { name: "Nobody" } })));
    expect(message).toContain('There is no identity named "Nobody"');
    expect(message).toContain("What was done before is kept in state; the next `pulumi up` finishes the rest");
    expect(kept(second)).toMatchObject({ id, outputs: { priority: 21 }, initErrors: [message] });
    const warning = `Identity profile "Profile 1" (${id}) has priority 21 now; the next \`pulumi up\` gives it the one that is declared.`;
    await expect.poll(() => host.logs).toContainEqual(expect.objectContaining({ severity: "warning", message: warning }));
    expect(await second.up(inputs(1, 30))).toBe("update");
    expect(priorities()).toEqual([20, 30]);
  });

  test("is moved by the next up even if the program says again what it said before", async () => {
    const { first, second } = await stranded({ owner: { name: "Nobody" } });
    await failure(second.up(inputs(1, 30, { owner: { name: "Nobody" } })));
    await Promise.all([first.up(inputs(0, 10)), second.up(inputs(1, 20))]);
    await settled([first, second], [10, 20]);
  });

  test("because what it wants is kept by another one is known to be there", async () => {
    const { first, second, third, provider, checked } = await members(10, 20, 30);
    second.compare(30);
    await first.update(20);
    expect(third.state).toMatchObject({ priority: 30 });
    const outcome = await second.update(30).catch((error) => error);
    expect(outcome).toMatchObject({ name: "PartialError", id: second.id, state: { priority: 31 } });
    expect(outcome.message).toContain('is held by "Profile 2"');
    expect(await provider.update(second.id, outcome.state, checked(1, 40))).toMatchObject({ priority: 40 });
  });

  test("because the run was killed is moved on by the next one", async () => {
    const [first, second] = (await profiles(10, 20)) as [EngineResource, EngineResource];
    tenant.drift.changeProfile(kept(second).id, { priority: 777 });
    await Promise.all([first.up(inputs(0, 20)), second.up(inputs(1, 10))]);
    await settled([first, second], [20, 10]);
  });

  test("and whose change fails in the next run, too, is known to be there", async () => {
    const [, second] = (await profiles(10, 20)) as [EngineResource, EngineResource];
    tenant.drift.changeProfile(kept(second).id, { priority: 777 });
    await failure(second.up(inputs(1, 30, { owner: { name: "Nobody" } })));
    expect(kept(second).outputs).toMatchObject({ priority: 777 });
    expect(await second.up(inputs(1, 20))).toBe("update");
    expect(priorities()).toEqual([10, 20]);
  });

  test("is found by a refresh", async () => {
    const { second } = await stranded();
    expect(await second.refresh()).toBe("update");
    expect(kept(second).inputs).toMatchObject({ priority: 21 });
    expect(await second.preview(inputs(1, 20))).toMatchObject({ op: "update", changes: ["priority"] });
  });
});
