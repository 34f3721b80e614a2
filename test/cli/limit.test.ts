import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "./run";

/** What the real engine answered; test/engine/preview-comment keeps it so. */
const PREVIEWS = join(import.meta.dirname, "previews");
const COMPANY = join(PREVIEWS, "company.json");

interface Step {
  op: string;
  urn: string;
  oldState?: { retainOnDelete?: boolean };
}

/** A file with an answer, for one test. */
async function fileOf(content: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "identity-limit-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "preview.json"), content);
  return join(dir, "preview.json");
}

/** The company's preview with only these of its changes. */
function companyWith(change: (step: Step) => boolean, edit: (step: Step) => void = () => {}): Promise<string> {
  const company = JSON.parse(readFileSync(COMPANY, "utf8"));
  const steps = company.steps.filter(change);
  steps.forEach(edit);
  return fileOf(JSON.stringify({ ...company, steps }));
}

test("what would be deleted or replaced is named and counted; what stays in its system is not", async () => {
  const { status, stdout, stderr } = await runCli(["limit", COMPANY, "--max-deletes", "6"]);
  expect(status).toBe(2);
  // The disabled user, the two sources and the retained profile stay.
  expect(stdout.trim().split("\n").sort()).toEqual([
    "The run would delete 7 objects and may delete 6.",
    'delete   activid:User  "nokafor"',
    'delete   myid:PersonEntraLink  "katherine"',
    'delete   pingone:DirectMappedUser  "g.hopper"',
    'delete   sailpoint:IdentityProfile  "contractors"',
    'delete   sailpoint:IdentityProfile  "retirees"',
    'replace  myid:PersonEntraLink  "grace"',
    'replace  sailpoint:IdentityProfile  "partners"',
  ]);
  expect(stderr).toContain("Split the change, or raise --max-deletes");
  expect(await runCli(["limit", COMPANY, "--max-deletes", "7"])).toMatchObject({ status: 0, stderr: "" });
});

test("a preview without deletes passes a limit of none, and one delete does not", async () => {
  const none = await companyWith(({ op }) => op === "update" || op === "create");
  expect(await runCli(["limit", none, "--max-deletes", "0"])).toMatchObject({
    status: 0,
    stdout: "The run would delete 0 objects and may delete 0.\n",
  });
  const one = await companyWith(({ urn }) => urn.endsWith("::retirees"));
  expect(await runCli(["limit", one, "--max-deletes", "0"])).toMatchObject({
    status: 2,
    stdout: expect.stringContaining("would delete 1 object and"),
  });
});

test("a replacement that leaves the old object does not count", async () => {
  const retained = await companyWith(
    ({ urn }) => urn.endsWith("::partners"),
    ({ oldState }) => Object.assign(oldState ?? {}, { retainOnDelete: true }),
  );
  expect(await runCli(["limit", retained, "--max-deletes", "0"])).toMatchObject({ status: 0 });
});

test("a preview that failed is refused, whatever the limit: it may have stopped before the deletes", async () => {
  const { status, stderr } = await runCli(["limit", join(PREVIEWS, "refused.json"), "--max-deletes", "1000"]);
  expect(status).toBe(1);
  expect(stderr).toContain("The preview failed, so not every delete is known: ");
});

test.concurrent.for([
  [["limit", COMPANY], "required option '--max-deletes <number>' not specified"],
  [["limit", COMPANY, "--max-deletes", "-1"], '--max-deletes is "-1"'],
  [["limit", COMPANY, "--max-deletes", "3.5"], '--max-deletes is "3.5"'],
  [["limit", "--max-deletes", "3"], "It is not said which preview is meant"],
  [["limit", "/no/such/file", "--max-deletes", "3"], "/no/such/file cannot be read"],
  [["limit", join(PREVIEWS, "company.md"), "--max-deletes", "3"], "not that of `pulumi preview --json`"],
] as const)("%j is refused with what is wrong", async ([args, what]) => {
  const { status, stderr } = await runCli(args);
  expect(status).toBe(1);
  expect(stderr).toContain(what);
});

test("JSON that is no preview does not pass for one without deletes", async () => {
  expect(await runCli(["limit", await fileOf("{}"), "--max-deletes", "3"])).toMatchObject({ status: 1 });
});
