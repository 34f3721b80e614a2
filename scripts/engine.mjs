/**
 * Finds the Pulumi engine (the `pulumi` command line and its Node.js language host), or gets one.
 *
 * Three ways, in this order: the user's own `pulumi`, the official download, a build with Go. What is got is kept outside the checkout, so it
 * costs time once per machine. Runs on Node 20 without any package: `node scripts/engine.mjs` prints the engine's folder.
 *
 * Environment:
 * - `IDENTITY_AS_CODE_ENGINE`: folder of the engine to use. `ensureEngine` sets it, so that child processes use the same engine.
 * - `IDENTITY_AS_CODE_ENGINE_CACHE`: folder that keeps engines, default `${XDG_CACHE_HOME:-~/.cache}/identity-as-code/engine`.
 * - `IDENTITY_AS_CODE_ENGINE_ORIGIN`: `path`, `download` or `build` allows that way only.
 * - `IDENTITY_AS_CODE_ENGINE_SITE`: address of a mirror that holds the official archive and its checksum file.
 */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, constants, copyFile, mkdir, mkdtemp, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { run } from "./process.mjs";

/** @typedef {{ dir: string, pulumi: string, version: string, origin: "given" | "path" | "download" | "build" }} Engine */
/** @typedef {Record<string, string | undefined>} Env */
/** @typedef {{ env: Env, log: (line: string) => void, scratch: string }} Making */

/** The version that is downloaded or built. Later ones are not in the Go module index. */
export const VERSION = "3.255.0";
/** The oldest own `pulumi` taken: the first whose import file may carry inputs and outputs, without which dynamic resources cannot be imported. */
export const OLDEST = "3.254.0";
/** The language host left the published Go modules after this version; it speaks the same protocol. */
const LANGUAGE_HOST_VERSION = "3.68.0";

const ROOT = dirname(import.meta.dirname);
/** Starts dynamic providers. The engine warns at every run when it does not lie beside `pulumi`, where the official download has it. */
const LAUNCHER = join(ROOT, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs");
const PLATFORM = `${process.platform}-${process.arch}`;
const SITES = ["https://get.pulumi.com/releases/sdk", `https://github.com/pulumi/pulumi/releases/download/v${VERSION}`];
const CONNECT_MS = 10_000;
const DOWNLOAD_MS = 15 * 60_000;
const ABANDONED_MS = 24 * 3_600_000;

/** The ways to get an engine that is not there yet. */
const MAKERS = /** @type {const} */ ([
  { origin: "download", doing: `downloading version ${VERSION} from the Pulumi site (about 100 MB)`, make: download },
  { origin: "build", doing: `building version ${VERSION} with Go (4 to 5 minutes, once per machine)`, make: build },
]);

/**
 * Returns an engine that runs: version without the leading "v", `origin` says which way it came.
 * Rejects with one error that names every way tried and why it failed.
 *
 * @param {{ env?: Env, log?: (line: string) => void }} [options]
 * @returns {Promise<Engine>}
 */
export async function ensureEngine({ env = process.env, log = console.error } = {}) {
  const engine = env.IDENTITY_AS_CODE_ENGINE ? await given(env.IDENTITY_AS_CODE_ENGINE, env) : await select(env, log);
  env.IDENTITY_AS_CODE_ENGINE = engine.dir;
  return engine;
}

/**
 * Environment to run the engine of `ensureEngine` in, with the pinned Node and without any reach for the network of its own.
 * State backend, passphrase and PULUMI_HOME are the caller's to add. Throws when no engine was chosen yet.
 *
 * @param {Env} [base]
 * @returns {Env}
 */
export function engineEnv(base = process.env) {
  const dir = base.IDENTITY_AS_CODE_ENGINE ?? process.env.IDENTITY_AS_CODE_ENGINE;
  if (!dir) throw new Error("No Pulumi engine was chosen yet: call ensureEngine() first, or start through npm run.");
  // The pinned Node comes first: a folder like /usr/bin may hold both the user's pulumi and an older Node. The SDK's folder is for packaged
  // engines that come without the launcher.
  const path = [join(ROOT, "node_modules", ".bin"), dir, dirname(LAUNCHER), base.PATH ?? ""];
  return {
    ...base,
    PATH: path.join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
  };
}

/** @param {string} dir @param {Env} env @returns {Promise<Engine>} */
async function given(dir, env) {
  try {
    return { ...(await inspect(join(dir, "pulumi"), env)), origin: "given" };
  } catch (error) {
    throw new Error(`The Pulumi engine that IDENTITY_AS_CODE_ENGINE names cannot be used: ${message(error)}.`);
  }
}

/** @param {Env} env @param {(line: string) => void} log @returns {Promise<Engine>} */
async function select(env, log) {
  const only = env.IDENTITY_AS_CODE_ENGINE_ORIGIN;
  if (only && !["path", "download", "build"].includes(only)) {
    throw new Error(`IDENTITY_AS_CODE_ENGINE_ORIGIN is "${only}"; it takes path, download or build.`);
  }
  const makers = MAKERS.filter(({ origin }) => !only || only === origin);
  /** @type {string[]} */
  const failures = [];

  if (!only || only === "path") {
    try {
      return { ...(await own(env)), origin: "path" };
    } catch (error) {
      failures.push(`your own pulumi: ${message(error)}`);
    }
  }
  // Everything already kept comes before anything that takes time or the network.
  for (const { origin } of makers) {
    const dir = kept(env, origin);
    if (!(await exists(dir))) continue;
    try {
      return { ...(await inspect(join(dir, "pulumi"))), origin };
    } catch (error) {
      log(`Pulumi engine: the one kept in ${dir} cannot be used any more (${message(error)}); getting it again`);
    }
  }
  for (const { origin, doing, make } of makers) {
    log(`Pulumi engine: ${doing}`);
    try {
      return { ...(await makeAndKeep(kept(env, origin), make, env, log)), origin };
    } catch (error) {
      failures.push(`${origin}: ${message(error)}`);
      log(`Pulumi engine: no ${origin}, ${message(error)}`);
    }
  }
  throw new Error(
    `No Pulumi engine. Install Pulumi ${OLDEST} or newer, or give this machine access to the Pulumi site or to Go. Tried:\n- ${failures.join("\n- ")}`,
  );
}

/** @param {Env} env @param {string} origin */
function kept(env, origin) {
  const cache = env.IDENTITY_AS_CODE_ENGINE_CACHE ?? join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "identity-as-code", "engine");
  return join(cache, `${VERSION}-${origin}-${PLATFORM}`);
}

/** The user's own `pulumi`. @param {Env} env */
async function own(env) {
  const pulumi = await onPath("pulumi", env);
  if (!pulumi) throw new Error("there is none on PATH");
  return await inspect(pulumi, env);
}

/**
 * Runs an engine to see that it works. `env` is given when the language host may also lie elsewhere on PATH.
 *
 * @param {string} pulumi @param {Env} [env] @returns {Promise<Omit<Engine, "origin">>}
 */
async function inspect(pulumi, env) {
  if (!(await executable(pulumi))) throw new Error(`${pulumi} is not an executable file`);
  // The language host is looked for first: a `pulumi` without one may be the npm shim, which starts a download as soon as it runs.
  const beside = [dirname(pulumi), dirname(await realpath(pulumi))].join(delimiter);
  if (!(await onPath("pulumi-language-nodejs", { PATH: beside + delimiter + (env?.PATH ?? "") }))) {
    throw new Error(`${pulumi} comes without pulumi-language-nodejs`);
  }
  const output = await run(pulumi, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" }, timeout: 30_000 });
  const version = /^v?(\d+\.\d+\.\d+)/m.exec(output)?.[1];
  if (!version) throw new Error(`${pulumi} does not tell its version`);
  if (older(version, OLDEST)) throw new Error(`${pulumi} is version ${version}, older than ${OLDEST}`);
  return { dir: dirname(pulumi), pulumi, version };
}

/**
 * Makes an engine in a folder beside its final place and moves it there only when it runs, so that an interrupted or broken one is never used
 * and two runs at the same time do not see each other's half-made files.
 *
 * @param {string} dir @param {(out: string, making: Making) => Promise<void>} make @param {Env} env @param {(line: string) => void} log
 */
async function makeAndKeep(dir, make, env, log) {
  await mkdir(dirname(dir), { recursive: true });
  await sweep(dirname(dir));
  const scratch = await mkdtemp(`${dir}.tmp-`);
  try {
    const out = join(scratch, "engine");
    await mkdir(out);
    await make(out, { env, log, scratch });
    const { version } = await inspect(join(out, "pulumi"));
    await moveInto(out, dir, scratch);
    return { dir, pulumi: join(dir, "pulumi"), version };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @param {string} out @param {string} dir @param {string} scratch */
async function moveInto(out, dir, scratch) {
  try {
    await rename(out, dir);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(code(error))) throw error;
    // Another run was faster and its engine may be in use already, or a broken one lies there.
    if (await inspect(join(dir, "pulumi")).catch(() => undefined)) return;
    await rename(dir, join(scratch, "replaced"));
    await rename(out, dir);
  }
}

/** Removes what killed runs left behind. @param {string} cache */
async function sweep(cache) {
  for (const name of await readdir(cache)) {
    if (!name.includes(".tmp-")) continue;
    const path = join(cache, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** @param {string} out @param {Making} making */
async function download(out, { env, scratch }) {
  if (process.platform === "win32")
    throw new Error("on Windows install Pulumi yourself, see https://www.pulumi.com/docs/iac/download-install");
  const archive = `pulumi-v${VERSION}-${PLATFORM}.tar.gz`;
  const sites = env.IDENTITY_AS_CODE_ENGINE_SITE ? [env.IDENTITY_AS_CODE_ENGINE_SITE] : SITES;
  const { site, sums } = await Promise.any(
    sites.map(async (site) => ({ site, sums: await (await get(`${site}/pulumi-${VERSION}-checksums.txt`)).text() })),
  );
  const wanted = sums
    .split("\n")
    .find((line) => line.trim().endsWith(` ${archive}`))
    ?.slice(0, 64);
  if (!wanted) throw new Error(`${site} publishes no checksum for ${archive}`);

  const file = join(scratch, archive);
  const hash = createHash("sha256");
  const response = await get(`${site}/${archive}`);
  if (!response.body) throw new Error(`${site}/${archive} is empty`);
  await pipeline(
    Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (response.body)),
    async function* (chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
    { signal: AbortSignal.timeout(DOWNLOAD_MS) },
  );
  if (hash.digest("hex") !== wanted) throw new Error(`${site}/${archive} does not have the published checksum`);
  await run("tar", ["-xzf", file, "-C", out, "--strip-components=1"]);
}

/** Answers within `CONNECT_MS` or fails; the body may take longer. @param {string} url */
async function get(url) {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(new Error(`no answer within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  try {
    const response = await fetch(url, { signal: impatience.signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response;
  } catch (error) {
    throw new Error(`${new URL(url).host} is not reachable (${message(error)})`);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Each binary gets a module of its own, because the two need different versions of the same SDK; a plain `go install` refuses both for the
 * `replace` lines in their modules.
 *
 * @param {string} out @param {Making} making
 */
async function build(out, { env, log, scratch }) {
  if (!(await onPath("go", env))) throw new Error("Go is not installed");
  if (!(await exists(LAUNCHER))) throw new Error("the npm packages are not installed (npm ci)");
  await copyFile(LAUNCHER, join(out, basename(LAUNCHER)));
  const binaries = [
    {
      name: "pulumi-language-nodejs",
      source: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      version: LANGUAGE_HOST_VERSION,
    },
    { name: "pulumi", source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", version: VERSION },
  ];
  const started = Date.now();
  const heartbeat = setInterval(() => log(`Pulumi engine: still building (${Math.round((Date.now() - started) / 1000)} s)`), 60_000);
  try {
    for (const { name, source, version } of binaries) {
      const cwd = join(scratch, name);
      const go = { cwd, env: { ...env, GOWORK: "off", CGO_ENABLED: "0" } };
      await mkdir(cwd);
      await writeFile(join(cwd, "go.mod"), "module engine\n\ngo 1.22\n");
      await run("go", ["get", `${source}@v${version}`], go);
      const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
      await run("go", ["build", "-trimpath", "-ldflags", flags, "-o", join(out, name), source], go);
    }
  } finally {
    clearInterval(heartbeat);
  }
}

/** @param {string} name @param {Env} env */
async function onPath(name, env) {
  for (const dir of (env.PATH ?? "").split(delimiter)) {
    for (const suffix of process.platform === "win32" ? [".exe", ".cmd"] : [""]) {
      const path = join(dir, name + suffix);
      if (dir && (await executable(path))) return path;
    }
  }
}

/** @param {string} path */
async function executable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** @param {string} path */
const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** @param {string} version @param {string} other */
function older(version, other) {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}

/** @param {unknown} error */
const code = (error) => String(/** @type {NodeJS.ErrnoException} */ (error).code);

/** @param {unknown} error @returns {string} */
function message(error) {
  if (error instanceof AggregateError) return error.errors.map(message).join(", ");
  if (!(error instanceof Error)) return String(error);
  // fetch says only "fetch failed"; what happened is in its cause.
  return error.cause ? message(error.cause) : error.message;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    console.log((await ensureEngine()).dir);
  } catch (error) {
    console.error(message(error));
    process.exitCode = 1;
  }
}
