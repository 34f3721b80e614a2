import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { freePort, startServer } from "./server.ts";

const run = promisify(execFile);
/** Where Debian keeps the server's programs, a folder for each major version. */
const DEBIAN = "/usr/lib/postgresql";

/** A place for state, as a stack's environment names it. */
export interface StateStore extends AsyncDisposable {
  env: { PULUMI_BACKEND_URL: string } & Record<string, string>;
}

/** Starts a PostgreSQL server with an empty database. Rejects when this machine has no PostgreSQL. */
export async function startPostgres(): Promise<StateStore> {
  const bin = await findPrograms();
  const dir = await mkdtemp(join(tmpdir(), "identity-as-code-postgres-"));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    // The server refuses to run as root.
    const user = process.getuid?.() === 0 ? { uid: await idOf("-u", "nobody"), gid: await idOf("-g", "nobody") } : {};
    if (user.uid !== undefined) await chown(dir, user.uid, user.gid);
    const data = join(dir, "data");
    await run(join(bin, "initdb"), ["-D", data, "-U", "pulumi", "-A", "trust", "-E", "UTF8", "--no-sync"], { ...user, cwd: dir });
    const port = await freePort();
    const stop = await startServer(join(bin, "postgres"), ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", dir], {
      ...user,
      cwd: dir,
      ready: "ready to accept connections",
      // Sessions are ended and the data is put in order.
      end: "SIGINT",
    });
    return {
      env: { PULUMI_BACKEND_URL: `postgres://pulumi@127.0.0.1:${port}/postgres?sslmode=disable` },
      [Symbol.asyncDispose]: () => stop().then(remove),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function findPrograms(): Promise<string> {
  const newestFirst = (await namesIn(DEBIAN)).sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, "bin"));
  for (const dir of [...newestFirst, ...(process.env.PATH ?? "").split(delimiter)]) {
    if (dir !== "" && (await namesIn(dir)).includes("initdb")) return dir;
  }
  throw new Error("There is no PostgreSQL on this machine; install it, on Debian with `apt-get install postgresql`.");
}

function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

async function idOf(which: "-u" | "-g", user: string): Promise<number> {
  return Number((await run("id", [which, user])).stdout);
}
