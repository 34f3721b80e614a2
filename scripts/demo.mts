/**
 * `npm run demo`: the root program through a whole life, with the real engine, against five simulated systems, and what stands in them after
 * each step. `--keep` stops after the first `up` and leaves systems and stack for going on by hand.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual, parseArgs, styleText } from "node:util";
import { type Systems, show, startSystems } from "./demo-systems.mts";
import { engineEnv } from "./engine.mjs";

const ROOT = dirname(import.meta.dirname);
const { keep } = parseArgs({ options: { keep: { type: "boolean", default: false } } }).values;

/** Set by the first Ctrl-C; the step under way is left to end by itself. */
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    interrupted = true;
  });
}

class Interrupted extends Error {}

let step = 0;
function title(text: string): void {
  if (interrupted) throw new Interrupted();
  step += 1;
  console.log(`\n${styleText(["bold", "cyan"], `━━ ${step}. ${text} ${"━".repeat(Math.max(0, 90 - text.length))}`)}\n`);
}

/** Runs a command of the CLI in the scratch copy of the root project, its output going to this terminal. */
async function pulumi(dir: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  const colour = process.stdout.isTTY ? "always" : "never";
  console.log(styleText("dim", `$ pulumi ${args.join(" ")}`));
  const child = spawn("pulumi", ["--non-interactive", "--color", colour, ...args], {
    cwd: dir,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (interrupted) throw new Interrupted();
  if (code !== 0) throw new Error(`pulumi ${args[0]} ended with exit code ${code}`);
}

/** The change a pull request would make to the data file: text to find, text to put there. */
const EDITS: [string, string][] = [
  [
    "    owner: Emre Yildiz\n    priority: 230\n    mailFrom: mail\n",
    "    owner: Amira Haddad\n    priority: 205\n    mailFrom: personalMail\n",
  ],
  ["    title: Dispatcher\n", "    title: Head of Dispatch\n"],
  ['    costCenter: "4200"\n', '    costCenter: "4200"\n    active: false\n'],
  [
    "people:\n",
    `people:
  - login: eyildiz
    population: Retail Staff
    name: { given: Emre, family: Yildiz }
    mail: emre.yildiz@acme.example
    title: Cashier
    costCenter: "7310"
    entraObjectId: c2f5a8d7-1b34-4c6e-9a70-3e8d5f2b1c96
`,
  ],
];

async function edit(file: string): Promise<void> {
  let data = await readFile(file, "utf8");
  for (const [from, to] of EDITS) {
    if (!data.includes(from)) throw new Error(`The data file no longer contains: ${from}`);
    data = data.replace(from, to);
    const lines = (text: string) => text.trimEnd().split("\n");
    const [old, now] = [lines(from), lines(to)];
    for (const line of old.filter((line) => !now.includes(line))) console.log(styleText("red", `- ${line}`));
    for (const line of now.filter((line) => !old.includes(line))) console.log(styleText("green", `+ ${line}`));
    console.log();
  }
  await writeFile(file, data);
}

/** What people and other tools change while nobody looks at the program. */
async function meddle({ snapshot, drift }: Systems): Promise<void> {
  const now = await snapshot();
  const idOf = (system: string, is: (item: Record<string, unknown>) => boolean) => {
    const found = now[system]?.find(is);
    if (!found) throw new Error(`${system} lost what the demo wants to change`);
    return found.id;
  };
  const done = async (text: string, change: Promise<void>) => {
    await change;
    console.log(`  ${text}`);
  };
  const profile = idOf("SailPoint", ({ name }) => name === "Contractors Nordics");
  const user = idOf("PingOne", ({ attributes }) => (attributes as { username: string }).username === "dwhitfield");
  const holder = idOf("ActivID", ({ externalId }) => externalId === "gpetrov");
  const person = idOf("MyID", ({ logonName }) => logonName === "dwhitfield");
  const fields = { priority: 299, description: "changed by hand on a Friday" };
  await done(
    "SailPoint: an administrator gives Contractors Nordics another priority",
    drift("SailPoint", "changeProfile", profile, fields),
  );
  await done("PingOne: somebody promotes Dana", drift("PingOne", "changeUser", user, { title: "Regional Manager" }));
  await done("ActivID: the help desk locks Goran out", drift("ActivID", "changeUser", holder, { active: false }));
  const other = "00000000-dead-4bad-8bad-000000000000";
  await done("MyID: a script links Dana to another Entra user", drift("MyID", "setReference", person, "id1", other));
}

async function story(dir: string, env: NodeJS.ProcessEnv, systems: Systems): Promise<void> {
  const before = await systems.snapshot();
  const look = async () => show(before, await systems.snapshot());
  const quietly = ["--yes", "--skip-preview", "--suppress-progress"];
  await pulumi(dir, env, "stack", "init", "demo");

  title("Preview: what the program would make");
  await pulumi(dir, env, "preview", "--suppress-progress");

  title("Up: it is made, in all systems");
  await pulumi(dir, env, "up", ...quietly);
  await look();
  if (keep) return;

  title("A pull request changes the data file; this is the diff its reviewer sees");
  await edit(join(dir, "examples/workforce/workforce.yaml"));
  await pulumi(dir, env, "preview", "--diff");

  title("Up: only the difference is sent");
  await pulumi(dir, env, "up", ...quietly);
  await look();

  title("Behind the program's back");
  await meddle(systems);

  title("Refresh: the drift is seen");
  await pulumi(dir, env, "refresh", "--yes", "--skip-preview", "--diff");

  title("Up: the drift is healed");
  await pulumi(dir, env, "up", ...quietly, "--diff");
  await look();

  title("Destroy: everything the program made goes, nothing else");
  await pulumi(dir, env, "destroy", ...quietly);
  await pulumi(dir, env, "stack", "rm", "--yes", "demo", "--preserve-config");
  const after = await systems.snapshot();
  show(before, after);
  if (!isDeepStrictEqual(after, before)) throw new Error("The systems are not what they were before the demo");
  console.log(styleText("green", "\nEvery system is exactly what it was before.\n"));
}

const dir = await mkdtemp(join(tmpdir(), "identity-demo-"));
let systems: Systems | undefined;
let kept = false;
try {
  systems = await startSystems(ROOT);
  for (const file of ["Pulumi.yaml", "examples/workforce"]) await cp(join(ROOT, file), join(dir, file), { recursive: true });
  await mkdir(join(dir, "tmp"));
  await symlink(join(ROOT, "node_modules"), join(dir, "node_modules"));
  const own = {
    ...systems.env,
    PULUMI_BACKEND_URL: `file://${dir}`,
    PULUMI_HOME: join(dir, ".pulumi-home"),
    // The language host leaves its pipes behind.
    TMPDIR: join(dir, "tmp"),
    PULUMI_CONFIG_PASSPHRASE: "demo",
  };
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("PULUMI_")));
  const env = { ...engineEnv(inherited), ...own };
  await story(dir, env, systems);
  if (keep) {
    kept = true;
    const { PATH, ...engine } = engineEnv({ PATH: "" });
    console.log(`\nSystems and stack stay up. To go on by hand:\n\ncd ${dir}`);
    for (const [key, value] of Object.entries({ ...own, ...engine })) console.log(`export ${key}='${value}'`);
    console.log(`export PATH='${PATH?.replace(/:$/, "")}':"$PATH"`);
    console.log(`pulumi preview\n\nTo end it:\n\nkill ${systems.process.pid}; cd -; rm -r ${dir}\n`);
  }
} catch (error) {
  if (!(error instanceof Interrupted)) console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof Interrupted ? 130 : 1;
} finally {
  const simulators = systems?.process;
  if (kept) {
    simulators?.stdout?.destroy();
    simulators?.unref();
  } else {
    if (simulators?.exitCode === null && simulators.kill("SIGTERM")) await once(simulators, "exit");
    await rm(dir, { recursive: true, force: true });
    if (interrupted) console.log("\nStopped; nothing is left behind.");
  }
}
