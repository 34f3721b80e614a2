import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { adoptInput } from "../../provider/src/core/adopt";
import { bind } from "../../provider/src/core/resource";
import { SENTINELS } from "./sentinels";
import { VirtualClock } from "./virtual-clock";
import { stackConfig, widgetDefinition } from "./widget";

type Values = Record<string, unknown>;

/** A widget that can be taken over, and what there is to take over. */
function bound(there: Values | undefined = { name: "a", size: 3 }, unseen?: string[], type = "acme:Widget") {
  const plain = widgetDefinition();
  const converge = vi.fn(async () => ({ converged: true }));
  const observe = vi.fn(async () => ({ inputs: there, state: there, unseen }));
  const find = vi.fn(async (_request: Values) => there && { id: "9", observe, converge });
  const warn = vi.fn();
  const definition = {
    ...plain,
    type,
    schema: plain.schema.extend({
      adopt: adoptInput("the widget of that name", z.string().min(1)).optional(),
      parts: z.unknown().optional(),
    }),
    fields: { ...plain.fields, parts: { mutability: "readWrite" as const }, adopt: { mutability: "local" as const, createOnly: true } },
    adoption: { describe: ({ name }: Values, id: string | undefined) => `widget ${id ?? `named "${name}"`}`, find },
  };
  const config = { get: (key: string) => stackConfig[key], env: {} };
  // biome-ignore lint/suspicious/noExplicitAny: what there is to take over is what the tests put in.
  const provider = bind(definition as any, { config, clock: new VirtualClock(), log: { warn, progress: () => {} } });
  const failure = async (inputs: Values) =>
    provider.create(inputs).then(
      () => "nothing failed",
      (error: Error) => error.message,
    );
  return { provider, plain, find, observe, converge, warn, failure };
}

describe("what adopt may say", () => {
  test.each<[string, unknown]>([
    ["true", true],
    ["an id", { id: "9" }],
    ["the name", { by: "name" }],
    ["the name and a mode", { by: "name", mode: "converge" }],
    ["an id and a mode", { id: "9", mode: "match" }],
    ["only a mode", { mode: "match" }],
    ["nothing known yet", SENTINELS[1]],
    ["an id and a mode not known yet", { id: SENTINELS[1], mode: SENTINELS[1] }],
  ])("%s", (_what, adopt) => {
    expect(bound().provider.check({ name: "a", adopt }).failures).toEqual([]);
  });

  test.each<[string, unknown, string, string]>([
    [
      "false",
      false,
      "adopt",
      'must be true (take the widget of that name) or an object such as { id: "..." } or { mode: "match" } (given: false)',
    ],
    ["a text", "9", "adopt", "must be true"],
    ["nothing", {}, "adopt", 'must say which object: true for the widget of that name, or { id: "..." }'],
    ["an id that is none", { id: undefined }, "adopt", "must say which object"],
    ["an empty id", { id: "", mode: "match" }, "adopt.id", "Too small"],
    ["an id of the wrong kind", { id: 9 }, "adopt.id", "expected string"],
    ["both an id and the name", { id: "9", by: "name" }, "adopt.by", "cannot be set together with id"],
    ["another key", { by: "id" }, "adopt.by", 'can only be "name"; for an id, give id (given: "id")'],
    ["another mode", { mode: "merge" }, "adopt.mode", '"match" (fail if anything differs) (given: "merge")'],
    ["an unknown member", { id: "9", mod: "match" }, "adopt.mod", 'unknown property "mod" - did you mean "mode"?'],
    ["only an unknown member", { username: "a" }, "adopt.username", 'unknown property "username"; allowed: id, by, mode'],
  ])("but not %s", (_what, adopt, property, reason) => {
    const { failures, notes } = bound().provider.check({ name: "a", adopt });
    expect(failures).toContainEqual({ property, reason: expect.stringContaining(reason) });
    expect(notes).toEqual([]);
  });
});

describe("the note before a create", () => {
  const notes = (inputs: Values, before?: Values) => bound().provider.check({ name: "a", ...inputs }, before).notes;

  test("says which object is taken over, and that it is brought to what is declared", () => {
    const note = 'Takes over the existing widget named "a" and brings it to what is declared.';
    expect([true, { by: "name" }, { mode: "converge" }].map((adopt) => notes({ adopt }))).toEqual([[note], [note], [note]]);
    expect(notes({ adopt: { id: "9" } })).toEqual(["Takes over the existing widget 9 and brings it to what is declared."]);
  });

  test("says that nothing is changed where that is asked for", () => {
    expect(notes({ adopt: { mode: "match" } })).toEqual([
      'Takes over the existing widget named "a" and changes nothing: it fails if anything differs from what is declared.',
    ]);
  });

  test("says what is not known yet", () => {
    const [text] = SENTINELS.slice(1);
    expect(notes({ name: text, adopt: true })[0]).toMatch(/^Takes over the existing widget named \(not known yet\) and brings/);
    expect(notes({ adopt: { id: text, mode: text } })).toEqual(["Takes over the existing widget (not known yet)."]);
    expect(notes({ adopt: text })).toEqual([]);
  });

  test("is not there for an object that is made, or that is in state already", () => {
    expect(notes({})).toEqual([]);
    expect(notes({ adopt: true }, { name: "a" })).toEqual([]);
  });

  test("is not there for a replacement, which the host checks as if nothing were in state", () => {
    const { provider } = bound();
    const { inputs } = provider.check({ name: "replaced", size: 2, adopt: true }, { name: "replaced", size: 1 });
    expect(provider.diff({ name: "replaced", size: 1 }, inputs).replaces).toEqual(["size"]);
    expect(provider.check({ name: "replaced", size: 2, adopt: true }).notes).toEqual([]);
    expect(provider.check({ name: "another", size: 2, adopt: true }).notes).toHaveLength(1);
    const gadget = bound(undefined, undefined, "acme:Gadget").provider;
    expect(gadget.check({ name: "replaced", size: 2, adopt: true }).notes).toHaveLength(1);
  });
});

describe("a create with adopt", () => {
  test("brings the object to what is declared, and makes none", async () => {
    const { provider, plain, find, observe } = bound({ name: "other" });
    const { id, state } = await provider.create({ name: "a", adopt: { id: "9" } });
    expect([id, state]).toEqual(["9", { converged: true, takenOverAt: expect.any(String) }]);
    expect(find.mock.lastCall?.[0]).toMatchObject({ id: "9", inputs: { name: "a" }, api: expect.anything() });
    expect(plain.create).not.toHaveBeenCalled();
    expect(observe).not.toHaveBeenCalled();
  });

  test("keeps another resource of the run from deleting what it took over, in either mode", async () => {
    for (const adopt of [true, { mode: "match" }]) {
      const { provider, plain } = bound();
      await provider.create({ name: "a", size: 3, adopt });
      await provider.delete("9", { name: "a" });
      expect(plain.delete).not.toHaveBeenCalled();
    }
  });

  test("of an object that is not there fails and says what to do", async () => {
    const { provider, plain, find, failure } = bound();
    find.mockResolvedValue(undefined as never);
    expect(await failure({ name: "a", adopt: true })).toBe(
      'There is no widget named "a" to adopt. Remove adopt to create it, or give adopt: { id } (IDP_NOT_FOUND).',
    );
    expect(await failure({ name: "a", adopt: { id: "8" } })).toBe(
      "There is no widget 8 to adopt. Correct adopt.id, or remove adopt to create it (IDP_NOT_FOUND).",
    );
    expect(plain.create).not.toHaveBeenCalled();
    // What was compared with an object in state just now, is that object's replacement.
    provider.diff({ name: "a", size: 1 }, { name: "a", size: 2, adopt: true });
    expect(await provider.create({ name: "a", size: 2, adopt: true })).toMatchObject({ id: "7" });
  });
});

describe("a create that takes an object as it is", () => {
  test("keeps it when nothing declared differs, by its id or its name, without any change", async () => {
    const { provider, plain, converge } = bound({ name: "a", size: 3, serverChosen: ["size"], parts: { left: 1 } });
    for (const adopt of [{ mode: "match" }, { id: "9", mode: "match" }]) {
      const { id, state } = await provider.create({ name: "a", parts: { left: 1 }, adopt });
      expect([id, state]).toMatchObject(["9", { name: "a", size: 3 }]);
    }
    expect(converge).not.toHaveBeenCalled();
    expect(plain.create).not.toHaveBeenCalled();
  });

  test("fails when anything differs, and names every place with what is there and what is declared", async () => {
    const { failure, converge } = bound({ name: "A", size: 3, tags: ["x"], parts: { left: 1, right: { "odd one": 2 }, up: 3 } });
    const inputs = { name: "a", size: 3, tags: ["x", "y"], parts: { left: 1, right: { "odd one": "2" }, down: { deep: 4 } } };
    expect(await failure({ ...inputs, adopt: { mode: "match" } })).toBe(
      'The widget named "a" is not taken over, because it is not as declared and adopt.mode is "match". ' +
        'name: there "A", declared "a"; tags: there ["x"], declared ["x","y"]; ' +
        'parts.right["odd one"]: there 2, declared "2"; parts.up: there 3, declared nothing; parts.down.deep: there nothing, declared 4. ' +
        "Nothing was changed. Declare it as it is, or remove adopt.mode to have it brought to what is declared (IDP_GUARD).",
    );
    expect(converge).not.toHaveBeenCalled();
  });

  test("names what no answer shows and what so could not be compared", async () => {
    const { provider, warn } = bound({ name: "a", size: 3 }, ["parts"]);
    await provider.create({ name: "a", size: 3, adopt: { mode: "match" } });
    expect(warn.mock.calls).toEqual([
      ['The widget named "a" is taken over without comparing parts, which no answer shows; it counts as it is declared.'],
    ]);
  });
});
