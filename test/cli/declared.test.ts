import { expect, test } from "vitest";
import { declaredInputs, demandPlain } from "../../provider/src/cli/declared";
import type { Preview, PulumiStack } from "../../provider/src/cli/stack";

const TYPE = "sailpoint:IdentityProfile";
const urn = (name: string, parent = "") => `urn:pulumi:dev::project::${parent}pulumi-nodejs:dynamic/sailpoint:IdentityProfile::${name}`;
const other = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/pingone:DirectMappedUser::same";

/** A stack whose state and preview are these. */
function stackOf(state: Record<string, object>, steps: [op: string, urn: string, inputs?: Record<string, unknown>][]) {
  const resources = Object.entries(state).map(([urn, inputs]) => ({ urn, type: "", inputs }));
  const preview = { steps: steps.map(([op, urn, inputs]) => ({ op, urn, newState: inputs && { inputs } })) };
  return {
    state: async () => ({ resources, text: "" }),
    preview: async () => preview as Preview,
  } as unknown as PulumiStack;
}

test("what a program declares is what it would do, or what state says where it would do nothing", async () => {
  const state = {
    [urn("kept")]: { a: 1 },
    [urn("changed")]: { a: 1 },
    [urn("replaced")]: { a: 1 },
    [urn("gone")]: { a: 1 },
    [other]: { a: 9 },
  };
  const stack = stackOf(state, [
    ["update", urn("changed"), { a: 2 }],
    ["create", urn("new"), { a: 3 }],
    ["create", urn("same", "test:Staff$"), { a: 5 }],
    ["delete-replaced", urn("replaced")],
    ["create-replacement", urn("replaced"), { a: 4 }],
    ["replace", urn("replaced")],
    ["delete", urn("gone")],
  ]);
  const inputs = await Promise.all(["kept", "changed", "new", "replaced", "same"].map((name) => declaredInputs(stack, TYPE, name)));
  expect(inputs).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }]);
  await expect(declaredInputs(stack, TYPE, "gone")).rejects.toThrow(`The program declares no ${TYPE} "gone"`);
  await expect(declaredInputs(stack, TYPE, "chagned")).rejects.toThrow('did you mean "changed"?');
});

test("a name that is declared twice is not guessed at; the URN is clear", async () => {
  const inComponent = urn("twin", "test:Staff$");
  const stack = stackOf({ [urn("twin")]: { a: 1 }, [inComponent]: { a: 2 } }, []);
  await expect(declaredInputs(stack, TYPE, "twin")).rejects.toThrow(`several ${TYPE} named "twin": ${urn("twin")}, ${inComponent}`);
  expect(await declaredInputs(stack, TYPE, inComponent)).toEqual({ a: 2 });
});

test("a value that nobody knows yet, or may see, is not passed on", () => {
  demandPlain("It", { email: { attributeName: "mail", flag: true } });
  demandPlain("It", undefined);
  const unknown = { email: { attributeName: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" } };
  expect(() => demandPlain("It", unknown)).toThrow("It holds a value that is not known before `pulumi up`");
  expect(() => demandPlain("It", { email: { attributeName: "[secret]" } })).toThrow("It holds a secret");
  const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:" };
  expect(() => demandPlain("It", { email: { attributeName: sealed } })).toThrow("It holds a secret");
});
