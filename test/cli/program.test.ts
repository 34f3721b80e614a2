import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { addToProgram, resourceName } from "../../provider/src/cli/program";
import { HelperCall, SHARED, SharedMembers } from "../../provider/src/core/find";

const user = (name: string, args: object) => ({ className: "PingOneDirectMappedUser", name, args });
const open = { protect: false };

/** Runs a written program. Out: name and arguments of each resource that it declares. */
function run(text: string): [string, unknown, unknown?][] {
  const declared: [string, unknown, unknown?][] = [];
  const resource = class {
    constructor(...given: [string, unknown, unknown?]) {
      declared.push(given);
    }
  };
  const library = { PingOneDirectMappedUser: resource, rule: (...args: unknown[]) => ({ rule: args }) };
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  runInContext(outputText, createContext({ require: () => library, exports: {} }));
  return JSON.parse(JSON.stringify(declared));
}

describe("the name of a resource", () => {
  test.each([
    ["Employees Canada", "employees-canada"],
    ["  Überstunden & Söhne ", "uberstunden-sohne"],
    ["g.hopper@example.com", "g-hopper-example-com"],
    ["従業員", "従業員"],
    ["***", "object"],
  ])("of %j is %s", (name, expected) => expect(resourceName(name, new Set())).toBe(expected));

  test("gets a number when it is taken", () => {
    const used = new Set(["staff"]);
    expect([resourceName("Staff", used), resourceName("STAFF", used)]).toEqual(["staff-2", "staff-3"]);
  });
});

test("a program declares a resource with a line for each argument, its helpers and shared members, and what protects it", () => {
  const environment = new SharedMembers("environment", { environmentId: "e1" });
  const args = { [SHARED]: environment, username: "ada", population: { [SHARED]: new SharedMembers("population", { id: "p1" }) } };
  const rules = new HelperCall("rule", ["Make uid", { length: 4 }]);
  expect(addToProgram("", [user("ada", args), user("bob", { ...args, username: "bob", title: rules })], { protect: true })).toBe(
    `import { PingOneDirectMappedUser, rule } from "pulumi-identity-as-code";

// These objects were there before the program: the engine refuses to delete them until protect is taken away.
const options = { protect: true };

const environment = { environmentId: "e1" };
const population = { id: "p1" };
export const ada = new PingOneDirectMappedUser("ada", {
  ...environment,
  username: "ada",
  population,
}, options);

export const bob = new PingOneDirectMappedUser("bob", {
  ...environment,
  username: "bob",
  population,
  title: rule("Make uid", { length: 4 }),
}, options);
`,
  );
});

test("what a file declares already stays as it is, and what is new is added below it", () => {
  const first = addToProgram("", [user("ada", { username: "ada" })], { protect: true });
  const mine = first.replace('username: "ada"', 'username: "ada", // my own words');
  const second = addToProgram(mine, [user("ada", { username: "ada" }), user("bob", { username: "bob" })], { protect: true });
  expect(second.startsWith(mine.trimEnd())).toBe(true);
  expect(second.match(/const options/g)).toHaveLength(1);
  expect(second.match(/import \{/g)).toHaveLength(1);
  expect(run(second).map(([name]) => name)).toEqual(["ada", "bob"]);
  expect(addToProgram(second, [user("bob", { username: "bob" })], { protect: true })).toBe(second);
});

test("reserved words, names that differ in case or signs only, and numbers in front still make constants of their own", () => {
  const names = ["delete", "new", "options", "a-b", "aB", "a_b", "1st", "従業員", "import"];
  const text = addToProgram(
    "",
    names.map((name) => user(name, { username: name })),
    { protect: true },
  );
  expect(run(text).map(([name]) => name)).toEqual(names);
});

test("whatever values an object holds, the written program declares exactly these", () => {
  const json = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: "small" }, fc.string({ unit: "grapheme" }), fc.integer(), fc.boolean(), fc.array(tie("any")), tie("object")),
    object: fc.dictionary(fc.string(), tie("any")),
  })).object;
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), (values) => {
      const names = values.map((_, index) => `user-${index}`);
      const declarations = values.map((args, index) => user(names[index] ?? "", args as object));
      const declared = run(addToProgram("", declarations, open));
      expect(declared).toEqual(JSON.parse(JSON.stringify(values.map((args, index) => [names[index], args]))));
    }),
    { numRuns: 100 },
  );
}, 60_000);
