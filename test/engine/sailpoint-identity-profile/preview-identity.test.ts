import { join } from "node:path";
import { expect, test } from "vitest";
import { AMIRA, HR, openScene, SEED } from "./scene.js";

const CLI = join(import.meta.dirname, "../../../provider/bin/identity-as-code.js");
const accounts = { [HR.id]: { mail: "amira@example.com", workMail: "a.haddad@example.com" } };
const identities = [{ ...AMIRA, attributes: { email: "amira@example.com" }, accounts }];

/** Two profiles with a mapping of one attribute each: the identities of the first are processed, the second stands in a component and holds a secret. */
const program = (attributeName: string) => `
import { processSailPointIdentitiesOutput } from "pulumi-identity-as-code";
const mapping = (attributeName: pulumi.Input<string>, sourceName: string) => ({
  attributeTransforms: { email: accountAttribute({ sourceName, attributeName }) },
});
const employees = new SailPointIdentityProfile("employees", {
  name: "Employees",
  authoritativeSource: { name: "HR" },
  identityAttributeConfig: mapping("${attributeName}", "HR"),
});
export const processing = processSailPointIdentitiesOutput({ id: employees.id });
new SailPointIdentityProfile("secretive", {
  name: "Secretive",
  authoritativeSource: { name: "Payroll" },
  identityAttributeConfig: mapping(pulumi.secret("mail"), "Payroll"),
}, { parent: new pulumi.ComponentResource("test:Staff", "staff") });
`;

test("an identity is previewed with the mapping that the program declares, applied or not, and no preview acts", async () => {
  await using scene = await openScene(program("mail"), { seed: { ...SEED, identities } });
  const { stack, tenant } = scene;
  const preview = (resource: string, ...args: string[]) =>
    stack.tool(process.execPath, [CLI, "sailpoint", "preview-identity", resource, "--identity", "Amira Haddad", "--stack", "dev", ...args]);
  await stack.up({ expect: 0 });
  expect(scene.sent()).toContain("POST /beta/identity-profiles/{id}/process-identities 202");
  const before = tenant.dump();

  // Nothing changes, so only state says what is declared.
  const [applied, secretive] = await Promise.all([preview("employees"), preview("secretive")]);
  expect(applied, applied.stderr).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^attribute +computed +previous +error\nemail +amira@example.com +amira@example.com +–\n$/),
  });
  expect(secretive).toMatchObject({ code: 1, stderr: expect.stringContaining('The mapping of "secretive" holds a secret') });

  await scene.write(program("workMail"));
  const changed = await preview("employees", "--json");
  expect(JSON.parse(changed.stdout)).toEqual({
    identity: AMIRA,
    attributes: [{ name: "email", value: "a.haddad@example.com", previousValue: "amira@example.com", errors: [] }],
  });
  expect(tenant.dump()).toEqual(before);
  expect(scene.sent()).toEqual([
    ...["GET /beta/identities 200", "POST /beta/identity-profiles/identity-preview 200"],
    ...["GET /beta/identities 200", "POST /beta/identity-profiles/identity-preview 200"],
  ]);
});
