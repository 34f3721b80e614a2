import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { hasUnknown, isUnknown } from "../../provider/src/core/unknown";
import { SENTINELS } from "./sentinels";

test.each(SENTINELS)("%s stands for a value not known yet", (value) => {
  expect(isUnknown(value)).toBe(true);
});

test("what the installed SDK sends for an unknown value is one of them", () => {
  expect(isUnknown(pulumi.runtime.unknownValue)).toBe(true);
});

test.each(["", "04da6b54", undefined, null, 0, {}, ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"]])("%j is known", (value) => {
  expect(isUnknown(value)).toBe(false);
});

test("an unknown value is found at any depth", () => {
  expect(hasUnknown({ a: [{ b: SENTINELS[1] }] })).toBe(true);
  expect(hasUnknown(SENTINELS[0])).toBe(true);
  expect(hasUnknown({ a: [{ b: "x" }], c: null })).toBe(false);
});
