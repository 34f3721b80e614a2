import { describe, expect, test } from "vitest";
import { difference, SERVER_CHOSEN } from "../../provider/src/core/diff";
import type { FieldTable } from "../../provider/src/core/fields";
import { SENTINELS } from "./sentinels";

const fields: FieldTable = {
  name: { mutability: "readWrite", replaceWhen: (inputs, state) => inputs.renameBy === "replace" && state.created !== undefined },
  kind: { mutability: "immutable" },
  mapping: { mutability: "readWrite" },
  owner: { mutability: "readWrite", serverChosen: true },
  email: { mutability: "readWrite", same: (before, after) => String(before).toLowerCase() === String(after).toLowerCase() },
  list: { mutability: "readWrite", same: (before, after) => (before as string[]).length === (after as string[]).map((x) => x).length },
  renameBy: { mutability: "local" },
  adopt: { mutability: "local", createOnly: true },
};
const between = (state: Record<string, unknown>, inputs: Record<string, unknown>) => difference(fields, state, inputs);

describe("properties differ", () => {
  test("in no way when all are equal at every depth, whatever the order of keys", () => {
    const value = { name: "a", mapping: { x: { p: 1, q: [1, 2] } } };
    expect(between(value, { mapping: { x: { q: [1, 2], p: 1 } }, name: "a" })).toEqual({ changed: [], replaces: [] });
  });

  test("when a value, an order or a depth does", () => {
    expect(between({ name: "a" }, { name: "b" }).changed).toEqual(["name"]);
    expect(between({ mapping: { x: [1, 2] } }, { mapping: { x: [2, 1] } }).changed).toEqual(["mapping"]);
    expect(between({ mapping: { x: 1 } }, { mapping: { x: "1" } }).changed).toEqual(["mapping"]);
  });

  test("when one is declared for the first time, or no longer", () => {
    expect(between({}, { mapping: {} }).changed).toEqual(["mapping"]);
    expect(between({ mapping: {} }, {}).changed).toEqual(["mapping"]);
  });

  test("not in what the table does not name", () => {
    expect(between({ created: "then", count: 3 }, { __provider: "x" }).changed).toEqual([]);
  });

  test("in meaning, where the table says what that is", () => {
    expect(between({ email: "A@x" }, { email: "a@X" }).changed).toEqual([]);
    expect(between({ email: "A@x" }, { email: "b@x" }).changed).toEqual(["email"]);
  });

  test("not in what only mattered at creation", () => {
    expect(between({ adopt: true }, {}).changed).toEqual([]);
  });
});

describe("a value that the vendor made up", () => {
  test("is no difference while none is declared", () => {
    expect(between({ owner: "u1", [SERVER_CHOSEN]: ["owner"] }, {}).changed).toEqual([]);
  });

  test("is one as soon as a value is declared, even the same", () => {
    expect(between({ owner: "u1", [SERVER_CHOSEN]: ["owner"] }, { owner: "u1" }).changed).toEqual(["owner"]);
  });

  test("is told from one that was declared", () => {
    expect(between({ owner: "u1" }, {}).changed).toEqual(["owner"]);
  });
});

describe("a new object is needed", () => {
  test("when an immutable property changes", () => {
    expect(between({ kind: "a", name: "n" }, { kind: "b", name: "m" })).toEqual({ changed: ["name", "kind"], replaces: ["kind"] });
  });

  test("when a property changes that is to be replaced under these inputs and this state", () => {
    const state = { name: "a", created: "then" };
    expect(between(state, { name: "b", renameBy: "replace" }).replaces).toEqual(["name"]);
    expect(between(state, { name: "b" }).replaces).toEqual([]);
    expect(between(state, { name: "a", renameBy: "replace" }).replaces).toEqual([]);
    expect(between({ name: "a" }, { name: "b", renameBy: "replace" }).replaces).toEqual([]);
  });
});

test.each(SENTINELS)("a value not known yet counts as changed: %s", (unknown) => {
  const state = { name: "a", kind: "k", list: ["x"], mapping: { x: 1 } };
  const inputs = { name: unknown, kind: unknown, list: unknown, mapping: { x: unknown } };
  expect(between(state, inputs)).toEqual({ changed: ["name", "kind", "mapping", "list"], replaces: ["kind"] });
});
