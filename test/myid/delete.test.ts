import { describe, expect, onTestFinished, test } from "vitest";
import type { Props } from "../harness/rpc";
import { ADA, bindTo, calls, ENTRA, FOREIGN, failure, GRACE, MINIMAL, PIV, patches, slot, startServer, useStack } from "./fixture";

const { server, host } = await useStack();

/** A link that the engine knows. The log begins after its creation. */
async function link(inputs: Props = MINIMAL) {
  const resource = host.resource();
  await resource.up(inputs);
  server.clearRequests();
  return resource;
}

const values = () => patches(server).map(({ body }) => (body as { externalReferences: object }).externalReferences);

describe("a delete", () => {
  test("empties the slot and looks whether it is empty; the person and the other slots stay", async () => {
    const before = server.dump().people;
    const resource = await link();
    await resource.destroy();
    expect(calls(server)).toEqual(["GET /People/:id 200", "PATCH /People/:id 200", "GET /People/:id 200"]);
    expect(patches(server)).toEqual([{ person: ADA.id, query: { confirm: "false" }, body: { externalReferences: { id1: "" } } }]);
    expect(server.dump().people).toEqual(before);
  });

  test("of a PIV applicant names the operation for them", async () => {
    const resource = await link({ person: { id: PIV.id }, entraObjectId: ENTRA, pivApplicant: true });
    await resource.destroy();
    expect(patches(server)).toMatchObject([{ query: { op: "200103" } }]);
    expect(slot(server, PIV)).toBeNull();
  });

  test.each([
    ["ignored", "absent"],
    ["refused", "absent"],
    ["ignored", "null"],
    ["refused", "blank"],
  ] as const)('sends null where "" is %s, and emptiness is answered as %s', async (otherClear, emptyReferences) => {
    Object.assign(server.switches, { clearBy: "null", otherClear, emptyReferences });
    const resource = await link();
    await resource.destroy();
    expect(values()).toEqual([{ id1: "" }, { id1: null }]);
    expect(slot(server)).toBeNull();
  });

  test('sends "" only, where that is what empties', async () => {
    server.switches.clearBy = "blank";
    await (await link()).destroy();
    expect(values()).toEqual([{ id1: "" }]);
  });

  test("fails when the server keeps the value, and says how to go on", async () => {
    const resource = await link();
    server.faults.add({ method: "PATCH", when: "before", times: 2, action: { status: 200, body: {} } });
    const message = await failure(resource.destroy());
    expect(message).toContain(`still holds ${ENTRA}`);
    expect(message).toContain("Operator Client");
    expect(values()).toEqual([{ id1: "" }, { id1: null }]);
    expect(resource.state).toBeDefined();
  });

  test("that is refused both ways shows the vendor's words and the hint", async () => {
    const resource = await link();
    server.drift.changePerson(ADA.id, { pivApplicant: true });
    const message = await failure(resource.destroy());
    expect(message).toContain("The person cannot be edited with this operation");
    expect(message).toContain("set pivApplicant: true, and run `pulumi up` before the link is removed or replaced");
    expect(resource.state).toBeDefined();
    await resource.up({ ...MINIMAL, pivApplicant: true });
    await resource.destroy();
    expect(slot(server)).toBeNull();
  });

  test.each(["rights", "scope"] as const)("with too narrow %s fails or is done, and never touches anybody", async (what) => {
    const resource = await link();
    Object.assign(server.switches, what === "rights" ? { rights: ["viewPerson"] } : { scope: ["Sales"] });
    if (what === "rights") expect(await failure(resource.destroy())).toContain("the operation Edit Person");
    else await resource.destroy();
    server.switches.scope = null;
    expect(slot(server)).toBe(ENTRA);
  });
});

describe("only what is ours is cleared", () => {
  test("a value that somebody else put there stays, and a warning says so", async () => {
    const { provider, warnings, checked } = bindTo(server);
    const { id, state } = await provider.create(checked(MINIMAL));
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    server.clearRequests();
    await provider.delete(id, state);
    expect(calls(server)).toEqual(["GET /People/:id 200"]);
    expect(slot(server)).toBe(FOREIGN);
    expect(warnings).toEqual([expect.stringContaining(`holds ${FOREIGN}, which is not what was linked here; it is left alone`)]);
  });

  test("a value that a refresh has found there stays, until the program's own value is back", async () => {
    const { provider, warnings, checked } = bindTo(server);
    const { id, state } = await provider.create(checked(MINIMAL));
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    const seen = await provider.read(id, state);
    const again = await provider.read(id, seen?.state ?? {});
    await provider.delete(id, again?.state ?? {});
    expect(slot(server)).toBe(FOREIGN);
    expect(warnings).toEqual([expect.stringContaining(`holds ${FOREIGN}, which is not what was linked here; it is left alone`)]);

    server.drift.setReference(ADA.id, "id1", ENTRA.toUpperCase());
    const back = await provider.read(id, again?.state ?? {});
    expect(back?.state).not.toHaveProperty("declared");
    const healed = await provider.update(id, again?.state ?? {}, checked(MINIMAL));
    expect(healed).not.toHaveProperty("declared");
    await provider.delete(id, healed);
    expect(slot(server)).toBeNull();
  });

  test("our value in another case is ours", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", ENTRA.toUpperCase());
    await resource.destroy();
    expect(slot(server)).toBeNull();
  });

  test("a slot that is empty already is a success without a write", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", null);
    await resource.destroy();
    expect(calls(server)).toEqual(["GET /People/:id 200"]);
  });

  test("on a person without any other reference, too", async () => {
    const resource = await link({ person: { id: GRACE.id }, entraObjectId: ENTRA });
    server.drift.setReference(GRACE.id, "id1", null);
    await resource.destroy();
    expect(patches(server)).toEqual([]);
  });

  test("a person who is gone is a success", async () => {
    const resource = await link();
    server.drift.removePerson(ADA.id);
    await resource.destroy();
    expect(calls(server)).toEqual(["GET /People/:id 404"]);
  });

  test.each([
    ["before the write", "PATCH"],
    ["before the last look", "GET"],
  ])("a person who goes %s is a success", async (_when, method) => {
    const resource = await link();
    let seen = 0;
    onTestFinished(
      server.onRequest(({ record, phase }) => {
        if (phase === "received" && record.method === method && (method === "PATCH" || ++seen === 2)) server.drift.removePerson(ADA.id);
      }),
    );
    await resource.destroy();
    expect(resource.state).toBeUndefined();
  });

  test("a value that somebody writes while the answer is lost stays", async () => {
    const resource = await link();
    server.faults.add({ method: "PATCH", when: "before", action: "drop" });
    onTestFinished(
      server.onRequest(({ record, phase }) => {
        if (record.method === "PATCH" && phase === "received") server.drift.setReference(ADA.id, "id1", FOREIGN);
      }),
    );
    await resource.destroy();
    expect(slot(server)).toBe(FOREIGN);
    expect(patches(server)).toHaveLength(1);
  });
});

test.each([
  ["dropped after it was applied", { when: "after", action: "drop" }, 1],
  ["dropped before it was applied", { when: "before", action: "drop" }, 2],
  ["500 after it was applied", { when: "after", action: { status: 500 } }, 1],
  ["502 before it was applied", { when: "before", action: { status: 502 } }, 2],
] as const)("a delete whose answer is lost is settled by looking: %s", async (_how, fault, times) => {
  const resource = await link();
  server.faults.add({ method: "PATCH", ...fault });
  await resource.destroy();
  expect(values()).toEqual(Array(times).fill({ id1: "" }));
  expect(slot(server)).toBeNull();
});

test.each([401, 403, 500])("a look that fails with %i leaves the link and the state", async (status) => {
  const resource = await link();
  server.faults.add({ method: "GET", when: "before", times: 9, action: { status } });
  await failure(resource.destroy());
  expect(patches(server)).toEqual([]);
  expect(slot(server)).toBe(ENTRA);
  expect(resource.state).toBeDefined();
});

test("a 404 of another server is no absence", async () => {
  await using other = await startServer({ seed: {} });
  const { provider, checked } = bindTo(server);
  const { id, state } = await provider.create(checked(MINIMAL));
  const elsewhere = bindTo(other).provider;
  for (const operation of [elsewhere.delete(id, state), elsewhere.read(id, state), elsewhere.update(id, state, checked(MINIMAL))]) {
    const message = await failure(operation);
    expect(message).toContain(`is in the MyID server ${server.url}, but the settings lead to ${other.url}`);
    expect(message).toContain("IDP_WRONG_TENANT");
  }
});
