import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const START_MS = 60_000;

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return address.port;
}

/**
 * Starts a server and waits until it says that it is ready.
 *
 * In:     words it says then, on either channel; signal that ends it in good order.
 * Out:    what ends it.
 * Errors: with everything it said, when it ends before or takes longer than a minute.
 */
export async function startServer(
  file: string,
  args: string[],
  { ready, end = "SIGTERM", ...options }: SpawnOptions & { ready: string; end?: NodeJS.Signals },
): Promise<() => Promise<void>> {
  const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, "close");
    child.kill(end);
    await closed;
  };
  await new Promise<void>((resolve, reject) => {
    const fail = (what: string) => reject(new Error(`${file} ${what}:\n${said}`));
    const timer = setTimeout(() => void close().then(() => fail(`was not ready within ${START_MS / 1000} s`)), START_MS);
    const listen = (text: string) => {
      said += text;
      if (!said.includes(ready)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.setEncoding("utf8").on("data", listen);
    child.stderr?.setEncoding("utf8").on("data", listen);
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      fail("ended");
    });
  });
  return close;
}
