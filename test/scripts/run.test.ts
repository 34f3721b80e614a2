import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { fakeEngine, program, scratch } from "./fakes";

const ROOT = dirname(dirname(import.meta.dirname));
const CALLS = "npm-calls";

/** A clone with the real scripts, an npm that installs in no time, and an engine. */
let clone: { dir: string; env: Record<string, string | undefined> };

beforeEach(() => {
  const dir = scratch();
  for (const script of ["engine", "process", "run", "setup"])
    cpSync(join(ROOT, "scripts", `${script}.mjs`), join(dir, "scripts", `${script}.mjs`));
  writeFileSync(join(dir, "package-lock.json"), "one");
  const bin = join(dir, "bin");
  clone = { dir, env: { ...process.env, PATH: bin, IDENTITY_AS_CODE_ENGINE: fakeEngine(join(dir, "engine")) } };
  fakeNpm();
});

function fakeNpm(end = "") {
  program(
    join(clone.dir, "bin", "npm"),
    `const fs = require("node:fs");
     fs.appendFileSync(${JSON.stringify(CALLS)}, process.env.PATH + "\\n");
     for (const dir of ["node/bin", "typescript/bin"]) fs.mkdirSync("node_modules/" + dir, { recursive: true });
     ${end}
     fs.rmSync("node_modules/node/bin/node", { force: true });
     fs.symlinkSync(process.execPath, "node_modules/node/bin/node");
     fs.writeFileSync("node_modules/typescript/bin/tsc", "");`,
  );
}
const npmCalls = () => readFileSync(join(clone.dir, CALLS), "utf8").trim().split("\n");
const start = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(clone.dir, "scripts", script), ...args], { env: clone.env, encoding: "utf8" });

describe("set-up", () => {
  test("installs the packages once", () => {
    expect(start("setup.mjs")).toMatchObject({ status: 0, stderr: "" });
    expect(start("setup.mjs")).toMatchObject({ status: 0, stderr: "" });
    expect(npmCalls()).toHaveLength(1);
  });

  test("installs again when the lock file has changed", () => {
    start("setup.mjs");
    writeFileSync(join(clone.dir, "package-lock.json"), "two");
    start("setup.mjs");
    expect(npmCalls()).toHaveLength(2);
  });

  test("never uses an installation that stopped half-way, not even over a complete one", () => {
    start("setup.mjs");
    writeFileSync(join(clone.dir, "package-lock.json"), "two");
    fakeNpm("process.exit(1);");
    expect(start("setup.mjs").status).toBe(1);
    writeFileSync(join(clone.dir, "package-lock.json"), "one");
    fakeNpm();
    expect(start("setup.mjs").status).toBe(0);
    expect(npmCalls()).toHaveLength(3);
  });

  test("keeps npm off the Node that npm is about to replace", () => {
    clone.env.PATH = `${join(clone.dir, "node_modules", ".bin")}:${clone.env.PATH}`;
    start("setup.mjs");
    expect(npmCalls()).toEqual([join(clone.dir, "bin")]);
  });

  test("says what failed", () => {
    fakeNpm(`console.error("no space left"); process.exit(1);`);
    expect(start("setup.mjs")).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/no space left\nnpm ci .* failed \(exit code 1\)/),
    });
  });
});

describe("a command", () => {
  const command = (name: string, source: string) => {
    mkdirSync(dirname(join(clone.dir, name)), { recursive: true });
    writeFileSync(join(clone.dir, name), source);
  };

  test("runs after the set-up, with its arguments and the chosen engine, and gives its exit code", () => {
    command("scripts/demo.mts", `console.log(process.argv.slice(2).join(), process.env.IDENTITY_AS_CODE_ENGINE); process.exit(7);`);
    const { status, stdout } = start("run.mjs", "demo", "--fast", "two");
    expect(status).toBe(7);
    expect(stdout).toMatch(new RegExp(`--fast,two ${join(clone.dir, "engine")}\n$`));
  });

  test("does not start when the set-up fails", () => {
    clone.env.IDENTITY_AS_CODE_ENGINE = join(clone.dir, "nothing");
    command("bench/run.mts", `console.log("started");`);
    expect(start("run.mjs", "bench")).toMatchObject({ status: 1, stdout: expect.not.stringContaining("started") });
  });

  test("is refused with the list of commands when there is none of that name", () => {
    expect(start("run.mjs", "dmeo")).toMatchObject({ status: 2, stderr: expect.stringContaining("demo|test|bench") });
  });

  test("test ends with its count even when the packages cannot be installed", () => {
    fakeNpm("process.exit(1);");
    expect(start("run.mjs", "test")).toMatchObject({ status: 1, stdout: expect.stringMatching(/\n0 passed, 1 failed\n$/) });
  });

  test("test starts although there is no engine, so that everything else is still tested", () => {
    clone.env.IDENTITY_AS_CODE_ENGINE = join(clone.dir, "nothing");
    command("scripts/test.mts", "");
    expect(start("run.mjs", "test").status).toBe(0);
  });

  describe("that is interrupted", () => {
    const interruptible = (end: string) =>
      command(
        "scripts/test.mts",
        `let count = 0;
         process.on("SIGINT", () => {
           if (count++ === 0) setTimeout(() => { console.log("tidied up after", count); ${end} }, 300);
         });
         setTimeout(() => process.exit(1), 10_000);
         console.log("ready");`,
      );
    /** Starts a command in a process group of its own, as a terminal does, and interrupts it when it is ready. */
    async function interrupt(how: (run: ChildProcess & { pid: number }) => void) {
      const run = spawn(process.execPath, [join(clone.dir, "scripts", "run.mjs"), "test"], { env: clone.env, detached: true });
      let output = "";
      run.stdout.on("data", (data) => {
        output += data;
        if (String(data).includes("ready")) how(run as ChildProcess & { pid: number });
      });
      const exitCode = await new Promise((resolve) => run.on("close", resolve));
      return { exitCode, output };
    }

    test("hears one Ctrl-C of the terminal once and may tidy up", async () => {
      interruptible("process.exit(130);");
      const { exitCode, output } = await interrupt((run) => process.kill(-run.pid, "SIGINT"));
      expect(output).toContain("tidied up after 1");
      expect(exitCode).toBe(130);
    });

    test("hears it once also when npm passes it on a second time", async () => {
      interruptible("process.exit(130);");
      const { output } = await interrupt((run) => {
        run.kill("SIGINT");
        setTimeout(() => run.kill("SIGINT"), 50);
      });
      expect(output).toContain("tidied up after 1");
    });

    test("and ends by the signal gives 128 and the signal's number", async () => {
      interruptible(`process.kill(process.pid, "SIGKILL");`);
      expect((await interrupt((run) => run.kill("SIGINT"))).exitCode).toBe(137);
    });
  });
});
