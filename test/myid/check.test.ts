import { afterEach, describe, expect, test } from "vitest";
import { type Props, UNKNOWN } from "../harness/rpc";
import { ADA, ENTRA, MINIMAL, useStack } from "./fixture";

const { server, host } = await useStack();

afterEach(() => expect(server.requests, "check works offline").toEqual([]));

const check = async (inputs: Props) => (await host.check(undefined, inputs)).failures;

describe("a property nobody knows", () => {
  test.each<[string, Props, string, string]>([
    ["of the link", { ...MINIMAL, entraObjectID: "x" }, "entraObjectID", 'did you mean "entraObjectId"?'],
    ["of the person", { ...MINIMAL, person: { logonNam: "x" } }, "person.logonNam", 'did you mean "logonName"?'],
    ["beside the person", { ...MINIMAL, personId: ADA.id }, "personId", 'did you mean "person"?'],
    ["whose value is not known yet", { ...MINIMAL, overwrit: UNKNOWN }, "overwrit", 'did you mean "overwrite"?'],
  ])("%s is refused with what was probably meant", async (_where, inputs, property, reason) => {
    expect(await check(inputs)).toContainEqual({ property, reason: expect.stringContaining(reason) });
  });
});

describe("a value that cannot be", () => {
  const one = "must hold exactly one of id, logonName, employeeId and email";
  const guid = "must be a GUID such as";
  test.each<[string, Props, string, string]>([
    ["no person", { entraObjectId: ENTRA }, "person", "is required"],
    ["a person without anything", { ...MINIMAL, person: {} }, "person", one],
    ["a person by two things", { ...MINIMAL, person: { id: ADA.id, logonName: "x" } }, "person", one],
    ["a person as text", { ...MINIMAL, person: ADA.id }, "person", "expected object, received string"],
    ["an id that is no GUID", { ...MINIMAL, person: { id: "alovelace" } }, "person.id", `${guid} 0b9f6c1e`],
    ["an empty logon name", { ...MINIMAL, person: { logonName: "" } }, "person.logonName", "must not be empty"],
    ["an employee id as number", { ...MINIMAL, person: { employeeId: 100 } }, "person.employeeId", "expected string, received number"],
    ["no object id", { person: { id: ADA.id } }, "entraObjectId", "is required"],
    ["an object id in braces", { ...MINIMAL, entraObjectId: `{${ENTRA}}` }, "entraObjectId", guid],
    ["an object id with a line break", { ...MINIMAL, entraObjectId: `${ENTRA}\n` }, "entraObjectId", guid],
    ["an address as object id", { ...MINIMAL, entraObjectId: "ada@acme.example" }, "entraObjectId", '(given: "ada@acme.example")'],
    ["slot 0", { ...MINIMAL, slot: 0 }, "slot", "must be 1, 2 or 3"],
    ["slot 4", { ...MINIMAL, slot: 4 }, "slot", "must be 1, 2 or 3"],
    ["slot as text", { ...MINIMAL, slot: "1" }, "slot", "must be 1, 2 or 3"],
    ["pivApplicant as text", { ...MINIMAL, pivApplicant: "yes" }, "pivApplicant", "expected boolean"],
    ["overwrite as number", { ...MINIMAL, overwrite: 1 }, "overwrite", "expected boolean"],
    ["a connection as object", { ...MINIMAL, connection: {} }, "connection", "must be the name of a connection"],
  ])("%s is refused at its place", async (_what, inputs, property, reason) => {
    expect(await check(inputs)).toEqual([{ property, reason: expect.stringContaining(reason) }]);
  });
});

test("values that are not known yet pass at any place", async () => {
  for (const inputs of [
    { person: UNKNOWN, entraObjectId: UNKNOWN, slot: UNKNOWN, pivApplicant: UNKNOWN, overwrite: UNKNOWN },
    ...["id", "logonName", "employeeId", "email"].map((key) => ({ ...MINIMAL, person: { [key]: UNKNOWN } })),
  ])
    expect(await check(inputs)).toEqual([]);
});

test("inputs have one form: the slot is stated, and what is false or absent is left out", async () => {
  const { inputs } = await host.check(undefined, { ...MINIMAL, person: { id: ADA.id, email: null }, pivApplicant: false, overwrite: null });
  expect(inputs).toEqual({ ...MINIMAL, slot: 1 });
  expect((await host.check(undefined, { ...MINIMAL, slot: 2, pivApplicant: true, overwrite: true })).inputs).toEqual({
    ...MINIMAL,
    slot: 2,
    pivApplicant: true,
    overwrite: true,
  });
});
