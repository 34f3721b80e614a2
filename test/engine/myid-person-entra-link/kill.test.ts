import { expect, test } from "vitest";
import { ADA, ENTRA, GRACE, OTHER, openScene, type Scene } from "./scene.js";

/** Grace's link comes after Ada's, and goes before it, so that every run meets the same writes in the same order. */
const links = (ada: string, graceSlot: number) => `
const ada = new MyIdPersonEntraLink("ada", { person: { logonName: "ada" }, entraObjectId: "${ada}" });
new MyIdPersonEntraLink("grace", { person: { id: "${GRACE}" }, entraObjectId: "${ENTRA}", slot: ${graceSlot} }, { dependsOn: [ada] });`;

/** A write, and whether it is met before anything was done or when all was done and the answer has not left. */
type KillPoint = [person: string, value: string, phase: "received" | "applied"];

/** Runs a command whose provider process is killed at a write. */
async function killed({ stack, server }: Scene, command: "up" | "destroy", [person, value, phase]: KillPoint): Promise<void> {
  let met = false;
  const stop = server.onRequest(async ({ record: { method, path, body }, phase: now }) => {
    if (met || now !== phase || method !== "PATCH" || !path.endsWith(person)) return;
    if (!Object.values((body as { externalReferences: object }).externalReferences).includes(value)) return;
    met = true;
    await stack.killProvider();
    // The request dies with its sender.
    if (phase === "received") server.faults.add({ method, path: new RegExp(person), when: "before", action: "drop" });
  });
  expect((await stack[command]()).code).not.toBe(0);
  stop();
  expect(met).toBe(true);
  expect(server.faults.list()).toEqual([]);
}

test("after a kill of the provider before or after any write the next run goes on, and nothing is lost or left over", async () => {
  await using scene = await openScene(links(ENTRA, 1));
  const { stack, server } = scene;
  const before = server.dump();
  const references = () => [ADA, GRACE].map((id) => [scene.linked(id, "id1"), scene.linked(id, "id2"), scene.linked(id, "id3")]);
  const stored = async () => (await stack.resources()).map(({ id, outputs }) => [id, outputs.entraObjectId]);

  await killed(scene, "up", [ADA, ENTRA, "received"]);
  await killed(scene, "up", [ADA, ENTRA, "applied"]);
  expect(await stored()).toEqual([]);
  await stack.up({ expect: 0 });
  expect(references()).toEqual([
    [ENTRA, "badge-77", null],
    [ENTRA, null, null],
  ]);

  await scene.write(links(OTHER, 3));
  await killed(scene, "up", [ADA, OTHER, "received"]);
  await killed(scene, "up", [ADA, OTHER, "applied"]);
  await killed(scene, "up", [GRACE, "", "received"]);
  await killed(scene, "up", [GRACE, "", "applied"]);
  await killed(scene, "up", [GRACE, ENTRA, "applied"]);
  await stack.up({ expect: 0 });
  expect(references()).toEqual([
    [OTHER, "badge-77", null],
    [null, null, ENTRA],
  ]);
  expect(await stored()).toEqual([
    [`${ADA}/1`, OTHER],
    [`${GRACE}/3`, ENTRA],
  ]);
  expect((await stack.export()).pending_operations).toEqual([]);
  server.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 2 });
  expect(server.requests).toEqual([]);

  await killed(scene, "destroy", [GRACE, "", "received"]);
  await killed(scene, "destroy", [GRACE, "", "applied"]);
  await stack.destroy({ expect: 0 });
  expect(server.dump()).toEqual(before);
  expect(await stack.resources()).toEqual([]);
});
