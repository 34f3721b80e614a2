import { describe, expect, test } from "vitest";
import { CheckFailedError, type Props, UNKNOWN } from "../harness/rpc";
import { EMPLOYEES, ENV, FULL, MINIMAL, OTHER_ENV, PARTNERS, useStack } from "./fixture";

const { tenant, host } = await useStack();

/** The refusals of inputs, by property. */
async function refusals(inputs: Props): Promise<Record<string, string>> {
  const outcome = await host
    .resource()
    .preview(inputs)
    .catch((error: unknown) => error);
  if (!(outcome instanceof CheckFailedError)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  expect(tenant.requests).toEqual([]);
  return Object.fromEntries(outcome.failures.map(({ property, reason }) => [property, reason]));
}

describe("a property that PingOne would drop without a word", () => {
  test.each<[string, Props, string, string]>([
    ["givenName", { name: { givenName: "Ada" } }, "name.givenName", 'unknown property "givenName" - did you mean "given"?'],
    ["familyName", { name: { familyName: "L" } }, "name.familyName", 'unknown property "familyName" - did you mean "family"?'],
    ["middleName", { name: { middleName: "K" } }, "name.middleName", 'unknown property "middleName" - did you mean "middle"?'],
    ["userName", { userName: "ada" }, "userName", 'unknown property "userName" - did you mean "username"?'],
    ["emails", { emails: [] }, "emails", 'unknown property "emails" - did you mean "email"?'],
    ["nickName", { nickName: "A" }, "nickName", 'unknown property "nickName" - did you mean "nickname"?'],
    ["address.country", { address: { country: "GB" } }, "address.country", 'unknown property "country"; allowed: streetAddress, locality'],
    ["an unknown one", { shoeSize: 44 }, "shoeSize", 'unknown property "shoeSize"; allowed: '],
    ["enabled", { enabled: false }, "enabled", 'unknown property "enabled"'],
  ])("is refused with the right name: %s", async (_what, inputs, property, reason) => {
    expect((await refusals({ ...MINIMAL, ...inputs }))[property]).toContain(reason);
  });

  test("is refused although its value is not known yet", async () => {
    expect(await refusals({ ...MINIMAL, name: { givenName: UNKNOWN } })).toHaveProperty(["name.givenName"]);
  });
});

describe("a value that PingOne refuses", () => {
  test.each<[string, Props, string]>([
    ["username", { username: "" }, "must not be empty"],
    ["username", { username: "x".repeat(129) }, "at most 128"],
    ["username", { username: undefined }, "is required"],
    ["environmentId", { environmentId: "acme" }, 'must be a UUID (given: "acme")'],
    ["population.id", { population: { id: "Employees" } }, "must be a UUID"],
    ["name.given", { name: { given: "x".repeat(257) } }, "at most 256"],
    ["name.middle", { name: { middle: "𝔸".repeat(257) } }, "at most 256"],
    ["name.family", { name: { family: "" } }, "must not be empty; leave it out to clear it"],
    ["nickname", { nickname: 5 }, "expected string"],
    ["address.postalCode", { address: { postalCode: "1".repeat(41) } }, "at most 40"],
    ["address.countryCode", { address: { countryCode: "gb" } }, "two capital letters"],
    ["address.streetAddress", { address: { streetAddress: "x".repeat(257) } }, "at most 256"],
    ["primaryPhone", { primaryPhone: "none" }, "must hold a digit"],
    ["mobilePhone", { mobilePhone: "1".repeat(33) }, "at most 32"],
    ["locale", { locale: ["en"] }, "expected string"],
    ["photo.href", { photo: { href: "ftp://x/y.png" } }, "http or https URL"],
    ["externalId", { externalId: "x".repeat(1025) }, "at most 1024"],
    ["ownership", { ownership: "all" }, 'must be "managed" or "full"'],
    ["adopt", { adopt: false }, "must be true"],
    ["customAttributes", { customAttributes: ["badge"] }, "expected record"],
    ["customAttributes.email", { customAttributes: { email: "x@y" } }, "is no custom attribute"],
    ["customAttributes.password", { customAttributes: { password: "x" } }, "is no custom attribute"],
    ["customAttributes.enabled", { customAttributes: { enabled: true } }, "is no custom attribute"],
    ["customAttributes.population", { customAttributes: { population: {} } }, "must not be empty"],
    ["customAttributes.badge", { customAttributes: { badge: "" } }, "must not be empty"],
    ["customAttributes.devices", { customAttributes: { devices: [] } }, "must not be empty"],
    ["customAttributes.settings.a[1].b", { customAttributes: { settings: { a: [1, { b: 1.5 }] } } }, "cuts fractions off"],
    ["password", { adopt: true, password: "secret-1" }, "cannot be set for a user that is adopted"],
    ["connection", { connection: 3 }, "must be the name of a connection"],
  ])("is refused at its place: %s", async (property, inputs, reason) => {
    expect((await refusals({ ...MINIMAL, ...inputs }))[property]).toContain(reason);
  });
});

describe("what looks wrong and is right", () => {
  test.each<[string, Props]>([
    ["UK", { address: { countryCode: "UK" } }],
    ["UTC", { timezone: "UTC" }],
    ["a time zone of three parts", { timezone: "America/Argentina/Salta" }],
    ["a phone that is no E.164 number", { primaryPhone: "ext. 7" }],
    ["as many characters as PingOne takes, each of two halves", { nickname: "𝔸".repeat(256) }],
    ["letters of any script", { name: { family: "Łukasiewicz-O’Brien 李" } }],
    ["a custom attribute with a dot in its name", { customAttributes: { "note.text": "x" } }],
    ["an external id that is no UUID", { externalId: "hr 1" }],
  ])("is accepted: %s", async (_what, inputs) => {
    expect(await host.resource().preview({ ...MINIMAL, ...inputs })).toMatchObject({ op: "create" });
  });
});

test("values may be unknown at any depth", async () => {
  const unknowns = Object.fromEntries(Object.keys(FULL).map((key) => [key, UNKNOWN]));
  expect(await host.resource().preview({ ...unknowns, password: UNKNOWN, ownership: UNKNOWN })).toMatchObject({ op: "create" });
  const deep = {
    ...MINIMAL,
    population: { id: UNKNOWN },
    name: { given: UNKNOWN },
    photo: { href: UNKNOWN },
    customAttributes: { badge: UNKNOWN, settings: { a: [UNKNOWN] } },
  };
  expect(await host.resource().preview(deep)).toMatchObject({ op: "create" });
});

test("ownership full says in every preview what it means, and is in the inputs", async () => {
  const { inputs } = await host.check(undefined, { ...MINIMAL, ownership: "full" });
  expect(inputs).toEqual({ ...MINIMAL, ownership: "full" });
  await expect
    .poll(() => host.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message))
    .toContainEqual(
      expect.stringMatching(/ownership "full": of user "a.lovelace", every attribute that the program does not declare is cleared/),
    );
});

describe("the plan", () => {
  async function plan(before: Props, after: Props, made: Props = {}) {
    const resource = host.resource();
    const { inputs } = await host.check(undefined, before);
    const outputs = { ...inputs, population: inputs.population ?? { id: EMPLOYEES }, ...made };
    resource.state = { id: `${ENV}/${PARTNERS}`, inputs, outputs, initErrors: [] };
    const { op, changes, replaces } = await resource.preview(after);
    expect(tenant.requests, "diff works offline").toEqual([]);
    return [op, changes, replaces];
  }
  const chosen = { serverChosen: ["population"] };

  test.each<[string, Props, Props, Props?]>([
    ["the same", FULL, FULL],
    [
      "empty where nothing was",
      MINIMAL,
      { ...MINIMAL, nickname: "", name: {}, address: { region: null }, customAttributes: {}, photo: null },
      chosen,
    ],
    ["managed said aloud", MINIMAL, { ...MINIMAL, ownership: "managed" }, chosen],
    ["a population that PingOne chose", MINIMAL, MINIMAL, chosen],
    [
      "what the vendor adds",
      MINIMAL,
      MINIMAL,
      {
        ...chosen,
        enabled: false,
        account: { status: "LOCKED" },
        mfaEnabled: true,
        verifyStatus: "ENABLED",
        lifecycle: { status: "X" },
        created: "2020",
      },
    ],
    ["another password", { ...MINIMAL, password: "a" }, { ...MINIMAL, password: "b" }, chosen],
    [
      "keys of JSON in another order",
      FULL,
      { ...FULL, customAttributes: { settings: { columns: 3, theme: { dark: true } }, devices: ["laptop", "phone"], badge: "1815" } },
    ],
  ])("is nothing for %s", async (_what, before, after, made) => {
    expect(await plan(before, after, made)).toEqual(["same", [], []]);
  });

  test("is nothing for adopt on a user that is there", async () => {
    expect((await plan(FULL, { ...FULL, adopt: true }))[0]).toBe("same");
  });

  test.each<[string, Props, Props, string[]]>([
    ["a username", FULL, { ...FULL, username: "ada" }, ["username"]],
    ["a population", FULL, { ...FULL, population: { id: EMPLOYEES } }, ["population"]],
    ["a part of the name", FULL, { ...FULL, name: { ...FULL.name, given: "A." } }, ["name"]],
    ["a custom attribute", FULL, { ...FULL, customAttributes: { ...FULL.customAttributes, badge: "2" } }, ["customAttributes"]],
    [
      "a list in another order",
      FULL,
      { ...FULL, customAttributes: { ...FULL.customAttributes, devices: ["phone", "laptop"] } },
      ["customAttributes"],
    ],
    ["an attribute that is dropped", FULL, { ...FULL, email: undefined }, ["email"]],
    ["ownership", FULL, { ...FULL, ownership: "full" }, ["ownership"]],
    ["a value not known yet", FULL, { ...FULL, nickname: UNKNOWN }, ["nickname"]],
  ])("is an update for %s", async (_what, before, after, changes) => {
    expect(await plan(before, after)).toEqual(["update", changes, []]);
  });

  test.each<[string, Props]>([
    ["environmentId", { environmentId: OTHER_ENV }],
    ["connection", { connection: "asia" }],
  ])("is a replacement for another %s", async (key, change) => {
    expect(await plan(FULL, { ...FULL, ...change })).toEqual(["replace", [key], [key]]);
  });
});
