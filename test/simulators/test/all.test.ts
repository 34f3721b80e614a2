import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const ADDRESSES = ["SAIL_BASE_URL", "PLAINID_BASE_URL", "PINGONE_SCIM_BASE_URL", "ACTIVID_BASE_URL", "MYID_BASE_URL"];

test("all simulators start together, a shell takes what they print, and they stop together", async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../bin/identity-simulators.js", import.meta.url)), "all", "--demo"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const exports: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    exports.push(line.slice(line.indexOf("export ")));
    if (exports.length === ADDRESSES.length) break;
  }
  const script = `${exports.join("\n")}\nprintenv`;
  const env = Object.fromEntries(
    execFileSync("bash", ["-ec", script], { encoding: "utf8" })
      .split("\n")
      .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  for (const address of ADDRESSES) expect((await fetch(`${env[address]}/_simulator/dump`)).status, address).toBe(200);
  // A secret with characters that a shell reads as its own.
  expect(env.ACTIVID_CLIENT_SECRET).toBe("simulator secret+%&");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
