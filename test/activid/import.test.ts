import { describe, expect, test } from "vitest";
import type { ResourceProvider } from "../../provider/src/core/resource";
import type { Props } from "../harness/rpc";
import { bindTo, calls, failure, kept, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack("activid:UserImport", { switches: { importTickMs: 20, importPerTick: 2 } });

const user = (externalId: string, rest: Props = {}) => ({
  externalId,
  name: { givenName: "Ann", familyName: externalId },
  emails: [{ value: `${externalId}@example.org` }],
  ...rest,
});
const list = (...ids: string[]) => ({ users: ids.map((id) => user(id)), group: { value: "USG_FTEMP" } });
const outcomes = (state: Props) =>
  Object.fromEntries(Object.entries(state.results as Record<string, Props>).map(([id, { outcome }]) => [id, outcome]));
const imports = () => sent(tenant, "POST", /\.import$/);
const importedIds = () => imports().map(({ users }) => (users as Props[]).map(({ externalId }) => externalId));

/** On the tenant's clock with the vendor's own pace: a tick every 10 s. */
function slow() {
  Object.assign(tenant.switches, { importTickMs: 10_000, importPerTick: 1 });
  return bindTo(tenant, "UserImport");
}

/** A create that must fail: its message, and what the engine would keep. */
async function halfMade(provider: ResourceProvider, inputs: Props, patience = {}) {
  const error = (await provider.create(inputs, patience).catch((thrown) => thrown)) as Error & { id: string; state: Props };
  expect(error).toBeInstanceOf(Error);
  return error;
}

describe("an import", () => {
  test("is started once, polled to its end about as often as the server works on it, and tells what became of each user", async () => {
    tenant.load({ users: [{ id: "9", externalId: "b" }] });
    tenant.switches.importFails = ["d"];
    const { provider, waits, progress, warnings } = slow();
    const inputs = { ...list("a", "b", "c", "d"), authenticatorPolicy: { value: "AT_EXAMPLE" }, onFailure: "warn" };
    const { id, state } = await provider.create(inputs);
    expect(imports()).toEqual([
      { users: [user("a"), user("c"), user("d")], group: inputs.group, authenticatorPolicy: inputs.authenticatorPolicy },
    ]);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect([...new Set(progress)]).toEqual([
      "Import 700: queued",
      "Import 700: 1 of 3 users processed",
      "Import 700: 2 of 3 users processed",
    ]);
    expect(id).toBe("700");
    expect(state).toMatchObject({
      ...inputs,
      correlationId: "700",
      imported: 2,
      alreadyExisted: 1,
      failed: 1,
      results: {
        a: { outcome: "imported", id: stored(tenant, "a").id },
        b: { outcome: "alreadyExisted", id: "9" },
        c: { outcome: "imported", id: stored(tenant, "c").id },
        d: { outcome: "failed", reason: expect.stringContaining("look up import 700 in its audit log") },
      },
    });
    expect(warnings).toEqual([expect.stringContaining("1 of 4 users were not imported: d")]);
    expect(stored(tenant, "a")).toMatchObject({ group: "USG_FTEMP", authenticators: ["AT_EXAMPLE"] });
  });

  test("a second up sends nothing, whatever the order of the list", async () => {
    const { provider } = bindTo(tenant, "UserImport");
    const { state } = await provider.create(list("a", "b"));
    tenant.clearRequests();
    expect(provider.diff(state, list("a", "b"))).toMatchObject({ changes: false });
    expect(provider.diff(state, list("b", "a"))).toMatchObject({ changes: false });
    expect(provider.diff(state, list("a", "c"))).not.toHaveProperty("changes");
    expect(tenant.requests).toEqual([]);
  });

  test("imports nobody when all are there", async () => {
    tenant.load({ users: [{ id: "9", externalId: "a" }] });
    const { id, state } = await bindTo(tenant, "UserImport").provider.create(list("a"));
    expect([id, outcomes(state)]).toEqual(["import", { a: "alreadyExisted" }]);
    expect(imports()).toEqual([]);
  });

  test("is not taken in by wildcards", async () => {
    tenant.load({ users: [{ id: "9", externalId: "ab" }] });
    const { state } = await bindTo(tenant, "UserImport").provider.create(list("a*"));
    expect(outcomes(state)).toEqual({ "a*": "imported" });
  });

  test("waits behind other imports, and its patience is bounded: the next run goes on from there", async () => {
    const { provider, waits } = slow();
    tenant.switches.importTickMs = 3_600_000;
    const error = await halfMade(provider, list("a", "b"), { timeoutMs: 60_000 });
    expect(error.message).toContain("Import 700 has not ended yet (0 of 2 users processed)");
    expect(error.message).toContain("Raise customTimeouts");
    expect(waits.reduce((sum, ms) => sum + ms)).toBe(65_000);
    expect(outcomes(error.state)).toEqual({ a: "pending", b: "pending" });
    tenant.clock.advance(7_200_000);
    const state = await provider.update(error.id, error.state, list("a", "b"));
    expect(outcomes(state)).toEqual({ a: "imported", b: "imported" });
    expect(imports()).toHaveLength(1);
  });

  test("whose time is over keeps what it knows, and says how to go on", async () => {
    tenant.switches.importTickMs = 3_600_000;
    const { provider } = bindTo(tenant, "UserImport");
    const over = AbortSignal.abort();
    const started = await halfMade(provider, list("a"), { signal: over });
    expect(started.message).not.toContain("IDP_PARTIAL");
    const stopping = new AbortController();
    const stop = tenant.onRequest(({ record }) => record.path.endsWith("/700") && stopping.abort());
    const error = await halfMade(provider, list("a"), { signal: stopping.signal });
    stop();
    expect(error.message).toContain("The import was not finished when its time was over. Run again");
    expect(outcomes(error.state)).toEqual({ a: "pending" });
  });

  test("finds users that searches show late", async () => {
    tenant.switches.searchLagMs = 3000;
    const { state } = await slow().provider.create(list("a"));
    expect(outcomes(state)).toEqual({ a: "imported" });
  });

  test("that the server refuses leaves nothing in state", async () => {
    const resource = host.resource();
    expect(await failure(resource.up({ ...list("a"), group: { value: "USG_NONE" } }))).toContain("Group USG_NONE is unknown");
    expect(resource.state).toBeUndefined();
    expect(tenant.dump().users).toEqual([]);
  });
});

describe("users who fail", () => {
  test("make up fail, stay in state, and only they are tried again", async () => {
    tenant.switches.importFails = ["b"];
    const resource = host.resource();
    expect(await failure(resource.up(list("a", "b")))).toContain(
      "1 of 2 users were not imported: b. the server does not say why; look up import",
    );
    expect(outcomes(kept(resource).outputs)).toEqual({ a: "imported", b: "failed" });
    tenant.switches.importFails = [];
    expect(await resource.up(list("a", "b"))).toBe("update");
    expect(importedIds()).toEqual([["a", "b"], ["b"]]);
    expect(outcomes(kept(resource).outputs)).toEqual({ a: "imported", b: "imported" });
    expect(await resource.up(list("a", "b"))).toBe("same");
  }, 60_000);

  test("are all of them when the job fails as a whole", async () => {
    tenant.switches.importJobFails = true;
    const error = await halfMade(slow().provider, list("a", "b"));
    expect(error.message).toContain("import 700 failed as a whole");
    expect(outcomes(error.state)).toEqual({ a: "failed", b: "failed" });
  });
});

describe("an import whose start has no answer", () => {
  test.each(["drop", { status: 503 }] as const)("is found by its users and not started twice: %o", async (action) => {
    tenant.faults.add({ method: "POST", path: /import$/, when: "after", action });
    const { state } = await slow().provider.create(list("a", "b", "c"));
    expect(outcomes(state)).toEqual({ a: "imported", b: "imported", c: "imported" });
    expect(imports()).toHaveLength(1);
  });

  test("but made some of its users has arrived: who is missing has failed", async () => {
    tenant.switches.importFails = ["b"];
    tenant.faults.add({ method: "POST", path: /import$/, when: "after", action: "drop" });
    const error = await halfMade(slow().provider, list("a", "b"));
    expect(error.message).toContain("1 of 2 users were not imported: b");
    expect(outcomes(error.state)).toEqual({ a: "imported", b: "failed" });
  });

  test("and did not arrive is an error after a minute; the next run looks, then imports", async () => {
    tenant.faults.add({ method: "POST", path: /import$/, when: "before", action: "drop" });
    const { provider, waits } = slow();
    const error = await halfMade(provider, list("a"));
    expect(error.message).toContain("None of the users is there now. Run again");
    expect(waits).toHaveLength(6);
    expect(outcomes(error.state)).toEqual({ a: "pending" });
    expect(outcomes(await provider.update(error.id, error.state, list("a")))).toEqual({ a: "imported" });
    expect(tenant.dump().users).toHaveLength(1);
  });

  test("and arrived late: the next run counts its users as imported and imports nobody", async () => {
    tenant.faults.add({ method: "POST", path: /import$/, when: "after", action: "drop" });
    const { provider } = slow();
    tenant.switches.importTickMs = 600_000;
    const error = await halfMade(provider, list("a"));
    tenant.clock.advance(1_200_000);
    expect(outcomes(await provider.update(error.id, error.state, list("a")))).toEqual({ a: "imported" });
    expect(imports()).toHaveLength(1);
  });
});

describe("a job that the server lost", () => {
  test.each(["stuck", "notFound"] as const)("is noticed, and only who is missing is imported again: %s", async (lostJob) => {
    tenant.switches.lostJob = lostJob;
    const { provider, warnings } = slow();
    const stop = tenant.onRequest(({ record, phase }) => {
      if (phase === "received" && record.path.endsWith("/700") && tenant.dump().users.length === 1) tenant.drift.loseJobs();
    });
    const { state } = await provider.create(list("a", "b", "c"));
    stop();
    expect(importedIds()).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
    ]);
    expect(outcomes(state)).toEqual({ a: "imported", b: "imported", c: "imported" });
    expect(warnings).toEqual([expect.stringContaining("The server does not go on with import 700")]);
  });

  test("before it began is given up when the patience ends, and imported by the next run", async () => {
    const { provider } = slow();
    const stop = tenant.onRequest(({ record }) => void (record.path.endsWith("/700") && tenant.drift.loseJobs()));
    const error = await halfMade(provider, list("a"), { timeoutMs: 120_000 });
    stop();
    expect(outcomes(await provider.update(error.id, error.state, list("a")))).toEqual({ a: "imported" });
  });
});

describe("later runs", () => {
  test("after one that was killed find who is there and import only the rest", async () => {
    const { provider } = slow();
    const killed = new AbortController();
    const stop = tenant.onRequest(({ record }) => record.path.endsWith("/700") && killed.abort());
    // What it learned is gone with it, while the server works on.
    await halfMade(provider, list("a", "b"), { signal: killed.signal });
    stop();
    tenant.clock.advance(10_000);
    const { state } = await provider.create(list("a", "b"));
    // The first job made both: one before the second run looked, one while its own job waited behind it.
    expect(outcomes(state)).toEqual({ a: "alreadyExisted", b: "alreadyExisted" });
    expect(importedIds()).toEqual([["a", "b"], ["b"]]);
    expect(tenant.dump().users).toHaveLength(2);
  });

  test("import only users who were added to the list, and warn that edits change nobody", async () => {
    const { provider, warnings } = bindTo(tenant, "UserImport");
    const { id, state } = await provider.create(list("a", "b"));
    tenant.clearRequests();
    const inputs = { ...list("b", "c"), users: [user("b", { title: "Director" }), user("c")] };
    const next = await provider.update(id, state, inputs);
    expect(importedIds()).toEqual([["c"]]);
    expect(outcomes(next)).toEqual({ b: "imported", c: "imported" });
    expect(warnings).toEqual([
      "1 of the users were imported before with other values. An import changes nobody; manage them with ActivIdUser.",
    ]);
    expect(stored(tenant, "a")).toBeDefined();
    expect(stored(tenant, "b").title).toBeUndefined();
  });

  test("refresh asks nobody and reports nothing: an import happens once", async () => {
    const { provider } = bindTo(tenant, "UserImport");
    const { id, state } = await provider.create(list("a"));
    tenant.drift.removeUser(stored(tenant, "a").id);
    tenant.clearRequests();
    expect(await provider.read(id, state)).toEqual({ state, inputs: list("a") });
    expect(tenant.requests).toEqual([]);
  });
});

describe("deleting the resource", () => {
  test("leaves all users there and sends nothing", async () => {
    const { provider } = bindTo(tenant, "UserImport");
    const { id, state } = await provider.create(list("a"));
    tenant.clearRequests();
    await provider.delete(id, state);
    expect(calls(tenant)).toEqual([]);
    expect(stored(tenant, "a")).toBeDefined();
  });

  test("with onDelete deletes exactly those whom it made and who are still the same", async () => {
    tenant.load({ users: [{ id: "9", externalId: "old" }] });
    const { provider, warnings } = bindTo(tenant, "UserImport");
    const { id, state } = await provider.create({ ...list("old", "a", "b", "c", "d"), onDelete: "delete" });
    tenant.drift.changeUser(stored(tenant, "b").id, { externalId: "somebody else" });
    tenant.drift.removeUser(stored(tenant, "c").id);
    const next = await provider.update(id, state, { ...list("old", "a", "b", "c"), onDelete: "delete" });
    expect(tenant.dump().users.map(({ externalId }) => externalId)).toEqual(["old", "a", "somebody else"]);
    await provider.delete(id, next);
    expect(tenant.dump().users.map(({ externalId }) => externalId)).toEqual(["old", "somebody else"]);
    expect(warnings).toEqual([expect.stringContaining('its externalId is not "b" any more')]);
  });

  test("with onDelete keeps those who may have been made by somebody else meanwhile", async () => {
    const { provider, warnings } = slow();
    const stop = tenant.onRequest(({ record, phase }) => {
      if (phase === "received" && record.path.endsWith(".import")) tenant.load({ users: [{ id: "9", externalId: "b" }] });
    });
    const { id, state } = await provider.create({ ...list("a", "b"), onDelete: "delete" });
    stop();
    expect(state).toMatchObject({ results: { a: { outcome: "imported", reason: expect.stringContaining("1 of the users") } } });
    await provider.delete(id, state);
    expect(tenant.dump().users).toHaveLength(2);
    expect(warnings).toHaveLength(2);
  });

  test("in another tenant changes nothing", async () => {
    const { provider } = bindTo(tenant, "UserImport");
    const { id, state } = await provider.create({ ...list("a"), onDelete: "delete" });
    expect(await failure(provider.delete(id, { ...state, tenant: "0".repeat(16) }))).toContain("is in another tenant");
    expect(stored(tenant, "a")).toBeDefined();
  });
});

describe("check", () => {
  test.each<[string, Props, string]>([
    ["no users", { ...list(), users: [] }, "users"],
    ["no group", { users: [user("a")] }, "group"],
    ["the same user twice", list("a", "b", "a"), "users[2].externalId"],
    ["a group per user", { ...list("a"), users: [user("a", { groups: [{ value: "x" }] })] }, "users[0].groups"],
    ["no e-mail", { ...list("a"), users: [user("a", { emails: [] })] }, "users[0].emails"],
    ["a misspelt policy", { ...list("a"), authenticatorPolcy: { value: "x" } }, "authenticatorPolcy"],
  ])("names the place of %s", async (_what, inputs, property) => {
    expect((await host.check(undefined, inputs)).failures.map((fault) => fault.property)).toEqual([property]);
  });
});
