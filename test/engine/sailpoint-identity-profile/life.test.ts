import { expect, test } from "vitest";
import { AMIRA, HR, openScene } from "./scene.js";

const MINIMAL = `new SailPointIdentityProfile("employees", { name: "Employees", authoritativeSource: { name: "HR" } });`;

const full = ({ email = "mail" } = {}) => `
new SailPointIdentityProfile("employees", {
  name: "Employees",
  description: "everybody on the payroll",
  owner: { name: "Amira Haddad" },
  priority: 40,
  authoritativeSource: { name: "HR" },
  identityAttributeConfig: {
    attributeTransforms: {
      uid: rule("Unique User Name"),
      email: accountAttribute({ sourceName: "HR", attributeName: "${email}" }),
      displayName: reference("Lower Case", accountAttribute({ sourceName: "HR", attributeName: "login" })),
    },
  },
});`;

test("creates with only the required fields, and a second `up` changes nothing and sends nothing", async () => {
  await using scene = await openScene(MINIMAL);
  const { stack, tenant } = scene;

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.sent()).toEqual(["GET /beta/sources 200", "POST /beta/identity-profiles 201"]);
  const [profile] = tenant.dump().profiles;
  expect(tenant.requests.at(-1)?.body).toEqual({ name: "Employees", authoritativeSource: { type: "SOURCE", id: HR.id } });
  expect(await stack.resources()).toMatchObject([
    {
      id: profile?.id,
      inputs: { name: "Employees", authoritativeSource: { name: "HR" } },
      outputs: {
        name: "Employees",
        authoritativeSource: { name: "HR", id: HR.id },
        priority: 10,
        serverChosen: ["priority"],
        identityCount: 0,
        tenant: "acme",
        created: profile?.created,
      },
    },
  ]);

  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toEqual({ create: 0, update: 0, delete: 0, replace: 0, same: 1 });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);
});

test("goes from minimal to full and back", async () => {
  await using scene = await openScene(MINIMAL);
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  scene.sent();

  await scene.write(full());
  const filled = await stack.up({ expect: 0 });
  expect(filled.steps).toMatchObject([
    { op: "update", detailedDiff: { description: "add", owner: "add", priority: "add", identityAttributeConfig: "add" } },
  ]);
  expect(scene.sent()).toEqual([
    "GET /beta/identity-profiles/{id} 200",
    "GET /beta/identities 200",
    "PATCH /beta/identity-profiles/{id} 200",
  ]);
  expect(tenant.dump().profiles).toMatchObject([
    {
      description: "everybody on the payroll",
      owner: { id: AMIRA.id },
      priority: 40,
      identityAttributeConfig: {
        enabled: true,
        // The engine sorts maps by key.
        attributeTransforms: [
          {
            identityAttributeName: "displayName",
            transformDefinition: {
              type: "reference",
              attributes: {
                id: "Lower Case",
                input: { type: "accountAttribute", attributes: { sourceName: "HR", attributeName: "login" } },
              },
            },
          },
          {
            identityAttributeName: "email",
            transformDefinition: { type: "accountAttribute", attributes: { sourceName: "HR", attributeName: "mail" } },
          },
          { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "Unique User Name" } } },
        ],
      },
    },
  ]);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });

  const mapped = tenant.dump().profiles[0]?.identityAttributeConfig;
  await scene.write(MINIMAL);
  const emptied = await stack.up({ expect: 0 });
  expect(emptied.steps).toMatchObject([
    { op: "update", detailedDiff: { description: "delete", owner: "delete", priority: "delete", identityAttributeConfig: "delete" } },
  ]);
  // Text and owner are taken away; priority and mapping stay as they are and are nobody's business any more.
  expect(tenant.dump().profiles).toMatchObject([{ description: null, owner: null, priority: 40, identityAttributeConfig: mapped }]);
  expect((await stack.resources())[0]?.outputs).not.toHaveProperty("identityAttributeConfig");

  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  expect(tenant.requests).toEqual([]);
});

test("a preview shows exactly what a program changes, and sends nothing", async () => {
  await using scene = await openScene(full());
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  tenant.clearRequests();

  await scene.write(full({ email: "workMail" }));
  const preview = await stack.preview({ args: ["--diff"], expect: 0 });
  expect(preview.steps).toMatchObject([
    { op: "update", detailedDiff: { "identityAttributeConfig.attributeTransforms.email.attributeName": "update" } },
  ]);
  expect(Object.keys(preview.steps[0]?.detailedDiff ?? {})).toHaveLength(1);
  const changedLines = preview.stdout.split("\n").filter((line) => /^\s*[~+-] \w+:/.test(line));
  expect(changedLines.map((line) => line.trim())).toEqual([
    "~ identityAttributeConfig: {",
    "~ attributeTransforms: {",
    "~ email: {",
    '~ attributeName: "mail" => "workMail"',
  ]);
  expect(tenant.requests).toEqual([]);
});
