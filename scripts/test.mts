/**
 * The whole of `npm test`: types, lint, generated docs, then the test projects one by one. The last line is `N passed, N failed`: tests, plus
 * one for each stage that has none. With arguments only the tests run, and vitest takes them as file filter and options.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureEngine } from "./engine.mjs";

type Outcome = { passed: number; failed: number };
type Stage = { name: string; run: () => Promise<Outcome> };
/** The part of vitest's JSON report that counts. */
type Report = { numPassedTests: number; testResults: { status: string; assertionResults: { status: string }[] }[] };

const ROOT = dirname(import.meta.dirname);
const filter = process.argv.slice(2);
const reports = mkdtempSync(join(tmpdir(), "identity-as-code-test-"));

// Ctrl-C reaches the running stage as well: wait until it has tidied up, then stop.
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => (interrupted = true));

const stages: Stage[] = [
  ...(filter.length > 0 ? [] : checks()),
  { name: "unit", run: () => vitest("unit") },
  { name: "simulators", run: () => vitest("simulators") },
  {
    name: "engine",
    run: async () => {
      const { version, dir } = await ensureEngine({ log: console.log });
      console.log(`Pulumi engine: ${version} in ${dir}`);
      return vitest("engine");
    },
  },
  { name: "timed", run: () => vitest("timed") },
];

const total: Outcome = { passed: 0, failed: 0 };
const summary: string[] = [];
for (const { name, run } of stages) {
  if (interrupted) break;
  console.log(`\n== ${name}`);
  const started = performance.now();
  const { passed, failed } = await run().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  total.passed += passed;
  total.failed += failed;
  const seconds = Math.round((performance.now() - started) / 1000);
  summary.push(
    `${name.padEnd(12)}${String(passed).padStart(5)} passed${String(failed).padStart(5)} failed${String(seconds).padStart(6)} s`,
  );
  console.log(summary.at(-1));
}
rmSync(reports, { recursive: true, force: true });
if (filter.length > 0 && total.passed + total.failed === 0) {
  console.error(`No test matches ${filter.join(" ")}.`);
  total.failed = 1;
}
console.log(`\n${summary.join("\n")}\n`);
if (interrupted) console.log("Interrupted: not every stage ran to its end.");
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = interrupted ? 130 : total.failed > 0 ? 1 : 0;

function checks(): Stage[] {
  const tsc = join("node_modules", "typescript", "bin", "tsc");
  const all: Stage[] = [
    { name: "build", run: () => check(tsc, "-b", "provider", "policy", "test/simulators") },
    { name: "types", run: () => check(tsc, "-p", "tsconfig.json") },
    { name: "lint", run: () => check(join("node_modules", "@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", ".") },
  ];
  if (existsSync(join(ROOT, "scripts", "docs.mts"))) all.push({ name: "docs", run: () => check("scripts/docs.mts", "--check") });
  return all;
}

async function check(...args: string[]): Promise<Outcome> {
  return (await node(args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(project: string): Promise<Outcome> {
  const file = join(reports, `${project}.json`);
  const options = ["--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  if (filter.length > 0) options.push("--passWithNoTests");
  const exitCode = await node([join("node_modules", "vitest", "vitest.mjs"), "run", ...options, ...filter]);
  if (!existsSync(file)) return { passed: 0, failed: exitCode === 0 ? 0 : 1 };
  const { numPassedTests, testResults }: Report = JSON.parse(readFileSync(file, "utf8"));
  // A file that fails outside its tests (it does not load, a hook fails) counts as one.
  const failed = testResults.map(({ status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed").length;
    return tests > 0 || status !== "failed" ? tests : 1;
  });
  return {
    passed: numPassedTests,
    failed: Math.max(
      failed.reduce((sum, count) => sum + count, 0),
      exitCode === 0 ? 0 : 1,
    ),
  };
}

function node(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (exitCode) => resolve(exitCode ?? 1));
  });
}
