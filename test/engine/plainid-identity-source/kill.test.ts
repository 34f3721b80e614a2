import { expect, test } from "vitest";
import { openScene, type Scene } from "./scene.js";

/** Two sources that bear each other's ids, and then one that makes room for the other; each gets a name on the way. */
const program = (one: string, two: string, title: string) =>
  [
    ["one", one, "a"],
    ["two", two, "b"],
  ]
    .map(
      ([name, sourceId, from]) =>
        `new PlainIdIdentitySource("${name}", { ...place, sourceId: "${sourceId}", adoptFrom: "${from}", displayName: "${title} ${name}", onDelete: "restoreOriginalId" });`,
    )
    .join("\n");

/** Runs a command whose provider is killed at a write: before that is applied, or after. */
async function killed(
  { stack, tenant }: Scene,
  command: "up" | "destroy",
  method: "PATCH" | "PUT",
  nth: number,
  phase: "received" | "applied",
) {
  let seen = 0;
  const stop = tenant.onRequest(async ({ record, phase: now }) => {
    if (now !== phase || record.method !== method || ++seen !== nth) return;
    await stack.killProvider();
    // The request dies with its sender.
    if (phase === "received") tenant.faults.add({ method, when: "before", action: "drop" });
  });
  const { code } = await stack[command]();
  stop();
  tenant.faults.clear();
  expect(seen).toBeGreaterThanOrEqual(nth);
  expect(code).not.toBe(0);
}

test("after a kill of the provider before or after any kind of write in create, update and delete, the next run ends right", async () => {
  await using scene = await openScene(["a", "b"], program("b", "a", "First"), { "plainid:allowImport": "true" });
  const { stack } = scene;
  const ids = () => [scene.madeAs("a"), scene.madeAs("b")].map(({ sourceId, displayName }) => `${sourceId}: ${displayName}`);

  await killed(scene, "up", "PATCH", 3, "applied");
  await killed(scene, "up", "PUT", 1, "received");
  await stack.up({ expect: 0 });
  expect(ids()).toEqual(["b: First one", "a: First two"]);

  await scene.write(program("c", "b", "Second"));
  await killed(scene, "up", "PATCH", 1, "received");
  await killed(scene, "up", "PUT", 1, "applied");
  await stack.up({ expect: 0 });
  expect(ids()).toEqual(["c: Second one", "b: Second two"]);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });

  await killed(scene, "destroy", "PATCH", 1, "received");
  await killed(scene, "destroy", "PATCH", 1, "applied");
  await stack.destroy({ expect: 0 });
  expect(ids()).toEqual(["a: Second one", "b: Second two"]);
  expect(await stack.resources()).toEqual([]);
});
