import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldTable } from "../../provider/src/core/fields";
import { normalize, prune } from "../../provider/src/core/normalize";

const fields: FieldTable = {
  name: { mutability: "readWrite" },
  description: { mutability: "readWrite", emptyIsAbsent: true },
  owner: { mutability: "readWrite", emptyIsAbsent: true },
  tags: { mutability: "readWrite", emptyIsAbsent: true },
};

describe("inputs that mean the same have one form", () => {
  test("undefined and null are left out at every depth", () => {
    expect(
      normalize({ name: "a", description: null, owner: { id: "1", name: undefined, more: [{ x: null, y: 1 }, null] } }, fields),
    ).toEqual({
      name: "a",
      owner: { id: "1", more: [{ y: 1 }] },
    });
  });

  test("an empty string, map or list is left out where empty means absent, and kept elsewhere", () => {
    const empty = { description: "", owner: {}, tags: [] };
    expect(normalize(empty, fields)).toEqual({});
    expect(normalize({ name: "", other: {} }, fields)).toEqual({ name: "", other: {} });
  });

  test("what is empty only after null is left out counts as empty", () => {
    expect(normalize({ owner: { id: null }, tags: [undefined] }, fields)).toEqual({});
  });

  test("zero and false are values", () => {
    expect(normalize({ description: 0, owner: false }, fields)).toEqual({ description: 0, owner: false });
  });

  test("the normal form is its own normal form, and the inputs stay as they were", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("name", "description", "owner", "tags", "other"), fc.jsonValue()), (inputs) => {
        const before = structuredClone(inputs);
        const once = normalize(inputs, fields);
        expect(normalize(once, fields)).toEqual(once);
        expect(inputs).toEqual(before);
        expect(JSON.stringify(once)).not.toMatch(/(^|[:,[])null/);
      }),
    );
  });
});

test("single values pass as they are", () => {
  expect([prune("a"), prune(0), prune(null)]).toEqual(["a", 0, null]);
});
