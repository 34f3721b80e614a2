import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { didYouMean, type Failure, formatPath, type Report, validate } from "../../provider/src/core/check";
import { SENTINELS } from "./sentinels";

const text = z.string().min(3, "must have 3 characters").max(12, "must have at most 12 characters");
const schema = z.strictObject({
  given: text,
  description: text.optional(),
  priority: z.int("must be a whole number").positive("must be 1 or more").optional(),
  enabled: z.boolean().optional(),
  kind: z.enum(["person", "device"]).optional(),
  tags: z.array(text).optional(),
  owner: z
    .strictObject({ id: text.optional(), name: text.optional() })
    .refine(({ id, name }) => (id === undefined) !== (name === undefined), "must hold either id or name")
    .optional(),
  mapping: z
    .strictObject({
      entries: z.record(
        z.string(),
        z.strictObject({ attribute: text, options: z.strictObject({ sorted: z.boolean().optional() }).optional() }),
      ),
    })
    .optional(),
  steps: z.array(z.strictObject({ title: text })).optional(),
  adopt: z.union([z.literal(true), z.strictObject({ id: text, retries: z.int().optional() })], "must be true or { id }").optional(),
});
const noRules = () => {};
const check = (inputs: Record<string, unknown>, rules: (report: Report) => void = noRules) => validate(schema, inputs, rules);
const print = (failures: Failure[]) => failures.map(({ path, reason }) => `${formatPath(path)}: ${reason}`);

const good = {
  given: "Anna",
  description: "text",
  priority: 1,
  enabled: true,
  kind: "person",
  tags: ["one", "two"],
  owner: { id: "u-1" },
  mapping: { entries: { email: { attribute: "mail", options: { sorted: true } } } },
  steps: [{ title: "first" }, { title: "second" }],
  adopt: { id: "a-1", retries: 3 },
};

test("good inputs have no failures", () => {
  expect(check(good)).toEqual([]);
});

describe("a failure says what was given and what is allowed", () => {
  test("at its exact place, however deep", () => {
    const inputs = {
      given: 7,
      tags: ["one", "x"],
      mapping: { entries: { "e mail": { attribute: "much too long a text" } } },
      steps: [{ title: "first" }, {}],
    };
    expect(print(check(inputs))).toEqual([
      "given: Invalid input: expected string, received number (given: 7)",
      'tags[1]: must have 3 characters (given: "x")',
      'mapping.entries["e mail"].attribute: must have at most 12 characters (given: "much too long a text")',
      "steps[1].title: is required",
    ]);
  });

  test("for a choice", () => {
    expect(print(check({ given: "Anna", kind: "robot" }))).toEqual([
      'kind: Invalid option: expected one of "person"|"device" (given: "robot")',
    ]);
  });

  test("in the schema's own words", () => {
    expect(print(check({ given: "Anna", priority: 1.5, owner: {}, adopt: 7 }))).toEqual([
      "priority: must be a whole number (given: 1.5)",
      "owner: must hold either id or name",
      "adopt: must be true or { id } (given: 7)",
    ]);
  });

  test("cut where what was given is long", () => {
    expect(print(check({ given: "x".repeat(1000) }))[0]).toBe(`given: must have at most 12 characters (given: "${"x".repeat(79)}…)`);
  });
});

describe("a property that does not exist", () => {
  test.each([
    [{ givenName: "Anna" }, 'givenName: unknown property "givenName" - did you mean "given"?'],
    [{ descripton: "x" }, 'descripton: unknown property "descripton" - did you mean "description"?'],
    [{ DESCRIPTION: "x" }, 'DESCRIPTION: unknown property "DESCRIPTION" - did you mean "description"?'],
    [{ mapping: { entires: {}, entries: {} } }, 'mapping.entires: unknown property "entires" - did you mean "entries"?'],
    [
      { mapping: { entries: { email: { atribute: "x", attribute: "mail" } } } },
      'mapping.entries.email.atribute: unknown property "atribute" - did you mean "attribute"?',
    ],
    [
      { mapping: { entries: { email: { attribute: "mail", options: { sort: true } } } } },
      'mapping.entries.email.options.sort: unknown property "sort" - did you mean "sorted"?',
    ],
    [{ steps: [{ title: "first", tittle: "x" }] }, 'steps[0].tittle: unknown property "tittle" - did you mean "title"?'],
    [{ owner: { id: "u-1", mail: "x" } }, 'owner.mail: unknown property "mail"; allowed: id, name'],
  ])("is named with the one that was meant: %j", (inputs, line) => {
    expect(print(check({ given: "Anna", ...inputs }))).toContain(line);
  });

  test("is reported even while its value is not known: the name is wrong already", () => {
    expect(print(check({ given: "Anna", descripton: SENTINELS[1] }))).toEqual([
      'descripton: unknown property "descripton" - did you mean "description"?',
    ]);
  });
});

describe("a value not known yet is never complained about", () => {
  const places: ((unknown: string) => Record<string, unknown>)[] = [
    (unknown) => ({ given: unknown }),
    (unknown) => ({ priority: unknown, enabled: unknown, kind: unknown }),
    (unknown) => ({ tags: unknown }),
    (unknown) => ({ tags: ["one", unknown] }),
    (unknown) => ({ owner: unknown }),
    (unknown) => ({ owner: { id: unknown } }),
    (unknown) => ({ mapping: unknown }),
    (unknown) => ({ mapping: { entries: unknown } }),
    (unknown) => ({ mapping: { entries: { email: unknown } } }),
    (unknown) => ({ mapping: { entries: { email: { attribute: unknown, options: { sorted: unknown } } } } }),
    (unknown) => ({ steps: [unknown, { title: unknown }] }),
    (unknown) => ({ adopt: unknown }),
    (unknown) => ({ adopt: { id: unknown, retries: unknown } }),
  ];

  test.each(SENTINELS)("%s", (unknown) => {
    for (const place of places) expect(check({ ...good, ...place(unknown) })).toEqual([]);
  });

  test("wherever in good inputs it takes the place of a value", () => {
    const paths = leaves(good);
    fc.assert(
      fc.property(fc.subarray(paths, { minLength: 1 }), fc.constantFrom(...SENTINELS), (chosen, unknown) => {
        const inputs = structuredClone(good) as Record<string, unknown>;
        for (const path of chosen) put(inputs, path, unknown);
        expect(check(inputs)).toEqual([]);
      }),
    );
  });

  test("but its known neighbours are", () => {
    expect(print(check({ given: SENTINELS[1], tags: [SENTINELS[1], "x"], owner: { id: SENTINELS[1], name: "both" } }))).toEqual([
      'tags[1]: must have 3 characters (given: "x")',
      "owner: must hold either id or name",
    ]);
  });
});

describe("rules beyond the schema", () => {
  test("report at their own place", () => {
    expect(check(good, (report) => report(["mapping", "entries", "email"], "is odd"))).toEqual([
      { path: ["mapping", "entries", "email"], reason: "is odd" },
    ]);
  });

  test("come after the schema's failures, and run in spite of them", () => {
    expect(print(check({}, (report) => report([], "is odd")))).toEqual(["given: is required", ": is odd"]);
  });

  test("are not heard about what is not known, nor about anything inside it", () => {
    const inputs = { ...good, mapping: SENTINELS[1] };
    expect(check(inputs, (report) => report(["mapping"], "is odd"))).toEqual([]);
    expect(check(inputs, (report) => report(["mapping", "entries", "email"], "is odd"))).toEqual([]);
    expect(check(inputs, (report) => report(["given"], "is odd"))).toHaveLength(1);
    expect(check(inputs, (report) => report(["absent", "below"], "is missing"))).toHaveLength(1);
  });
});

describe("a suggestion", () => {
  const names = ["id", "given", "description", "authoritativeSource"];

  test("is the nearest name, whatever its case", () => {
    expect(didYouMean("autoritativeSource", names)).toBe(' - did you mean "authoritativeSource"?');
    expect(didYouMean("AUTHORITATIVESOURCE", names)).toBe(' - did you mean "authoritativeSource"?');
    expect(didYouMean("ID", names)).toBe(' - did you mean "id"?');
  });

  test("is the name that the given one begins with", () => {
    expect(didYouMean("givenNameOfThePerson", names)).toBe(' - did you mean "given"?');
  });

  test("gives way to the list when nothing is near", () => {
    expect(didYouMean("colour", names)).toBe("; allowed: id, given, description, authoritativeSource");
  });

  test("is left out when there is nothing to suggest", () => {
    expect(didYouMean("colour", [])).toBe("");
  });
});

test.each([
  [["a", "b", 0, "c"], "a.b[0].c"],
  [["a b"], '["a b"]'],
  [["a", "x.y", "z"], 'a["x.y"].z'],
  [["a", 'say "x"'], 'a["say \\"x\\""]'],
  [["$type", "with-dash"], "$type.with-dash"],
  [[], ""],
] as [PropertyKey[], string][])("a path is printed as the engine prints it: %j", (path, printed) => {
  expect(formatPath(path)).toBe(printed);
});

function leaves(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, Array.isArray(value) ? Number(key) : key]));
}

function put(target: Record<string, unknown>, path: PropertyKey[], value: unknown): void {
  const [key, ...rest] = path as string[];
  if (key === undefined) return;
  if (rest.length === 0) target[key] = value;
  else put(target[key] as Record<string, unknown>, rest, value);
}
