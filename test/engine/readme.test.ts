import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensureEngine } from "../../scripts/engine.mjs";
import { startSailPoint } from "../simulators/src/index";
import { demoTenant } from "../simulators/src/sailpoint/demo";
import { blocksOf, commandsOf, Desk, ROOT } from "./page";

const programs = await blocksOf("README.md", "ts");
const commands = await commandsOf("README.md");

/** Commands that another test runs, or that cannot run here as they stand, each with the reason. */
const elsewhere: Record<string, string> = {
  "npm test": "it is what runs this test",
  "npm run demo": "run on its own below",
  "npx identity-simulators sailpoint --demo --port 0": "run on its own below",
  "npm install @pulumi/pulumi pulumi-identity-as-code typescript@5 ts-node": "test/package does it with the packed package",
};

test("the first program is the example of that name", async () => {
  expect(programs[0]).toBe(await readFile(join(ROOT, "examples/sailpoint-first-profile/index.ts"), "utf8"));
});

test("every command about the first program works as printed", async () => {
  await using tenant = await startSailPoint({ seed: demoTenant(), taskDelayMs: 50 });
  await using desk = await Desk.open({ SECRET: tenant.credentials.clientSecret });
  await writeFile(join(desk.dir, "index.ts"), programs[0] ?? "");
  await writeFile(join(desk.dir, "Pulumi.yaml"), "name: first\nruntime: nodejs\n");
  await writeFile(join(desk.dir, "package.json"), '{ "main": "index.ts" }');
  await cp(join(ROOT, "examples/sailpoint-first-profile/tsconfig.json"), join(desk.dir, "tsconfig.json"));
  for (const printed of commands.filter((command) => !(command in elsewhere))) {
    // A reader's tenant has an address of its own, and so has this one.
    const command = printed
      .replace("sailpoint:tenant acme", `sailpoint:baseUrl ${tenant.url}`)
      .replace("sailpoint:clientId 0123456789abcdef0123456789abcdef", `sailpoint:clientId ${tenant.credentials.clientId}`);
    await desk.type(command);
  }
  const volunteers = tenant.dump().profiles.filter(({ name }) => name === "Volunteers");
  expect(volunteers).toHaveLength(1);
});

test("the simulator's command prints an address that answers", async () => {
  const bin = join(ROOT, "node_modules/.bin/identity-simulators");
  const simulator = spawn(bin, ["sailpoint", "--demo", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    let address: string | undefined;
    for await (const line of createInterface({ input: simulator.stdout })) {
      address = /SAIL_BASE_URL=(\S+)/.exec(line)?.[1];
      if (address) break;
    }
    expect((await fetch(`${address}/oauth/info`)).status).not.toBe(404);
  } finally {
    simulator.kill("SIGTERM");
    await once(simulator, "exit");
  }
});

test("the demo shows the whole story and leaves the systems as they were", async () => {
  await ensureEngine();
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "scripts/demo.mts")], { env: process.env, maxBuffer: 1e7 });
  expect(stdout).toContain('~ attributeName: "mail" => "personalMail"');
  // What others changed in four systems is seen.
  expect(stdout).toContain("~ priority   : 240 => 299");
  expect(stdout).toContain('~ title: "Store Manager" => "Regional Manager"');
  expect(stdout).toContain("~ active: true => false");
  expect(stdout).toContain('=> "00000000-dead-4bad-8bad-000000000000"');
  expect(stdout).toContain("Every system is exactly what it was before.");
  expect(stdout).not.toContain("simulator-secret");
});
