import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../scripts/process.mjs";
import type { StateStore } from "./postgres";
import { freePort, startServer } from "./server.ts";

/** VersityGW: an S3 server over a folder, from a public Go module. */
const MODULE = "github.com/versity/versitygw/cmd/versitygw";
const VERSION = "1.8.0";
const KEYS = { id: "pulumi", secret: "pulumi-secret" };
const REGION = "us-east-1";
const BUCKET = "state";

/** Starts an S3 server with an empty bucket. The server is built with Go once per machine, which takes minutes, and kept like the engine is. */
export async function startS3(): Promise<StateStore> {
  const server = await ensureServer();
  const dir = await mkdtemp(join(tmpdir(), "identity-as-code-s3-"));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    await mkdir(join(dir, BUCKET));
    const port = await freePort();
    const args = ["--access", KEYS.id, "--secret", KEYS.secret, "--region", REGION, "--port", `127.0.0.1:${port}`, "posix", dir];
    const stop = await startServer(server, args, { ready: `http://127.0.0.1:${port}` });
    return {
      env: {
        PULUMI_BACKEND_URL: `s3://${BUCKET}?endpoint=http://127.0.0.1:${port}&s3ForcePathStyle=true&region=${REGION}`,
        AWS_ACCESS_KEY_ID: KEYS.id,
        AWS_SECRET_ACCESS_KEY: KEYS.secret,
      },
      [Symbol.asyncDispose]: () => stop().then(remove),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Out: the program's path. It is moved into its place when it is whole, so that a build that was interrupted is never used. */
async function ensureServer(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "identity-as-code", "s3");
  const server = join(cache, `versitygw-${VERSION}-${process.platform}-${process.arch}`);
  if (existsSync(server)) return server;
  await mkdir(dirname(server), { recursive: true });
  const scratch = await mkdtemp(join(cache, "build-"));
  try {
    const env = { ...process.env, GOBIN: scratch, GOWORK: "off", CGO_ENABLED: "0" };
    await run("go", ["install", "-trimpath", "-ldflags", "-s -w", `${MODULE}@v${VERSION}`], { env, cwd: scratch });
    await rename(join(scratch, "versitygw"), server);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return server;
}
