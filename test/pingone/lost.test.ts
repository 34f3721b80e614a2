import type { FaultRule } from "identity-simulators";
import { describe, expect, test } from "vitest";
import { bindTo, calls, count, MINIMAL, PARTNERS, startTenant, stored, up, useReset } from "./fixture";

const tenant = await startTenant();
useReset(tenant);

/** Every call that the resource makes. */
const CALLS: Record<string, Pick<FaultRule, "method" | "path">> = {
  token: { method: "POST", path: /\/as\/token$/ },
  create: { method: "POST", path: /Users$/ },
  search: { method: "POST", path: /\.search$/ },
  read: { method: "GET" },
  replace: { method: "PUT" },
  delete: { method: "DELETE" },
};
const gateway = { body: "<html>busy</html>", headers: { "content-type": "text/html" } };
const ANSWERS: Record<string, Pick<FaultRule, "when" | "action">> = {
  "cut off before it was done": { when: "before", action: "drop" },
  "cut off after it was done": { when: "after", action: "drop" },
  "500 after it was done": { when: "after", action: { status: 500 } },
  "502 of a gateway after it was done": { when: "after", action: { status: 502, ...gateway } },
};
const cases = Object.entries(CALLS).flatMap(([call, where]) =>
  Object.entries(ANSWERS).map(([what, how]) => [call, what, { ...where, ...how }] as const),
);
const FIRST = { ...MINIMAL, title: "Analyst", customAttributes: { badge: "1815" }, password: "Winter-1" };
const SECOND = { ...FIRST, title: "Countess", population: { id: PARTNERS }, customAttributes: { badge: "1852" } };

describe("a life in which one answer is lost converges, each write done once", () => {
  test.each(cases)("%s: %s", async (call, what, fault) => {
    // Every case asks for a token of its own.
    const { provider } = bindTo(tenant, { concurrency: String(10 + cases.findIndex(([, , rule]) => rule === fault)) });
    tenant.faults.add(fault);
    const create = () => up(provider, FIRST);
    // A create that did not arrive is an error, because another attempt might arrive as well.
    const first = await (call === "create" && what.includes("before") ? create().then(() => expect.fail(), create) : create());
    expect(stored(tenant)).toMatchObject({ attributes: { title: "Analyst", badge: "1815" }, password: "Winter-1" });

    const second = await up(provider, SECOND, first);
    expect(stored(tenant)).toMatchObject({ attributes: { title: "Countess", badge: "1852" }, populationId: PARTNERS });
    expect(second.state).toMatchObject({ title: "Countess", population: { id: PARTNERS } });
    expect((await provider.read(second.id, second.state))?.state).toEqual(second.state);
    tenant.clearRequests();
    expect(await up(provider, SECOND, second)).toEqual(second);
    expect(calls(tenant)).toEqual([]);
    expect(count(tenant)).toBe(1);

    await provider.delete(second.id, second.state);
    expect(count(tenant)).toBe(0);
    // The search as proof that a user is gone, and its loss.
    expect(await provider.read(second.id, { ...second.state, created: "2020-01-01T00:00:00Z" })).toBeUndefined();
    expect(tenant.faults.list()).toEqual([]);
  });
});

test("a create and the search for it may both lose their answers", async () => {
  const { provider } = bindTo(tenant);
  tenant.faults.add({ ...CALLS.create, when: "after", action: "drop" });
  tenant.faults.add({ ...CALLS.search, when: "after", action: { status: 502, ...gateway } });
  const { state } = await up(provider, FIRST);
  expect(state.userId).toBe(stored(tenant).id);
  expect(count(tenant)).toBe(1);
});

test.each(["POST", "PUT"])("a %s that is accepted without an answer to read is settled by looking", async (method) => {
  const { provider } = bindTo(tenant);
  tenant.faults.add({ method, path: /Users(\/[0-9a-f-]+)?$/, when: "after", action: { status: 200, body: "" } });
  const second = await up(provider, SECOND, await up(provider, FIRST));
  expect(second.state).toMatchObject({ userId: stored(tenant).id, title: "Countess" });
  expect(tenant.count({ method })).toBeGreaterThan(0);
  expect(tenant.faults.list()).toEqual([]);
  expect(count(tenant)).toBe(1);
});
