import { join } from "node:path";
import { expect, test } from "vitest";
import { openScene } from "../pingone-direct-mapped-user/scene.js";

const CLI = join(import.meta.dirname, "../../../provider/bin/identity-as-code.js");
const user = (username: string, title: string) =>
  `new PingOneDirectMappedUser("${username}", { environmentId, username: "${username}", title: "${title}", name: { given: "X" }, password: "Winter-is-2026!" });`;

test("drift says who moved away from state, object by object and attribute by attribute, and writes nothing", async () => {
  await using scene = await openScene(["ada", "bob", "cyd", "dee"].map((name) => user(name, name)).join("\n"));
  const { stack, organization } = scene;
  const drift = (...args: string[]) => stack.tool(process.execPath, [CLI, "drift", "--stack", "dev", ...args]);
  await stack.up({ expect: 0 });
  expect(await drift()).toMatchObject({ code: 0, stdout: "Code, state and systems say the same.\n" });

  organization.drift.changeUser(String(scene.user("ada").id), { title: "by hand", nickname: "nobody's business" });
  organization.drift.removeUser(String(scene.user("bob").id));
  organization.drift.changeUser(String(scene.user("dee").id), { title: "by hand" });
  await scene.write([user("ada", "ada"), user("bob", "bob"), user("cyd", "new"), user("dee", "new"), user("eve", "eve")].join("\n"));
  organization.clearRequests();
  const before = await stack.export();
  const { code, stdout, stderr } = await drift("--json", "--unmanaged");
  expect(code, stderr).toBe(2);
  const { differences, unmanaged } = JSON.parse(stdout);
  const type = "pingone:DirectMappedUser";
  expect(differences).toEqual([
    { type, name: "ada", attribute: "title", code: "ada", state: "ada", tenant: "by hand", by: "tenant", change: "changed" },
    { type, name: "bob", by: "tenant", change: "removed" },
    { type, name: "cyd", attribute: "title", code: "new", state: "cyd", tenant: "cyd", by: "code", change: "changed" },
    { type, name: "dee", attribute: "title", code: "new", state: "dee", tenant: "by hand", by: "both", change: "changed" },
    { type, name: "eve", by: "code", change: "added" },
  ]);
  expect(unmanaged).toMatchObject([{ name: "g.hopper" }, { name: "k.johnson" }]);
  expect(unmanaged[0].command).toMatch(/^npx identity-as-code import pingone "g.hopper" --within [0-9a-f-]{36} --stack dev$/);
  expect(organization.requests.filter(({ method, path }) => method !== "GET" && !/search|token/.test(path))).toEqual([]);
  expect(await stack.export()).toEqual(before);

  const table = await drift("--markdown");
  // What others wrote stands in code, where a forge neither formats nor links nor calls anybody.
  expect(table.stdout).toContain(`| ${type} | \`ada\` | \`title\` | \`ada\` | \`ada\` | \`by hand\` | changed outside the program`);
  expect(table.stdout).not.toContain("Winter");
});
