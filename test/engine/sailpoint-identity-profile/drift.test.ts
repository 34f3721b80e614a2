import { expect, test } from "vitest";
import { BO, HR, openScene, VENDORS } from "./scene.js";

const profile = (description = "as declared") => `
new SailPointIdentityProfile("employees", {
  name: "Employees",
  description: "${description}",
  authoritativeSource: { name: "HR" },
  identityAttributeConfig: {
    attributeTransforms: {
      email: accountAttribute({ sourceName: "HR", attributeName: "mail" }),
      uid: accountAttribute({ sourceName: "HR", attributeName: "login" }),
    },
  },
});`;

test("sees a change made elsewhere, and the next `up` heals it", async () => {
  await using scene = await openScene(profile());
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const [declared] = tenant.dump().profiles;
  const id = declared?.id as string;
  tenant.drift.changeProfile(id, (stored) => {
    stored.description = "edited in the console";
    const [email] = stored.identityAttributeConfig.attributeTransforms;
    if (email?.transformDefinition.attributes) email.transformDefinition.attributes.attributeName = "workMail";
    stored.identityAttributeConfig.attributeTransforms.push({
      identityAttributeName: "title",
      transformDefinition: { type: "accountAttribute", attributes: { sourceName: "HR", attributeName: "title" } },
    });
  });

  const seen = await stack.refresh({ args: ["--preview-only", "--expect-no-changes"] });
  expect(seen.code).toBe(7);
  expect(seen.steps).toMatchObject([{ op: "update", failed: false }]);
  const planned = await stack.preview({ args: ["--refresh", "--expect-no-changes"] });
  expect(planned.code).toBe(7);
  expect(planned.steps.at(-1)).toMatchObject({
    op: "update",
    detailedDiff: {
      description: "update",
      "identityAttributeConfig.attributeTransforms.email.attributeName": "update",
      "identityAttributeConfig.attributeTransforms.title": "delete",
    },
  });
  expect(scene.sent().filter((line) => !line.startsWith("GET"))).toEqual(["POST /beta/identity-profiles 201"]);

  await stack.refresh({ expect: 0 });
  expect((await stack.resources())[0]?.inputs).toMatchObject({
    description: "edited in the console",
    identityAttributeConfig: {
      attributeTransforms: { email: { sourceName: "HR", attributeName: "workMail" }, title: { type: "accountAttribute" } },
    },
  });
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(tenant.dump().profiles).toMatchObject([
    { id, description: "as declared", identityAttributeConfig: declared?.identityAttributeConfig },
  ]);
});

test("sees a removal made elsewhere, and `up --refresh` creates the profile again", async () => {
  await using scene = await openScene(profile());
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  const id = tenant.dump().profiles[0]?.id as string;
  tenant.drift.removeProfile(id);

  const seen = await stack.refresh({ args: ["--preview-only", "--expect-no-changes"] });
  expect(seen).toMatchObject({ code: 7, steps: [{ op: "delete", failed: false }] });

  await scene.write(profile("changed meanwhile"));
  const failed = await stack.up();
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain(`Identity profile "Employees" (${id}) is gone from the tenant. Run \`pulumi up --refresh\``);

  expect((await stack.up({ args: ["--refresh"], expect: 0 })).summary).toMatchObject({ create: 1 });
  const [again] = tenant.dump().profiles;
  expect(again).toMatchObject({ name: "Employees", description: "changed meanwhile" });
  expect(await stack.resources()).toMatchObject([{ id: again?.id }]);
});

test("what the vendor adds by itself is no drift", async () => {
  await using scene = await openScene(
    `${profile()}
     new SailPointIdentityProfile("vendors", { name: "Vendors", owner: { name: "Bo Lindqvist" }, authoritativeSource: { name: "Vendors" } });`,
    { switches: { assignsOwner: true, enrichOnWrite: true, extraFields: true } },
  );
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  for (const { id } of tenant.dump().profiles) {
    tenant.drift.enrichMapping(id);
    tenant.drift.setIdentityCount(id, 12);
    tenant.drift.changeProfile(id, { identityRefreshRequired: false, hasTimeBasedAttr: true });
  }
  tenant.drift.renameSource(HR.id, "Human Resources");
  tenant.drift.renameSource(VENDORS.id, "Suppliers");
  tenant.drift.renameIdentity(BO.id, "Bo Svensson");
  scene.sent();

  const quiet = await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
  expect(quiet.summary).toMatchObject({ same: 2 });
  await stack.refresh({ expect: 0 });
  expect(await stack.resources()).toMatchObject([{ outputs: { identityCount: 12 } }, { outputs: { identityCount: 12 } }]);
  expect((await stack.up({ args: ["--expect-no-changes"], expect: 0 })).summary).toMatchObject({ same: 2, update: 0 });
  expect(scene.sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
});
