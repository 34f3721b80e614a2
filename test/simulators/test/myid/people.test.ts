import { expect, test } from "vitest";
import { ANN, BOB, call, PIV } from "./support.js";

test("a person and a list of people have different shapes", async () => {
  const { get } = await call();
  expect((await get(`/People/${ANN}`)).body).toMatchObject({
    id: ANN,
    logonName: "ann",
    employeeId: "E1",
    name: { first: "Ann", last: "Lee", fullName: "Ann Lee" },
    enabled: 1,
    contact: { emailAddress: "ann@x.test" },
    group: { name: "Staff" },
    roles: [{ name: "Cardholder" }],
    personal: { dateOfBirth: null },
    externalReferences: { id1: "Ref-1", id2: "badge" },
  });
  expect((await get("/People?logonName=ann")).body).toEqual({
    results: [{ id: ANN, href: `people/${ANN}`, logonName: "ann", firstName: "Ann", surname: "Lee", Enabled: "Yes" }],
  });
  expect(JSON.stringify((await get(`/People/${PIV}`)).body)).not.toContain("pivApplicant");
});

test("paths and ids have no case", async () => {
  const { server, get } = await call();
  for (const path of [`/people/${ANN.toLowerCase()}`, `/PEOPLE/${ANN}`]) expect((await get(path)).body.id).toBe(ANN);
  expect((await get("/people?LogonName=ANN")).body.results).toHaveLength(1);
  expect(server.unknownRequests).toEqual([]);
});

test.each([
  ["logonName=ann", [ANN]],
  ["logonName=an", []],
  ["logonName=a*", [ANN]],
  ["employeeId=E1", [ANN]],
  ["employeeId=E1*", [ANN, BOB]],
  ["name.last=L*", [ANN]],
  ["name.first=ann&employeeId=E10", []],
  ["q=ann%40x", [ANN]],
  ["q=LEE", [ANN]],
  ["q=nobody", []],
  ["shoeSize=44", []],
])("the query %s finds %j", async (query, ids) => {
  const { get } = await call();
  expect((await get(`/People?${query}`)).body.results.map(({ id }: { id: string }) => id)).toEqual(ids);
});

test("loose filters also find what only begins so", async () => {
  const { get } = await call({ switches: { looseFilters: true } });
  expect((await get("/People?employeeId=E1")).body.results).toHaveLength(2);
});

test.each([
  ["an unknown person", "00000000-0000-4000-8000-000000000000", 404],
  ["no GUID", "ann", 400],
])("%s is refused with code and message", async (_what, id, status) => {
  const { get } = await call();
  expect(await get(`/People/${id}`)).toMatchObject({ status, body: { code: `XX00${status}`, message: expect.any(String) } });
});

test("people out of scope are not there", async () => {
  const { server, get, patch } = await call({ switches: { scope: ["Sales"] } });
  expect((await get(`/People/${ANN}`)).status).toBe(404);
  expect((await patch(`/People/${ANN}?confirm=false`, { externalReferences: { id1: "x" } })).status).toBe(404);
  expect((await get("/People?logonName=*")).body.results).toMatchObject([{ id: BOB, Enabled: "No" }]);
  expect(server.dump().people).toHaveLength(3);
});

test.each([
  ["GET", "", ["editPerson"]],
  ["PATCH", "", ["viewPerson"]],
  ["PATCH", "&op=200103", ["viewPerson", "editPerson"]],
] as const)("%s%s needs a right of its own", async (method, op, rights) => {
  const { send } = await call({ switches: { rights: [...rights] } });
  const reply = await send(method, `/People/${ANN}?confirm=false${op}`, method === "PATCH" ? {} : undefined);
  expect(reply).toMatchObject({ status: 403, body: { code: "XX00403" } });
});

test("spellings and additions of single installations", async () => {
  const { get } = await call({ switches: { enabledKey: "enabled", customFields: true } });
  expect((await get("/People?logonName=ann")).body.results[0]).toMatchObject({ enabled: "Yes" });
  expect((await get(`/People/${ANN}`)).body).toMatchObject({ xuSite: "North" });
});

test("the API's own DELETE removes the person", async () => {
  const { server, send } = await call();
  expect((await send("DELETE", `/People/${ANN}`)).status).toBe(204);
  expect(server.dump().people.map(({ logonName }) => logonName)).toEqual(["bob", "piv"]);
});
