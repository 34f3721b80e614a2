import { afterEach, describe, expect, test } from "vitest";
import { type Props, UNKNOWN } from "../harness/rpc";
import { FEDERATED, FULL, MINIMAL, useStack } from "./fixture";

const { tenant, host } = await useStack();
afterEach(() => expect(tenant.requests, "check works offline").toEqual([]));

const check = async (inputs: Props) => (await host.check(undefined, inputs)).failures;
const without = (key: string) => Object.fromEntries(Object.entries(MINIMAL).filter(([name]) => name !== key));

describe("check refuses", () => {
  test.each<[string, Props, string, string]>([
    ["no key", without("externalId"), "externalId", "is required"],
    ["no name", without("name"), "name", "unless userType is SCIM_FED"],
    ["half a name", { ...MINIMAL, name: { givenName: "Maria" } }, "name.familyName", "is required"],
    ["no e-mail", without("emails"), "emails", "is required"],
    ["an empty e-mail list", { ...MINIMAL, emails: [] }, "emails", "is required"],
    ["no group", without("groups"), "groups", "is required"],
    ["two groups", { ...MINIMAL, groups: [{ value: "a" }, { value: "b" }] }, "groups", "exactly 1"],
    ["two e-mails", { ...MINIMAL, emails: [{ value: "a" }, { value: "b" }] }, "emails", "at most 1"],
    ["two phones", { ...MINIMAL, phoneNumbers: [{ value: "1" }, { value: "2" }] }, "phoneNumbers", "at most 1"],
    ["five addresses", { ...MINIMAL, addresses: Array(5).fill({ formatted: "x" }) }, "addresses", "at most 4"],
    ["a part of an address", { ...MINIMAL, addresses: [{ formatted: "x", locality: "y" }] }, "addresses[0].locality", "unknown property"],
    ["a misspelt property", { ...MINIMAL, atributes: {} }, "atributes", 'did you mean "attributes"?'],
    ["another type of user", { ...MINIMAL, userType: "FTRESS" }, "userType", 'can only be "SCIM_FED"'],
    ["another end", { ...MINIMAL, onDelete: "forget" }, "onDelete", "Invalid"],
    ["an attribute that is a number", { ...MINIMAL, attributes: { AGE: 3 } }, "attributes.AGE", "must be a text, or a list of texts"],
    ["an empty attribute", { ...MINIMAL, attributes: { DOB: "" } }, "attributes.DOB", "must not be empty"],
    ["an enterprise extension that is a text", { ...MINIMAL, enterprise: "x" }, "enterprise", "expected record"],
    ["an enterprise extension of a federated user", { ...FEDERATED, enterprise: { organization: "x" } }, "enterprise", "federated user"],
    [
      "a first name twice",
      { ...MINIMAL, attributes: { FIRSTNAME: "Mary" } },
      "attributes.FIRSTNAME",
      "is name.givenName under another name",
    ],
    ["a last name twice", { ...MINIMAL, attributes: { LASTNAME: "x" } }, "attributes.LASTNAME", "is name.familyName"],
    ["an e-mail twice", { ...MINIMAL, attributes: { ATR_EMAIL: "x" } }, "attributes.ATR_EMAIL", "is emails[0].value"],
    ["a group of a federated user", { ...FEDERATED, groups: MINIMAL.groups }, "groups", "nothing a federated user can be given"],
    ["attributes of a federated user", { ...FEDERATED, attributes: { A: "b" } }, "attributes", "nothing a federated user"],
    [
      "two addresses of one type of a federated user",
      { ...FEDERATED, addresses: [{ formatted: "x" }, { formatted: "y", type: "work" }] },
      "addresses[1].type",
      "used twice",
    ],
    ["adopting nobody's id", { ...MINIMAL, adopt: { id: "0" } }, "adopt.id", "must be the id of a user"],
  ])("%s", async (_what, inputs, property, reason) => {
    expect(await check(inputs)).toEqual([{ property, reason: expect.stringContaining(reason) }]);
  });
});

describe("check accepts", () => {
  test.each<[string, Props]>([
    ["the fewest inputs", MINIMAL],
    ["all inputs", FULL],
    ["a federated user", FEDERATED],
    ["a userName in place of the externalId", { ...without("externalId"), userName: "x" }],
    ["the first name twice if it is the same", { ...MINIMAL, attributes: { FIRSTNAME: "Maria" } }],
    ["several values", { ...MINIMAL, attributes: { SKILLS: ["a", "b"] } }],
    ["values not known yet", Object.fromEntries(Object.keys(FULL).map((key) => [key, UNKNOWN]))],
    [
      "values not known yet, deep inside",
      { ...FULL, name: { givenName: UNKNOWN, familyName: UNKNOWN }, emails: [{ value: UNKNOWN }], attributes: { FIRSTNAME: UNKNOWN } },
    ],
    ["a type not known yet", { ...FEDERATED, userType: UNKNOWN }],
    ["null for nothing", { ...MINIMAL, title: null, roles: null, attributes: null }],
  ])("%s", async (_what, inputs) => {
    expect(await check(inputs)).toEqual([]);
  });
});
