import { expect, test } from "vitest";
import { ENV, openScene, source } from "./scene.js";

const adopted = source("hr", "hr_db", `adoptFrom: "ds_users"`);

test("creates with only the required fields by taking a source over, sees a change made elsewhere and heals it, and destroy forgets it", async () => {
  await using scene = await openScene(["ds_users", "ldap"], adopted);
  const { stack, tenant } = scene;

  await stack.preview({ expect: 0 });
  expect(tenant.requests).toEqual([]);
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.found()).toEqual({ hr_db: "ds_users", ldap: "ldap" });
  expect(await stack.resources()).toMatchObject([
    {
      id: `${ENV}/User/ds_users`,
      inputs: { sourceId: "hr_db" },
      outputs: { sourceId: "hr_db", originalSourceId: "ds_users", displayName: "made as ds_users" },
    },
  ]);
  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  expect(tenant.requests).toEqual([]);

  await scene.write(source("hr", "people", `adoptFrom: "ds_users"`));
  const preview = await stack.preview({ args: ["--diff"], expect: 0 });
  expect(preview.steps).toMatchObject([{ op: "update", detailedDiff: { sourceId: "update" } }]);
  expect(preview.stdout).toContain('~ sourceId: "hr_db" => "people"');
  expect(tenant.requests).toEqual([]);
  await stack.up({ expect: 0 });
  expect(scene.found()).toEqual({ people: "ds_users", ldap: "ldap" });

  // A source that was renamed elsewhere is not made anew: the message says what there is, and the program where it is.
  tenant.drift.renameSource(ENV, "User", "people", "staff");
  const lost = await stack.up({ args: ["--refresh"] });
  expect(lost.code).not.toBe(0);
  expect(lost.stdout).toContain("there are: REQUEST_INPUT, REQUEST_MAPPERS, staff, ldap");
  await scene.write(source("hr", "people", `adoptFrom: "staff"`));
  await stack.up({ expect: 0 });
  expect(scene.found()).toEqual({ people: "ds_users", ldap: "ldap" });

  await stack.destroy({ expect: 0 });
  expect(scene.found()).toEqual({ people: "ds_users", ldap: "ldap" });
  expect(await stack.resources()).toEqual([]);
});

test("keeps a secret secret: not in state, output, or any address", async () => {
  await using scene = await openScene(["ds_users"], adopted);
  const { stack, tenant } = scene;
  const done = await stack.up({ args: ["--logtostderr", "-v=9"], expect: 0 });
  const secret = tenant.credentials.clientSecret;
  expect(done.stdout).not.toContain(secret);
  expect(JSON.stringify(await stack.export())).not.toContain(secret);
  for (const { path, query } of tenant.requests) expect(JSON.stringify([path, query])).not.toContain(secret);

  const wrong = await stack.refresh({ env: { PLAINID_CLIENT_SECRET: "not-the-secret" } });
  expect(wrong.code).not.toBe(0);
  expect(wrong.stdout).toContain("Check plainid:clientId (PLAINID_CLIENT_ID)");
  expect(wrong.stdout).not.toContain("not-the-secret");
  expect(await stack.resources()).toHaveLength(1);
});

test("explains a conflict or a bad id: two resources that claim one source fail in a preview already", async () => {
  await using scene = await openScene(["a", "b"], `${source("one", "a")} ${source("two", "a")}`);
  const { stack, tenant } = scene;
  const refused = await stack.preview();
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain('"two" and "one" both have sourceId "a" in identity template "User"');
  expect(tenant.requests).toEqual([]);

  await scene.write(`${source("one", "a", 'adoptFrom: "b"')} ${source("two", "c", 'adoptFrom: pulumi.output("b")')}`);
  const again = await stack.up();
  expect(again.code).not.toBe(0);
  expect(again.stdout + again.stderr).toContain('both have adoptFrom "b"');
});
