import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { engineEnv, ensureEngine } from "../../../scripts/engine.mjs";
import { createStack } from "../../harness/stack";
import { worlds } from "../example-worlds";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const CLI = join(ROOT, "provider/bin/identity-as-code.js");

/** An empty program in a stack that leads to all five demo systems, and the command line in its folder. */
async function openScene() {
  const world = await worlds.workforce?.("workforce");
  if (!world) throw new Error("there is no world of five systems");
  const { env, stages } = world;
  const stack = await createStack({ program: "export const nothing = 0;\n", env });
  return {
    stack,
    stages,
    cli: (...args: string[]) => stack.tool(process.execPath, [CLI, ...args, "--stack", "dev"]),
    written: (file: string) => readFile(join(stack.project, file), "utf8"),
    /** Requests that change something, tokens and searches left out. */
    writes: () =>
      stages
        .flatMap(({ requests }) => requests as { method: string; path: string }[])
        .filter(({ method, path }) => method !== "GET" && !/token|search/.test(path))
        .map(({ method, path }) => `${method} ${path}`),
    async [Symbol.asyncDispose]() {
      await stack.close();
      await Promise.all(stages.map((stage) => stage.close()));
      expect(stages.flatMap(({ unknownRequests }) => unknownRequests)).toEqual([]);
    },
  };
}

test("a run that stops before the state is changed is gone on with, and a name or object that cannot be taken over is named", async () => {
  await using scene = await openScene();
  const { stack, cli } = scene;
  const names = ["Faculty", "Students"];

  const missing = await cli("import", "sailpoint", "Faculty", "Nobody");
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('There are no identity profiles with the name "Nobody"') });
  const planned = await cli("import", "sailpoint", ...names, "--dry-run");
  expect(planned).toMatchObject({ code: 0, stdout: expect.stringMatching(/would import {2}faculty[\s\S]*would write .*sailpoint\.ts/) });
  await expect(scene.written("sailpoint.ts")).rejects.toThrow("ENOENT");

  // Stands in for a stack whose lock somebody else holds, or a run that is killed.
  const shim = join(stack.project, "shim");
  await mkdir(shim);
  const { dir } = await ensureEngine();
  await writeFile(
    join(shim, "pulumi"),
    `#!/bin/sh\nif [ "$1" = import ]; then echo "the stack is locked" >&2; exit 1; fi\nexec ${dir}/pulumi "$@"\n`,
    { mode: 0o755 },
  );
  const stopped = await stack.tool(process.execPath, [CLI, "import", "sailpoint", ...names, "--stack", "dev"], {
    env: { PATH: `${shim}:${engineEnv().PATH}` },
  });
  expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining("the stack is locked") });
  expect(await stack.resources()).toEqual([]);
  const program = await scene.written("sailpoint.ts");
  // Nothing is lost meanwhile: an `up` only hears that the objects are there already.
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 2, delete: 0 });

  const again = await cli("import", "sailpoint", ...names);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("2 imported, 0 managed already, 0 not possible") });
  expect(await scene.written("sailpoint.ts")).toBe(program);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  // Taken over, an object is not deleted by a mistake in the program.
  await stack.write("export const nothing = 1;\n");
  const mistake = await stack.up();
  expect(mistake.code).not.toBe(0);
  expect(mistake.stdout).toContain("protected");
  expect(scene.writes()).toEqual([]);
});
