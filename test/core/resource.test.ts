import { once } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { ConfigError, TimeoutError } from "../../provider/src/core/errors";
import { bind } from "../../provider/src/core/resource";
import { SENTINELS } from "./sentinels";
import { VirtualClock } from "./virtual-clock";
import { stackConfig, widgetDefinition } from "./widget";

function bound(config: Record<string, string> = stackConfig) {
  const definition = widgetDefinition();
  const get = vi.fn((key: string) => config[key]);
  const surroundings = { config: { get, env: {} }, clock: new VirtualClock(), log: { warn: () => {}, progress: () => {} } };
  return { definition, get, surroundings, provider: bind(definition, surroundings) };
}

describe("check", () => {
  test("gives good inputs back in normal form, completed", () => {
    expect(bound().provider.check({ name: "a", tags: [], size: null })).toEqual({
      inputs: { name: "a", size: 3 },
      failures: [],
      warnings: [],
      notes: [],
    });
  });

  test("gives faulty inputs back as they are, with every fault by its property", () => {
    const { definition, provider } = bound();
    expect(provider.check({ name: "", tags: ["x", 7] })).toEqual({
      inputs: { name: "", tags: ["x", 7] },
      failures: [
        { property: "name", reason: expect.stringContaining("Too small") },
        { property: "tags[1]", reason: "Invalid input: expected string, received number (given: 7)" },
      ],
      warnings: [],
      notes: [],
    });
    expect(definition.complete).not.toHaveBeenCalled();
  });

  test("runs the rules and passes their warnings on", () => {
    const { provider } = bound();
    expect(provider.check({ name: "odd" }).failures).toEqual([{ property: "name", reason: "is odd" }]);
    expect(provider.check({ name: "rare" })).toMatchObject({ failures: [], warnings: ["rare names are rare"] });
  });

  test("takes the name of a connection beside the resource's own properties", () => {
    const { provider } = bound();
    expect(provider.check({ name: "a", connection: "second" })).toMatchObject({ inputs: { connection: "second" }, failures: [] });
    expect(provider.check({ name: "a", connection: SENTINELS[1] }).failures).toEqual([]);
    expect(provider.check({ name: "a", connection: 7 }).failures).toMatchObject([{ property: "connection" }]);
    expect(provider.check({ name: "a", conection: "second" }).failures).toEqual([
      { property: "conection", reason: 'unknown property "conection" - did you mean "connection"?' },
    ]);
  });

  test("needs no settings", () => {
    const { provider, get } = bound({});
    expect(provider.check({ name: "a" }).failures).toEqual([]);
    expect(get).not.toHaveBeenCalled();
  });
});

describe("diff", () => {
  const { provider, get } = bound({});

  test("says that nothing changes only when nothing does", () => {
    expect(provider.diff({ name: "a", made: true }, { name: "a" })).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
  });

  test("leaves a change to the host, which can show it", () => {
    expect(provider.diff({ name: "a" }, { name: "b" })).toEqual({ replaces: [], deleteBeforeReplace: false });
  });

  test("deletes the old object first when a new one is needed", () => {
    expect(provider.diff({ name: "a", size: 1 }, { name: "a", size: 2 })).toEqual({ replaces: ["size"], deleteBeforeReplace: true });
  });

  test("replaces what moves to another connection", () => {
    expect(provider.diff({ name: "a" }, { name: "a", connection: "second" }).replaces).toEqual(["connection"]);
    expect(provider.diff({ name: "a", connection: "second" }, { name: "a", connection: "second" }).replaces).toEqual([]);
  });

  test("needs no settings", () => {
    expect(get).not.toHaveBeenCalled();
  });
});

describe("the lifecycle", () => {
  test("is given the vendor's API, the log, the clock, the values and how long it may take", async () => {
    const { provider, definition, surroundings } = bound();
    const context = { log: surroundings.log, clock: surroundings.clock, timeoutMs: 1000 };
    const patience = { timeoutMs: 1000 };
    await provider.create({ name: "a" }, patience);
    await provider.read("7", { name: "a" }, patience);
    await provider.update("7", { name: "a" }, { name: "b" }, patience);
    await provider.delete("7", { name: "a" }, patience);
    expect(definition.create.mock.lastCall?.[0]).toMatchObject({ ...context, inputs: { name: "a" } });
    expect(definition.read.mock.lastCall?.[0]).toMatchObject({ ...context, id: "7", state: { name: "a" } });
    expect(definition.update.mock.lastCall?.[0]).toMatchObject({ ...context, id: "7", state: { name: "a" }, inputs: { name: "b" } });
    expect(definition.delete.mock.lastCall).toMatchObject([{ ...context, id: "7", state: { name: "a" } }]);
  });

  test("uses the connection that the values name", async () => {
    const { provider, definition } = bound();
    await provider.create({ name: "a", connection: "second" });
    expect(definition.create.mock.lastCall?.[0].api.settings.baseUrl).toBe("https://second.example.com");
    await provider.delete("7", { name: "a", connection: "second" });
    expect(definition.delete.mock.lastCall).toMatchObject([{ api: { settings: { baseUrl: "https://second.example.com" } } }]);
    await provider.create({ name: "a" });
    expect(definition.create.mock.lastCall?.[0].api.settings.baseUrl).toBe("https://acme.example.com");
  });

  test("without settings fails before anything is done", async () => {
    const { provider, definition } = bound({});
    await expect(provider.create({ name: "a" })).rejects.toThrow(ConfigError);
    expect(definition.create).not.toHaveBeenCalled();
  });

  test("of an object that was there before keeps another resource of the run from deleting it, and only that one", async () => {
    const { provider, definition } = bound();
    definition.create.mockImplementation((async ({ inputs, takesOver }: { inputs: object; takesOver(): void }) => {
      takesOver();
      return { id: "taken", state: inputs };
    }) as never);
    const { state } = await provider.create({ name: "a" });
    await provider.delete("taken", { name: "a" });
    expect(definition.delete).not.toHaveBeenCalled();
    // The object of that id in another tenant is another one.
    await provider.delete("taken", { name: "a", connection: "second" });
    expect(definition.delete).toHaveBeenCalledOnce();
    definition.delete.mockClear();
    const updated = await provider.update("taken", state, { name: "b" });
    const read = await provider.read("taken", updated);
    await provider.delete("taken", read?.state ?? {});
    expect(definition.delete).toHaveBeenCalledOnce();
  });

  test("of an object that an earlier run took over does the same, as soon as a diff shows who has it now", async () => {
    const { provider, definition } = bound();
    const state = { name: "a", takenOverAt: "2026-01-01T00:00:00.000Z" };
    provider.diff(state, { name: "a" }, "taken before");
    await provider.delete("taken before", { name: "a" });
    expect(definition.delete).not.toHaveBeenCalled();
    await provider.delete("taken before", state);
    expect(definition.delete).toHaveBeenCalledOnce();
  });

  test("that takes longer than its time is ended, and says so", async () => {
    const { provider, definition } = bound();
    definition.create.mockImplementation(
      ({ signal }: { signal: AbortSignal }) => once(signal, "abort").then(() => signal.throwIfAborted()) as never,
    );
    await expect(provider.create({ name: "a" }, { timeoutMs: 20 })).rejects.toThrow(TimeoutError);
    await expect(provider.create({ name: "a" }, { timeoutMs: 20 })).rejects.toThrow(
      "took longer than the 0.02 s that customTimeouts allows",
    );
  });
});
