import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const CLI = join(import.meta.dirname, "../../provider/bin/identity-as-code.js");
const cli = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8" });

test("the help says what is done, with examples and exit codes", () => {
  const { status, stdout } = cli("import", "--help");
  expect(status).toBe(0);
  expect(stdout).toContain("activid, myid, pingone, plainid, sailpoint");
  expect(stdout).toContain("Nothing is ever written to the vendor");
  expect(stdout).toContain("$ npx identity-as-code import sailpoint --all --stack prod");
  expect(stdout).toContain("Exit codes:");
});

test.each([
  [["import", "sailpiont", "--all"], 'There is no system "sailpiont"', "Systems are: activid, myid, pingone, plainid, sailpoint"],
  [["import", "sailpoint"], "It is not said which objects are meant", "--all, --ids and --filter"],
  [["import", "sailpoint", "Employees", "--all"], "It is not said which objects are meant", "--all, --ids and --filter"],
  [["import", "sailpoint", "--ids", "/no/such/file"], "/no/such/file cannot be read", "one id per line"],
])("%j is refused with what to do", (args, what, next) => {
  const { status, stderr } = cli(...args, "--stack", "dev");
  expect(status).toBe(1);
  expect(stderr).toContain(what);
  expect(stderr).toContain(next);
});

test("a command without a stack is refused", () => {
  const { status, stderr } = cli("import", "sailpoint", "--all");
  expect(status).toBe(1);
  expect(stderr).toContain("--stack");
});
