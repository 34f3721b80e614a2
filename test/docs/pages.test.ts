import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { httpSettings } from "../../provider/src/core/config";
import { definitions } from "../../provider/src/definitions";
import { blocksOf, commandsOf, ROOT } from "../engine/page";

/** What reads a page's commands and programs and runs them. */
const RUN_BY: Record<string, string> = {
  "README.md": "test/engine/readme.test.ts",
  "examples/promotion/README.md": "test/engine/promotion.test.ts",
  "docs/getting-started/README.md": "test/engine/getting-started.test.ts",
  ...Object.fromEntries(
    ["sailpoint", "plainid", "pingone", "activid", "myid"].map((vendor) => [
      `docs/getting-started/${vendor}.md`,
      "test/engine/getting-started.test.ts",
    ]),
  ),
  "docs/operating.md": "test/engine/getting-started.test.ts",
  "docs/new-resource.md": "test/docs/new-resource.test.ts",
  "test/simulators/README.md": "test/docs/programs.test.ts",
  "policy/README.md": "test/engine/policy.test.ts",
  ...Object.fromEntries(globSync("docs/resources/*.md", { cwd: ROOT }).map((page) => [page, "test/docs/programs.test.ts"])),
};
const pages = globSync(["*.md", "{docs,examples}/**/*.md", "{provider,policy,test/simulators}/*.md"], {
  cwd: ROOT,
  exclude: (name) => name === "node_modules",
});

test("every page with a command or a program has a test that runs it", async () => {
  const withCode: string[] = [];
  for (const page of pages) {
    // What imports nothing is no program, but the signature of a function.
    const programs = (await blocksOf(page, "ts")).filter((block) => block.includes("import "));
    if (programs.length + (await blocksOf(page, "sh")).length > 0) withCode.push(page);
  }
  expect(withCode.sort()).toEqual(Object.keys(RUN_BY).sort());
});

test.each(Object.entries(RUN_BY))("%s is read by %s", (page, file) => {
  const text = readFileSync(join(ROOT, file), "utf8");
  const folder = dirname(page);
  expect([page, ...(folder === "." ? [] : [folder])].some((name) => text.includes(name))).toBe(true);
});

/** Settings of every system by their keys in the stack configuration. */
const settings = Object.fromEntries(
  Object.values(definitions).flatMap(({ vendor }) =>
    Object.entries<{ secret?: boolean; env?: string; example: string }>({ ...vendor.settings, ...httpSettings }).map(([key, setting]) => [
      `${vendor.name}:${key}`,
      setting,
    ]),
  ),
);
const variables = Object.values(settings).flatMap(({ env }) => env ?? []);

describe.each(pages.filter((page) => page !== "CHANGELOG.md"))("%s", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");

  test("sets only settings that there are, and secrets as secrets", async () => {
    for (const command of (await commandsOf(page)).filter((line) => /^pulumi config set /.test(line))) {
      const [key = "", value] = command
        .split(" ")
        .slice(3)
        .filter((word) => !/^--(secret|path)$/.test(word));
      const setting = settings[key.replace(/:connections\.\w+\./, ":")];
      expect(setting, key).toBeDefined();
      expect(/ --secret /.test(command), command).toBe(Boolean(setting?.secret));
      if (!setting?.secret && !command.includes("--path")) expect(value, key).toBe(setting?.example);
    }
  });

  test("names only settings and variables that there are", () => {
    const keys = [...text.matchAll(/`((?:sailpoint|plainid|pingone|activid|myid):[a-z]\w+)`/g)].map(([, key = ""]) => key);
    expect(keys.filter((key) => !(key in settings) && !key.endsWith(":connections"))).toEqual([]);
    const named = [...text.matchAll(/`((?:SAIL|PLAINID|PINGONE|ACTIVID|MYID)_[A-Z_]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !variables.includes(name))).toEqual([]);
  });
});
