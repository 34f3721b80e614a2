import { afterEach, describe, expect, test } from "vitest";
import { type Props, UNKNOWN } from "../harness/rpc";
import { bindTo, HR, MINIMAL, mail, mapping, useStack } from "./fixture";

const { tenant, host } = await useStack();
const ATTRIBUTES = "identityAttributeConfig.attributeTransforms";

afterEach(() => expect(tenant.requests, "check works offline").toEqual([]));

const check = async (inputs: Props) => (await host.check(undefined, inputs)).failures;
const email = (transform: unknown) => ({ ...MINIMAL, ...mapping({ email: transform }) });

/** Warnings that a check of good inputs gives; through the process they would come at some later time. */
function warnings(inputs: Props): string[] {
  const { failures, warnings } = bindTo(tenant).provider.check(inputs);
  expect(failures).toEqual([]);
  return warnings;
}

describe("a property nobody knows", () => {
  test.each<[string, Props, string, string]>([
    ["of the profile", { ...MINIMAL, descripton: "x" }, "descripton", 'did you mean "description"?'],
    ["close to the connection's name", { ...MINIMAL, conection: "x" }, "conection", 'did you mean "connection"?'],
    ["of a reference", { ...MINIMAL, owner: { idd: "x" } }, "owner.idd", 'did you mean "id"?'],
    ["of a reference in the vendor's form", { ...MINIMAL, owner: { type: "IDENTITY", id: "x" } }, "owner.type", "allowed: id, name"],
    [
      "of the mapping",
      { ...MINIMAL, ...mapping({ email: mail() }, { enable: true }) },
      "identityAttributeConfig.enable",
      'did you mean "enabled"?',
    ],
    ["of an account attribute", email(mail({ atributeName: "x" })), `${ATTRIBUTES}.email.atributeName`, 'did you mean "attributeName"?'],
    ["of a reference transform", email({ type: "reference", id: "Upper", inputs: {} }), `${ATTRIBUTES}.email.inputs`, '"input"?'],
    [
      "of a nested transform",
      email({ type: "reference", id: "Upper", input: { type: "static", attribute: {} } }),
      `${ATTRIBUTES}.email.input.attribute`,
      'did you mean "attributes"?',
    ],
    ["of adopt", { ...MINIMAL, adopt: { id: "x", name: "y" } }, "adopt.name", 'unknown property "name"'],
    ["whose value is not known yet", { ...MINIMAL, descripton: UNKNOWN }, "descripton", 'did you mean "description"?'],
  ])("%s is refused with what was probably meant", async (_where, inputs, property, reason) => {
    expect(await check(inputs)).toContainEqual({ property, reason: expect.stringContaining(reason) });
  });
});

describe("a value that cannot be", () => {
  const reference = "must hold either id or name: { id: ... } or { name: ... }";
  test.each<[string, Props, string, string]>([
    ["no name", { authoritativeSource: { id: HR.id } }, "name", "is required"],
    ["an empty name", { ...MINIMAL, name: "" }, "name", 'must not be empty (given: "")'],
    ["no source", { name: "x" }, "authoritativeSource", "is required"],
    ["a source without id and name", { name: "x", authoritativeSource: {} }, "authoritativeSource", reference],
    ["a source with id and name", { name: "x", authoritativeSource: { id: "1", name: "HR" } }, "authoritativeSource", reference],
    ["a source as text", { name: "x", authoritativeSource: "HR" }, "authoritativeSource", 'expected object, received string (given: "HR")'],
    ["an owner with id and name", { ...MINIMAL, owner: { id: "1", name: "Ada" } }, "owner", reference],
    ["an owner with an empty id", { ...MINIMAL, owner: { id: "" } }, "owner.id", "must not be empty"],
    ["priority 0", { ...MINIMAL, priority: 0 }, "priority", "must be 1 or more; a lower number wins (given: 0)"],
    ["priority -1", { ...MINIMAL, priority: -1 }, "priority", "must be 1 or more; a lower number wins (given: -1)"],
    ["priority 1.5", { ...MINIMAL, priority: 1.5 }, "priority", "must be a whole number (given: 1.5)"],
    ['priority "40"', { ...MINIMAL, priority: "40" }, "priority", 'must be a whole number (given: "40")'],
    ["a mapping as text", { ...MINIMAL, identityAttributeConfig: "x" }, "identityAttributeConfig", "expected object"],
    ["a mapping without transforms", { ...MINIMAL, identityAttributeConfig: { enabled: true } }, ATTRIBUTES, "is required"],
    ["enabled as text", { ...MINIMAL, ...mapping({ email: mail() }, { enabled: "yes" }) }, "identityAttributeConfig.enabled", "boolean"],
    ["transforms as a list", { ...MINIMAL, ...mapping([mail()] as never) }, ATTRIBUTES, "must be a map keyed by the name"],
    ["transforms as text", { ...MINIMAL, ...mapping("email" as never) }, ATTRIBUTES, "must be a map keyed by the name"],
    ["transforms as a number", { ...MINIMAL, ...mapping(5 as never) }, ATTRIBUTES, "must be a map keyed by the name"],
    ["transforms without an entry", { ...MINIMAL, ...mapping({}) }, ATTRIBUTES, "would remove every mapping"],
    ["a blank name of an attribute", { ...MINIMAL, ...mapping({ " ": mail() }) }, `${ATTRIBUTES}[" "]`, "must not be empty"],
    ["a transform as text", email("mail"), `${ATTRIBUTES}.email`, "must be a transform, such as accountAttribute("],
    ["the vendor's nested form", email({ transformDefinition: mail() }), `${ATTRIBUTES}.email`, 'without "transformDefinition"'],
    ["a transform without type", email({ attributeName: "mail" }), `${ATTRIBUTES}.email.type`, "is required"],
    ["a transform with an empty type", email({ type: "" }), `${ATTRIBUTES}.email.type`, "must not be empty"],
    ["an account attribute without its name", email(mail({ attributeName: null })), `${ATTRIBUTES}.email.attributeName`, "is required"],
    ["an account attribute without source", email(mail({ sourceId: null })), `${ATTRIBUTES}.email`, "says no source; give sourceId"],
    ["a flag as text", email(mail({ accountSortDescending: "true" })), `${ATTRIBUTES}.email.accountSortDescending`, "boolean"],
    ["a reference without id", email({ type: "reference" }), `${ATTRIBUTES}.email.id`, "is required"],
    ["an input without type", email({ type: "reference", id: "Upper", input: {} }), `${ATTRIBUTES}.email.input.type`, "is required"],
    ["a rule without name and id", email({ type: "rule", variable: 1 }), `${ATTRIBUTES}.email`, "says no rule; give its name"],
    ["a rule with an empty name", email({ type: "rule", name: "" }), `${ATTRIBUTES}.email.name`, "must not be empty"],
    [
      "a name with odd letters",
      { ...MINIMAL, ...mapping({ "e-mail.x": { type: "rule", name: "" } }) },
      `${ATTRIBUTES}["e-mail.x"].name`,
      "",
    ],
    ["renameBy misspelt", { ...MINIMAL, renameBy: "replce" }, "renameBy", '"update"|"replace" (given: "replce")'],
    ["changeSourceBy misspelt", { ...MINIMAL, changeSourceBy: true }, "changeSourceBy", '"update"|"replace" (given: true)'],
    ["forceDelete as text", { ...MINIMAL, forceDelete: "yes" }, "forceDelete", "expected boolean"],
    [
      "adopt: false",
      { ...MINIMAL, adopt: false },
      "adopt",
      'must be true (take the profile of that name) or an object such as { id: "..." } or { mode: "match" } (given: false)',
    ],
    ["adopt as text", { ...MINIMAL, adopt: "x" }, "adopt", "must be true"],
    ["adopt by an id that is a number", { ...MINIMAL, adopt: { id: 5 } }, "adopt.id", "expected string"],
    ["adopt with an empty id", { ...MINIMAL, adopt: { id: "" } }, "adopt.id", "must not be empty"],
    ["a connection as number", { ...MINIMAL, connection: 5 }, "connection", "must be the name of a connection"],
  ])("is refused at its place: %s", async (_what, inputs, property, reason) => {
    expect(await check(inputs)).toContainEqual({ property, reason: expect.stringContaining(reason) });
  });

  test("is an attribute that is named twice, in different case", async () => {
    const [first, ...others] = await check({ ...MINIMAL, ...mapping({ email: mail(), Email: mail() }) });
    expect(first?.property.toLowerCase()).toBe(`${ATTRIBUTES}.email`.toLowerCase());
    expect(first?.reason).toMatch(/^names the same identity attribute as "[Ee]mail"; keep one of them$/);
    expect(others).toEqual([]);
  });

  test("is reported together with all others", async () => {
    const failures = await check({
      priority: 0,
      descripton: "x",
      authoritativeSource: {},
      ...mapping({ email: mail({ attributeName: undefined }), uid: { type: "rule" }, phone: 5 }),
    });
    expect(failures.map(({ property }) => property).sort()).toEqual([
      "authoritativeSource",
      "descripton",
      `${ATTRIBUTES}.email.attributeName`,
      `${ATTRIBUTES}.phone`,
      `${ATTRIBUTES}.uid`,
      "name",
      "priority",
    ]);
  });
});

describe("good inputs", () => {
  test.each<[string, Props]>([
    ["the fewest", MINIMAL],
    ["an empty owner, which is none", { ...MINIMAL, owner: {} }],
    ["references by name", { ...MINIMAL, authoritativeSource: { name: "HR" }, owner: { name: "Ada" } }],
    ["adopt: true", { ...MINIMAL, adopt: true }],
    ["adopt by id", { ...MINIMAL, adopt: { id: "x" } }],
    ["adopt by name", { ...MINIMAL, adopt: { by: "name" } }],
    ["adopt what is as declared", { ...MINIMAL, adopt: { mode: "match" } }],
    ["adopt what is of that id and as declared", { ...MINIMAL, adopt: { id: "x", mode: "match" } }],
    ["both kinds of steering", { ...MINIMAL, renameBy: "replace", changeSourceBy: "replace", forceDelete: true }],
    ["an account attribute by source name", email(mail({ sourceId: null, sourceName: "HR" }))],
    ["an account attribute in the words of older mappings", email(mail({ sourceId: null, applicationId: "x" }))],
    ["an account attribute by application name", email(mail({ sourceId: null, applicationName: "x" }))],
    [
      "an account attribute with everything",
      email(
        mail({
          sourceName: "HR",
          accountSortAttribute: "created",
          accountSortDescending: true,
          accountReturnFirstLink: false,
          accountFilter: "x",
          accountPropertyFilter: "y",
          requiresPeriodicRefresh: true,
        }),
      ),
    ],
    ["a reference with an input", email({ type: "reference", id: "Upper", input: { type: "accountAttribute", attributes: { a: [1] } } })],
    ["a rule with variables of any name", email({ type: "rule", name: "Make uid", anything: { at: "all" } })],
    ["a rule by id", email({ type: "rule", id: "x" })],
  ])("pass without a warning: %s", (_what, inputs) => {
    expect(warnings(inputs)).toEqual([]);
  });

  test.each<[string, Props]>([
    ["a source", { name: "x", authoritativeSource: UNKNOWN }],
    ["the id of a source", { name: "x", authoritativeSource: { id: UNKNOWN } }],
    [
      "every value of the profile",
      Object.fromEntries(["name", "priority", "owner", "authoritativeSource", "adopt"].map((k) => [k, UNKNOWN])),
    ],
    ["steering", { ...MINIMAL, renameBy: UNKNOWN, changeSourceBy: UNKNOWN, forceDelete: UNKNOWN, connection: UNKNOWN }],
    ["the mapping", { ...MINIMAL, identityAttributeConfig: UNKNOWN }],
    ["all transforms", { ...MINIMAL, ...mapping(UNKNOWN as never) }],
    ["one transform", email(UNKNOWN)],
    ["a transform's type", email({ type: UNKNOWN, anything: 1 })],
    ["a transform's attributes", email(mail({ sourceId: UNKNOWN, accountSortDescending: UNKNOWN }))],
    ["a reference's input", email({ type: "reference", id: UNKNOWN, input: UNKNOWN })],
    ["the id to adopt", { ...MINIMAL, adopt: { id: UNKNOWN } }],
    ["how to adopt", { ...MINIMAL, adopt: { by: UNKNOWN, mode: UNKNOWN } }],
  ])("pass without a warning while a value is not known yet: %s", (_what, inputs) => {
    expect(warnings(inputs)).toEqual([]);
  });

  test("a mapping that is not known yet stays that, without defaults filled in", async () => {
    const inputs = { ...MINIMAL, identityAttributeConfig: UNKNOWN };
    expect((await host.check(undefined, inputs)).inputs).toEqual(inputs);
  });

  test("a transform of a type nobody knows passes with a warning", () => {
    expect(warnings(email({ type: "static", value: "x" }))).toEqual([
      'email: transforms of type "static" are not checked here, and the vendor\'s preview does not support them',
    ]);
  });

  test("a warning reaches the engine", async () => {
    await check(email({ type: "static" }));
    await expect
      .poll(() => host.logs)
      .toContainEqual(expect.objectContaining({ severity: "warning", message: expect.stringContaining('"static"') }));
  });

  test("a transform whose type is a word of the language is like any other of unknown type", () => {
    expect(warnings(email({ type: "constructor" }))).toEqual([expect.stringContaining('"constructor"')]);
  });

  test.each(["2c9180867624cbd7017642d8c8c81f67", "2C918086-7624-CBD7-0176-42D8C8C81F67"])(
    "a reference that looks like an id gives a warning: %s",
    (id) => {
      expect(warnings(email({ type: "reference", id }))).toEqual([expect.stringContaining("a reference takes its name")]);
    },
  );

  test("come out in one form: no null, no empty text or object, and the mapping says that it is enabled", async () => {
    const { inputs } = await host.check(undefined, {
      ...MINIMAL,
      description: "",
      owner: {},
      priority: null,
      ...mapping({ email: mail({ accountFilter: null }) }),
    });
    expect(inputs).toEqual({ ...MINIMAL, ...mapping({ email: mail() }, { enabled: true }) });
  });

  test("a mapping that is switched off stays off", async () => {
    const { inputs } = await host.check(undefined, { ...MINIMAL, ...mapping({ email: mail() }, { enabled: false }) });
    expect(inputs).toMatchObject({ identityAttributeConfig: { enabled: false } });
  });
});
