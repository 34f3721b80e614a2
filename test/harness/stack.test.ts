import { access, readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createStack, type Stack } from "./stack.js";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const program = (resources: string) => `
import * as pulumi from "@pulumi/pulumi";
const provider = \`
exports.handler = () => ({
  async diff(id, olds, news) { return { replaces: olds.kind !== news.kind ? ["kind"] : [] }; },
  async create(inputs) {
    if (inputs.size < 0) throw new Error("too small");
    if (inputs.wait) {
      require("fs").writeFileSync("creating", "");
      await new Promise(() => setInterval(() => {}, 1000));
    }
    return { id: "object-" + inputs.kind, outs: { ...inputs, cwd: process.cwd() } };
  },
  async update(id, olds, news) { return { outs: news }; },
  async read(id, props) { return process.env.GONE ? { id: "", props: {} } : { id, props, inputs: { ...props, size: 7 } }; },
})\`;
class Thing extends pulumi.CustomResource {
  constructor(name: string, props: object) {
    super("pulumi-nodejs:dynamic/test:Thing", name, { ...props, __provider: provider });
  }
}
const config = new pulumi.Config();
${resources}`;

describe("a stack", () => {
  let stack: Stack;
  beforeAll(async () => {
    const config = { size: "1", "acme:key": { secret: "hidden=value" } };
    stack = await createStack({ program: program(`new Thing("a", { kind: "x", size: config.requireNumber("size") });`), config });
  });
  afterAll(() => stack.close());

  test("goes through its life, and each command reports what it did", async () => {
    const created = await stack.up({ expect: 0 });
    expect(created.summary).toEqual({ create: 1, update: 0, delete: 0, replace: 0, same: 0 });
    expect(await stack.resources()).toMatchObject([{ name: "a", id: "object-x", inputs: { size: 1 }, outputs: { cwd: stack.project } }]);

    await stack.setConfig("size", "2");
    const preview = await stack.preview({ args: ["--diff"], expect: 0 });
    expect(preview.summary).toMatchObject({ update: 1 });
    expect(preview.steps).toMatchObject([{ op: "update", name: "a", failed: false, diffs: ["size"], detailedDiff: { size: "update" } }]);
    expect(preview.stdout).toContain("~ size: 1 => 2");

    expect((await stack.refresh({ expect: 0 })).summary).toMatchObject({ update: 1 });
    expect(await stack.resources()).toMatchObject([{ inputs: { size: 7 } }]);

    const drift = await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], env: { GONE: "1" } });
    expect(drift).toMatchObject({ code: 7, summary: { delete: 1 } });

    await stack.write(program(`new Thing("a", { kind: "y" });`));
    const replaced = await stack.up({ expect: 0 });
    expect(replaced.summary).toEqual({ create: 0, update: 0, delete: 0, replace: 1, same: 0 });
    expect(replaced.steps.map(({ op }) => op)).toEqual(["create-replacement", "replace", "delete-replaced"]);

    expect((await stack.destroy({ expect: 0 })).summary).toMatchObject({ delete: 1 });
    expect(await stack.resources()).toEqual([]);
  });

  test("keeps secret configuration encrypted and readable", async () => {
    const { stdout } = await stack.pulumi(["config", "get", "acme:key"], { expect: 0 });
    expect(stdout.trim()).toBe("hidden=value");
    expect((await stack.pulumi(["config"])).stdout).not.toContain("hidden");
  });
});

describe("a stack in trouble", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack({ program: program(`new Thing("a", { kind: "x", size: -1 });`) });
  });
  afterAll(() => stack.close());

  test("reports a failed resource without throwing, unless told what to expect", async () => {
    const failed = await stack.up();
    expect(failed).toMatchObject({ summary: { create: 0 }, steps: [{ op: "create", failed: true }] });
    expect(failed.code).not.toBe(0);
    expect(failed.diagnostics).toContainEqual({
      severity: "error",
      urn: expect.stringMatching(/::a$/),
      message: expect.stringContaining("too small"),
    });
    await expect(stack.up({ expect: 0 })).rejects.toThrow("too small");
  });

  test("loses its provider while a command runs", async () => {
    await stack.write(program(`new Thing("a", { kind: "x", wait: true });`));
    const running = stack.start("up");
    await expect.poll(() => readdir(stack.project), { timeout: 60_000 }).toContain("creating");
    await stack.killProvider();
    const result = await running.done;
    expect(result.steps).toMatchObject([{ op: "create", failed: true }]);
    expect(await stack.providerPids()).toEqual([]);
  });

  test("leaves nothing behind when it is closed in the middle of a command", async () => {
    const other = await createStack({ program: program(`new Thing("a", { kind: "x", wait: true });`) });
    const running = other.start("up");
    await expect.poll(() => other.providerPids(), { timeout: 60_000 }).toHaveLength(1);
    await other.close();
    expect((await running.done).code).toBeNull();
    expect(await other.providerPids()).toEqual([]);
    await expect(access(other.project)).rejects.toThrow("ENOENT");
  });
});
