import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const WAIT_MS = 2000;

test("waits as told when throttled, with every call", async () => {
  const users = ["a", "b", "c", "d"].map((name) => `new PingOneDirectMappedUser("${name}", { environmentId, username: "${name}" });`);
  await using scene = await openScene(users.join("\n"));
  const { stack, organization } = scene;
  organization.faults.add({ method: "POST", path: /Users$/, when: "before", action: { retryAfter: WAIT_MS / 1000 } });

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 4 });
  const refused = organization.requests.findIndex(({ status }) => status === 429);
  const refusedAt = organization.requests[refused]?.at ?? 0;
  const later = organization.requests.slice(refused + 1).map(({ at }) => at - refusedAt);
  // Calls that were on their way with the refused one arrive within a moment; everything else waits.
  expect(later.filter((afterMs) => afterMs > 1000 && afterMs < WAIT_MS - 5)).toEqual([]);
  expect(later.filter((afterMs) => afterMs >= WAIT_MS - 5).length).toBeGreaterThan(0);
  // A refused create was not applied, so it alone may be sent again.
  expect(organization.count({ method: "POST", path: /Users$/ })).toBe(5);
  expect(organization.dump().environments[0]?.users).toHaveLength(6);
});
