/**
 * Runs Pulumi programs with the real engine: a scratch project with a state backend of its own in a temporary folder. What a command did is read
 * from the engine's event log, which is the same for every command.
 *
 * Project and stack are written as files, because `pulumi stack init` and `pulumi config set` take a third of a second each. Needs /proc to
 * find the provider process, so it runs on Linux only.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { engineEnv, ensureEngine } from "../../scripts/engine.mjs";

const ROOT = dirname(dirname(import.meta.dirname));
/** Packages that a program may import. The old language host searches every one of them for plugins, so the fewer the faster. */
const PACKAGES = ["@pulumi/pulumi", "pulumi-identity-as-code", "ts-node", "typescript"];
const STACK = "dev";
const PROVIDER_WAIT_MS = 30_000;

export type Op =
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "same"
  | "read"
  | "refresh"
  | "import"
  | "create-replacement"
  | "delete-replaced";

export interface StackOptions {
  /** TypeScript source of the program. It is transpiled, not type-checked. */
  program: string;
  /** Further files of its folder: name and content. */
  files?: Record<string, string>;
  /** Packages it imports besides those that every program may. */
  packages?: string[];
  /** Keys without a namespace belong to the project. */
  config?: Record<string, string | { secret: string }>;
  /** Environment of the commands, thus of program and provider too. With PULUMI_BACKEND_URL state is there and not in a folder of the stack's own. */
  env?: Record<string, string>;
  /** Name of the project. */
  name?: string;
}

export interface CommandOptions {
  args?: string[];
  env?: Record<string, string>;
  /** The exit code that must come; any other rejects with the output of the command. */
  expect?: number;
}

/** One thing done, or planned by a preview, to a custom resource. Providers and the stack itself are left out. */
export interface Step {
  op: Op;
  urn: string;
  name: string;
  failed: boolean;
  /** Keys of inputs that differ. */
  diffs: string[];
  /** By property path: "add", "update", "delete" and the same with "-replace". */
  detailedDiff: Record<string, string>;
}

export interface Diagnostic {
  severity: "info" | "info#err" | "warning" | "error";
  /** Blank when the message belongs to no resource. */
  urn: string;
  message: string;
}

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Number of resources by what was done to them; failed ones are not counted and a replacement counts once. */
  summary: { create: number; update: number; delete: number; replace: number; same: number };
  steps: Step[];
  diagnostics: Diagnostic[];
}

/** A command that is still running. */
export interface Running {
  readonly done: Promise<Result>;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
}

/** A resource as the state holds it; secret values are the engine's encrypted form. */
export interface StoredResource {
  urn: string;
  name: string;
  type: string;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties are whatever the program under test declares
  inputs: Record<string, any>;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  outputs: Record<string, any>;
  initErrors?: string[];
  external?: boolean;
  delete?: boolean;
  pendingReplacement?: boolean;
}

export interface StoredState {
  resources: StoredResource[];
  pending_operations: { resource: StoredResource; type: string }[];
}

let engine: Promise<unknown> | undefined;

/** Makes a project with an empty stack. Rejects when no engine can be had. */
export async function createStack(options: StackOptions): Promise<Stack> {
  const { env = {}, name = "scratch" } = options;
  engine ??= ensureEngine();
  await engine;
  const dir = await realpath(await mkdtemp(join(tmpdir(), "identity-as-code-")));
  const stack = new Stack(dir, name, env);
  try {
    await stack.lay(options);
  } catch (error) {
    await stack.close();
    throw error;
  }
  return stack;
}

/** A stack in a scratch project. Commands do not ask, do not preview first and do not reject on their own. */
export class Stack implements AsyncDisposable {
  /** Folder of the program. */
  readonly project: string;
  readonly #dir: string;
  readonly #name: string;
  readonly #stateFile: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();
  #commands = 0;

  constructor(dir: string, name: string, env: Record<string, string>) {
    this.project = join(dir, "project");
    this.#dir = dir;
    this.#name = name;
    this.#stateFile = join(dir, "state", ".pulumi", "stacks", name, `${STACK}.json`);
    // The developer's own Pulumi settings have no say here.
    const own = Object.entries(process.env).filter(([key]) => !key.startsWith("PULUMI_"));
    this.#env = {
      ...engineEnv(Object.fromEntries(own)),
      PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_HOME: join(dir, "home"),
      // The language host leaves its pipes behind.
      TMPDIR: join(dir, "tmp"),
      PULUMI_STACK: STACK,
      // Unlocks the option --event-log.
      PULUMI_DEBUG_COMMANDS: "true",
      // Most commands are over before collecting garbage so often pays.
      GOGC: "400",
      // Program and provider load the SDK in 0.3 instead of 0.5 s each.
      NODE_COMPILE_CACHE: join(ROOT, ".cache", "compile"),
      ...env,
    };
  }

  /** Writes project and stack. JSON is YAML. */
  async lay({ program, config = {}, files = {}, packages = [], env = {} }: StackOptions): Promise<void> {
    const elsewhere = env.PULUMI_BACKEND_URL !== undefined;
    const modules = join(this.project, "node_modules");
    await mkdir(join(modules, "@pulumi"), { recursive: true });
    await mkdir(dirname(this.#stateFile), { recursive: true });
    await mkdir(join(this.#dir, "tmp"));
    await Promise.all([
      ...[...PACKAGES, ...packages].map((name) => symlink(join(ROOT, "node_modules", name), join(modules, name))),
      this.#json("package.json", { name: this.#name, main: "index.ts" }),
      this.#json("tsconfig.json", {
        compilerOptions: { noCheck: true, target: "es2020", module: "node16", moduleResolution: "node16", esModuleInterop: true },
      }),
      this.#json("Pulumi.yaml", { name: this.#name, runtime: "nodejs" }),
      this.#json(`Pulumi.${STACK}.yaml`, {
        config: Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (isSecret(value) ? [] : [[this.#key(key), value]]))),
      }),
      ...(elsewhere
        ? []
        : [
            writeFile(join(this.#dir, "state", ".pulumi", "meta.yaml"), "version: 1\n"),
            writeFile(this.#stateFile, JSON.stringify({ version: 3, checkpoint: { stack: `organization/${this.#name}/${STACK}` } })),
          ]),
      ...Object.entries(files).map(([name, content]) => writeFile(join(this.project, name), content)),
      this.write(program),
    ]);
    if (elsewhere) await this.pulumi(["stack", "init", STACK], { expect: 0 });
    const secrets = Object.entries(config).flatMap(([key, value]) =>
      isSecret(value) ? ["--secret", `${this.#key(key)}=${value.secret}`] : [],
    );
    if (secrets.length > 0) await this.pulumi(["config", "set-all", ...secrets], { expect: 0 });
  }

  /** Replaces the program. */
  async write(program: string): Promise<void> {
    await writeFile(join(this.project, "index.ts"), program);
  }

  async setConfig(key: string, value: string, { secret = false, path = false } = {}): Promise<void> {
    const flags = [secret ? "--secret" : "--plaintext", ...(path ? ["--path"] : [])];
    await this.pulumi(["config", "set", ...flags, "--", this.#key(key), value], { expect: 0 });
  }

  up(options?: CommandOptions): Promise<Result> {
    return this.start("up", options).done;
  }

  preview(options?: CommandOptions): Promise<Result> {
    return this.start("preview", options).done;
  }

  refresh(options?: CommandOptions): Promise<Result> {
    return this.start("refresh", options).done;
  }

  destroy(options?: CommandOptions): Promise<Result> {
    return this.start("destroy", options).done;
  }

  /** Starts a command without waiting for its end. */
  start(command: "up" | "preview" | "refresh" | "destroy", options: CommandOptions = {}): Running {
    const unattended = command === "preview" || options.args?.includes("--preview-only") ? [] : ["--yes", "--skip-preview"];
    const events = join(this.#dir, `events-${++this.#commands}.jsonl`);
    return this.#run([command, ...unattended, "--suppress-progress", "--event-log", events, ...(options.args ?? [])], options, events);
  }

  /** Any other command, such as `["import", "--file", path]`. */
  pulumi(args: string[], options: Omit<CommandOptions, "args"> = {}): Promise<Result> {
    return this.#run(args, options).done;
  }

  /** Runs any other program in the project's folder, with what the stack's commands have in their environment. */
  tool(file: string, args: string[], options: Omit<CommandOptions, "args"> = {}): Promise<Result> {
    return this.#spawn(file, args, options).done;
  }

  /** The state as stored, also while a command runs. */
  async export(): Promise<StoredState> {
    const { resources = [], pending_operations = [] } = JSON.parse(await readFile(this.#stateFile, "utf8")).checkpoint.latest ?? {};
    return { resources, pending_operations };
  }

  /** The custom resources in the state, without providers. */
  async resources(): Promise<StoredResource[]> {
    const { resources } = await this.export();
    return resources.filter(({ type }) => !isInternal(type)).map((resource) => ({ ...resource, name: nameOf(resource.urn) }));
  }

  /** The provider processes of this stack, also those that outlived their command. */
  async providerPids(): Promise<number[]> {
    const pids = await processesIn(this.#dir);
    const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
    // The launcher's own command line also names the script, but not as what it runs.
    return pids.filter((_pid, index) => commands[index]?.split("\0")[1]?.endsWith("cmd/dynamic-provider/index.js"));
  }

  /** Ends the provider process as a crash would, waiting for one to start if there is none yet. */
  async killProvider(): Promise<void> {
    for (const deadline = Date.now() + PROVIDER_WAIT_MS; Date.now() < deadline; await delay(10)) {
      const pids = await this.providerPids();
      for (const pid of pids) kill(pid);
      if (pids.length > 0) return;
    }
    throw new Error(`No provider process started within ${PROVIDER_WAIT_MS / 1000} s.`);
  }

  /** Ends what still runs and removes everything. */
  async close(): Promise<void> {
    const closed = [...this.#running].map((child) => once(child, "close"));
    for (const pid of await processesIn(this.#dir)) kill(pid);
    await Promise.all(closed);
    await rm(this.#dir, { recursive: true, force: true, maxRetries: 5 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #run(args: string[], options: CommandOptions, events?: string): Running {
    return this.#spawn("pulumi", ["--non-interactive", "--color", "never", ...args], options, events);
  }

  #spawn(file: string, args: string[], { env, expect }: CommandOptions, events?: string): Running {
    const child = spawn(file, args, {
      cwd: this.project,
      env: { ...this.#env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#running.add(child);
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output.stderr += text;
    });
    const finish = async (): Promise<Result> => {
      const [code] = await once(child, "close");
      this.#running.delete(child);
      if (expect !== undefined && code !== expect) {
        throw new Error(`${[file, ...args].join(" ")} ended with ${code} instead of ${expect}:\n${output.stdout}${output.stderr}`);
      }
      return { code, ...output, ...toReport(events ? await readEvents(events) : []) };
    };
    return { done: finish(), pid: child.pid as number, signal: (name) => void child.kill(name) };
  }

  #key(key: string): string {
    return key.includes(":") ? key : `${this.#name}:${key}`;
  }

  #json(file: string, content: unknown): Promise<void> {
    return writeFile(join(this.project, file), JSON.stringify(content));
  }
}

interface EngineEvent {
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { severity: Diagnostic["severity"] | "debug"; urn?: string; message: string; ephemeral?: boolean };
}

interface StepMetadata {
  op: Op;
  urn: string;
  type: string;
  diffs?: string[];
  detailedDiff?: Record<string, { diffKind: string }>;
}

/** A command that is killed, or refused before it begins, leaves a log that is cut off or none at all. */
async function readEvents(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function toReport(events: EngineEvent[]): Pick<Result, "summary" | "steps" | "diagnostics"> {
  const steps: Step[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { resOutputsEvent, resOpFailedEvent, diagnosticEvent } of events) {
    const metadata = (resOutputsEvent ?? resOpFailedEvent)?.metadata;
    if (metadata && !isInternal(metadata.type)) steps.push(toStep(metadata, resOpFailedEvent !== undefined));
    if (diagnosticEvent && diagnosticEvent.severity !== "debug") {
      const { severity, urn = "", message } = diagnosticEvent;
      diagnostics.push({ severity, urn, message });
    }
  }
  const count = (op: Op) => steps.filter((step) => step.op === op && !step.failed).length;
  const summary = {
    create: count("create"),
    update: count("update"),
    delete: count("delete"),
    replace: count("replace"),
    same: count("same"),
  };
  return { summary, steps, diagnostics };
}

function toStep({ op, urn, diffs, detailedDiff }: StepMetadata, failed: boolean): Step {
  const kinds = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => [path, diffKind]);
  return { op, urn, name: nameOf(urn), failed, diffs: diffs ?? [], detailedDiff: Object.fromEntries(kinds) };
}

/** Processes that work in this folder. Found by folder rather than by parent, so that those whose parent was killed are found too. */
async function processesIn(dir: string): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter(Boolean);
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return pids.filter((_pid, index) => folders[index]?.startsWith(dir + sep));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended on its own.
  }
}

const isSecret = (value: string | { secret: string }): value is { secret: string } => typeof value !== "string";
const isInternal = (type: string) => type.startsWith("pulumi:");
const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
