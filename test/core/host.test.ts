import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { ConflictError, PartialError } from "../../provider/src/core/errors";
import { durationMs, dynamicHost } from "../../provider/src/core/host";
import { errorOf } from "./http/lab";
import { stackConfig, widgetDefinition } from "./widget";

const argv = process.argv;
beforeEach(() => {
  // No engine listens to this process.
  process.argv = argv.slice(0, 2);
});
afterEach(() => {
  process.argv = argv;
  vi.restoreAllMocks();
});

function hosted() {
  const definition = widgetDefinition();
  const host = dynamicHost(definition);
  host.configure({ config: { get: (key) => stackConfig[key] } });
  return { definition, host };
}

const carried = { __provider: "exports.handler=...", timeouts: { create: "1m30s", read: "2s", update: "3m", delete: "1h" } };

describe("what belongs to the host", () => {
  test("never reaches the resource, and comes back with every answer", async () => {
    const { definition, host } = hosted();
    expect(await host.check({}, { name: "a", ...carried })).toEqual({ inputs: { name: "a", size: 3, ...carried }, failures: [] });
    expect(await host.create({ name: "a", ...carried })).toEqual({ id: "7", outs: { name: "a", made: true, ...carried } });
    expect(await host.read("7", { name: "a", ...carried })).toEqual({
      id: "7",
      props: { name: "a", seen: true, ...carried },
      inputs: { name: "a", ...carried },
    });
    expect(await host.update("7", { name: "a" }, { name: "b", ...carried })).toEqual({ outs: { name: "b", made: true, ...carried } });
    await host.delete("7", { name: "a", ...carried });
    for (const { mock } of [definition.create, definition.read, definition.update, definition.delete]) {
      const request = JSON.stringify(mock.lastCall, (key, value) => (["api", "clock", "log"].includes(key) ? undefined : value));
      expect(request).not.toMatch(/__provider|timeouts/);
    }
  });

  test("gives each operation its own patience", async () => {
    const { definition, host } = hosted();
    await host.create({ name: "a", ...carried });
    await host.read("7", { name: "a", ...carried });
    await host.update("7", { name: "a" }, { name: "b", ...carried });
    await host.delete("7", { name: "a", ...carried });
    const patience = [definition.create, definition.read, definition.update, definition.delete].map(
      ({ mock }) => (mock.lastCall as unknown as [{ timeoutMs?: number }] | undefined)?.[0].timeoutMs,
    );
    expect(patience).toEqual([90_000, 2000, 180_000, 3_600_000]);
    await host.create({ name: "a" });
    expect(definition.create.mock.lastCall?.[0]).toMatchObject({ timeoutMs: undefined, signal: undefined });
  });

  test("is a change when timeouts change, though the object stays the same", async () => {
    const { host } = hosted();
    expect(await host.diff("7", { name: "a", ...carried }, { name: "a", ...carried })).toMatchObject({ changes: false });
    const changed = await host.diff("7", { name: "a", ...carried }, { name: "a", ...carried, timeouts: { create: "2m" } });
    expect(changed).toEqual({ replaces: [], deleteBeforeReplace: false });
  });

  test("is no change when only the text of the provider is another", async () => {
    const { host } = hosted();
    expect(await host.diff("7", { name: "a", __provider: "old" }, { name: "a", __provider: "new" })).toMatchObject({ changes: false });
  });
});

describe("configuration", () => {
  test("is there for calls that come at the same time", async () => {
    const definition = widgetDefinition();
    const host = dynamicHost(definition);
    expect(host.configure({ config: { get: (key) => stackConfig[key] } })).toBeUndefined();
    expect(await host.create({ name: "a" })).toMatchObject({ id: "7" });
  });

  test("that is missing is an error without a stack trace", async () => {
    const host = dynamicHost(widgetDefinition());
    const error = await errorOf(host.create({ name: "a" }));
    expect(error).toMatchObject({ name: "ConfigError", stack: "" });
  });
});

describe("an object that is gone", () => {
  test("has a blank id, by which the engine forgets it", async () => {
    const { definition, host } = hosted();
    definition.read.mockResolvedValue(undefined);
    expect(await host.read("7", { name: "a", ...carried })).toEqual({ id: "" });
  });

  test("that was only looked up is an error, because the engine would keep it without any value", async () => {
    const { definition, host } = hosted();
    definition.read.mockResolvedValue(undefined);
    const error = await errorOf(host.read("7", { connection: "second", ...carried }));
    expect(error).toMatchObject({ name: "NotFoundError", message: expect.stringContaining("There is no acme:Widget 7 to look up") });
  });
});

describe("an error", () => {
  test("meant for people has no stack trace", async () => {
    const { definition, host } = hosted();
    definition.create.mockRejectedValue(new ConflictError("It failed"));
    expect(await errorOf(host.create({ name: "a" }))).toMatchObject({ message: "It failed (IDP_CONFLICT).", stack: "" });
  });

  test("that is a bug keeps it", async () => {
    const { definition, host } = hosted();
    definition.create.mockRejectedValue(new TypeError("x is undefined"));
    expect((await errorOf(host.create({ name: "a" }))).stack).toContain("host.test.ts");
  });

  test.each(["create", "update"] as const)(
    "of a half-made object (%s) hands over id, state and what reaches it later",
    async (operation) => {
      const { definition, host } = hosted();
      const half = new PartialError("7", { name: "a", made: true }, new ConflictError("Tagging failed", "Choose other tags"));
      definition[operation].mockRejectedValue(half);
      const inputs = { name: "a", ...carried };
      const error = await errorOf(operation === "create" ? host.create(inputs) : host.update("7", { name: "z" }, inputs));
      expect(error).toMatchObject({
        id: "7",
        properties: { name: "a", made: true, ...carried },
        reasons: [half.message],
        message: half.message,
      });
    },
  );
});

test("notes of a check are shown, as such", async () => {
  const info = vi.spyOn(pulumi.log, "info").mockImplementation(async () => {});
  const definition = {
    ...widgetDefinition(),
    schema: z.object({}),
    adoption: { describe: () => "widget", find: async () => undefined },
  };
  await dynamicHost(definition).check({}, { adopt: true });
  expect(info.mock.calls).toEqual([["Takes over the existing widget and brings it to what is declared."]]);
});

test("warnings of a check are shown", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockImplementation(async () => {});
  await hosted().host.check({}, { name: "rare" });
  expect(warn).toHaveBeenCalledWith("rare names are rare");
});

describe("a duration", () => {
  test.each([
    ["90s", 90_000],
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["1m5s250ms", 65_250],
    ["0s", 0],
  ])("%s is %i ms", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  test.each(["", "10", "ten minutes", "10 m", "-5m", "5m!", "1d"])("%j is none", (text) => {
    expect(() => durationMs(text)).toThrow(/customTimeouts is not a duration\. Write it like 10m, 90s or 1h30m/);
  });
});
