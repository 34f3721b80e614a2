import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { worlds } from "./example-worlds";
import { blocksOf, commandsOf, Desk } from "./page";

vi.setConfig({ testTimeout: 300_000 });

const FOLDER = "docs/getting-started";
/** For each system, what a reader changes first, in the program that the import wrote. */
const CHANGES: Record<string, [from: string, to: string]> = {
  sailpoint: ["People known to Workday", "People known to Workday, and nobody else"],
  plainid: ['sourceId: "ds_users"', 'sourceId: "hr_db"'],
  pingone: ['family: "Hopper"', 'family: "Murray Hopper"'],
  activid: ['familyName: "Kowalska"', 'familyName: "Kowalska-Berg"'],
  myid: ["entraObjectId: ", 'entraObjectId: "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44", // was '],
};
const vendors = Object.keys(CHANGES);
/** What is typed on every page after the settings and the import. */
const [PROOF, SHOW, APPLY] = ["pulumi preview --expect-no-changes", "pulumi preview --diff", "pulumi up --yes"] as const;
/** Commands of the operating guide that another test runs, or that were typed before it, each with the reason. */
const elsewhere: Record<string, string> = {
  "npm install pulumi-identity-as-code@latest": "test/package installs the packed package",
  "pulumi cancel --yes": "test/engine/sailpoint-identity-profile/kill.test.ts does it where there is something to cancel",
  "pulumi refresh --clear-pending-creates --yes": "the same",
  "pulumi preview --refresh": "README.md's test types it",
  [PROOF]: "typed on every page",
  [APPLY]: "typed on every page",
};

/** How the settings that a page sets are called in a simulated system's own announcement. */
const settingsOf = (env: Record<string, string>): Record<string, Record<string, string | undefined>> => ({
  sailpoint: { baseUrl: env.SAIL_BASE_URL, clientId: env.SAIL_CLIENT_ID, clientSecret: env.SAIL_CLIENT_SECRET },
  plainid: { baseUrl: env.PLAINID_BASE_URL, clientId: env.PLAINID_CLIENT_ID, clientSecret: env.PLAINID_CLIENT_SECRET },
  pingone: {
    baseUrl: env.PINGONE_SCIM_BASE_URL,
    authBaseUrl: env.PINGONE_AUTH_BASE_URL,
    environmentId: env.PINGONE_ENVIRONMENT_ID,
    clientId: env.PINGONE_CLIENT_ID,
    clientSecret: env.PINGONE_CLIENT_SECRET,
  },
  activid: {
    baseUrl: env.ACTIVID_BASE_URL,
    tenant: env.ACTIVID_TENANT,
    clientId: env.ACTIVID_CLIENT_ID,
    clientSecret: env.ACTIVID_CLIENT_SECRET,
  },
  myid: { baseUrl: env.MYID_BASE_URL, clientId: env.MYID_CLIENT_ID, clientSecret: env.MYID_CLIENT_SECRET },
});

/** What a reader of the page sets whose system is a simulated one: other values, and an address instead of a name. */
function settingsFor(vendor: string, commands: string[], there: Record<string, string | undefined>): string[] {
  return commands.flatMap((command) => {
    const [, secret = "--plaintext ", key] = new RegExp(`^pulumi config set (--secret )?${vendor}:(\\w+) \\S+$`).exec(command) ?? [];
    if (key === undefined) return [];
    const keys = key in there ? [key] : ["baseUrl", "authBaseUrl"].filter((name) => name in there);
    return keys.map((name) => `${secret}${vendor}:${name}='${there[name]}'`);
  });
}

describe("the pages about getting started and operating, all systems in one project", () => {
  let desk: Desk;
  let world: Awaited<ReturnType<NonNullable<(typeof worlds)[string]>>>;
  const dumps = () => world.stages.map((stage) => stage.dump());

  beforeAll(async () => {
    const open = worlds.workforce;
    if (!open) throw new Error("there is no world of five systems");
    world = await open("workforce");
    desk = await Desk.open();
    const [project = ""] = await blocksOf(`${FOLDER}/README.md`, "yaml");
    const [tsconfig = ""] = await blocksOf(`${FOLDER}/README.md`, "json");
    await writeFile(join(desk.dir, "Pulumi.yaml"), project);
    await writeFile(join(desk.dir, "tsconfig.json"), tsconfig);
    // What `npm install` leaves.
    await writeFile(join(desk.dir, "package.json"), "{}");
  });
  afterAll(async () => {
    await desk?.[Symbol.asyncDispose]();
    for (const stage of world?.stages ?? []) await stage.close();
  });

  test("the settings lead to the systems, and what is there comes under code without a write", async () => {
    const before = dumps();
    const [install, init = ""] = await commandsOf(`${FOLDER}/README.md`);
    // test/package does it with the packed package.
    expect(install).toMatch(/^npm install @pulumi\/pulumi pulumi-identity-as-code /);
    await desk.type(init);
    const settings: string[] = [];
    const imports: string[] = [];
    for (const vendor of vendors) {
      const commands = await commandsOf(`${FOLDER}/${vendor}.md`);
      const [dryRun, imported = "", ...rest] = commands.slice(commands.findIndex((command) => command.startsWith("npx")));
      expect(dryRun).toBe(`${imported} --dry-run`);
      expect(rest).toEqual([PROOF, SHOW, APPLY]);
      settings.push(...settingsFor(vendor, commands.slice(0, -5), settingsOf(world.env)[vendor] ?? {}));
      imports.push(imported);
    }
    // README.md's own test sets them one by one; all at once is faster.
    await desk.type(`pulumi config set-all ${settings.join(" ")}`);
    expect((await desk.type(`${imports[0]} --dry-run`)).stdout).toContain("would import");
    for (const command of imports)
      expect((await desk.type(command)).stdout).toMatch(/[1-9]\d* imported, 0 managed already, 0 not possible/);
    await desk.type(PROOF);
    expect(dumps()).toEqual(before);
  });

  test("the first change of each is seen and made", async () => {
    for (const [vendor, [from, to]] of Object.entries(CHANGES)) {
      const file = join(desk.dir, `${vendor}.ts`);
      const text = await readFile(file, "utf8");
      expect(text).toContain(from);
      await writeFile(file, text.replace(from, to));
    }
    expect((await desk.type(SHOW)).stdout).toContain('~ familyName: "Kowalska" => "Kowalska-Berg"');
    expect((await desk.type(APPLY)).stdout).toMatch(/~ 5 updated/);
    const there = JSON.stringify(dumps());
    for (const value of ["and nobody else", "hr_db", "Murray Hopper", "Kowalska-Berg", "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44"])
      expect(there.toLowerCase()).toContain(value.toLowerCase());
  });

  test("the commands of the operating guide run, and change nothing", async () => {
    const before = dumps();
    for (const command of await commandsOf("docs/operating.md")) {
      if (command in elsewhere) continue;
      const settings = settingsFor("sailpoint", [command], settingsOf(world.env).sailpoint ?? {});
      await desk.type(settings.length > 0 ? `pulumi config set-all ${settings.join(" ")}` : command);
    }
    expect(dumps()).toEqual(before);
  });
});
