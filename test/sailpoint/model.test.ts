import { describe, expect, test } from "vitest";
import type { IdentityProfile } from "../../provider/src/sailpoint/api";
import {
  fieldOperations,
  type Inputs,
  mappingOperations,
  type State,
  toInputs,
  toRequest,
  toState,
} from "../../provider/src/sailpoint/model";

const INPUTS = { name: "Employees", authoritativeSource: { id: "s1" } };
const STATE: State = INPUTS;
const REFERENCES = { sourceId: "s1" };
const MAPPING = { enabled: true, attributeTransforms: { email: { type: "accountAttribute", attributeName: "mail", sourceId: "s1" } } };

const profile = (rest: Partial<IdentityProfile> = {}): IdentityProfile => ({
  id: "p1",
  name: "Employees",
  authoritativeSource: { id: "s1", name: "HR" },
  ...rest,
});

const operations = (found: Partial<IdentityProfile>, inputs: Partial<Inputs>, references = {}, state?: Partial<State>) =>
  fieldOperations(profile(found), { ...INPUTS, ...inputs }, { ...REFERENCES, ...references }, state && { ...STATE, ...state });

describe("a request", () => {
  test("of the fewest inputs says nothing else", () => {
    expect(toRequest(INPUTS, REFERENCES)).toEqual({ name: "Employees", authoritativeSource: { type: "SOURCE", id: "s1" } });
  });

  test("holds references by id, and no local option", () => {
    const inputs: Inputs = {
      ...INPUTS,
      description: "x",
      owner: { name: "Ada" },
      priority: 40,
      identityAttributeConfig: MAPPING,
      renameBy: "update",
      changeSourceBy: "update",
      forceDelete: true,
      connection: "other",
    };
    expect(toRequest(inputs, { sourceId: "s1", ownerId: "i1" })).toEqual({
      name: "Employees",
      description: "x",
      owner: { type: "IDENTITY", id: "i1" },
      priority: 40,
      authoritativeSource: { type: "SOURCE", id: "s1" },
      identityAttributeConfig: {
        enabled: true,
        attributeTransforms: [
          {
            identityAttributeName: "email",
            transformDefinition: { type: "accountAttribute", attributes: { attributeName: "mail", sourceId: "s1" } },
          },
        ],
      },
    });
  });
});

describe("operations", () => {
  test("are none when nothing differs", () => {
    expect(operations({}, {})).toEqual([]);
    expect(
      operations({ description: "x", priority: 4, owner: { id: "i1" } }, { description: "x", priority: 4 }, { ownerId: "i1" }),
    ).toEqual([]);
  });

  test.each<[string, Partial<IdentityProfile>, Partial<Inputs>, object, object[]]>([
    ["a new name", {}, { name: "Staff" }, {}, [{ op: "replace", path: "/name", value: "Staff" }]],
    ["a description where none is", {}, { description: "x" }, {}, [{ op: "add", path: "/description", value: "x" }]],
    ["a description where null is", { description: null }, { description: "x" }, {}, [{ op: "add", path: "/description", value: "x" }]],
    ["another description", { description: "y" }, { description: "x" }, {}, [{ op: "replace", path: "/description", value: "x" }]],
    ["a description nobody declares", { description: "y" }, {}, {}, [{ op: "remove", path: "/description" }]],
    ["an empty description nobody declares", { description: "" }, {}, {}, []],
    ["null nobody declares", { description: null }, {}, {}, []],
    [
      "an owner where none is",
      { owner: null },
      {},
      { ownerId: "i1" },
      [{ op: "add", path: "/owner", value: { type: "IDENTITY", id: "i1" } }],
    ],
    [
      "another owner, without the old one's name",
      { owner: { id: "i2", name: "Grace" } },
      {},
      { ownerId: "i1" },
      [{ op: "replace", path: "/owner", value: { type: "IDENTITY", id: "i1" } }],
    ],
    ["another priority", { priority: 10 }, { priority: 20 }, {}, [{ op: "replace", path: "/priority", value: 20 }]],
    ["a priority where none is", {}, { priority: 20 }, {}, [{ op: "add", path: "/priority", value: 20 }]],
    ["a priority nobody declares", { priority: 10 }, {}, {}, []],
    ["another source", {}, {}, { sourceId: "s2" }, [{ op: "replace", path: "/authoritativeSource", value: { type: "SOURCE", id: "s2" } }]],
  ])("for %s", (_what, found, inputs, references, expected) => {
    expect(operations(found, inputs, references)).toEqual(expected);
  });

  test("remove an owner that was declared before, and no other", () => {
    const owner = { id: "i1" };
    const removal = [{ op: "remove", path: "/owner" }];
    expect(operations({ owner }, {}, {}, { owner })).toEqual(removal);
    expect(operations({ owner }, {}, {}, { owner, serverChosen: ["owner"] })).toEqual([]);
    expect(operations({ owner }, {}, {}, {})).toEqual([]);
    expect(operations({ owner: null }, {}, {}, { owner })).toEqual([]);
    expect(operations({ owner }, {})).toEqual([]);
  });

  test("for a mapping are one for the whole of it", () => {
    const inputs = { ...INPUTS, identityAttributeConfig: MAPPING };
    const value = (toRequest(inputs, REFERENCES) as { identityAttributeConfig?: object }).identityAttributeConfig;
    expect(mappingOperations(profile(), inputs, undefined)).toEqual([{ op: "add", path: "/identityAttributeConfig", value }]);
    const other = profile({ identityAttributeConfig: { enabled: true, attributeTransforms: [] } });
    expect(mappingOperations(other, inputs, undefined)).toEqual([{ op: "replace", path: "/identityAttributeConfig", value }]);
    expect(mappingOperations(other, INPUTS, STATE)).toEqual([]);
  });
});

describe("state", () => {
  test("is what was declared and what the vendor adds", () => {
    const found = profile({ priority: 10, owner: { id: "i1", name: "Ada" }, created: "2026", identityCount: 0, modified: "x" });
    const inputs: Inputs = { ...INPUTS, description: "x", owner: { name: "Ada" }, forceDelete: true };
    expect(toState(found, inputs, "acme")).toEqual({
      ...inputs,
      owner: { id: "i1", name: "Ada" },
      priority: 10,
      authoritativeSource: { id: "s1" },
      sourceId: "s1",
      ownerId: "i1",
      created: "2026",
      identityCount: 0,
      tenant: "acme",
      serverChosen: ["priority"],
    });
  });

  test("lists what the vendor chose, and nothing that is declared or missing", () => {
    const found = profile({ priority: 10, owner: { id: "i1" } });
    expect(toState(found, INPUTS, undefined).serverChosen).toEqual(["owner", "priority"]);
    expect(toState(found, { ...INPUTS, priority: 10 }, undefined).serverChosen).toEqual(["owner"]);
    expect(toState(profile(), INPUTS, undefined)).toEqual({ ...STATE, sourceId: "s1" });
  });

  test("keeps the name that the program wrote, not the one that the object has now", () => {
    const found = profile({ authoritativeSource: { id: "s1", name: "HR (new)" } });
    expect(toState(found, { ...INPUTS, authoritativeSource: { name: "hr" } }, undefined).authoritativeSource).toEqual({
      id: "s1",
      name: "hr",
    });
    expect(toState(found, INPUTS, undefined).authoritativeSource).toEqual({ id: "s1" });
  });

  test("holds nothing that is undefined or null, which the engine could not keep", () => {
    const state = toState(
      profile({ owner: null, description: null, identityCount: null }),
      { ...INPUTS, description: undefined },
      undefined,
    );
    expect(Object.values(state)).not.toContain(undefined);
    expect(Object.values(state)).not.toContain(null);
  });
});

describe("inputs from a profile", () => {
  test("that no program described are everything it has", () => {
    const found = profile({
      description: "x",
      priority: 10,
      owner: { id: "i1", name: "Ada" },
      identityAttributeConfig: {
        enabled: false,
        attributeTransforms: [{ identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "x" } } }],
      },
    });
    expect(toInputs(found, {})).toEqual({
      name: "Employees",
      description: "x",
      owner: { id: "i1" },
      priority: 10,
      authoritativeSource: { id: "s1" },
      identityAttributeConfig: { enabled: false, attributeTransforms: { uid: { type: "rule", name: "x" } } },
    });
  });

  test("leave out what the program does not declare", () => {
    const found = profile({ priority: 10, owner: { id: "i1" }, identityAttributeConfig: { enabled: true } });
    expect(toInputs(found, STATE)).toEqual(INPUTS);
    expect(toInputs(found, { ...STATE, priority: 10, owner: { id: "i1" }, serverChosen: ["owner", "priority"] })).toEqual(INPUTS);
  });

  test("show what the program declares as it is now", () => {
    const state: State = { ...STATE, description: "x", priority: 10, owner: { id: "i1" } };
    const found = profile({ name: "Staff", description: "y", priority: 20, owner: { id: "i2" }, authoritativeSource: { id: "s2" } });
    expect(toInputs(found, state)).toEqual({
      name: "Staff",
      description: "y",
      owner: { id: "i2" },
      priority: 20,
      authoritativeSource: { id: "s2" },
    });
  });

  test("show a description that somebody else gave, and an owner that somebody else removed", () => {
    expect(toInputs(profile({ description: "y" }), STATE)).toEqual({ ...INPUTS, description: "y" });
    expect(toInputs(profile({ owner: null }), { ...STATE, owner: { id: "i1" } })).toEqual(INPUTS);
  });

  test("keep the declared name of an object that is still the same, and give the name of another one", () => {
    const state: State = { ...STATE, authoritativeSource: { id: "s1", name: "HR" }, owner: { id: "i1", name: "Ada" } };
    const same = profile({ authoritativeSource: { id: "s1", name: "HR (new)" }, owner: { id: "i1", name: "Ada King" } });
    expect(toInputs(same, state)).toEqual({ ...INPUTS, authoritativeSource: { name: "HR" }, owner: { name: "Ada" } });
    const other = profile({ authoritativeSource: { id: "s2", name: "Partners" }, owner: { id: "i2" } });
    expect(toInputs(other, state)).toEqual({ ...INPUTS, authoritativeSource: { name: "Partners" }, owner: { name: "i2" } });
  });

  test("keep the local options", () => {
    const options = { renameBy: "replace", changeSourceBy: "update", forceDelete: true, adopt: true, connection: "other" } as const;
    expect(toInputs(profile(), { ...STATE, ...options })).toEqual({ ...INPUTS, ...options });
  });
});
