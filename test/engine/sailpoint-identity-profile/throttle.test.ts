import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const PROFILES = ["HR", "Payroll", "Vendors", "Campus"]
  .map((source) => `new SailPointIdentityProfile("${source}", { name: "${source}", authoritativeSource: { name: "${source}" } });`)
  .join("\n");

test("waits as told when throttled, with every call", async () => {
  await using scene = await openScene(PROFILES);
  const { stack, tenant } = scene;
  const WAIT_MS = 3000;
  tenant.faults.add({ method: "POST", path: /identity-profiles$/, when: "before", action: { retryAfter: WAIT_MS / 1000 } });

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 4 });
  const refused = tenant.requests.findIndex(({ status }) => status === 429);
  const refusedAt = tenant.requests[refused]?.at ?? 0;
  const later = tenant.requests.slice(refused + 1).map(({ at }) => at - refusedAt);
  // Calls that were on their way with the refused one arrive within a moment; everything else waits.
  expect(later.filter((afterMs) => afterMs > 1000 && afterMs < WAIT_MS - 5)).toEqual([]);
  expect(later.filter((afterMs) => afterMs >= WAIT_MS - 5).length).toBeGreaterThan(0);
  expect(tenant.count({ status: 429 })).toBe(1);
  expect(tenant.dump().profiles).toHaveLength(4);
});

test("a wait beyond the budget fails at once and names both, and the next `up` goes on", async () => {
  await using scene = await openScene(PROFILES, { config: { "sailpoint:maxWaitSeconds": "5" } });
  const { stack, tenant } = scene;
  tenant.faults.add({ method: "POST", path: /identity-profiles$/, skip: 1, when: "before", action: { retryAfter: 600 } });

  const started = Date.now();
  const failed = await stack.up();
  expect(Date.now() - started).toBeLessThan(30_000);
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain("the vendor asks to wait 600 s, more than the 5 s that maxWaitSeconds allows");

  expect((await stack.up({ expect: 0 })).code).toBe(0);
  expect(
    tenant
      .dump()
      .profiles.map(({ name }) => name)
      .sort(),
  ).toEqual(["Campus", "HR", "Payroll", "Vendors"]);
  expect(await stack.resources()).toHaveLength(4);
});
