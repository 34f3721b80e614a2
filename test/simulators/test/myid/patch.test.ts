import { describe, expect, test } from "vitest";
import { ANN, BOB, call, PIV } from "./support.js";

const references = (id1: unknown) => ({ externalReferences: { id1 } });

test("a PATCH merges, nested objects included, and answers the person", async () => {
  const { server, patch } = await call();
  const reply = await patch(`/People/${ANN}?confirm=false`, references("New-1"));
  expect(reply).toMatchObject({ status: 200, body: { id: ANN, externalReferences: { id1: "New-1", id2: "badge" } } });
  await patch(`/People/${ANN}?confirm=false`, { name: { last: "King" }, enabled: "0" });
  expect(server.dump().people[0]).toMatchObject({
    name: { first: "Ann", last: "King" },
    enabled: false,
    externalReferences: { id1: "New-1", id2: "badge", id3: null },
  });
});

test("works with and without x-api-version, and may be answered without a body", async () => {
  const { send } = await call({ switches: { patchAnswer: "nothing" } });
  for (const headers of [{}, { "x-api-version": "1" }] as Record<string, string>[]) {
    expect(await send("PATCH", `/People/${ANN}`, references("x"), headers)).toMatchObject({ status: 204, body: "" });
  }
});

test("a PIV applicant needs the operation for PIV applicants", async () => {
  const { server, patch } = await call();
  expect(await patch(`/People/${PIV}?confirm=false`, references("x"))).toMatchObject({ status: 400, body: { code: "XX00400" } });
  expect((await patch(`/People/${PIV}?confirm=false&op=200103`, references("x"))).status).toBe(200);
  expect((await patch(`/People/${PIV}?confirm=false&op=1`, references("y"))).status).toBe(400);
  expect(server.dump().people[2]?.externalReferences.id1).toBe("x");
});

test("a server may insist on the confirmation", async () => {
  const { patch } = await call({ switches: { confirmRequired: true } });
  expect((await patch(`/People/${ANN}`, references("x"))).status).toBe(400);
  expect((await patch(`/People/${ANN}?confirm=false`, references("x"))).status).toBe(200);
});

test.each<[string, unknown]>([
  ["no JSON", "{"],
  ["no object", [1]],
  ["an unknown member", { shoeSize: 44 }],
  ["an unknown slot", { externalReferences: { id4: "x" } }],
  ["a number in a slot", references(5)],
  ["references that are no object", { externalReferences: "x" }],
  ["a logon name in use", { logonName: "BOB" }],
])("%s is refused, and nothing is changed", async (_what, body) => {
  const { server, patch } = await call();
  const before = server.dump();
  expect(await patch(`/People/${ANN}?confirm=false`, body)).toMatchObject({ status: 400, body: { message: expect.any(String) } });
  expect(server.dump()).toEqual(before);
});

describe("emptying a slot", () => {
  test.each([
    ["both", "", 200, null],
    ["both", null, 200, null],
    ["blank", "", 200, null],
    ["blank", null, 200, "Ref-1"],
    ["null", "", 200, "Ref-1"],
    ["null", null, 200, null],
  ] as const)("by %s: %j answers %i and leaves %j", async (clearBy, value, status, left) => {
    const { server, patch } = await call({ switches: { clearBy } });
    expect((await patch(`/People/${ANN}`, references(value))).status).toBe(status);
    expect(server.dump().people[0]?.externalReferences.id1).toBe(left);
  });

  test("the other way may be refused", async () => {
    const { patch } = await call({ switches: { clearBy: "null", otherClear: "refused" } });
    expect((await patch(`/People/${ANN}`, references(""))).status).toBe(400);
  });
});

test("how references are answered is up to the server", async () => {
  const { server, get } = await call();
  const shown = async (id: string) => (await get(`/People/${id}`)).body.externalReferences;
  expect([await shown(ANN), await shown(BOB)]).toEqual([{ id1: "Ref-1", id2: "badge" }, undefined]);
  server.switches.emptyReferences = "null";
  expect(await shown(BOB)).toEqual({ id1: null, id2: null, id3: null });
  server.switches.emptyReferences = "blank";
  expect(await shown(ANN)).toEqual({ id1: "Ref-1", id2: "badge", id3: "" });
  server.switches.upperCaseReferences = true;
  expect((await shown(ANN)).id1).toBe("REF-1");
  server.switches.hideReferences = true;
  expect(await shown(ANN)).toBeUndefined();
});
