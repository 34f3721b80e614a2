/**
 * Brings a fresh clone to where every command works: npm packages, built workspaces, Pulumi engine. What is there already is kept, so a second
 * run takes about a second. Runs on Node 20 without any package.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureEngine } from "./engine.mjs";

const ROOT = dirname(import.meta.dirname);
const MODULES = join(ROOT, "node_modules");
/** Written when an installation is complete, with what was installed; an interrupted one has none. */
const STAMP = join(MODULES, ".identity-as-code");
/** The pinned Node, which all commands run on. */
export const NODE = join(MODULES, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** All steps, one after the other. Throws when one does not work. */
export async function setup() {
  install();
  build();
  const engine = await ensureEngine({ log: console.log });
  console.log(`Pulumi engine: ${engine.version} in ${engine.dir}`);
}

/** Installs the npm packages of package-lock.json unless exactly they are installed already. */
export function install() {
  const wanted = `${createHash("sha256")
    .update(readFileSync(join(ROOT, "package-lock.json")))
    .digest("hex")} ${process.platform}-${process.arch}\n`;
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted) return;
  console.log("Packages: npm ci (about 30 s)");
  rmSync(STAMP, { force: true });
  // npm must not run on the very Node that it is about to remove: npm scripts have node_modules/.bin first on PATH.
  const path = (process.env.PATH ?? "").split(delimiter).filter((dir) => !dir.startsWith(MODULES));
  const env = { ...process.env, PATH: path.join(delimiter) };
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  run(NODE, ["--version"], { stdio: "ignore" });
  writeFileSync(STAMP, wanted);
}

/** Compiles the library and the simulators; only what changed is compiled again. */
export function build() {
  console.log("Build: library, policies and simulators (about 10 s, 1 s when nothing changed)");
  run(NODE, [join(MODULES, "typescript", "bin", "tsc"), "-b", "provider", "policy", "test/simulators"], { stdio: "inherit" });
}

/** @param {string} command @param {string[]} args @param {import("node:child_process").SpawnSyncOptions} options */
function run(command, args, options) {
  const { error, status, signal } = spawnSync(command, args, { cwd: ROOT, ...options });
  if (error) throw new Error(`${command} does not run: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")} failed (${signal ?? `exit code ${status}`}).`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    await setup();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
