import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HR, openScene, SEED } from "./scene.js";

const THERE = {
  id: "e".repeat(32),
  name: "Employees",
  description: "made in the console",
  priority: 30,
  authoritativeSource: { id: HR.id },
  identityCount: 812,
};
const seed = { ...SEED, profiles: [THERE] };

const profile = (options = "") =>
  `new SailPointIdentityProfile("employees", { name: "Employees", description: "as declared", authoritativeSource: { name: "HR" }, ${options} });`;

test("imports by `adopt`, says so before, refuses what differs, and explains a conflict or a bad id", async () => {
  await using scene = await openScene(profile(), { seed });
  const { stack, tenant } = scene;
  const untouched = tenant.dump().profiles;

  const conflict = await stack.up();
  expect(conflict.code).not.toBe(0);
  expect(conflict.stdout).toContain(`Identity profile "Employees" (${THERE.id}) holds the name "Employees" and the source HR`);
  expect(conflict.stdout).toContain("To take an existing profile over, set adopt: true or adopt: { id }");

  await scene.write(profile(`adopt: { id: "${"9".repeat(32)}" }`));
  const unknown = await stack.up();
  expect(unknown.code).not.toBe(0);
  expect(unknown.stdout).toContain(`There is no identity profile ${"9".repeat(32)} to adopt. Correct adopt.id`);

  await scene.write(profile("adopt: { name: 'Employees' }"));
  const malformed = await stack.preview();
  expect(malformed.code).not.toBe(0);
  expect(malformed.stdout).toContain('unknown property "name"; allowed: id, by, mode');
  expect(tenant.dump().profiles).toEqual(untouched);
  expect(await stack.resources()).toEqual([]);

  scene.sent();
  const notes = ({ diagnostics }: { diagnostics: { severity: string; message: string }[] }) =>
    diagnostics.flatMap(({ severity, message }) => (message.includes("akes over") ? [[severity, message.trim()]] : []));
  const takes = 'Takes over the existing identity profile named "Employees"';
  await scene.write(profile('adopt: { mode: "match" }'));
  const previewed = await stack.preview({ expect: 0 });
  expect(notes(previewed)).toEqual([["info", `${takes} and changes nothing: it fails if anything differs from what is declared.`]]);
  expect(previewed.stdout).toContain(takes);
  expect(scene.sent()).toEqual([]);
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain('description: there "made in the console", declared "as declared". Nothing was changed');
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles 200", "GET /beta/sources 200"]);
  expect(await stack.resources()).toEqual([]);

  await scene.write(profile("adopt: true"));
  const adopted = await stack.up({ expect: 0 });
  expect(adopted.summary).toMatchObject({ create: 1 });
  expect(notes(adopted)).toEqual([["info", `${takes} and brings it to what is declared.`]]);
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles 200", "GET /beta/sources 200", "PATCH /beta/identity-profiles/{id} 200"]);
  expect(tenant.requests.at(-1)?.body).toEqual([{ op: "replace", path: "/description", value: "as declared" }]);
  expect(await stack.resources()).toMatchObject([{ id: THERE.id, outputs: { priority: 30, identityCount: 812 } }]);

  // Once the profile is taken over, the word has served its purpose: it may stay, or go.
  tenant.clearRequests();
  expect(notes(await stack.preview({ args: ["--expect-no-changes"], expect: 0 }))).toEqual([]);
  await scene.write(profile());
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);
});

test("says what to use instead of the option `import`", async () => {
  await using scene = await openScene(
    `new SailPointIdentityProfile("employees", { name: "Employees", authoritativeSource: { name: "HR" } }, { import: "${THERE.id}" } as any);`,
    { seed },
  );
  const refused = await scene.stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain(
    '"employees" cannot use the option "import": the engine does not support it for dynamic providers. Run `npx identity-as-code import`, or set "adopt" in its arguments, instead.',
  );
  expect(scene.tenant.requests).toEqual([]);
});

test("imports from a file that holds inputs and outputs", async () => {
  await using scene = await openScene(profile("priority: 30"), { seed: { ...seed, profiles: [{ ...THERE, description: "as declared" }] } });
  const { stack, tenant } = scene;
  const __provider = `exports.handler=()=>require(require.resolve("pulumi-identity-as-code/dynamic",{paths:[process.cwd()]})).handler("sailpoint:IdentityProfile")`;
  const inputs = { __provider, name: "Employees", description: "as declared", priority: 30, authoritativeSource: { name: "HR" } };
  const outputs = { ...inputs, authoritativeSource: { name: "HR", id: HR.id }, tenant: "acme" };
  const file = join(stack.project, "import.json");
  const resource = { type: "pulumi-nodejs:dynamic/sailpoint:IdentityProfile", name: "employees", id: THERE.id, inputs, outputs };
  await writeFile(file, JSON.stringify({ resources: [resource] }));

  await stack.pulumi(["import", "--file", file, "--generate-code=false", "--protect=false", "--yes", "--skip-preview"], { expect: 0 });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
  expect(await stack.resources()).toMatchObject([{ id: THERE.id, outputs }]);
});

test("`get` looks a profile up for others to use, and neither refresh nor destroy touches it", async () => {
  await using scene = await openScene(
    `const there = SailPointIdentityProfile.get("there", "${THERE.id}");
     new SailPointIdentityProfile("vendors", {
       name: pulumi.interpolate\`Vendors beside \${there.name}\`,
       priority: there.priority.apply((priority) => priority + 1),
       authoritativeSource: { name: "Vendors" },
     });`,
    { seed },
  );
  const { stack, tenant } = scene;
  const [untouched] = tenant.dump().profiles;

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(tenant.dump().profiles).toMatchObject([{ id: THERE.id }, { name: "Vendors beside Employees", priority: 31 }]);
  expect(await stack.resources()).toContainEqual(
    expect.objectContaining({ name: "there", id: THERE.id, external: true, outputs: expect.not.objectContaining({ identityCount: 812 }) }),
  );

  tenant.drift.setIdentityCount(THERE.id, 813);
  scene.sent();
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
  expect((await stack.up({ args: ["--expect-no-changes"], expect: 0 })).summary).toMatchObject({ create: 0, update: 0, same: 1 });
  expect(scene.sent().filter((line) => !line.startsWith("GET"))).toEqual([]);

  await stack.destroy({ expect: 0 });
  expect(tenant.dump().profiles).toMatchObject([{ id: THERE.id, description: untouched?.description }]);
  expect(tenant.count({ method: "DELETE" })).toBe(1);
});

test("`get` of a profile that is not there fails and names the id", async () => {
  await using scene = await openScene(`SailPointIdentityProfile.get("there", "${THERE.id}");`);
  const failed = await scene.stack.preview();
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain(`There is no sailpoint:IdentityProfile ${THERE.id} to look up. Correct the id`);
});
