import { expect, test } from "vitest";
import { runCli } from "./run";

test("the help says what is done, with examples and exit codes", async () => {
  const { status, stdout } = await runCli(["import", "--help"]);
  expect(status).toBe(0);
  expect(stdout).toContain("activid, myid, pingone, plainid, sailpoint");
  expect(stdout).toContain("Nothing is ever written to the vendor");
  expect(stdout).toContain("$ npx identity-as-code import sailpoint --all --stack prod");
  expect(stdout).toContain("Exit codes:");
});

test.concurrent.for([
  [
    ["import", "sailpiont", "--all", "--stack", "dev"],
    'There is no system "sailpiont"',
    "Systems are: activid, myid, pingone, plainid, sailpoint",
  ],
  [["import", "sailpoint", "--stack", "dev"], "It is not said which objects are meant", "--all, --ids and --filter"],
  [["import", "sailpoint", "Employees", "--all", "--stack", "dev"], "It is not said which objects are meant", "--all, --ids and --filter"],
  [["import", "sailpoint", "--ids", "/no/such/file", "--stack", "dev"], "/no/such/file cannot be read", "one id per line"],
  [["import", "sailpoint", "--all"], "required option", "--stack"],
] as const)("%j is refused with what to do", async ([args, what, next]) => {
  const { status, stderr } = await runCli(args);
  expect(status).toBe(1);
  expect(stderr).toContain(what);
  expect(stderr).toContain(next);
});
