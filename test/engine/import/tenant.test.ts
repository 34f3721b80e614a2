import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createStack } from "../../harness/stack";
import { COMMANDS, ENV, startTenants } from "./tenants";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const CLI = join(ROOT, "provider/bin/identity-as-code.js");
test("tenants with everything come under code, and neither preview nor refresh finds a change, also after the vendor enriched and renamed", {
  timeout: 600_000,
}, async () => {
  const { sailpoint, all, env, personIds, profiles, total } = await startTenants({ profiles: 20, users: 40, links: 15 });
  const config = { "sailpoint:requestsPer10Seconds": "10000", "pingone:concurrency": "16", "activid:concurrency": "16" };
  await using stack = await createStack({ program: "export {};\n", env, config });
  const figure = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    for (const simulator of Object.values(all)) simulator.clearRequests();
    const startedAt = performance.now();
    const result = await work();
    const requests = Object.fromEntries(Object.entries(all).map(([vendor, simulator]) => [vendor, simulator.requests.length]));
    console.log(JSON.stringify({ figure: name, seconds: Math.round((performance.now() - startedAt) / 100) / 10, requests }));
    const writes = Object.values(all).flatMap(({ requests }) =>
      requests.filter(({ method, path }) => method !== "GET" && !/token|search/.test(path)),
    );
    expect(writes).toEqual([]);
    return result;
  };
  await writeFile(join(stack.project, "people.txt"), personIds.join("\n"));
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await figure(`import ${command[0]}`, () =>
      stack.tool(process.execPath, [CLI, "import", ...command, "--stack", "dev", "--json"]),
    );
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ skipped: [], refused: [] });
  }
  expect(await stack.resources()).toHaveLength(total);
  const { summary } = await figure("preview", () => stack.preview({ args: ["--expect-no-changes"], expect: 0 }));
  expect(summary).toMatchObject({ same: total });

  // Names go stale inside mappings, and the vendor adds the id of a source where only its name was.
  for (const { id, authoritativeSource } of profiles) {
    sailpoint.drift.enrichMapping(id);
    sailpoint.drift.renameSource(authoritativeSource.id, `Renamed ${authoritativeSource.id}`);
  }
  sailpoint.drift.renameIdentity("ann", "Ann Lee-Smith");
  const refreshed = await figure("up --refresh", () => stack.up({ args: ["--refresh"], expect: 0 }));
  expect(refreshed.summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });

  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, module: "node16", target: "es2022" };
  await writeFile(join(stack.project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", stack.project]);
  const again = await stack.tool(process.execPath, [CLI, "import", "pingone", "--all", "--within", ENV, "--stack", "dev"]);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("0 imported, 40 managed already, 0 not possible") });
  await Promise.all(Object.values(all).map((simulator) => simulator.close()));
});
