/** What a person may ask SailPoint at a terminal; what is behind it, test/sailpoint/operations.test.ts says. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, type SailPointSimulator, startSailPoint } from "identity-simulators";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type CliResult, runCli } from "./run";

const EMPLOYEES = "a1".repeat(16);
const CONTRACTORS = "b2".repeat(16);
const seed = {
  sources: [
    { id: "hr", name: "HR", accountAttributes: ["login", "mail"] },
    { id: "agency", name: "Agency", accountAttributes: ["login"] },
  ],
  profiles: [
    { id: EMPLOYEES, name: "Employees", priority: 20, authoritativeSource: { id: "hr" }, identityCount: 7, identityRefreshRequired: true },
    { id: CONTRACTORS, name: "Contractors", priority: 10, authoritativeSource: { id: "agency" } },
  ],
  lifecycleStates: [{ id: "1", profileId: EMPLOYEES, name: "Long Leave" }],
};

let tenant: SailPointSimulator;
let dir: string;
beforeAll(async () => {
  tenant = await startSailPoint({ seed, rateLimit: false });
  dir = await mkdtemp(join(tmpdir(), "identity-as-code-cli-"));
});
beforeEach(() => tenant.reset());
afterAll(() => Promise.all([tenant.close(), rm(dir, { recursive: true })]));

function sailpoint(...args: string[]): Promise<CliResult> {
  return runCli(["sailpoint", ...args], environmentOf.sailpoint(tenant));
}

test("questions are answered in tables, or as JSON", async () => {
  const [list, part, get, json, mapping, states, nobody] = await Promise.all([
    sailpoint("list", "--sort", "priority"),
    sailpoint("list", "--filter", 'name sw "E"', "--offset", "0", "--limit", "1", "--json"),
    sailpoint("get", "employees"),
    sailpoint("get", EMPLOYEES, "--json"),
    sailpoint("default-mapping", "Contractors"),
    sailpoint("lifecycle-states", "Employees"),
    sailpoint("get", "Nobody"),
  ]);
  expect(list.stdout).toMatch(
    new RegExp(
      `^id +name +priority +authoritativeSource.name +owner.name +identityCount +identityRefreshRequired\n${CONTRACTORS} +Contractors +10 +Agency +– +0 +false\n${EMPLOYEES} +Employees +20 +HR +– +7 +true\n$`,
    ),
  );
  expect(JSON.parse(part.stdout).profiles).toMatchObject([{ name: "Employees" }]);
  expect(get.stdout).toMatch(/^field +value\nid +a1a1.*\nname +Employees\n/);
  expect(get.stdout).toMatch(
    /\nattribute +type +attributes\nuid +accountAttribute +\{"sourceName":"HR","attributeName":"login","sourceId":"hr"\}\n/,
  );
  expect(JSON.parse(json.stdout).identityAttributeConfig.attributeTransforms.email).toMatchObject({ attributeName: "mail" });
  expect(mapping.stdout).toMatch(/^attribute +type +attributes\nuid +accountAttribute .*"Agency".*\n$/);
  expect(states.stdout).toMatch(/\n1 +Long Leave +longleave +true +0\n$/);
  expect(nobody).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no identity profile named "Nobody"') });
});

test("what writes does nothing where nobody can be asked", async () => {
  const file = join(dir, "empty.json");
  await writeFile(file, "[]");
  const refused = await Promise.all([
    sailpoint("process-identities", "Employees"),
    sailpoint("import", file),
    sailpoint("delete", "Contractors", EMPLOYEES),
  ]);
  for (const { status, stderr } of refused)
    expect([status, stderr]).toEqual([1, expect.stringContaining("there is no terminal to ask at. Nothing was sent. Give --yes")]);
  expect(refused[0]?.stderr).toContain(`Process 7 identities of identity profile "Employees" (${EMPLOYEES})`);
  expect(tenant.requests.filter(({ method, path }) => method !== "GET" && path !== "/oauth/token")).toEqual([]);
});

test("identities are processed with --yes, and again only with --force", async () => {
  const first = await sailpoint("process-identities", "Employees", "--yes");
  const [second, third] = await Promise.all([
    sailpoint("process-identities", EMPLOYEES, "--yes"),
    sailpoint("process-identities", EMPLOYEES, "--yes", "--force", "--json"),
  ]);
  expect([first.stdout, second.stdout]).toEqual([
    'Processing the identities of "Employees" has begun.\n',
    expect.stringContaining('"Employees" does not require it; --force does'),
  ]);
  expect(JSON.parse(third.stdout)).toEqual({ id: EMPLOYEES, name: "Employees", processed: true });
});

test("profiles are deleted with --yes, those with identities only with --force", async () => {
  const guarded = await sailpoint("delete", "Contractors", EMPLOYEES, "--yes");
  expect([guarded.status, guarded.stderr]).toEqual([1, expect.stringContaining("has 7. Nothing was deleted")]);
  const deleted = await sailpoint("delete", "Contractors", EMPLOYEES, "0f".repeat(16), "--yes", "--force");
  expect(deleted.stdout).toContain(`deleted  Contractors  (${CONTRACTORS})\n`);
  expect(deleted.stdout).toContain(`was gone already  ${"0f".repeat(16)}\n`);
  expect(tenant.dump().profiles).toEqual([]);
});

test("an export is written to the terminal or to a file, which an import takes", async () => {
  const file = join(dir, "profiles.json");
  const [printed, written] = await Promise.all([
    sailpoint("export", "--filter", 'name eq "Employees"'),
    sailpoint("export", "--out", file),
  ]);
  expect(JSON.parse(printed.stdout)).toMatchObject([{ self: { name: "Employees" } }]);
  expect(written).toMatchObject({ status: 0, stdout: "", stderr: `2 identity profiles exported to ${file}\n` });
  tenant.drift.removeProfile(CONTRACTORS);
  const imported = await sailpoint("import", file, "--yes");
  expect(imported.stdout).toMatch(/^imported {2}Employees {2}\(a1.*\nimported {2}Contractors {2}\([0-9a-f]{32}\)\n$/);
  expect(tenant.dump().profiles).toHaveLength(2);
});

test("an import tells all remarks and what was imported, and fails when there are errors although the answer is 200", async () => {
  const file = join(dir, "wrong.json");
  await writeFile(file, JSON.stringify([{ object: { name: "A" } }, { object: { name: "B" } }]));
  const body = JSON.stringify({
    infos: [{ key: "I", text: "an info" }],
    warnings: [{ key: "W", text: "a warning" }],
    errors: [{ key: "UNKNOWN_REFERENCE_RESOLVER", text: "no such source" }],
    importedObjects: [{ type: "IDENTITY_PROFILE", id: "1", name: "A" }],
  });
  tenant.faults.add({ path: /import$/, when: "before", times: 2, action: { body, contentType: "application/json" } });
  const [table, json] = await Promise.all([sailpoint("import", file, "--yes"), sailpoint("import", file, "--yes", "--json")]);
  expect(table).toMatchObject({
    status: 1,
    stdout: "info  I: an info\nwarning  W: a warning\nerror  UNKNOWN_REFERENCE_RESOLVER: no such source\nimported  A  (1)\n",
    stderr: expect.stringContaining('ended with errors: UNKNOWN_REFERENCE_RESOLVER: no such source. Imported were "A"'),
  });
  expect([json.status, JSON.parse(json.stdout).errors]).toEqual([1, [{ key: "UNKNOWN_REFERENCE_RESOLVER", text: "no such source" }]]);
});

test.each([
  [["import", "/no/such/file", "--yes"], "/no/such/file cannot be read"],
  [
    ["import", join(import.meta.dirname, "../../package.json"), "--yes"],
    "holds no list of profiles. Give a file that `sailpoint export` wrote",
  ],
  [["list", "--limit", "many"], "limit: "],
  [["preview-identity", "employees", "--identity", "Ada"], "required option '--stack <name>' not specified"],
])("%j is refused before anything is sent", async (args, words) => {
  const { status, stderr } = await sailpoint(...args);
  expect([status, stderr]).toEqual([1, expect.stringContaining(words)]);
  expect(tenant.requests).toEqual([]);
});
