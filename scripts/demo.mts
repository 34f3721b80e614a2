/**
 * `npm run demo`: the root program through a whole life, with the real engine, against a simulated tenant, and what stands in the tenant after
 * each step. `--keep` stops after the first `up` and leaves tenant and stack for going on by hand.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual, parseArgs, styleText } from "node:util";
import { engineEnv } from "./engine.mjs";

const ROOT = dirname(import.meta.dirname);
const { keep } = parseArgs({ options: { keep: { type: "boolean", default: false } } }).values;

interface Profile {
  id: string;
  name: string;
  description: string | null;
  owner: { name: string } | null;
  priority: number;
  authoritativeSource: { name: string };
  identityCount: number;
  identityAttributeConfig: {
    attributeTransforms: { identityAttributeName: string; transformDefinition: { attributes?: Record<string, string> } }[];
  };
}

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

/** Starts the simulated tenant as a process of its own, out of reach of this terminal's Ctrl-C, and returns its environment. */
async function startTenant(): Promise<{ tenant: ChildProcess; env: Record<string, string> }> {
  const cli = join(ROOT, "test/simulators/dist/cli.js");
  const tenant = spawn(process.execPath, [cli, "sailpoint", "--demo", "--port", "0"], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: tenant.stdout as NodeJS.ReadableStream })) {
    for (const [, key = "", value = ""] of line.matchAll(/\b(SAIL_\w+)=(\S+)/g)) env[key] = value;
    if (Object.keys(env).length === 3) break;
  }
  if (Object.keys(env).length < 3) throw new Error("The simulated tenant did not start");
  tenant.stdout?.resume();
  return { tenant, env };
}

/** Calls the tenant as a person with a browser would: outside of Pulumi, with a token of their own. */
function administrator(env: Record<string, string>) {
  const base = env.SAIL_BASE_URL;
  const call = async <T,>(path: string, init: RequestInit = {}): Promise<T> => {
    const answer = await fetch(`${base}${path}`, init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json() as Promise<T>;
  };
  return {
    profiles: async (): Promise<Profile[]> => (await call<{ profiles: Profile[] }>("/_simulator/dump")).profiles,
    async patch(profile: Profile, operations: object[]): Promise<void> {
      const form = { grant_type: "client_credentials", client_id: env.SAIL_CLIENT_ID ?? "", client_secret: env.SAIL_CLIENT_SECRET ?? "" };
      const { access_token } = await call<{ access_token: string }>("/oauth/token", { method: "POST", body: new URLSearchParams(form) });
      await call(`/beta/identity-profiles/${profile.id}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json-patch+json" },
        body: JSON.stringify(operations),
      });
    },
  };
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

/** Prints what stands in the tenant; what the program made is marked. */
async function showTenant(admin: ReturnType<typeof administrator>, before: Profile[]): Promise<void> {
  const known = new Set(before.map(({ id }) => id));
  const profiles = (await admin.profiles()).toSorted((a, b) => a.priority - b.priority);
  const made = profiles.filter(({ id }) => !known.has(id));
  const rows = made.map((profile) => {
    const email = profile.identityAttributeConfig.attributeTransforms.find(
      ({ identityAttributeName }) => identityAttributeName === "email",
    );
    const attributes = email?.transformDefinition.attributes ?? {};
    const nested = (attributes.input as unknown as { attributes?: Record<string, string> } | undefined)?.attributes;
    return [
      String(profile.priority),
      profile.name,
      profile.authoritativeSource.name,
      profile.owner?.name ?? "–",
      String(profile.identityAttributeConfig.attributeTransforms.length),
      attributes.attributeName ?? nested?.attributeName ?? "–",
      profile.description ?? "–",
    ];
  });
  const head = ["priority", "profile", "source", "owner", "mapped", "e-mail from", "description"];
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`;
  console.log(
    styleText("bold", `\nIn the tenant: ${known.size} profiles of others, ${made.length} of this program${made.length > 0 ? ":" : "."}`),
  );
  if (made.length > 0) console.log([styleText("dim", line(head)), ...rows.map(line)].join("\n"));
}

/** The change a pull request would make to the program: text to find, text to put there. */
const EDITS: [string, string][] = [
  [
    'email: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "mail" })',
    'email: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "personalMail" })',
  ],
  ['description: "People who help without a contract"', 'description: "People who help, with or without a contract"'],
  ['owner: "Emre Yildiz", priority: 230', 'owner: "Amira Haddad", priority: 205'],
];

async function edit(file: string): Promise<void> {
  let program = await readFile(file, "utf8");
  for (const [from, to] of EDITS) {
    if (!program.includes(from)) throw new Error(`The program no longer contains: ${from}`);
    program = program.replace(from, to);
    console.log(`${styleText("red", `- ${from}`)}\n${styleText("green", `+ ${to}`)}\n`);
  }
  await writeFile(file, program);
}

async function story(dir: string, env: NodeJS.ProcessEnv, admin: ReturnType<typeof administrator>): Promise<void> {
  const before = await admin.profiles();
  await pulumi(dir, env, "stack", "init", "demo");

  title("Preview: what the program would make");
  await pulumi(dir, env, "preview");

  title("Up: it is made");
  await pulumi(dir, env, "up", "--yes", "--skip-preview", "--suppress-progress");
  await showTenant(admin, before);
  if (keep) return;

  title("A pull request changes the program; this is the diff its reviewer sees");
  await edit(join(dir, "index.ts"));
  await pulumi(dir, env, "preview", "--diff");

  title("Up: only the difference is sent");
  await pulumi(dir, env, "up", "--yes", "--skip-preview", "--suppress-progress");
  await showTenant(admin, before);

  title("Somebody changes a profile in the browser, behind the program's back");
  const victim = (await admin.profiles()).find(({ name }) => name === "Employees Canada");
  if (!victim) throw new Error("The tenant lost a profile");
  await admin.patch(victim, [
    { op: "replace", path: "/priority", value: 299 },
    { op: "add", path: "/description", value: "changed by hand on a Friday" },
  ]);
  await showTenant(admin, before);

  title("Refresh: the drift is seen");
  await pulumi(dir, env, "refresh", "--yes", "--skip-preview", "--diff");

  title("Up: the drift is healed");
  await pulumi(dir, env, "up", "--yes", "--skip-preview", "--diff", "--suppress-progress");
  await showTenant(admin, before);

  title("Destroy: everything the program made goes, nothing else");
  await pulumi(dir, env, "destroy", "--yes", "--skip-preview", "--suppress-progress");
  await pulumi(dir, env, "stack", "rm", "--yes", "demo");
  await showTenant(admin, before);
  if (!isDeepStrictEqual(await admin.profiles(), before)) throw new Error("The tenant is not what it was before the demo");
  console.log(styleText("green", "\nThe tenant is exactly what it was before.\n"));
}

const dir = await mkdtemp(join(tmpdir(), "identity-demo-"));
let tenant: ChildProcess | undefined;
let kept = false;
try {
  const started = await startTenant();
  tenant = started.tenant;
  for (const file of ["index.ts", "Pulumi.yaml", "package.json", "tsconfig.json", "tsconfig.base.json"])
    await cp(join(ROOT, file), join(dir, file));
  await mkdir(join(dir, "tmp"));
  await symlink(join(ROOT, "node_modules"), join(dir, "node_modules"));
  const own = {
    ...started.env,
    PULUMI_BACKEND_URL: `file://${dir}`,
    PULUMI_HOME: join(dir, ".pulumi-home"),
    // The language host leaves its pipes behind.
    TMPDIR: join(dir, "tmp"),
    PULUMI_CONFIG_PASSPHRASE: "demo",
  };
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith("PULUMI_")));
  const env = { ...engineEnv(inherited), ...own };
  await story(dir, env, administrator(started.env));
  if (keep) {
    kept = true;
    const { PATH, ...engine } = engineEnv({ PATH: "" });
    console.log(`\nTenant and stack stay up. To go on by hand:\n\ncd ${dir}`);
    for (const [key, value] of Object.entries({ ...own, ...engine })) console.log(`export ${key}='${value}'`);
    console.log(`export PATH='${PATH?.replace(/:$/, "")}':"$PATH"`);
    console.log(`pulumi preview\n\nTo end it:\n\nkill ${tenant.pid}; cd -; rm -r ${dir}\n`);
  }
} catch (error) {
  if (!(error instanceof Interrupted)) console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof Interrupted ? 130 : 1;
} finally {
  if (kept) {
    tenant?.stdout?.destroy();
    tenant?.unref();
  } else {
    if (tenant?.exitCode === null && tenant.kill("SIGTERM")) await once(tenant, "exit");
    await rm(dir, { recursive: true, force: true });
    if (interrupted) console.log("\nStopped; nothing is left behind.");
  }
}
