import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { fakeEngine, scratch } from "./fakes";

const ROOT = dirname(dirname(import.meta.dirname));
const PASSED = { status: "passed", assertionResults: [{ status: "passed" }, { status: "passed" }] };
const FAILED = { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] };
const NOT_LOADED = { status: "failed", assertionResults: [] };

/** A clone with the real script and tools that do as told. */
let clone: string;

beforeEach(() => {
  clone = scratch();
  for (const script of ["engine.mjs", "process.mjs", "test.mts"]) cpSync(join(ROOT, "scripts", script), join(clone, "scripts", script));
  fakeEngine(join(clone, "engine"));
  tool("typescript/bin/tsc", "");
  tool("@biomejs/biome/bin/biome", "");
  vitest({ unit: [PASSED], simulators: [PASSED, PASSED], engine: [PASSED] });
});

function tool(name: string, source: string) {
  const path = join(clone, "node_modules", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
}

/** A vitest that reports these files by project, `undefined` for a project in which it dies. */
function vitest(files: Record<string, (typeof PASSED)[] | undefined>, exitCode = 0) {
  tool(
    "vitest/vitest.mjs",
    `import { writeFileSync } from "node:fs";
     const testResults = ${JSON.stringify({ timed: [], ...files })}[process.argv[process.argv.indexOf("--project") + 1]];
     if (!testResults) process.exit(1);
     const tests = testResults.flatMap((file) => file.assertionResults);
     const report = { numPassedTests: tests.filter((test) => test.status === "passed").length, testResults };
     writeFileSync(process.argv.find((arg) => arg.startsWith("--outputFile.json=")).slice(18), JSON.stringify(report));
     console.log("vitest", process.argv.slice(7).join(" "));
     process.exit(${exitCode} || (testResults.some((file) => file.status === "failed") ? 1 : 0));`,
  );
}

function run(...args: string[]) {
  const env = { ...process.env, IDENTITY_AS_CODE_ENGINE: join(clone, "engine") };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, "scripts", "test.mts"), ...args], { env, encoding: "utf8" });
  return { status, stdout, stderr, last: stdout.trimEnd().split("\n").at(-1) };
}

test("all tests are summed, and build, types and lint count one each", () => {
  expect(run()).toMatchObject({ status: 0, last: "11 passed, 0 failed" });
});

test("the generated docs are checked when there is a generator", () => {
  writeFileSync(join(clone, "scripts", "docs.mts"), `process.exit(process.argv[2] === "--check" ? 1 : 0);`);
  expect(run()).toMatchObject({ status: 1, last: "11 passed, 1 failed" });
});

test("a failed test and a test file that does not load count one each, and the other stages still run", () => {
  vitest({ unit: [PASSED, FAILED, NOT_LOADED], simulators: [PASSED], engine: [PASSED] });
  expect(run()).toMatchObject({ status: 1, last: "10 passed, 2 failed" });
});

test("a run that fails although all its tests passed counts as failed", () => {
  vitest({ unit: [PASSED], simulators: [PASSED], engine: [PASSED] }, 1);
  expect(run()).toMatchObject({ status: 1, last: "9 passed, 4 failed" });
});

test("a stage that dies counts as failed", () => {
  tool("typescript/bin/tsc", "process.exit(2)");
  vitest({ unit: undefined, simulators: [PASSED], engine: [PASSED] });
  expect(run()).toMatchObject({ status: 1, last: "5 passed, 3 failed" });
});

test("a stage that has no engine counts as failed and says why", () => {
  rmSync(join(clone, "engine"), { recursive: true });
  expect(run()).toMatchObject({ status: 1, last: "9 passed, 1 failed", stderr: expect.stringContaining("Pulumi engine") });
});

test("a filter runs the matching tests only", () => {
  const { last, stdout } = run("groups", "-t", "deletes");
  expect(last).toBe("8 passed, 0 failed");
  expect(stdout).toContain("--passWithNoTests groups -t deletes");
});

test("a filter that matches nothing is a failure", () => {
  vitest({ unit: [], simulators: [], engine: [] });
  expect(run("gruops")).toMatchObject({
    status: 1,
    last: "0 passed, 1 failed",
    stderr: expect.stringContaining("No test matches gruops."),
  });
});
