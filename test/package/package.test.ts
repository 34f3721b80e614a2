import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "../../scripts/process.mjs";
import { openScene, type Scene } from "../engine/sailpoint-identity-profile/scene.js";
import type { Result } from "../harness/stack.js";

// Packages are fetched, and a program is run several times.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ROOT = dirname(dirname(import.meta.dirname));
const NAME = "pulumi-identity-as-code";
const PNPM = "pnpm@12.21.0";
/** What a user's program has beside the library. */
const BESIDE = ["@pulumi/pulumi", "typescript", "ts-node"];

const PROGRAM = `
import { accountAttribute, SailPointIdentityProfile } from "pulumi-identity-as-code";

const employees = new SailPointIdentityProfile("employees", {
  name: "Employees",
  authoritativeSource: { name: "HR" },
  identityAttributeConfig: { attributeTransforms: { email: accountAttribute({ sourceName: "HR", attributeName: "mail" }) } },
});
export const priority = employees.priority;
`;

interface Packed {
  version: string;
  file: string;
  paths: string[];
}

let dir: string;
let packed: Packed;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "identity-as-code-package-"));
  packed = await pack(join(ROOT, "provider"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function pack(folder: string): Promise<Packed> {
  const [{ filename, version, files }] = JSON.parse(await run("npm", ["pack", folder, "--json", "--pack-destination", dir]));
  return { version, file: join(dir, filename), paths: files.map(({ path }: { path: string }) => path) };
}

/** The same package with a higher version, as a later release. */
async function packNext(): Promise<Packed> {
  const folder = join(dir, "next");
  await cp(join(ROOT, "provider"), folder, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...manifest, version: `${manifest.version}-next.1` }));
  return pack(folder);
}

/** The packages a program needs, in the versions this checkout has. */
async function packages(names = BESIDE): Promise<string[]> {
  return Promise.all(
    names.map(async (name) => {
      const { version } = JSON.parse(await readFile(join(ROOT, "node_modules", name, "package.json"), "utf8"));
      return `${name}@${version}`;
    }),
  );
}

/** A scene whose program lives in a folder without any package yet. */
async function openEmpty(): Promise<Scene> {
  const scene = await openScene("");
  await rm(join(scene.stack.project, "node_modules"), { recursive: true });
  await scene.stack.write(PROGRAM);
  return scene;
}

async function npmInstall({ stack }: Scene, specs: string[]): Promise<void> {
  await run("npm", ["install", "--prefix", stack.project, "--no-audit", "--no-fund", "--prefer-offline", ...specs], { cwd: stack.project });
}

async function installedVersion({ stack }: Scene): Promise<string> {
  return JSON.parse(await readFile(join(stack.project, "node_modules", NAME, "package.json"), "utf8")).version;
}

/** Runs JavaScript in the program's folder and returns what it prints. */
async function script({ stack }: Scene, code: string, ...flags: string[]): Promise<string> {
  return (await run(process.execPath, [...flags, "--eval", code], { cwd: stack.project })).trim();
}

const failureOf = (request: string) => `try { require("${request}") } catch ({ code }) { console.log(code) }`;
const unchanged = ({ summary }: Result) => expect(summary).toEqual({ create: 0, update: 0, delete: 0, replace: 0, same: 1 });

test("the package holds the compiled library, its command and nothing else", () => {
  const other = packed.paths.filter((path) => !/^dist\/([a-z]+\/)*[a-z-]+(\.d\.ts|\.js)$/.test(path));
  expect(other.filter((path) => !/^(README|LICENSE|CHANGELOG)(\.md)?$/.test(path))).toEqual(["bin/identity-as-code.js", "package.json"]);
  expect(packed.paths).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "dist/dynamic.js", "dist/dynamic.d.ts"]));
});

describe("installed with npm outside the checkout", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openEmpty();
    await npmInstall(scene, [packed.file, ...(await packages())]);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  test("it brings four packages along and runs no script of its own", async () => {
    const { project } = scene.stack;
    const tree = JSON.parse(await run("npm", ["ls", "--all", "--omit=dev", "--json"], { cwd: project }));
    const brought: Record<string, { dependencies?: object }> = tree.dependencies[NAME].dependencies;
    expect(Object.keys(brought).sort()).toEqual(["@pulumi/pulumi", "commander", "fastest-levenshtein", "undici", "zod"]);
    const { "@pulumi/pulumi": _peer, ...own } = brought;
    expect(Object.values(own).filter(({ dependencies }) => dependencies)).toEqual([]);

    const lock = JSON.parse(await readFile(join(project, "package-lock.json"), "utf8"));
    const scripted = [NAME, ...Object.keys(own)].filter((name) => lock.packages[`node_modules/${name}`].hasInstallScript !== undefined);
    expect(scripted).toEqual([]);
  });

  test("it can be required and imported by its public names only", async () => {
    expect(
      await script(scene, `import { SailPointIdentityProfile as c } from "${NAME}"; console.log(typeof c)`, "--input-type=module"),
    ).toBe("function");
    expect(await script(scene, `console.log(typeof require("${NAME}/dynamic").handler, require("${NAME}/package.json").version)`)).toBe(
      `function ${packed.version}`,
    );
    expect(await script(scene, failureOf(`${NAME}/dist/core/host`))).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  test("its command runs where it is installed", async () => {
    const help = await run(join(scene.stack.project, "node_modules/.bin/identity-as-code"), ["--help"], { cwd: scene.stack.project });
    expect(help).toMatch(/import .*bring existing objects under code[\s\S]*drift .*compare code, state and systems/);
  });

  test("a program's own process loads no vendor code", async () => {
    const loaded = await script(scene, `require("${NAME}"); console.log(Object.keys(require.cache).join("\\n"))`);
    const own = loaded.split("\n").flatMap((path) => path.split(`node_modules/${NAME}/`).slice(1));
    expect(own).toContain("dist/index.js");
    expect(loaded).not.toMatch(/node_modules\/(zod|undici|fastest-levenshtein|commander)\//);
    expect(own.filter((path) => /api|definition|schema|vendor|http/.test(path))).toEqual([]);
  });

  test.for(["node16", "bundler"])("programs are checked against its types under moduleResolution %s", async (moduleResolution) => {
    const { project } = scene.stack;
    const compile = async (name: string, source: string) => {
      await writeFile(join(project, name), source);
      const module = moduleResolution === "bundler" ? "preserve" : "node16";
      const flags = [
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        "--module",
        module,
        "--moduleResolution",
        moduleResolution,
      ];
      return run(process.execPath, [join(project, "node_modules", "typescript", "bin", "tsc"), ...flags, name], { cwd: project });
    };
    await compile("good.ts", PROGRAM);
    await compile(
      "bad.ts",
      `${PROGRAM}
       // @ts-expect-error a name is required
       new SailPointIdentityProfile("a", { authoritativeSource: { name: "HR" } });
       // @ts-expect-error the property is called "owner"
       new SailPointIdentityProfile("b", { name: "B", ownr: { name: "Amira" }, authoritativeSource: { name: "HR" } });
       // @ts-expect-error the engine cannot import dynamic resources
       new SailPointIdentityProfile("c", { name: "C", authoritativeSource: { name: "HR" } }, { import: "1" });`,
    );
  });

  test("it lives its life, and a later version goes on with the state of this one", async () => {
    const { stack, tenant } = scene;
    const created = await stack.up({ expect: 0 });
    expect(created.summary).toMatchObject({ create: 1 });
    expect(tenant.dump().profiles).toMatchObject([{ name: "Employees", priority: 10 }]);
    tenant.clearRequests();
    unchanged(await stack.up({ expect: 0 }));
    expect(tenant.requests).toEqual([]);

    const next = await packNext();
    await npmInstall(scene, [next.file]);
    expect(await installedVersion(scene)).toBe(`${packed.version}-next.1`);
    await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
    tenant.clearRequests();
    await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
    expect(tenant.requests).toEqual([]);
    unchanged(await stack.refresh({ expect: 0 }));
    await stack.destroy({ expect: 0 });
    expect(tenant.dump().profiles).toEqual([]);
  });
});

describe("the policies", () => {
  let policies: Packed;
  beforeAll(async () => {
    policies = await pack(join(ROOT, "policy"));
  });

  test("are a package that holds their page, their code and nothing else", () => {
    const other = policies.paths.filter((path) => !/^dist\/[a-z]+(\.d\.ts|\.js)$/.test(path));
    expect(other).toEqual(["README.md", "package.json"]);
    expect(policies.paths).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts"]));
  });

  test("installed with npm, share one SDK with the library, and the pack of their page is checked against their types", async () => {
    const folder = await mkdtemp(join(dir, "pack-"));
    const specs = [policies.file, packed.file, ...(await packages(["@pulumi/policy", ...BESIDE]))];
    await run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--prefer-offline", ...specs], { cwd: folder });
    const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
    const copies = (name: string) => Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
    for (const name of ["@pulumi/pulumi", "@pulumi/policy", "pulumi-identity-as-code"]) expect(copies(name)).toHaveLength(1);

    const page = await readFile(join(folder, "node_modules/pulumi-identity-as-code-policy/README.md"), "utf8");
    const packs = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, text = ""], index) => [`pack-${index}.ts`, text] as const);
    expect(packs).toHaveLength(2);
    for (const [name, text] of packs) await writeFile(join(folder, name), text);
    const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "node16"];
    const tsc = join(folder, "node_modules", "typescript", "bin", "tsc");
    await run(process.execPath, [tsc, ...flags, ...packs.map(([name]) => name)], { cwd: folder });
  });
});

test("it works in pnpm's layout, where a package sees only what it declares", async () => {
  await using scene = await openEmpty();
  const { stack, tenant } = scene;
  // pnpm wants a word about every package with an install script; the SDK's protobufjs does not need its one.
  await writeFile(join(stack.project, "pnpm-workspace.yaml"), "allowBuilds:\n  protobufjs: false\n");
  const store = join(ROOT, ".cache", "pnpm");
  const specs = [packed.file, ...(await packages())];
  await run("npx", ["--yes", PNPM, "--dir", stack.project, "add", "--prefer-offline", "--store-dir", store, ...specs], {
    cwd: stack.project,
  });
  expect(await script(scene, failureOf("zod"))).toBe("MODULE_NOT_FOUND");

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  tenant.clearRequests();
  unchanged(await stack.up({ expect: 0 }));
  expect(tenant.requests).toEqual([]);
  unchanged(await stack.refresh({ expect: 0 }));
  await stack.destroy({ expect: 0 });
  expect(tenant.dump().profiles).toEqual([]);
});
