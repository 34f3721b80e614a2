import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { providerSource } from "../../../provider/src/core/provider-source";
import { EMPLOYEES, ENV, openScene, PARTNERS } from "./scene.js";

const GRACE = { name: "grace", username: "g.hopper", id: "c3e3b0a4-7b0e-4f8e-9d53-0f5a1f8d2a01" };
const KATHERINE = { name: "katherine", username: "k.johnson", id: "c3e3b0a4-7b0e-4f8e-9d53-0f5a1f8d2a02" };
const NOBODY = "00000000-0000-4000-8000-000000000000";

const user = ({ name, username }: { name: string; username: string }, inputs = "") =>
  `new PingOneDirectMappedUser("${name}", { environmentId, username: "${username}", ${inputs} });`;

test("explains a conflict or a bad id, and imports by `adopt` and from a file", async () => {
  await using scene = await openScene(
    user({ name: "conflict", username: "G.Hopper" }) +
      user({ name: "nobody", username: "nobody" }, `adopt: { id: "${NOBODY}" }`) +
      user({ name: "nameless", username: "nobody" }, "adopt: true"),
  );
  const { stack, organization } = scene;
  const untouched = organization.dump();

  const failed = await stack.up({ args: ["--continue-on-error"] });
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain(
    `The username "G.Hopper" belongs to user ${GRACE.id} in population ${EMPLOYEES}. To take it over, set adopt: true`,
  );
  expect(failed.stdout).toContain(`There is no PingOne user ${NOBODY} in environment ${ENV} to adopt. Correct adopt.id`);
  expect(failed.stdout).toContain('There is no PingOne user with the username "nobody" in environment');
  await scene.write(`PingOneDirectMappedUser.get("there", "${GRACE.id}");`);
  const malformed = await stack.preview();
  expect(malformed.code).not.toBe(0);
  expect(malformed.stdout).toContain(`"${GRACE.id}" is not the id of a PingOne user. Write <environmentId>/<userId>`);
  expect(organization.dump()).toEqual(untouched);
  expect(await stack.resources()).toEqual([]);

  await scene.write(user(GRACE, `title: "Rear admiral", adopt: true`));
  scene.sent();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.sent()).toEqual(["POST users/.search 200", "PUT users/:id 200"]);
  expect(scene.user(GRACE.username)).toEqual({
    ...untouched.environments[0]?.users[0]?.attributes,
    ...{ title: "Rear admiral", id: GRACE.id, populationId: EMPLOYEES },
  });

  const __provider = providerSource("pingone:DirectMappedUser");
  const inputs = { __provider, environmentId: ENV, username: KATHERINE.username, name: { given: "Katherine" } };
  const outputs = { ...inputs, population: { id: PARTNERS }, serverChosen: ["population"], userId: KATHERINE.id, region: "EU" };
  const id = `${ENV}/${KATHERINE.id}`;
  const resource = { type: "pulumi-nodejs:dynamic/pingone:DirectMappedUser", name: KATHERINE.name, id, inputs, outputs };
  const file = join(stack.project, "import.json");
  await writeFile(file, JSON.stringify({ resources: [resource] }));
  await stack.pulumi(["import", "--file", file, "--generate-code=false", "--protect=false", "--yes", "--skip-preview"], { expect: 0 });

  // Once a user is taken over, the word has served its purpose.
  await scene.write(user(GRACE, `title: "Rear admiral"`) + user(KATHERINE, `name: { given: "Katherine" }`));
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(scene.sent()).toEqual([]);
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
  expect((await stack.resources()).map((stored) => stored.id).sort()).toEqual([`${ENV}/${GRACE.id}`, id]);
  expect(scene.user(KATHERINE.username)).toMatchObject(untouched.environments[0]?.users[1]?.attributes ?? {});
});
