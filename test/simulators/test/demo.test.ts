import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { demoTenant } from "../src/index.js";
import { call } from "./support.js";

test("the demo tenant is realistic, and each of its mappings could be written back", async () => {
  const { tenant, get, patch } = await call({ seed: demoTenant() });
  const { profiles, sources } = tenant.dump();
  expect(profiles.length).toBeGreaterThanOrEqual(12);
  expect(profiles[0]).toMatchObject({ name: "IdentityNow Admins", priority: 10 });
  for (const profile of profiles) {
    expect(profile.identityCount).toBeGreaterThan(0);
    expect(profile.identityAttributeConfig.attributeTransforms.length).toBeGreaterThanOrEqual(20);
    const operations = [{ op: "replace", path: "/identityAttributeConfig", value: { ...profile.identityAttributeConfig, enabled: false } }];
    expect((await patch(`/v3/identity-profiles/${profile.id}`, operations)).status).toBe(200);
  }
  const bound = new Set(profiles.map(({ authoritativeSource }) => authoritativeSource.id));
  const free = sources.filter(({ id, accountAttributes }) => !bound.has(id) && (accountAttributes?.length ?? 0) > 0);
  expect(free.length).toBeGreaterThanOrEqual(6);
  expect((await get(`/v3/sources/${free[0]?.id}/connections`)).body.identityProfiles).toEqual([]);
});

test("the demo tenant is always the same, and so is its file", () => {
  expect(demoTenant()).toEqual(demoTenant());
  expect(JSON.parse(readFileSync(new URL("../data/sailpoint-demo.json", import.meta.url), "utf8"))).toEqual(demoTenant());
});

/** Runs the compiled command line; resolves with its first line. */
async function cli(...flags: string[]) {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../bin/identity-simulators.js", import.meta.url)), "sailpoint", ...flags]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, line };
}

test.each(["SIGINT", "SIGTERM"] as const)("the command line prints the environment to export and stops cleanly on %s", async (signal) => {
  const { child, line } = await cli("--demo", "--switch", "conflictStatus=409", "--switch", "task=error");
  const [, url] = / - export SAIL_BASE_URL=(\S+) SAIL_CLIENT_ID=\S+ SAIL_CLIENT_SECRET=\S+$/.exec(line) ?? [];
  expect(line).toContain(`at ${url} -`);
  const state = (await (await fetch(`${url}/_simulator/dump`)).json()) as { profiles: unknown[] };
  expect(state.profiles).toHaveLength(13);
  expect(await (await fetch(`${url}/_simulator/switches`)).json()).toMatchObject({ conflictStatus: 409, task: "error" });
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("the command line starts from a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "simulator-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "seed.json");
  writeFileSync(file, JSON.stringify({ org: "globex", sources: [{ name: "HR" }] }));
  const { line } = await cli("--seed-data", file, "--no-rate-limit");
  const url = /SAIL_BASE_URL=(\S+)/.exec(line)?.[1];
  expect(await (await fetch(`${url}/_simulator/dump`)).json()).toMatchObject({ org: "globex", sources: [{ name: "HR" }] });
});
