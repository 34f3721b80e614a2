import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const profile = ({ name = "Employees", source = "HR", options = "" } = {}) =>
  `new SailPointIdentityProfile("employees", { name: "${name}", authoritativeSource: { name: "${source}" }, priority: 20, ${options} });`;

test("renames and changes the source in place unless told otherwise", async () => {
  await using scene = await openScene(profile());
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const before = tenant.dump().profiles[0]?.id;
  scene.sent();

  await scene.write(profile({ name: "Staff", source: "Payroll" }));
  expect((await stack.up({ expect: 0 })).steps).toMatchObject([
    { op: "update", detailedDiff: { name: "update", "authoritativeSource.name": "update" } },
  ]);
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles/{id} 200", "GET /beta/sources 200", "PATCH /beta/identity-profiles/{id} 200"]);
  expect(tenant.dump().profiles).toMatchObject([{ id: before, name: "Staff", authoritativeSource: { name: "Payroll" } }]);
});

test("replaces when an immutable field changes, deleting first and waiting until the source is free", async () => {
  const byReplacement = `renameBy: "replace", changeSourceBy: "replace"`;
  await using scene = await openScene(profile({ options: byReplacement }), { taskDelayMs: 1500 });
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const [before] = tenant.dump().profiles;
  scene.sent();

  // The new profile needs the old one's source and priority, so it can only be made when the deletion is over.
  await scene.write(profile({ name: "Staff", options: byReplacement }));
  const preview = await stack.preview({ expect: 0 });
  expect(preview.steps.map(({ op }) => op)).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(preview.steps.at(-1)?.detailedDiff).toEqual({ name: "update" });
  const replaced = await stack.up({ expect: 0 });
  expect(replaced.steps.map(({ op }) => op)).toEqual(["delete-replaced", "replace", "create-replacement"]);
  expect(replaced.summary).toEqual({ create: 0, update: 0, delete: 0, replace: 1, same: 0 });
  const sent = scene.sent();
  expect(sent.slice(0, 2)).toEqual(["GET /beta/identity-profiles/{id} 200", "DELETE /beta/identity-profiles/{id} 202"]);
  expect(sent.slice(2, -3).every((line) => line === "GET /beta/task-status/{id} 200")).toBe(true);
  expect(sent.slice(-3)).toEqual(["GET /beta/identity-profiles/{id} 404", "GET /beta/sources 200", "POST /beta/identity-profiles 201"]);
  const [after] = tenant.dump().profiles;
  expect(tenant.dump().profiles).toMatchObject([{ name: "Staff", priority: 20, authoritativeSource: { name: "HR" } }]);
  expect(after?.id).not.toBe(before?.id);
  expect(await stack.resources()).toMatchObject([{ id: after?.id, outputs: { name: "Staff" } }]);

  tenant.drift.setIdentityCount(after?.id as string, 5);
  await scene.write(profile({ name: "Staff", source: "Payroll", options: byReplacement }));
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain(`Identity profile "Staff" (${after?.id}) is not deleted: 5 identities belong to it`);
  expect(refused.stdout).toContain("set forceDelete: true");
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles/{id} 200"]);
  expect(await stack.resources()).toMatchObject([{ id: after?.id, outputs: { authoritativeSource: { name: "HR" } } }]);

  tenant.drift.setIdentityCount(after?.id as string, 0);
  expect((await stack.up({ expect: 0 })).steps).toMatchObject([
    { op: "delete-replaced" },
    { op: "replace", detailedDiff: { "authoritativeSource.name": "update" } },
    { op: "create-replacement" },
  ]);
  expect(tenant.dump().profiles).toMatchObject([{ name: "Staff", authoritativeSource: { name: "Payroll" } }]);
});

test("a profile with identities is deleted only after an `up` with forceDelete", async () => {
  await using scene = await openScene(profile());
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const id = tenant.dump().profiles[0]?.id as string;
  tenant.drift.setIdentityCount(id, 3);

  const refused = await stack.destroy();
  expect(refused.code).not.toBe(0);
  expect(refused.diagnostics).toContainEqual(
    expect.objectContaining({
      severity: "error",
      message: expect.stringContaining(
        `Identity profile "Employees" (${id}) is not deleted: 3 identities belong to it. If they are to lose it, set forceDelete: true`,
      ),
    }),
  );
  expect(tenant.count({ method: "DELETE" })).toBe(0);
  expect(await stack.resources()).toMatchObject([{ id }]);

  await scene.write(profile({ options: "forceDelete: true" }));
  scene.sent();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles/{id} 200"]);
  await stack.destroy({ expect: 0 });
  expect(tenant.dump().profiles).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});
