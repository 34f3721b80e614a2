import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Holdings } from "../../provider/src/core/holdings";
import { bind } from "../../provider/src/core/resource";

function holdings(...known: [owner: string, holds: string, wants: string][]): Holdings {
  const all = new Holdings();
  for (const [owner, holds, wants] of known) all.note(owner, holds, wants);
  return all;
}

const taken =
  (...values: string[]) =>
  (value: string) =>
    values.includes(value);

describe("the prospect of a value", () => {
  test.each<[string, Holdings, string]>([
    ["nobody holds it any more", holdings(), "clear"],
    ["its holder takes mine", holdings(["2", "B", "A"]), "clear"],
    ["its holder goes where nobody is", holdings(["2", "B", "Z"]), "clear"],
    ["a chain of holders ends in free space", holdings(["2", "B", "C"], ["3", "C", "Z"]), "clear"],
    ["a chain of holders ends at mine", holdings(["3", "C", "A"], ["2", "B", "C"]), "clear"],
    ["a chain of holders ends at one that nobody knows", holdings(["2", "B", "C"]), "perhaps"],
    ["a chain of holders ends at one that stays", holdings(["2", "B", "C"], ["3", "C", "C"]), "perhaps"],
    ["nobody knows its holder", holdings(["3", "C", "Z"]), "blocked"],
    ["its holder stays", holdings(["2", "B", "B"]), "blocked"],
    ["one of two supposed holders stays", holdings(["2", "B", "C"], ["3", "B", "B"]), "blocked"],
  ])("when %s is %3$s", (what, all, prospect) => {
    const isTaken = what.startsWith("nobody holds") ? taken("A") : taken("A", "B", "C");
    expect(all.prospect("B", "A", isTaken)).toBe(prospect);
  });

  test("changes when a change failed, was made, or is nobody's business any more", () => {
    const all = holdings(["2", "B", "C"]);
    all.stays("2");
    expect(all.prospect("B", "A", taken("A", "B"))).toBe("blocked");
    all.note("2", "B", "C");
    all.moved("2", "B", "C");
    expect(all.holders("C")).toMatchObject([{ owner: "2", wants: "C" }]);
    all.forget("2");
    expect(all.all()).toEqual([]);
  });
});

test("work in one scope is done one after the other, also after a failure", async () => {
  const all = new Holdings();
  const order: string[] = [];
  const step = (name: string) =>
    all.exclusive(async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} ends`);
      if (name === "a") throw new Error("a fails");
      return name;
    });
  const outcomes = await Promise.allSettled([step("a"), step("b")]);
  expect(outcomes).toMatchObject([{ status: "rejected" }, { value: "b" }]);
  expect(order).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("a wait ends with what is learned, or with the patience", async () => {
  const all = holdings(["1", "A", "B"]);
  let now = 0;
  const clock = {
    now: () => now,
    random: () => 0,
    sleep: async (ms: number) => {
      now += ms;
      if (now === 200) all.note("2", "B", "C");
    },
  };
  const { version } = all;
  all.note("1", "A", "B");
  expect(all.version, "the same again is nothing new").toBe(version);
  expect(await all.learned(version, 1000, clock)).toBe(true);
  expect(now).toBe(200);
  expect(await all.learned(all.version, 1000, clock)).toBe(false);
  expect(now).toBe(1200);
});

test("a definition foresees what diff sees, unless a new object is needed", () => {
  const seen: unknown[] = [];
  const definition = {
    type: "test:Thing",
    schema: z.strictObject({ name: z.string(), place: z.string() }),
    fields: { name: { mutability: "readWrite" }, place: { mutability: "immutable" } },
    foresee: ({ id, inputs }: { id: string; inputs: { name: string } }) => void seen.push([id, inputs.name]),
  };
  const provider = bind(definition as never, {} as never);
  provider.diff({ name: "a", place: "x" }, { name: "b", place: "x" }, "1");
  provider.diff({ name: "a", place: "x" }, { name: "a", place: "x" }, "2");
  provider.diff({ name: "a", place: "x" }, { name: "c", place: "y" }, "3");
  expect(seen).toEqual([
    ["1", "b"],
    ["2", "a"],
  ]);
});
