/**
 * The pack of examples/policy with the real engine. It is started by its file `run`, which every engine takes; a pack's folder is started by the
 * language host, and the one that the Go build has is too old for that. See docs/decisions/0007-policies.md.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openScene } from "./sailpoint-identity-profile/scene";

const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, "provider/bin/identity-as-code.js");
const PACK = join(ROOT, "examples/policy");
const page = await readFile(join(ROOT, "policy/README.md"), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);

/** The commands of the page that run the pack, by name: their options, with this pack in place of the reader's. */
const commands = Object.fromEntries(
  blocks("sh")
    .flatMap((block) => block.trim().split("\n"))
    .filter((command) => command.startsWith("pulumi "))
    .map((command) =>
      command
        .replace("--policy-pack policy", `--policy-pack ${join(PACK, "run")}`)
        .split(" ")
        .slice(1),
    )
    .map(([name = "", ...args]) => [name, args.filter((arg) => arg !== "--yes")]),
);

const GOOD = `
new SailPointIdentityProfile("employees", {
  name: "Employees",
  owner: { name: "Amira Haddad" },
  authoritativeSource: { name: "HR" },
  priority: 10,
  identityAttributeConfig: { attributeTransforms: { uid: accountAttribute({ sourceName: "HR", attributeName: "login" }) } },
}, { protect: true });
`;

/** What is said of the pull request: policy, resource, and the words of its violation. */
const VIOLATIONS = [
  ["enabled-production-mappings", "sailpoint:IdentityProfile: employees", "has `identityAttributeConfig.enabled: false`"],
  ["mail-domains", "pingone:DirectMappedUser: ada", 'has the e-mail address "a.lovelace@example.org"; allowed are example.com'],
  ["no-plain-secrets", "activid:User: maria", '`attributes.CARD_PIN` of ActivIdUser "maria" is not a secret'],
  ["no-plain-secrets", "pingone:DirectMappedUser: ada", "is the value of `scratch:initialPassword`"],
  ["no-plain-secrets", "pulumi:providers:pulumi-nodejs: default", "holds `scratch:initialPassword` in clear"],
  ["profile-owners", "sailpoint:IdentityProfile: employees", "has no `owner`"],
  [
    "protected-production-objects",
    "sailpoint:IdentityProfile: employees",
    '(connection "production") and its option `protect` is not true',
  ],
  ["unique-priorities", "sailpoint:IdentityProfile: ", "has priority 10, and so has"],
] as const;

test("the page shows the pack of the example", async () => {
  expect(blocks("ts")[0]).toBe(await readFile(join(PACK, "index.ts"), "utf8"));
  expect(blocks("yaml")).toEqual([await readFile(join(PACK, "PulumiPolicy.yaml"), "utf8")]);
});

test("a pull request that breaks the rules is refused, rule by rule, and one that keeps to them is applied", async () => {
  await using scene = await openScene(GOOD);
  const { stack, tenant } = scene;
  const configure = (config: string) => writeFile(join(stack.project, "policy.json"), config);

  await configure(blocks("json")[0] ?? "");
  await stack.up({ args: commands.up, expect: 0 });
  expect(tenant.dump().profiles).toMatchObject([{ name: "Employees", priority: 10 }]);
  tenant.clearRequests();

  await stack.write(await readFile(join(PACK, "bad-pull-request.ts"), "utf8"));
  await writeFile(join(stack.project, "Pulumi.dev.yaml"), "config: { scratch:initialPassword: Welcome-4711 }");
  const refused = await stack.preview({ args: commands.preview, expect: 1 });
  expect(violationsIn(refused.stdout)).toEqual(
    VIOLATIONS.map(([policy, resource, words]) => ({
      level: "mandatory",
      policy,
      resource: expect.stringContaining(resource),
      words: expect.stringContaining(words),
    })),
  );
  expect(refused.stdout).not.toContain("Welcome-4711");

  await configure('{ "all": "advisory", "no-plain-secrets": "disabled" }');
  const advised = await stack.preview({ args: [...(commands.preview ?? []), "--policy-pack-config", "policy.json"], expect: 0 });
  expect(violationsIn(advised.stdout).map(({ level, policy }) => [level, policy])).toEqual(
    VIOLATIONS.filter(([policy]) => policy !== "no-plain-secrets").map(([policy]) => ["advisory", policy]),
  );

  // What goes is not shown to policies: the employees are replaced, because they move to another connection.
  const deletes = await stack.tool(process.execPath, [CLI, "limit", "--stack", "dev", "--max-deletes", "0"]);
  expect(deletes).toMatchObject({ code: 2, stdout: expect.stringContaining('replace  sailpoint:IdentityProfile  "employees"') });
  expect(tenant.requests).toEqual([]);
});

/** The violations that the engine prints, in its order: level, policy and resource, then the policy's description and what it says. */
function violationsIn(output: string) {
  const [, policies = ""] = output.split("\nPolicies:\n");
  return [...policies.matchAll(/^ +- \[(\w+)\] +(\S+) +\((.+)\)\n.+\n +(.+)$/gm)].map(([, level, policy, resource, words]) => ({
    level,
    policy,
    resource,
    words,
  }));
}
