import * as pulumi from "@pulumi/pulumi";
import type { MyIdSimulator } from "identity-simulators";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { findMyIdPeople, findMyIdPeopleOutput } from "../../provider/src/index";
import { runCli } from "../cli/run";
import { ADA, failure, GRACE, GRACE_H, SEED, settings, startServer, TWINS } from "./fixture";

const NAMES: Record<string, { first: string; last: string }> = {
  [ADA.id]: { first: "Ada", last: "Lovelace" },
  [GRACE.id]: { first: "Grace", last: "Hopper" },
  [GRACE_H.id]: { first: "Grace", last: "Hopperton" },
};

let server: MyIdSimulator;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startServer({ seed: { people: SEED.people?.map((person) => ({ ...person, name: NAMES[person.id ?? ""] })) } });
  const { baseUrl = "", clientId = "", clientSecret = "" } = settings(server);
  pulumi.runtime.setAllConfig({ "myid:baseUrl": baseUrl, "myid:clientId": clientId, "myid:clientSecret": clientSecret });
  env = { MYID_BASE_URL: baseUrl, MYID_CLIENT_ID: clientId, MYID_CLIENT_SECRET: clientSecret };
});
beforeEach(() => server.reset());
afterEach(() => {
  expect(server.unknownRequests).toEqual([]);
  expect(new Set(server.requests.filter(({ path }) => path.startsWith("/rest.core")).map(({ method }) => method))).not.toContain("DELETE");
});
afterAll(() => server.close());

const idsOf = async (args: Parameters<typeof findMyIdPeople>[0]) => (await findMyIdPeople(args)).people.map(({ id }) => id);

test("a program finds a person, with what tells people apart and what they are linked by, and no more", async () => {
  expect(await findMyIdPeople({ logonName: "ALOVELACE" })).toEqual({
    people: [
      {
        id: ADA.id,
        logonName: "alovelace",
        employeeId: "E100",
        name: { first: "Ada", last: "Lovelace", fullName: "Ada Lovelace" },
        email: "ada@acme.example",
        enabled: true,
        externalReferences: { id2: "badge-77", id3: "payroll-9" },
      },
    ],
  });
});

test("whatever the server finds, only who is meant is given", async () => {
  server.switches.looseFilters = true;
  expect(await idsOf({ logonName: "grace" })).toEqual([GRACE.id]);
  expect(await idsOf({ employeeId: "E200" })).toEqual([GRACE.id]);
  expect(await idsOf({ name: { last: "Hopper" } })).toEqual([GRACE.id]);
  // Dots and brackets stand for themselves.
  expect(await idsOf({ logonName: "g.ace" })).toEqual([]);
});

test("* stands for any text, and several people may fit", async () => {
  expect(await idsOf({ name: { last: "Hopp*" } })).toEqual([GRACE.id, GRACE_H.id]);
  expect(await idsOf({ employeeId: "E300" })).toEqual(TWINS.map(({ id }) => id));
});

test("words are left to the server", async () => {
  const found = findMyIdPeopleOutput({ q: pulumi.output("twins@") });
  expect(await new Promise((resolve) => found.apply(({ people }) => resolve(people.map(({ id }) => id))))).toEqual(
    TWINS.map(({ id }) => id),
  );
});

test("people who are gone meanwhile, or out of the client's scope, are left out", async () => {
  server.faults.add({ path: /People\/.*/, when: "before", action: { status: 404 } });
  expect(await idsOf({ name: { last: "Hopp*" } })).toHaveLength(1);
});

test("a question for nothing, or for two things at once, is refused before anything is sent", async () => {
  expect(await failure(findMyIdPeople({}))).toContain("exactly one of logonName, employeeId, name and q must be given, and none is");
  expect(await failure(findMyIdPeople({ logonName: "grace", q: "grace" }))).toContain("logonName and q are");
  expect(await failure(findMyIdPeople({ name: { last: "" } }))).toContain("name.last: must not be empty");
  expect(server.requests).toEqual([]);
});

test("more than 100 people are not read one by one", async () => {
  server.load({ people: Array.from({ length: 101 }, (_, index) => ({ logonName: `person-${index}` })) });
  await expect(findMyIdPeople({ logonName: "person-*" })).rejects.toMatchObject({
    code: "IDP_GUARD",
    message: expect.stringContaining("finds 101 people"),
  });
  expect(server.count({ path: /People\// })).toBe(0);
});

test("a person asks at a terminal, with the environment's credentials", async () => {
  const [table, json, wrong] = await Promise.all([
    runCli(["myid", "find", "--last-name", "hopp*"], env),
    runCli(["myid", "find", "--logon-name", "alovelace", "--json"], env),
    runCli(["myid", "find"], env),
  ]);
  expect(table.stdout).toMatch(
    /^id +logonName +employeeId +name.fullName +email.*\n\S+ +grace +E200 +Grace Hopper +grace@acme.example +true/,
  );
  expect(JSON.parse(json.stdout)).toMatchObject({ people: [{ id: ADA.id, employeeId: "E100" }] });
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining("exactly one of")]);
});
