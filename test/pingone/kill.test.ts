import { expect, test } from "vitest";
import { killAtEachRequest } from "../harness/kill";
import type { EngineResource } from "../harness/rpc";
import { count, kept, MINIMAL, PARTNERS, startHost, startTenant, stored } from "./fixture";

const FIRST = { ...MINIMAL, title: "Analyst", customAttributes: { badge: "1815" }, password: "Winter-1" };
const SECOND = { ...FIRST, title: "Countess", population: { id: PARTNERS }, customAttributes: { badge: "1852" } };

test("a process that is killed at any call of a user's life leaves nothing that the next run does not finish", {
  timeout: 300_000,
}, async () => {
  await using tenant = await startTenant();
  const there = (title: string, badge: string) => {
    expect(count(tenant)).toBe(1);
    expect(stored(tenant).attributes).toMatchObject({ title, badge });
  };
  const agrees = (user: EngineResource | undefined) => {
    const { outputs } = kept(user as EngineResource);
    expect(outputs).toMatchObject({ userId: stored(tenant).id, title: "Countess", customAttributes: { badge: "1852" } });
  };
  const killed = await killAtEachRequest({
    simulator: tenant,
    start: () => startHost(tenant),
    names: ["user"],
    seed: 20_261_124,
    begin() {
      tenant.load({ environments: tenant.dump().environments.map((environment) => ({ ...environment, users: [] })) });
      return [
        { run: ([user]) => user?.up(FIRST), check: () => there("Analyst", "1815") },
        {
          run: ([user]) => user?.up(SECOND),
          check([user]) {
            there("Countess", "1852");
            agrees(user);
          },
        },
        { run: ([user]) => user?.refresh(), check: ([user]) => agrees(user) },
        { run: ([user]) => user?.destroy(), check: () => expect(count(tenant)).toBe(0) },
      ];
    },
  });
  expect(killed).toEqual(["1 POST", "2 GET", "2 POST", "2 PUT", "3 GET", "3 POST", "4 DELETE", "4 GET", "4 POST"]);
});
