import { describe, expect, onTestFinished, test } from "vitest";
import type { Props } from "../harness/rpc";
import {
  ADA,
  bindTo,
  calls,
  ENTRA,
  FOREIGN,
  failure,
  GRACE,
  kept,
  MINIMAL,
  NOBODY,
  OTHER,
  PIV,
  patches,
  slot,
  TWINS,
  useStack,
} from "./fixture";

const { server, host } = await useStack();

async function up(inputs: Props) {
  const resource = host.resource();
  await resource.up(inputs);
  return kept(resource);
}

describe("a create", () => {
  test("of the fewest inputs looks, sets the first slot and nothing else, and looks whether it arrived", async () => {
    const { id, outputs } = await up(MINIMAL);
    expect(calls(server)).toEqual(["GET /People/:id 200", "PATCH /People/:id 200", "GET /People/:id 200"]);
    expect(patches(server)).toEqual([{ person: ADA.id, query: { confirm: "false" }, body: { externalReferences: { id1: ENTRA } } }]);
    expect(id).toBe(`${ADA.id}/1`);
    expect(outputs).toEqual({
      person: { id: ADA.id },
      entraObjectId: ENTRA,
      slot: 1,
      logonName: "alovelace",
      employeeId: "E100",
      email: "ada@acme.example",
      verified: true,
      server: server.url,
    });
    const [ada] = server.dump().people;
    expect(ada?.externalReferences, "the other slots survive").toEqual({ id1: ENTRA, id2: "badge-77", id3: "payroll-9" });
  });

  test.each([2, 3])("sets slot %i when asked to, and leaves the first one alone", async (number) => {
    const { id, outputs } = await up({ person: { id: GRACE.id }, entraObjectId: ENTRA, slot: number });
    expect(id).toBe(`${GRACE.id}/${number}`);
    expect(outputs).toMatchObject({ slot: number, verified: true });
    expect(patches(server)).toMatchObject([{ body: { externalReferences: { [`id${number}`]: ENTRA } } }]);
    expect(slot(server, GRACE)).toBeNull();
  });

  test("sends the token once asked for, the version of the API and strict JSON", async () => {
    await up(MINIMAL);
    for (const { path, headers } of server.requests.filter(({ path }) => path.includes("/api/")))
      expect(headers, path).toMatchObject({ "x-api-version": "1", accept: "application/json", authorization: "Bearer ***" });
    expect(server.requests.find(({ method }) => method === "PATCH")?.headers["content-type"]).toBe("application/json");
  });

  test("confirms, for servers that insist on it", async () => {
    server.switches.confirmRequired = true;
    await up(MINIMAL);
    expect(slot(server)).toBe(ENTRA);
  });

  test("takes an answer without a body, too", async () => {
    server.switches.patchAnswer = "nothing";
    expect((await up(MINIMAL)).outputs).toMatchObject({ verified: true });
  });

  test("ignores fields that only this installation has", async () => {
    server.switches.customFields = true;
    const { outputs } = await up(MINIMAL);
    expect(JSON.stringify(outputs)).not.toContain("North");
  });

  test("is done without a write when the value is there, whatever its case, and keeps what the program says", async () => {
    server.drift.setReference(ADA.id, "id1", ENTRA.toUpperCase());
    const { outputs } = await up(MINIMAL);
    expect(calls(server)).toEqual(["GET /People/:id 200"]);
    expect(outputs).toMatchObject({ entraObjectId: ENTRA, verified: true });
    expect(slot(server)).toBe(ENTRA.toUpperCase());
  });

  test("keeps ids as the program writes them on a server that prints them in upper case", async () => {
    server.switches.upperCaseReferences = true;
    const mixed = { person: { id: ADA.id.toUpperCase() }, entraObjectId: `${ENTRA.slice(0, 8).toUpperCase()}${ENTRA.slice(8)}` };
    const resource = host.resource();
    await resource.up(mixed);
    expect(kept(resource).outputs).toMatchObject(mixed);
    expect(slot(server)).toBe(mixed.entraObjectId);
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).inputs).toMatchObject(mixed);
    expect(await resource.up(MINIMAL), "another case is no change").toBe("same");
  });
});

test("a link that is there is taken over with a warning, because a resource that was only renamed is about to clear it", async () => {
  const { provider, warnings, checked } = bindTo(server);
  const first = await provider.create(checked(MINIMAL));
  expect(warnings).toEqual([]);
  const second = await provider.create(checked(MINIMAL));
  expect(warnings).toEqual([expect.stringMatching(/holds \S+ already; the link is taken over\. .* aliases/)]);
  await provider.delete(first.id, first.state);
  expect(slot(server), "the resource of the old name").toBe(ENTRA);
  await provider.delete(second.id, second.state);
  expect(slot(server), "the resource of the new name").toBeNull();
});

describe("a slot that holds another value", () => {
  test("is left alone, and the error says what it holds and what to do", async () => {
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    const resource = host.resource();
    const message = await failure(resource.up(MINIMAL));
    expect(message).toContain(`External reference 1 of person ${ADA.id} of MyID already holds ${FOREIGN}`);
    expect(message).toContain("overwrite: true");
    expect(message).toContain("IDP_GUARD");
    expect(patches(server)).toEqual([]);
    expect(resource.state).toBeUndefined();
  });

  test("is replaced with overwrite", async () => {
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    await up({ ...MINIMAL, overwrite: true });
    expect(slot(server)).toBe(ENTRA);
  });

  test("in another slot is nobody's business", async () => {
    server.drift.setReference(ADA.id, "id2", FOREIGN);
    await up(MINIMAL);
    expect(slot(server, ADA, "id2")).toBe(FOREIGN);
  });

  test.each(["absent", "null", "blank"] as const)("is none when emptiness is answered as %s", async (emptyReferences) => {
    server.switches.emptyReferences = emptyReferences;
    await up({ person: { id: GRACE.id }, entraObjectId: ENTRA });
    expect(slot(server, GRACE)).toBe(ENTRA);
  });
});

describe("a person", () => {
  test.each([
    ["logonName", { logonName: "ALovelace" }, { logonName: "ALovelace" }],
    ["employeeId", { employeeId: "E100" }, { employeeId: "E100" }],
    ["email", { email: "Ada@acme.example" }, { q: "Ada@acme.example" }],
  ])("is found by %s without regard to case, and every hit is read", async (_key, person, query) => {
    const { id, outputs } = await up({ person, entraObjectId: ENTRA });
    expect(calls(server).slice(0, 2)).toEqual(["GET /People 200", "GET /People/:id 200"]);
    expect(server.requests.find(({ path }) => path.endsWith("/People"))?.query).toEqual(query);
    expect(id).toBe(`${ADA.id}/1`);
    expect(outputs).toMatchObject({ person: { ...person, id: ADA.id }, logonName: "alovelace" });
  });

  test.each([
    ["logonName", { logonName: "grace" }],
    ["employeeId", { employeeId: "E200" }],
  ])("is the one of the very value when a search by %s matches loosely", async (_key, person) => {
    server.switches.looseFilters = true;
    expect((await up({ person, entraObjectId: ENTRA })).id).toBe(`${GRACE.id}/1`);
    expect(server.count({ method: "GET", path: /People\/./ })).toBe(3);
  });

  test.each([
    ["logon name", { logonName: "nobody" }, "person.logonName"],
    ["wildcard", { logonName: "grace*" }, "person.logonName"],
    ["employee id", { employeeId: "E2" }, "person.employeeId"],
    ["part of an address", { email: "acme.example" }, "person.email"],
  ])("must be there: no one has the %s", async (_what, person, property) => {
    const message = await failure(host.resource().up({ person, entraObjectId: ENTRA }));
    expect(message).toContain(`There is no person with ${property.slice(7)} "${Object.values(person)[0]}" in MyID`);
    expect(message).toContain(`Correct ${property}, or give person.id`);
    expect(message).toContain("scope of the client's role");
    expect(patches(server)).toEqual([]);
  });

  test("must be one only, else all ids are named", async () => {
    for (const person of [{ employeeId: "E300" }, { email: "twins@acme.example" }]) {
      const message = await failure(host.resource().up({ person, entraObjectId: ENTRA }));
      for (const { id } of TWINS) expect(message).toContain(id);
      expect(message).toContain("Give person.id instead");
    }
    expect(patches(server)).toEqual([]);
  });

  test("is one person even if a search comes upon them twice", async () => {
    const results = [{ id: ADA.id }, { id: ADA.id.toUpperCase() }];
    server.faults.add({ path: /People$/, when: "before", action: { status: 200, body: { results } } });
    expect((await up({ person: { logonName: "alovelace" }, entraObjectId: ENTRA })).id).toBe(`${ADA.id}/1`);
    expect(calls(server).slice(0, 3)).toEqual(["GET /People 200", "GET /People/:id 200", "PATCH /People/:id 200"]);
  });

  test("is not looked for among too many", async () => {
    server.load({
      people: Array.from({ length: 30 }, (_, index) => ({ logonName: `p${index}`, contact: { emailAddress: "x@acme.example" } })),
    });
    const message = await failure(host.resource().up({ person: { email: "x@acme.example" }, entraObjectId: ENTRA }));
    expect(message).toContain("finds 30 people");
    expect(server.count({ path: /People\/./ })).toBe(0);
  });

  test("by an id that is not there is an error, and nothing is written", async () => {
    const message = await failure(host.resource().up({ person: { id: NOBODY }, entraObjectId: ENTRA }));
    expect(message).toContain(`There is no person ${NOBODY} in MyID`);
    expect(patches(server)).toEqual([]);
  });

  test("out of the client's scope looks like one that is not there, and the error says so", async () => {
    server.switches.scope = ["Sales"];
    expect(await failure(host.resource().up(MINIMAL))).toContain("scope of the client's role");
    expect(await failure(host.resource().up({ person: { logonName: "grace" }, entraObjectId: ENTRA }))).toContain(
      "scope of the client's role",
    );
  });

  test("whose 404 is a web page is not missing: the address is wrong", async () => {
    server.faults.add({
      method: "GET",
      when: "before",
      action: { status: 404, body: "<h1>IIS</h1>", headers: { "content-type": "text/html" } },
    });
    expect(await failure(host.resource().up(MINIMAL))).toContain("check the base URL");
  });
});

describe("a PIV applicant", () => {
  const inputs = { person: { id: PIV.id }, entraObjectId: ENTRA };

  test("is changed by the operation for them", async () => {
    await up({ ...inputs, pivApplicant: true });
    expect(patches(server)).toMatchObject([{ query: { confirm: "false", op: "200103" } }]);
    expect(slot(server, PIV)).toBe(ENTRA);
  });

  test("is refused without it, with the vendor's words and a hint", async () => {
    const message = await failure(host.resource().up(inputs));
    expect(message).toMatch(/^Setting external reference 1 of person \S+ of MyID failed: HTTP 400, XX00400, The person cannot be edited/);
    expect(message).toContain("If the person is a PIV applicant, set pivApplicant: true");
    expect(message).toContain("IDP_REJECTED");
  });

  test("gets no hint that was followed already", async () => {
    server.faults.add({ method: "PATCH", when: "before", action: { status: 400 } });
    expect(await failure(host.resource().up({ ...inputs, pivApplicant: true }))).not.toContain("set pivApplicant");
  });

  test("needs the right to that operation, which the error names", async () => {
    server.switches.rights = ["viewPerson", "editPerson"];
    expect(await failure(host.resource().up({ ...inputs, pivApplicant: true }))).toContain("the operation Edit PIV Applicant");
  });
});

describe("a refused create", () => {
  test.each([
    ["View Person", []],
    ["Edit Person", ["viewPerson"]],
  ] as const)("for want of %s says which right, and leaves nothing behind", async (operation, rights) => {
    server.switches.rights = [...rights];
    const resource = host.resource();
    const message = await failure(resource.up(MINIMAL));
    expect(message).toContain("HTTP 403");
    expect(message).toContain(`the operation ${operation}`);
    expect(resource.state).toBeUndefined();
  });

  test("that the server takes without keeping it is an error", async () => {
    server.faults.add({ method: "PATCH", when: "before", action: { status: 200, body: { id: ADA.id } } });
    const message = await failure(host.resource().up(MINIMAL));
    expect(message).toContain(`MyID took ${ENTRA} for external reference 1`);
    expect(message).toContain("the reference is empty");
  });
});

describe("a write whose answer is lost", () => {
  const lost = [
    ["dropped after it was applied", { when: "after", action: "drop" }, 1],
    ["dropped before it was applied", { when: "before", action: "drop" }, 2],
    ["500 after it was applied", { when: "after", action: { status: 500 } }, 1],
    ["500 before it was applied", { when: "before", action: { status: 500 } }, 2],
    ["502 of a proxy", { when: "before", action: { status: 502 } }, 2],
    ["an answer that is not JSON", { when: "after", action: { body: "<html>", contentType: "text/html" } }, 1],
  ] as const;

  test.each(lost)("is settled by looking: %s", async (_how, fault, times) => {
    server.faults.add({ method: "PATCH", ...fault });
    const { outputs } = await up(MINIMAL);
    expect(outputs).toMatchObject({ verified: true });
    expect(patches(server)).toHaveLength(times);
    expect(slot(server)).toBe(ENTRA);
  });

  test("is given up after four attempts, and the next run starts over", async () => {
    server.faults.add({ method: "PATCH", when: "before", action: { status: 503 }, times: 4 });
    const resource = host.resource();
    expect(await failure(resource.up(MINIMAL))).toContain("IDP_LOST_ANSWER");
    expect(patches(server)).toHaveLength(4);
    expect(resource.state).toBeUndefined();
    expect(await resource.up(MINIMAL)).toBe("create");
  });

  test("does not run over what somebody else wrote meanwhile", async () => {
    server.faults.add({ method: "PATCH", when: "before", action: "drop" });
    onTestFinished(
      server.onRequest(({ record, phase }) => {
        if (record.method === "PATCH" && phase === "received") server.drift.setReference(ADA.id, "id1", FOREIGN);
      }),
    );
    expect(await failure(host.resource().up(MINIMAL))).toContain(`already holds ${FOREIGN}`);
    expect(slot(server)).toBe(FOREIGN);
  });
});

test("a write that was taken and could not be looked at is kept in state as half made, and the next run only looks", async () => {
  const resource = host.resource();
  server.faults.add({ method: "GET", path: /People\/./, skip: 1, when: "before", action: { status: 403 } });
  expect(await failure(resource.up(MINIMAL))).toContain("the next `pulumi up` finishes the rest");
  expect(resource.state).toMatchObject({ id: `${ADA.id}/1`, outputs: { entraObjectId: ENTRA } });
  expect(kept(resource).initErrors).toHaveLength(1);
  server.clearRequests();
  expect(await resource.up(MINIMAL)).toBe("update");
  expect(calls(server)).toEqual(["GET /People/:id 200"]);
  expect(kept(resource).outputs).toMatchObject({ verified: true });
});

test("two links of one person in two slots live side by side", async () => {
  await up({ person: { id: GRACE.id }, entraObjectId: ENTRA });
  await up({ person: { logonName: "grace" }, entraObjectId: OTHER, slot: 2 });
  expect([slot(server, GRACE, "id1"), slot(server, GRACE, "id2")]).toEqual([ENTRA, OTHER]);
});
