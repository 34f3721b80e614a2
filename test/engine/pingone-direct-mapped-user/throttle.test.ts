import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const WAIT_MS = 2000;

test("waits as told when throttled, with every call", async () => {
  const users = ["a", "b", "c", "d", "e", "f", "g", "h"].map(
    (name) => `new PingOneDirectMappedUser("${name}", { environmentId, username: "${name}" });`,
  );
  // Two at a time, so that some have not begun when the first is refused.
  await using scene = await openScene(users.join("\n"), { config: { "pingone:concurrency": "2" } });
  const { stack, organization } = scene;
  organization.faults.add({ method: "POST", path: /Users$/, when: "before", action: { retryAfter: WAIT_MS / 1000 } });

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 8 });
  const refused = organization.requests.findIndex(({ status }) => status === 429);
  const refusedAt = organization.requests[refused]?.at ?? 0;
  const later = organization.requests.slice(refused + 1).map(({ at }) => at - refusedAt);
  // Whatever was on its way with the refused one, or followed before its answer was there, arrives at once; everything else waits.
  const early = later.filter((afterMs) => afterMs < WAIT_MS - 5);
  expect(early.length).toBeLessThanOrEqual(2);
  expect(early.filter((afterMs) => afterMs > 1000)).toEqual([]);
  // A refused create was not applied, so it alone may be sent again.
  expect(organization.count({ method: "POST", path: /Users$/ })).toBe(9);
  expect(organization.dump().environments[0]?.users).toHaveLength(10);
});
