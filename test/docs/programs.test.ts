import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { startSailPoint } from "identity-simulators";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { DYNAMIC } from "../../provider/src/core/provider-source";
import { bind } from "../../provider/src/core/resource";
import { definitions } from "../../provider/src/definitions";
import { blocksOf, ROOT } from "../engine/page";
import { StepClock } from "../reading/tenants";

const log = { warn() {}, progress() {} };
const offline = { config: { get: () => undefined, env: {} }, clock: new StepClock(), log };
/** By the name of a resource's page. */
const definitionsByPage = Object.fromEntries(
  Object.values(definitions).map((definition) => [
    definition.type.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(":", ""),
    definition,
  ]),
);

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
};

describe("the programs on the resources' pages", () => {
  const home = process.cwd();
  let folder: string;
  const fileOf = (page: string) => join(folder, `${page}.ts`);
  const declared: { type: string; inputs: Record<string, unknown> }[] = [];

  beforeAll(async () => {
    await mkdir(join(ROOT, ".cache"), { recursive: true });
    folder = await mkdtemp(join(ROOT, ".cache", "programs-"));
    for (const page of Object.keys(definitionsByPage))
      await writeFile(fileOf(page), (await blocksOf(`docs/resources/${page}.md`, "ts"))[0] ?? "");
    await writeFile(join(folder, "summer.csv"), "externalId,givenName,familyName,email\nlin,Lin,Summer,lin@example.org\n");
    process.chdir(folder);
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource({ type, inputs }) {
        declared.push({ type, inputs });
        return { id: "1", state: inputs };
      },
    });
  });
  afterAll(async () => {
    process.chdir(home);
    await rm(folder, { recursive: true, force: true });
  });

  test("have the right types", () => {
    const faults = ts.getPreEmitDiagnostics(ts.createProgram(Object.keys(definitionsByPage).map(fileOf), OPTIONS));
    expect(faults.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  });

  test.each(Object.entries(definitionsByPage))("declare what the library accepts: %s", async (page, definition) => {
    declared.length = 0;
    await import(fileOf(page));
    await vi.waitFor(() => expect(declared).toMatchObject([{ type: DYNAMIC + definition.type }]));
    const { __provider, timeouts, ...inputs } = declared[0]?.inputs ?? {};
    expect(bind(definition, offline).check(inputs).failures).toEqual([]);
  });
});

/** Runs the body of a program whose imports are given. */
async function run(program: string, given: Record<string, unknown>): Promise<void> {
  const body = program.replaceAll(/^import .*$/gm, "");
  const { outputText } = ts.transpileModule(`(async () => {${body}})()`, { compilerOptions: { target: ts.ScriptTarget.ESNext } });
  await new Function(...Object.keys(given), `return ${outputText}`)(...Object.values(given));
}

test("README.md's program about the simulators runs", async () => {
  const [, program = ""] = await blocksOf("README.md", "ts");
  const said = vi.fn();
  await run(program, { startSailPoint, console: { log: said } });
  expect(said).toHaveBeenCalledExactlyOnceWith([], []);
});

test("the test on the simulators' page passes", async () => {
  const [program = ""] = await blocksOf("test/simulators/README.md", "ts");
  const tests: (() => Promise<void>)[] = [];
  const definition = definitions["sailpoint:IdentityProfile"];
  if (!definition) throw new Error("there are no identity profiles");
  const myProgram = async (settings: Record<string, string>) => {
    const config = { get: (key: string) => settings[key.replace("sailpoint:", "")], env: {} };
    const provider = bind(definition, { config, clock: new StepClock(), log });
    await provider.create(provider.check({ name: "Employees", authoritativeSource: { name: "HR" } }).inputs);
  };
  await run(program, { startSailPoint, expect, myProgram, test: (_: string, body: () => Promise<void>) => tests.push(body) });
  expect(tests).toHaveLength(1);
  await tests[0]?.();
});
