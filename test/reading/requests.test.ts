import { expect, test } from "vitest";
import { readAll, requestCount, StepClock, tenants } from "./tenants";

/** The most requests that a refresh may cost: of all of a tenant's 1,000 objects, and of 10 that are managed in a much larger one. */
const MOST: Record<string, { all: number; few: number }> = {
  sailpoint: { all: 8, few: 10 },
  // There are no pages, and a filter names the few that are asked for at the same moment.
  pingone: { all: 125, few: 10 },
  // One more than the ten objects: the question how many there are.
  activid: { all: 15, few: 11 },
  plainid: { all: 5, few: 10 },
};

test.each(Object.keys(tenants))(
  "a refresh of 1,000 objects of a %s tenant of 1,000 costs few requests",
  async (vendor) => {
    const tenant = await tenants[vendor]?.(1000, new StepClock());
    if (!tenant) throw new Error("no tenant");
    expect(await readAll(tenant, tenant.ids)).toEqual(tenant.ids.map(() => "0"));
    const requests = requestCount(tenant);
    console.log(JSON.stringify({ figure: "refresh of 1,000 of 1,000", vendor, requests }));
    expect(requests).toBeLessThanOrEqual(MOST[vendor]?.all ?? 0);
    await tenant.simulator.close();
  },
  60_000,
);

test.each(Object.keys(tenants).filter((vendor) => vendor !== "plainid"))(
  "a refresh of 10 objects of a %s tenant of many never reads the tenant",
  async (vendor) => {
    const tenant = await tenants[vendor]?.(5000, new StepClock());
    if (!tenant) throw new Error("no tenant");
    const managed = tenant.ids.filter((_, index) => index % 500 === 499);
    expect(await readAll(tenant, managed)).toEqual(managed.map(() => "0"));
    const requests = requestCount(tenant);
    console.log(JSON.stringify({ figure: "refresh of 10 of 5,000", vendor, requests }));
    expect(requests).toBeLessThanOrEqual(MOST[vendor]?.few ?? 0);
    await tenant.simulator.close();
  },
  60_000,
);
