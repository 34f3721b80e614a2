import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { ADA, bindTo, calls, ENTRA, FOREIGN, failure, GRACE, kept, MINIMAL, patches, slot, startServer, useStack } from "./fixture";

const { server, host } = await useStack();

async function link(inputs: Props = MINIMAL) {
  const resource = host.resource();
  await resource.up(inputs);
  server.clearRequests();
  return resource;
}

describe("a refresh", () => {
  test("of an untouched link finds nothing", async () => {
    const resource = await link();
    const { inputs, outputs } = kept(resource);
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource)).toMatchObject({ inputs, outputs });
    expect(calls(server)).toEqual(["GET /People/:id 200"]);
  });

  test("sees another value, which the next up takes back", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    expect(await resource.refresh()).toBe("update");
    expect(kept(resource)).toMatchObject({ inputs: { entraObjectId: FOREIGN }, outputs: { entraObjectId: FOREIGN } });
    expect(await resource.up(MINIMAL)).toBe("update");
    expect(slot(server)).toBe(ENTRA);
  });

  test.each([ADA, GRACE])("sees that the link of $logonName is gone, and the next up makes it again", async ({ id }) => {
    const inputs = { person: { id }, entraObjectId: ENTRA };
    const resource = await link(inputs);
    server.drift.setReference(id, "id1", null);
    expect(await resource.refresh()).toBe("delete");
    expect(await resource.up(inputs)).toBe("create");
    expect(slot(server, { id })).toBe(ENTRA);
  });

  test.each([
    ["was deleted", () => server.drift.removePerson(ADA.id)],
    ["left the scope", () => Object.assign(server.switches, { scope: ["Sales"] })],
  ])("of a person who %s forgets the link and says so", async (_what, change) => {
    const { provider, warnings, checked } = bindTo(server);
    const { id, state } = await provider.create(checked(MINIMAL));
    change();
    expect(await provider.read(id, state)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(`Person ${ADA.id} is not in MyID any more, or no longer in the scope`)]);
  });

  test("never takes another slot, an unknown field or a new address for drift", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id2", FOREIGN);
    server.drift.changePerson(ADA.id, { contact: { emailAddress: "new@acme.example", phoneNumber: null }, enabled: false });
    server.switches.customFields = true;
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toMatchObject({ email: "new@acme.example" });
    expect(await resource.up(MINIMAL)).toBe("same");
  });

  test.each([
    ["403", { status: 403 }],
    ["500 for good", { status: 500 }],
    ["a web page with 404", { status: 404, body: "<h1>404</h1>", headers: { "content-type": "text/html" } }],
    ["401 for good", { status: 401 }],
    ["a person without an id", { status: 200, body: { logonName: "x" } }],
    ["no JSON", { body: "<html>", contentType: "text/html" }],
  ])("never takes an error for absence: %s", async (_what, action) => {
    const resource = await link();
    server.faults.add({ method: "GET", when: "before", times: 9, action });
    await failure(resource.refresh());
    expect(resource.state).toBeDefined();
  });
});

describe("a look-up", () => {
  const get = (id: string) => host.read(id, {});

  test.each([
    [`${ADA.id}`, `${ADA.id}/1`, 1],
    [`${ADA.id}/1`, `${ADA.id}/1`, 1],
    [`${ADA.id.toUpperCase()}/1`, `${ADA.id}/1`, 1],
    [`${GRACE.id}/3`, `${GRACE.id}/3`, 3],
  ])("takes the id %s", async (given, id, number) => {
    server.drift.setReference(ADA.id, "id1", ENTRA);
    server.drift.setReference(GRACE.id, "id3", ENTRA);
    const found = await get(given);
    expect(found).toMatchObject({ id, outputs: { entraObjectId: ENTRA, slot: number, verified: true } });
    expect(found.inputs).toEqual({ person: { id: id.slice(0, 36) }, entraObjectId: ENTRA, slot: number });
  });

  test.each(["", "alovelace", `${ADA.id}/0`, `${ADA.id}/4`, `${ADA.id}/1/2`, `{${ADA.id}}`])("explains the bad id %j", async (id) => {
    const message = await failure(bindTo(server).provider.read(id, {}));
    expect(message).toContain("{personId} or {personId}/{slot}");
    expect(server.requests).toEqual([]);
  });

  test.each([
    ["a person who is not there", "00000000-0000-4000-8000-000000000000"],
    ["an empty slot", ADA.id],
    ["a person without references", GRACE.id],
  ])("of %s is an error", async (_what, id) => {
    expect(await failure(get(id))).toContain(`There is no myid:PersonEntraLink ${id} to look up`);
  });
});

describe("a server that does not return references", () => {
  test("is believed, with one warning for all links, and nothing is invented", async () => {
    await using hiding = await startServer({ switches: { hideReferences: true } });
    const { provider, warnings, checked } = bindTo(hiding);
    const made = await Promise.all([ADA, GRACE].map(({ id }) => provider.create(checked({ person: { id }, entraObjectId: ENTRA }))));
    for (const { state } of made) expect(state).toMatchObject({ entraObjectId: ENTRA, verified: false });
    expect([slot(hiding), slot(hiding, GRACE)]).toEqual([ENTRA, ENTRA]);
    for (const { id, state } of made) {
      const read = await provider.read(id, state);
      expect(read).toMatchObject({ state: { entraObjectId: ENTRA, verified: false }, inputs: { entraObjectId: ENTRA } });
    }
    for (const { id, state } of made) await provider.delete(id, state);
    expect([slot(hiding), slot(hiding, GRACE)]).toEqual([null, null]);
    expect(warnings).toEqual([expect.stringContaining(`The MyID server ${hiding.url} does not return external references`)]);
    expect(patches(hiding)).toHaveLength(4);
  });

  test("and refuses an empty text is sent null", async () => {
    await using hiding = await startServer({ switches: { hideReferences: true, clearBy: "null", otherClear: "refused" } });
    const { provider, checked } = bindTo(hiding);
    const { id, state } = await provider.create(checked(MINIMAL));
    await provider.delete(id, state);
    expect(slot(hiding)).toBeNull();
  });

  test("is sent a value again when the answer is lost, because nothing can be seen", async () => {
    await using hiding = await startServer({ switches: { hideReferences: true } });
    hiding.faults.add({ method: "PATCH", when: "before", action: "drop" });
    const { provider, checked } = bindTo(hiding);
    await provider.create(checked(MINIMAL));
    expect(slot(hiding)).toBe(ENTRA);
    expect(patches(hiding)).toHaveLength(2);
  });

  test("is checked again as soon as it returns them", async () => {
    await using hiding = await startServer({ switches: { hideReferences: true } });
    const { provider, checked } = bindTo(hiding);
    const { id, state } = await provider.create(checked(MINIMAL));
    hiding.switches.hideReferences = false;
    hiding.drift.setReference(ADA.id, "id1", FOREIGN);
    expect(await provider.read(id, state)).toMatchObject({ state: { entraObjectId: FOREIGN, verified: true } });
  });

  test("changes in place, too", async () => {
    await using hiding = await startServer({ switches: { hideReferences: true } });
    const { provider, checked } = bindTo(hiding);
    const { id, state } = await provider.create(checked(MINIMAL));
    await provider.update(id, state, checked({ ...MINIMAL, entraObjectId: FOREIGN }));
    expect(slot(hiding)).toBe(FOREIGN);
  });
});
