import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { engineEnv, ensureEngine, VERSION } from "../../scripts/engine.mjs";
import { fakeEngine, program, scratch } from "./fakes";

const PLATFORM = `${process.platform}-${process.arch}`;

/** A machine with an empty PATH, an empty cache and a download site that refuses. */
let machine: { bin: string; cache: string; built: string; env: Record<string, string | undefined>; lines: string[] };
const find = () => ensureEngine({ env: machine.env, log: (line) => machine.lines.push(line) });

beforeEach(() => {
  const dir = scratch();
  const bin = join(dir, "bin");
  const cache = join(dir, "cache");
  mkdirSync(bin);
  mkdirSync(cache);
  machine = {
    bin,
    cache,
    built: join(cache, `${VERSION}-build-${PLATFORM}`),
    env: { PATH: bin, IDENTITY_AS_CODE_ENGINE_CACHE: cache, IDENTITY_AS_CODE_ENGINE_SITE: "http://127.0.0.1:9" },
    lines: [],
  };
});

/** A `go` whose builds write `content` as the binary; counts its builds in a file. */
function fakeGo(source = `console.log("v${VERSION}")`, alsoBeforeBuild = "") {
  program(
    join(machine.bin, "go"),
    `const fs = require("node:fs");
     if (process.argv[2] === "build") {
       ${alsoBeforeBuild}
       fs.appendFileSync(${JSON.stringify(join(machine.bin, "builds"))}, "x");
       fs.writeFileSync(process.argv[process.argv.indexOf("-o") + 1], ${JSON.stringify(`#!${process.execPath}\n${source}\n`)}, { mode: 0o755 });
     }`,
  );
}
const builds = () => (existsSync(join(machine.bin, "builds")) ? readFileSync(join(machine.bin, "builds"), "utf8").length : 0);

describe("the user's own pulumi", () => {
  test("is used when it is new enough, without a word", async () => {
    fakeEngine(machine.bin, "v3.254.0");
    expect(await find()).toEqual({ dir: machine.bin, pulumi: join(machine.bin, "pulumi"), version: "3.254.0", origin: "path" });
    expect(machine.lines).toEqual([]);
  });

  test("may have its language host elsewhere on PATH, also for the processes started later", async () => {
    const elsewhere = join(dirname(machine.bin), "elsewhere");
    program(join(elsewhere, "pulumi-language-nodejs"), "");
    program(join(machine.bin, "pulumi"), `console.log("v3.300.1")`);
    machine.env.PATH += delimiter + elsewhere;
    expect(await find()).toMatchObject({ dir: machine.bin, origin: "path" });
    expect(await find()).toMatchObject({ dir: machine.bin, origin: "given" });
  });

  test.each([
    ["too old", "v3.99.0", "is version 3.99.0, older than 3.254.0"],
    ["silent about its version", "", "does not tell its version"],
  ])("is passed over when it is %s", async (_, version, reason) => {
    fakeEngine(machine.bin, version);
    await expect(find()).rejects.toThrow(`your own pulumi: ${join(machine.bin, "pulumi")} ${reason}`);
  });

  test("is passed over when it breaks", async () => {
    fakeEngine(machine.bin);
    program(join(machine.bin, "pulumi"), `console.error("no such library"); process.exit(3)`);
    await expect(find()).rejects.toThrow("your own pulumi: pulumi version failed (exit code 3): no such library");
  });

  test("is not even started when it has no language host", async () => {
    const started = join(machine.bin, "started");
    program(join(machine.bin, "pulumi"), `require("node:fs").writeFileSync(${JSON.stringify(started)}, ""); console.log("v3.255.0")`);
    await expect(find()).rejects.toThrow("comes without pulumi-language-nodejs");
    expect(existsSync(started)).toBe(false);
  });
});

describe("an engine built with Go", () => {
  test("is made once and kept", async () => {
    fakeGo();
    expect(await find()).toEqual({ dir: machine.built, pulumi: join(machine.built, "pulumi"), version: VERSION, origin: "build" });
    delete machine.env.IDENTITY_AS_CODE_ENGINE;
    expect(await find()).toMatchObject({ dir: machine.built, origin: "build" });
    expect(builds()).toBe(2); // the command line and its language host
    expect(readdirSync(machine.cache)).toEqual([`${VERSION}-build-${PLATFORM}`]);
  });

  test("brings the launcher of dynamic providers along", async () => {
    fakeGo();
    await find();
    expect(readdirSync(machine.built)).toEqual(["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
  });

  test("is not kept when the build stops half-way", async () => {
    fakeGo(undefined, `if (process.argv.at(-1).endsWith("/cmd/pulumi")) { console.error("disk full"); process.exit(1); }`);
    await expect(find()).rejects.toThrow("build: go build failed (exit code 1): disk full");
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  test("is not kept when it does not run", async () => {
    fakeGo("process.exit(1)");
    await expect(find()).rejects.toThrow("build: pulumi version failed");
    expect(readdirSync(machine.cache)).toEqual([]);
  });

  test("is not taken from what a killed run left behind, which goes after a day", async () => {
    const left = (name: string) => fakeEngine(join(machine.cache, `${VERSION}-build-${PLATFORM}.tmp-${name}`, "engine"));
    const old = dirname(left("old"));
    const recent = dirname(left("recent"));
    utimesSync(old, 0, 0);
    fakeGo();
    expect(await find()).toMatchObject({ dir: machine.built });
    expect(builds()).toBe(2);
    expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
  });

  test("is built again when the kept one does not run any more", async () => {
    fakeEngine(machine.built);
    rmSync(join(machine.built, "pulumi"));
    fakeGo();
    expect(await find()).toMatchObject({ dir: machine.built, version: VERSION });
    expect(machine.lines[0]).toContain("cannot be used any more");
    expect(readdirSync(machine.cache)).toEqual([`${VERSION}-build-${PLATFORM}`]);
  });

  test("survives two runs that build it at the same time", async () => {
    fakeGo();
    const other = { ...machine.env };
    const engines = await Promise.all([find(), ensureEngine({ env: other, log: () => {} })]);
    expect(engines).toEqual([engines[0], engines[0]]);
    expect(builds()).toBe(4);
    expect(readdirSync(machine.cache)).toEqual([`${VERSION}-build-${PLATFORM}`]);
  });
});

describe("the official download", () => {
  const archive = `pulumi-v${VERSION}-${PLATFORM}.tar.gz`;

  /** A release site that offers a fake engine, with the checksum it is told. */
  async function site(checksum: (content: Buffer) => string) {
    const dir = scratch();
    fakeEngine(join(dir, "pulumi"));
    execFileSync("tar", ["-czf", archive, "pulumi"], { cwd: dir });
    const content = readFileSync(join(dir, archive));
    const files: Record<string, string | Buffer> = {
      [`/${archive}`]: content,
      [`/pulumi-${VERSION}-checksums.txt`]: `${"0".repeat(64)}  other.tar.gz\n${checksum(content)}`,
    };
    const server = createServer((request, response) => {
      const file = files[request.url ?? ""];
      response.statusCode = file === undefined ? 404 : 200;
      response.end(file);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    onTestFinished(() => void server.close());
    machine.env.IDENTITY_AS_CODE_ENGINE_SITE = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

  test("comes before a build and is kept", async () => {
    fakeGo();
    await site((content) => `${sha256(content)}  ${archive}\n`);
    expect(await find()).toMatchObject({
      dir: join(machine.cache, `${VERSION}-download-${PLATFORM}`),
      version: VERSION,
      origin: "download",
    });
    expect(builds()).toBe(0);
    expect(readdirSync(machine.cache)).toEqual([`${VERSION}-download-${PLATFORM}`]);
  });

  test.each([
    ["differs from the published checksum", `${"1".repeat(64)}  ${archive}\n`, "does not have the published checksum"],
    ["has no published checksum", "", `publishes no checksum for ${archive}`],
  ])("is refused when it %s", async (_, checksums, reason) => {
    await site(() => checksums);
    await expect(find()).rejects.toThrow(reason);
    expect(readdirSync(machine.cache)).toEqual([]);
  });
});

test("without any engine, one error names all three ways and why each failed", async () => {
  const error = await find().catch((reason: Error) => reason);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(
    /^No Pulumi engine\..*\n- your own pulumi: there is none on PATH\n- download: 127\.0\.0\.1:9 is not reachable \(.+\)\n- build: Go is not installed$/,
  );
});

test("a way can be forced", async () => {
  fakeEngine(machine.bin);
  fakeGo();
  machine.env.IDENTITY_AS_CODE_ENGINE_ORIGIN = "build";
  expect(await find()).toMatchObject({ origin: "build" });
  expect(machine.lines).toEqual([expect.stringContaining("building version")]);
});

test("a misspelt way is an error, not a fallback", async () => {
  machine.env.IDENTITY_AS_CODE_ENGINE_ORIGIN = "donwload";
  await expect(find()).rejects.toThrow(`IDENTITY_AS_CODE_ENGINE_ORIGIN is "donwload"; it takes path, download or build.`);
});

test("a named engine that does not work is an error, not a fallback", async () => {
  fakeEngine(machine.bin);
  machine.env.IDENTITY_AS_CODE_ENGINE = join(machine.cache, "nothing");
  await expect(find()).rejects.toThrow("IDENTITY_AS_CODE_ENGINE names cannot be used");
});

describe("the environment for the engine", () => {
  test("puts the pinned Node before the engine, and both before the user's PATH", () => {
    const { PATH } = engineEnv({ PATH: "/usr/bin", IDENTITY_AS_CODE_ENGINE: "/engine" });
    const dirs = PATH?.split(delimiter) ?? [];
    expect(existsSync(join(dirs[0] ?? "", "node"))).toBe(true);
    expect(dirs[1]).toBe("/engine");
    expect(existsSync(join(dirs[2] ?? "", "pulumi-resource-pulumi-nodejs"))).toBe(true);
    expect(dirs.at(-1)).toBe("/usr/bin");
  });

  test("keeps the engine off the network and keeps what the caller set", () => {
    expect(engineEnv({ IDENTITY_AS_CODE_ENGINE: "/engine", PULUMI_HOME: "/home" })).toMatchObject({
      PULUMI_HOME: "/home",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "1",
    });
  });
});
