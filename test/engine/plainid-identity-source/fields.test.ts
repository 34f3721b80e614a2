import { expect, test } from "vitest";
import { ENV, openScene, source } from "./scene.js";

const ALLOWED = { "plainid:allowImport": "true" };
const FULL = `displayName: "HR", description: "all staff", sourceType: "EXTERNAL_INPUT", sourceMetaData: { paaGroupId: "PAAG1" }, onDelete: "restoreOriginalId"`;

test("imports what is there, goes from minimal to full and back, finishes a half-made object, sees a removal made elsewhere, replaces when an immutable field changes", async () => {
  await using scene = await openScene(["hr", "ldap"], source("hr", "hr"), ALLOWED);
  const { stack, tenant } = scene;
  const before = tenant.dump();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(scene.writes()).toEqual([]);
  expect(tenant.dump()).toEqual(before);

  await scene.write(source("hr", "hr_db", FULL));
  tenant.faults.add({ method: "PUT", when: "before", action: { status: 403 } });
  const half = await stack.up();
  expect(half.code).not.toBe(0);
  expect(half.stdout).toContain("the next `pulumi up` finishes the rest");
  expect(scene.writes()).toEqual(["PATCH 204", "PUT 403"]);
  const [kept] = await stack.resources();
  expect(kept).toMatchObject({ outputs: { sourceId: "hr_db", displayName: "made as hr" }, initErrors: [expect.any(String)] });
  expect(kept?.outputs.__provider).toBe(kept?.inputs.__provider);
  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.writes()).toEqual(["PUT 204"]);
  const full = {
    sourceId: "hr_db",
    displayName: "HR",
    description: "all staff",
    sourceType: "EXTERNAL_INPUT",
    sourceMetaData: { logoUrl: null, viewName: "hr", paaGroupId: "PAAG1" },
  };
  expect(scene.madeAs("hr")).toEqual(full);

  await scene.write(source("hr", "hr"));
  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.writes()).toEqual(["PATCH 204"]);
  expect(scene.madeAs("hr"), "what is no longer declared stays").toEqual({ ...full, sourceId: "hr" });
  expect((await stack.resources())[0]?.outputs.serverChosen).toEqual(["displayName", "description", "sourceType", "sourceMetaData"]);

  tenant.drift.removeSource(ENV, "User", "hr");
  await scene.write(source("hr", "hr", FULL));
  const again = await stack.up({ args: ["--refresh"], expect: 0 });
  expect(again.summary).toMatchObject({ create: 1 });
  expect(again.stdout).toContain('There is no identity source "hr" in the template');
  expect(scene.found()).toEqual({ ldap: "ldap", hr: "HR" });

  await scene.write(source("hr", "apps", 'identityTemplateId: "Target"'));
  const preview = await stack.preview({ args: ["--diff"], expect: 0 });
  expect(preview.summary).toMatchObject({ replace: 1 });
  expect(preview.stdout).toContain('~ identityTemplateId: "User" => "Target"');
  await stack.up({ expect: 0 });
  expect(await stack.resources()).toMatchObject([
    { id: `${ENV}/Target/apps`, outputs: { identityTemplateId: "Target", sourceId: "apps" } },
  ]);
  expect(scene.found()).toEqual({ ldap: "ldap", hr: "HR" });
});

test("accepts values unknown at preview, waits as told when throttled, and destroy leaves the tenant as it was", async () => {
  const restoring = (name: string, from: string, sourceId: string) => `
const ${name} = new PlainIdIdentitySource("${name}", { ...place, sourceId: ${sourceId}, adoptFrom: "${from}", onDelete: "restoreOriginalId" });`;
  await using scene = await openScene(
    ["a", "b"],
    restoring("one", "a", '"people"') +
      restoring("two", "b", 'pulumi.all([one.originalSourceId, one.displayName]).apply((words) => words.join("-").replaceAll(" ", "_"))'),
  );
  const { stack, tenant } = scene;
  const before = tenant.dump();
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 2 });
  expect(tenant.requests).toEqual([]);

  const WAIT_MS = 2000;
  tenant.faults.add({ method: "PATCH", when: "before", action: { retryAfter: WAIT_MS / 1000 } });
  tenant.faults.add({ method: "GET", path: /identity-sources/, skip: 3, when: "before", action: { retryAfter: WAIT_MS / 1000 } });
  await stack.up({ expect: 0 });
  expect(scene.found()).toEqual({ people: "a", "a-made_as_a": "b" });
  const refused = tenant.requests.flatMap(({ status, at }, index) => (status === 429 ? [{ at, index }] : []));
  expect(refused).toHaveLength(2);
  for (const { at, index } of refused) expect((tenant.requests[index + 1]?.at ?? 0) - at).toBeGreaterThanOrEqual(WAIT_MS - 5);
  expect(tenant.count({ method: "PATCH", status: 204 })).toBe(2);

  tenant.clearRequests();
  tenant.faults.add({ method: "PATCH", when: "before", action: { retryAfter: WAIT_MS / 1000 } });
  await stack.destroy({ expect: 0 });
  expect(tenant.count({ status: 429 })).toBe(1);
  expect(tenant.dump()).toEqual(before);
});
