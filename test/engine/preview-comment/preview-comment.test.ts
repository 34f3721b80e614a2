import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { engineEnv, ensureEngine } from "../../../scripts/engine.mjs";
import { createStack } from "../../harness/stack.js";
import { CHANGED, REFUSED, startCompany, TODAY } from "./company.js";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const CLI = join(ROOT, "provider/bin/identity-as-code.js");
const PREVIEWS = join(ROOT, "test/cli/previews");

/** The engine's answer without what differs from run to run or from machine to machine, its steps in a fixed order. */
function scrub(answer: string): string {
  const {
    duration: _,
    steps,
    ...rest
  } = JSON.parse(answer, (key, value) =>
    ["stackTrace", "sourcePosition", "provider", "created", "modified", "takenOverAt", "tenant", "__provider"].includes(key)
      ? undefined
      : value,
  );
  steps.sort((a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1));
  return `${JSON.stringify({ ...rest, steps }, undefined, 2)}\n`
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:8080")
    .replaceAll(/("id": ".*\/|"userId": ")[0-9a-f]{8}-[0-9a-f-]{27}"/g, '$1aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"')
    .replaceAll(/"20\d{3}"/g, '"20400"');
}

// The unit tests of the comment go by what is written here. After a new engine: npx vitest run --project engine test/engine/preview-comment -u
test("the previews that the comment's tests go by are what the engine answers, and the command comments on them without asking any system", {
  timeout: 300_000,
}, async () => {
  const company = await startCompany();
  await using stack = await createStack({ program: TODAY, env: company.env });
  const seen = join(stack.project, "seen.json");
  const shim = join(stack.project, "shim");
  await mkdir(shim);
  const { dir } = await ensureEngine();
  await writeFile(join(shim, "pulumi"), `#!/bin/bash\nset -o pipefail\n${dir}/pulumi "$@" | tee ${seen}\n`, { mode: 0o755 });
  const comment = (...args: string[]) =>
    stack.tool(process.execPath, [CLI, "preview-comment", "--stack", "dev", ...args], { env: { PATH: `${shim}:${engineEnv().PATH}` } });
  await stack.up({ expect: 0 });
  const requests = company.requests();

  await stack.write(CHANGED);
  const changed = await comment("--full", "full.md");
  expect(changed.code, changed.stderr).toBe(0);
  await expect(scrub(await readFile(seen, "utf8"))).toMatchFileSnapshot(join(PREVIEWS, "company.json"));
  await expect(changed.stdout).toMatchFileSnapshot(join(PREVIEWS, "company.md"));
  await expect(readFile(join(stack.project, "full.md"), "utf8")).resolves.toContain("Ann");

  await stack.write(REFUSED);
  const refused = await comment("--out", "comment.md");
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  await expect(scrub(await readFile(seen, "utf8"))).toMatchFileSnapshot(join(PREVIEWS, "refused.json"));
  await expect(await readFile(join(stack.project, "comment.md"), "utf8")).toMatchFileSnapshot(join(PREVIEWS, "refused.md"));

  expect(company.requests()).toBe(requests);
  await company.close();
});
