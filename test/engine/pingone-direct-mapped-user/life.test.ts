import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { CLIENT_SECRET, ENV, openScene, PARTNERS } from "./scene.js";

const PASSWORD = "Winter-is-2026!-nobody-may-see";
const ada = (more = "") => `export const ada = new PingOneDirectMappedUser("ada", { environmentId, username: "a.lovelace", ${more} });`;
const full = `name: { given: "Ada", family: "Lovelace" }, customAttributes: { badgeNumber: "1815", devices: ["laptop"] }`;

test("a user's life: a second `up` changes nothing, it sees a change made elsewhere, sees a removal made elsewhere, and keeps a secret secret", async () => {
  await using scene = await openScene(ada(`${full}, password: "${PASSWORD}"`));
  const { stack, organization } = scene;
  const before = organization.dump();

  const results = [await stack.up({ expect: 0 })];
  expect(results[0]?.summary).toMatchObject({ create: 1 });
  expect(scene.sent()).toEqual(["POST users 201"]);
  expect(organization.dump().environments[0]?.users.at(-1)?.password).toBe(PASSWORD);
  const [stored] = await stack.resources();
  const { id } = scene.user("a.lovelace");
  // This key marks a secret in a state file; its text is encrypted although the program wrote the password in clear.
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: expect.any(String) };
  expect(stored).toMatchObject({ id: `${ENV}/${id}`, inputs: { password: secret }, outputs: { userId: id, region: "EU", enabled: true } });
  expect(stored?.outputs.password ?? secret).toEqual(secret);

  organization.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  await scene.write(ada(`${full}, password: "${PASSWORD}-2"`));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  expect(organization.requests).toEqual([]);

  await scene.write(ada(`${full.replace("1815", "1816")}, password: "${PASSWORD}-3"`));
  const preview = await stack.preview({ args: ["--diff"], expect: 0 });
  expect(preview.steps).toMatchObject([{ op: "update", detailedDiff: { "customAttributes.badgeNumber": "update" } }]);
  expect(Object.keys(preview.steps[0]?.detailedDiff ?? {})).toHaveLength(1);
  expect(preview.stdout).toContain('~ badgeNumber: "1815" => "1816"');
  organization.drift.changeUser(String(id), { costCenter: "4711" });
  results.push(preview, await stack.up({ expect: 0 }));
  expect(scene.user("a.lovelace")).toMatchObject({ badgeNumber: "1816", costCenter: "4711" });

  organization.drift.changeUser(String(id), { badgeNumber: "0", nickname: "by hand" });
  organization.drift.lock(String(id));
  results.push(await stack.refresh({ expect: 0 }));
  const drifted = await stack.preview({ args: ["--diff"], expect: 0 });
  expect(drifted.steps).toMatchObject([{ op: "update", detailedDiff: { "customAttributes.badgeNumber": "update" } }]);
  expect(Object.keys(drifted.steps[0]?.detailedDiff ?? {})).toHaveLength(1);
  results.push(drifted, await stack.up({ expect: 0 }));
  expect(scene.user("a.lovelace")).toMatchObject({ badgeNumber: "1816", nickname: "by hand" });
  expect(JSON.stringify(await stack.export())).not.toContain(PASSWORD);

  organization.drift.removeUser(String(id));
  await stack.refresh({ expect: 0 });
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  results.push(await stack.destroy({ expect: 0 }));
  expect(organization.dump()).toEqual(before);

  const dir = dirname(stack.project);
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules") && entry.name !== "index.ts");
  const texts = await Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, string]> => [name, await readFile(join(parentPath, name), "utf8")]),
  );
  texts.push(...results.map(({ stdout, stderr }, index): [string, string] => [`command ${index + 1}`, stdout + stderr]));
  const leaks = (word: string) => texts.filter(([, text]) => text.includes(word)).map(([file]) => file);
  expect(leaks(CLIENT_SECRET)).toEqual([]);
  // The SDK's own debug lines, which only an event log holds, show secret properties.
  expect(leaks(PASSWORD).filter((file) => !file.startsWith("events-"))).toEqual([]);
});

test("full ownership is said in the plan, and clears what others set; the next `up` finishes a half-made object", async () => {
  await using scene = await openScene(ada(`title: "Analyst"`));
  const { stack, organization } = scene;
  await stack.up({ expect: 0 });
  const id = String(scene.user("a.lovelace").id);
  organization.drift.changeUser(id, { costCenter: "4711" });

  await scene.write(ada(`title: "Analyst", ownership: "full"`));
  const preview = await stack.preview({ args: ["--diff"], expect: 0 });
  expect(preview.steps).toMatchObject([{ op: "update", detailedDiff: { ownership: "add" } }]);
  expect(preview.diagnostics.map(({ message }) => message).join()).toContain(
    "every attribute that the program does not declare is cleared",
  );
  await stack.up({ expect: 0 });
  expect(scene.user("a.lovelace")).not.toHaveProperty("costCenter");

  organization.switches.populationOnPut = "ignore";
  await scene.write(ada(`title: "Countess", population: { id: "${PARTNERS}" }, customAttributes: { badge: "1" }`));
  const half = await stack.up();
  expect(half.code).not.toBe(0);
  expect(half.stdout).toContain("these are not as declared: customAttributes.badge, population.id");
  const [kept] = await stack.resources();
  expect(kept?.initErrors).toHaveLength(1);
  expect(kept?.outputs).toMatchObject({ title: "Countess", __provider: kept?.inputs.__provider });

  organization.switches.populationOnPut = "move";
  await scene.write(ada(`title: "Countess", population: { id: "${PARTNERS}" }, customAttributes: { badgeNumber: "1" }`));
  await stack.up({ expect: 0 });
  expect(scene.user("a.lovelace")).toMatchObject({ title: "Countess", badgeNumber: "1", populationId: PARTNERS });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
});

test("after a kill of the provider the next `up` recognises the user; it accepts values unknown at preview, and looks an existing user up", async () => {
  await using scene = await openScene(ada(full));
  const { stack, organization } = scene;
  organization.faults.add({ method: "POST", path: /Users$/, when: "after", action: "hang" });
  const running = stack.start("up");
  await expect.poll(() => organization.dump().environments[0]?.users.length, { timeout: 30_000 }).toBe(3);
  await stack.killProvider();
  expect((await running.done).code).not.toBe(0);
  expect(await stack.resources()).toEqual([]);

  const again = await stack.up({ expect: 0 });
  expect(again.diagnostics.map(({ message }) => message).join()).toContain("as an interrupted run leaves it; it is taken over");
  expect(organization.dump().environments[0]?.users).toHaveLength(3);

  const grace = scene.user("g.hopper");
  await scene.write(`${ada(full)}
    new PingOneDirectMappedUser("twin", {
      environmentId,
      username: pulumi.interpolate\`twin.of.\${ada.username}\`,
      externalId: ada.userId,
      customAttributes: { costCenter: ada.created.apply(() => "1") },
    });
    const grace = PingOneDirectMappedUser.get("grace", "${ENV}/${grace.id}");
    export const family = grace.name.apply((name) => name?.family);`);
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 1 });
  await stack.up({ expect: 0 });
  expect(scene.user("twin.of.a.lovelace")).toMatchObject({ externalId: scene.user("a.lovelace").id, costCenter: "1" });
  await stack.destroy({ expect: 0 });
  expect(scene.user("g.hopper")).toEqual(grace);
});
