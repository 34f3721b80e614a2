import { expect, test } from "vitest";
import { openScene } from "./scene.js";

test("customTimeouts bound a deletion, and the profile stays in state until it is gone", async () => {
  const profile = (timeouts: string) =>
    `new SailPointIdentityProfile("employees", { name: "Employees", authoritativeSource: { name: "HR" } }, { customTimeouts: ${timeouts} });`;
  await using scene = await openScene(profile(`{ delete: "10m" }`), { switches: { task: "never" } });
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  scene.sent();

  // New timeouts are learned without a change at the vendor.
  await scene.write(profile(`{ delete: "2s" }`));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles/{id} 200"]);

  const id = tenant.dump().profiles[0]?.id;
  const started = Date.now();
  const failed = await stack.destroy();
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toMatch(
    new RegExp(`Identity profile "Employees" \\(${id}\\) is still there \\d+ s after its deletion began \\(task [0-9a-f]{32}\\)`),
  );
  expect(failed.stdout).toContain("raise customTimeouts.delete");
  expect(Date.now() - started).toBeLessThan(20_000);
  expect(await stack.resources()).toMatchObject([{ id }]);

  tenant.switches.task = "success";
  await stack.destroy({ expect: 0 });
  expect(tenant.dump().profiles).toEqual([]);
  expect(await stack.resources()).toEqual([]);
});

test("a deletion that the vendor gives up fails in its words, and the profile stays in state", async () => {
  await using scene = await openScene(
    `new SailPointIdentityProfile("employees", { name: "Employees", authoritativeSource: { name: "HR" } });`,
    {
      switches: { task: "error" },
    },
  );
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const failed = await stack.destroy();
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toMatch(
    /Deleting identity profile "Employees" \([0-9a-f]{32}\) ended with ERROR: Identity profile \w+ could not be deleted/,
  );
  expect(await stack.resources()).toHaveLength(1);
  expect(tenant.dump().profiles).toHaveLength(1);
});

test("retainOnDelete forgets a profile, protect keeps it from destroy", async () => {
  const profile = (name: string, source: string, option: string) =>
    `new SailPointIdentityProfile("${name}", { name: "${name}", authoritativeSource: { name: "${source}" } }, { ${option}: true });`;
  const guarded = profile("guarded", "Payroll", "protect");
  await using scene = await openScene(profile("kept", "HR", "retainOnDelete") + guarded);
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });

  await scene.write(guarded);
  expect((await stack.up({ expect: 0 })).steps).toMatchObject([
    { op: "same", name: "guarded" },
    { op: "delete", name: "kept" },
  ]);
  const refused = await stack.destroy();
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain("is protected");
  expect(await stack.resources()).toMatchObject([{ name: "guarded" }]);
  expect(
    tenant
      .dump()
      .profiles.map(({ name }) => name)
      .sort(),
  ).toEqual(["guarded", "kept"]);
  expect(tenant.count({ method: "DELETE" })).toBe(0);
});

test("ignoreChanges leaves a property alone, down to one attribute of the mapping", async () => {
  const profile = (description: string, email: string, title: string) => `
    new SailPointIdentityProfile("employees", {
      name: "Employees",
      description: "${description}",
      authoritativeSource: { name: "HR" },
      identityAttributeConfig: {
        attributeTransforms: {
          email: accountAttribute({ sourceName: "HR", attributeName: "${email}" }),
          title: accountAttribute({ sourceName: "HR", attributeName: "${title}" }),
        },
      },
    }, { ignoreChanges: ["description", "identityAttributeConfig.attributeTransforms.email"] });`;
  await using scene = await openScene(profile("first", "mail", "title"));
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  await scene.write(profile("second", "workMail", "title"));
  tenant.clearRequests();
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);

  await scene.write(profile("second", "workMail", "login"));
  expect((await stack.up({ expect: 0 })).steps).toMatchObject([
    { op: "update", detailedDiff: { "identityAttributeConfig.attributeTransforms.title.attributeName": "update" } },
  ]);
  const [stored] = tenant.dump().profiles;
  const attributes = stored?.identityAttributeConfig.attributeTransforms.map(({ transformDefinition }) => transformDefinition.attributes);
  expect(stored?.description).toBe("first");
  expect(attributes).toMatchObject([{ attributeName: "mail" }, { attributeName: "login" }]);
});

test("a resource renamed in the program is the same profile with an alias, and a conflict that names the remedy without", async () => {
  const profile = (name: string, options = "") =>
    `new SailPointIdentityProfile("${name}", { name: "Employees", authoritativeSource: { name: "HR" } }, { ${options} });`;
  await using scene = await openScene(profile("employees"));
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  tenant.drift.setIdentityCount(tenant.dump().profiles[0]?.id as string, 7);
  const before = tenant.dump().profiles;

  await scene.write(profile("staff"));
  const failed = await stack.up();
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain("if only the resource's name in the program changed, declare the old one in aliases");

  await scene.write(profile("staff", `aliases: [{ name: "employees" }]`));
  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toEqual({ create: 0, update: 0, delete: 0, replace: 0, same: 1 });
  expect(tenant.requests).toEqual([]);
  expect(tenant.dump().profiles).toEqual(before);
  expect(await stack.resources()).toMatchObject([{ name: "staff", id: before[0]?.id }]);
});

test.each([
  ["found to be what an interrupted run leaves", ""],
  ["adopted", "adopt: true, "],
])("a resource renamed in the program without an alias keeps its profile, %s, though the old resource is removed", async (_how, adopt) => {
  const profile = (name: string, more = "") =>
    `new SailPointIdentityProfile("${name}", { ${more}name: "Employees", authoritativeSource: { name: "HR" } });`;
  await using scene = await openScene(profile("employees"));
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const before = tenant.dump().profiles;

  await scene.write(profile("staff", adopt));
  const { diagnostics } = await stack.up({ expect: 0 });
  expect(diagnostics.map(({ message }) => message).join()).toContain(
    "was taken over by another resource of this run, so it is not deleted",
  );
  expect(tenant.dump().profiles).toEqual(before);
  expect(await stack.resources()).toMatchObject([{ name: "staff", id: before[0]?.id }]);
  await stack.destroy({ expect: 0 });
  expect(tenant.dump().profiles).toEqual([]);
});

test("dependsOn orders creation and deletion, and program-wide transformations reach a profile", async () => {
  await using scene = await openScene(
    `pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ props: { ...props, description: "by transformation" }, opts }));
     const first = new SailPointIdentityProfile("first", { name: "First", authoritativeSource: { name: "HR" } });
     const second = new SailPointIdentityProfile("second", { name: "Second", authoritativeSource: { name: "Payroll" } }, { dependsOn: first });
     new SailPointIdentityProfile("third", { name: "Third", authoritativeSource: { name: "Vendors" } }, { dependsOn: second });`,
  );
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const created = tenant.dump().profiles;
  expect(created).toMatchObject(["First", "Second", "Third"].map((name) => ({ name, description: "by transformation" })));

  await stack.destroy({ expect: 0 });
  const deleted = tenant.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path.split("/").at(-1));
  expect(deleted).toEqual(created.map(({ id }) => id).reverse());
});
