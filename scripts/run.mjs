/**
 * What `npm run demo`, `npm test` and `npm run bench` start: the set-up on whatever Node is there, then the command on the pinned Node, with
 * the remaining arguments. Ends with the command's exit code.
 */
import { delimiter, dirname, join } from "node:path";
import { replaceBy } from "./process.mjs";
import { install, NODE, setup } from "./setup.mjs";

const ROOT = dirname(import.meta.dirname);
/** @type {Record<string, string>} */
const COMMANDS = { demo: "scripts/demo.mts", test: "scripts/test.mts", bench: "bench/run.mts" };

const [name = "", ...args] = process.argv.slice(2);
const script = COMMANDS[name];
if (!script) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(COMMANDS).join("|")} [arguments]`);
  process.exit(2);
}
try {
  // The tests build and look for the engine themselves, so that a failure there counts as one and the rest still runs.
  if (name === "test") install();
  else await setup();
  const env = { ...process.env, PATH: [join(ROOT, "node_modules", ".bin"), process.env.PATH].join(delimiter) };
  process.exitCode = await replaceBy(NODE, [join(ROOT, script), ...args], env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (name === "test") console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
