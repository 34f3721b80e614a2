import { expect, test } from "vitest";
import { chance } from "../../harness/chance.js";
import { openScene, PARTNERS, type Scene } from "./scene.js";

const SEED_OF_CHANCE = 20_261_124;

const user = (name: string, inputs: string) => `new PingOneDirectMappedUser("${name}", { environmentId, ${inputs} });`;
const FIRST =
  user("ada", `username: "a.lovelace", name: { given: "Ada" }, customAttributes: { badgeNumber: "1815" }, password: "Winter-is-2026!"`) +
  user("charles", `username: "c.babbage", title: "Engineer"`) +
  user("mary", `username: "m.somerville"`);
/** An attribute of each kind, another name, and another population. */
const CHANGED =
  user(
    "ada",
    `username: "a.lovelace", name: { given: "Augusta" }, customAttributes: { badgeNumber: "1852" }, password: "Winter-is-2026!"`,
  ) +
  user("charles", `username: "charles", title: "Engineer"`) +
  user("mary", `username: "m.somerville", population: { id: "${PARTNERS}" }`);

interface KillPoint {
  method: "POST" | "PUT" | "DELETE";
  /** Which write of that method from now on, counted from 1. */
  nth: number;
  /** `received`: it has arrived and nothing was done yet; `applied`: everything was done and the answer has not left. */
  phase: "received" | "applied";
}

/** Kills the provider process at one write. Returns how often that happened. */
function killAt({ organization, stack }: Scene, { method, nth, phase }: KillPoint): () => number {
  let seen = 0;
  let kills = 0;
  const stop = organization.onRequest(async ({ record, phase: now }) => {
    if (now !== phase || record.method !== method || !/Users(\/[0-9a-f-]{36})?$/.test(record.path) || ++seen !== nth) return;
    stop();
    kills += 1;
    await stack.killProvider();
    // The request dies with its sender.
    if (phase === "received") organization.faults.add({ method, path: new RegExp(`${record.path}$`), when: "before", action: "drop" });
  });
  return () => kills;
}

/** State and organization hold the same three users, of which the organization has the newest last. */
async function expectAgreement({ organization, stack }: Scene): Promise<void> {
  const stored = await stack.resources();
  const state = stored.map(({ outputs }) => [outputs.userId, outputs.username, outputs.population.id]);
  const users = organization.dump().environments.flatMap((environment) => environment.users.slice(-3));
  expect(state.sort()).toEqual(users.map(({ id, attributes, populationId }) => [id, attributes.username, populationId]).sort());
  expect((await stack.export()).pending_operations).toEqual([]);
}

test("after a kill of the provider at any write, before and after it was applied, the next run converges", async ({ onTestFailed }) => {
  await using scene = await openScene(FIRST);
  const { stack, organization } = scene;
  const before = organization.dump();
  const random = chance(SEED_OF_CHANCE);
  const places: string[] = [];
  onTestFailed(() => console.log(`killed so far:\n${places.join("\n")}`));
  /** Runs a command twice, each time killed at a write, and once more to its end. */
  const converge = async (command: "up" | "destroy", method: KillPoint["method"]) => {
    for (const phase of ["received", "applied"] as const) {
      // The first kill leaves one write at least to the second.
      const nth = phase === "received" ? 1 + Math.floor(random() * 3) : 1;
      const kills = killAt(scene, { method, nth, phase });
      const { code } = await stack[command]();
      organization.faults.clear();
      places.push(`${method} ${nth} ${phase}`);
      expect({ failed: code !== 0, kills: kills() }).toEqual({ failed: true, kills: 1 });
    }
    return stack[command]({ expect: 0 });
  };

  const made = await converge("up", "POST");
  expect(made.diagnostics.map(({ message }) => message).join()).toContain("as an interrupted run leaves it; it is taken over");
  await expectAgreement(scene);
  expect(scene.user("a.lovelace")).toMatchObject({ name: { given: "Ada" }, badgeNumber: "1815" });

  await scene.write(CHANGED);
  await converge("up", "PUT");
  await expectAgreement(scene);
  expect(scene.user("a.lovelace")).toMatchObject({ name: { given: "Augusta" }, badgeNumber: "1852" });
  expect(scene.user("charles")).toMatchObject({ title: "Engineer" });
  expect(scene.user("m.somerville")).toMatchObject({ populationId: PARTNERS });
  organization.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toEqual({ create: 0, update: 0, delete: 0, replace: 0, same: 3 });
  expect(organization.requests).toEqual([]);

  await converge("destroy", "DELETE");
  expect(await stack.resources()).toEqual([]);
  expect(organization.dump()).toEqual(before);
});
