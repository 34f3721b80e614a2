import { describe, expect, test } from "vitest";
import { type Props, UNKNOWN } from "../harness/rpc";
import { ADA, bindTo, calls, ENTRA, FOREIGN, failure, GRACE, kept, MINIMAL, NOBODY, OTHER, patches, slot, useStack } from "./fixture";

const { server, host } = await useStack();

/** A link that the engine knows. The log begins after its creation. */
async function link(inputs: Props = MINIMAL) {
  const resource = host.resource();
  await resource.up(inputs);
  server.clearRequests();
  return resource;
}

const byName = { person: { logonName: "alovelace" }, entraObjectId: ENTRA };

describe("a second up", () => {
  test.each<[string, Props, Props]>([
    ["of the same", MINIMAL, MINIMAL],
    ["with defaults written out", MINIMAL, { ...MINIMAL, slot: 1, pivApplicant: false, overwrite: false }],
    ["with ids in another case", MINIMAL, { person: { id: ADA.id.toUpperCase() }, entraObjectId: ENTRA.toUpperCase() }],
    ["with a logon name in another case", byName, { ...byName, person: { logonName: "ALOVELACE" } }],
  ])("%s sends nothing", async (_what, first, second) => {
    const resource = await link(first);
    expect(await resource.up(second)).toBe("same");
    expect(server.requests).toEqual([]);
  });
});

describe("another object id", () => {
  test("is set in place, against a fresh look", async () => {
    const resource = await link();
    expect(await resource.up({ ...MINIMAL, entraObjectId: OTHER })).toBe("update");
    expect(calls(server)).toEqual(["GET /People/:id 200", "PATCH /People/:id 200", "GET /People/:id 200"]);
    expect(slot(server)).toBe(OTHER);
    expect(kept(resource)).toMatchObject({ id: `${ADA.id}/1`, outputs: { entraObjectId: OTHER } });
  });

  test("that is there already is not sent", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", OTHER);
    await resource.up({ ...MINIMAL, entraObjectId: OTHER });
    expect(patches(server)).toEqual([]);
  });

  test("does not run over a value that nobody here has seen", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    const message = await failure(resource.up({ ...MINIMAL, entraObjectId: OTHER }));
    expect(message).toContain(`already holds ${FOREIGN}`);
    expect(message).toContain("pulumi refresh");
    expect(slot(server)).toBe(FOREIGN);
    await resource.refresh();
    await resource.up({ ...MINIMAL, entraObjectId: OTHER });
    expect(slot(server), "a refresh has seen it").toBe(OTHER);
  });

  test("does with overwrite", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    await resource.up({ ...MINIMAL, entraObjectId: OTHER, overwrite: true });
    expect(slot(server)).toBe(OTHER);
  });

  test("goes into a slot that was emptied meanwhile", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", null);
    await resource.up({ ...MINIMAL, entraObjectId: OTHER });
    expect(slot(server)).toBe(OTHER);
  });

  test.each([
    ["dropped after it was applied", { when: "after", action: "drop" }, 1],
    ["dropped before it was applied", { when: "before", action: "drop" }, 2],
    ["503", { when: "before", action: { status: 503 } }, 2],
  ] as const)("whose answer is lost is settled by looking: %s", async (_how, fault, times) => {
    const resource = await link();
    server.faults.add({ method: "PATCH", ...fault });
    await resource.up({ ...MINIMAL, entraObjectId: OTHER });
    expect(patches(server)).toHaveLength(times);
    expect(slot(server)).toBe(OTHER);
  });

  test("that is refused leaves value and state as they were", async () => {
    const resource = await link();
    server.switches.rights = ["viewPerson"];
    await failure(resource.up({ ...MINIMAL, entraObjectId: OTHER }));
    expect(kept(resource).outputs).toMatchObject({ entraObjectId: ENTRA });
    server.switches.rights = ["viewPerson", "editPerson"];
    expect(await resource.up({ ...MINIMAL, entraObjectId: OTHER })).toBe("update");
  });

  test("of a person who is gone is an error that says what to do", async () => {
    const resource = await link();
    server.drift.removePerson(ADA.id);
    expect(await failure(resource.up({ ...MINIMAL, entraObjectId: OTHER }))).toContain("pulumi up --refresh");
  });
});

test.each([
  { ...MINIMAL, pivApplicant: true },
  { ...MINIMAL, overwrite: true },
])("a switch of the library only looks: %j", async (inputs) => {
  const resource = await link();
  expect(await resource.up(inputs)).toBe("update");
  expect(calls(server)).toEqual(["GET /People/:id 200"]);
});

describe("another person", () => {
  test.each<[string, Props, Props]>([
    ["id", MINIMAL, { person: { id: GRACE.id }, entraObjectId: ENTRA }],
    ["logon name", byName, { person: { logonName: "grace" }, entraObjectId: ENTRA }],
    ["id instead of logon name", byName, { person: { id: GRACE.id }, entraObjectId: ENTRA }],
    ["logon name instead of id", MINIMAL, { person: { logonName: "grace" }, entraObjectId: ENTRA }],
    ["employee id instead of logon name", byName, { person: { employeeId: "E200" }, entraObjectId: ENTRA }],
  ])("by %s is a replacement: the old link is cleared, then the new one is set", async (_how, first, second) => {
    const resource = await link(first);
    expect(await resource.preview(second)).toMatchObject({ op: "replace", replaces: ["person"] });
    expect(server.requests).toEqual([]);
    expect(await resource.up(second)).toBe("replace");
    expect(patches(server)).toMatchObject([
      { person: ADA.id, body: { externalReferences: { id1: "" } } },
      { person: GRACE.id, body: { externalReferences: { id1: ENTRA } } },
    ]);
    expect(kept(resource).id).toBe(`${GRACE.id}/1`);
  });

  test("leaves the old link alone when somebody else has changed it", async () => {
    const resource = await link();
    server.drift.setReference(ADA.id, "id1", FOREIGN);
    await resource.up({ person: { id: GRACE.id }, entraObjectId: ENTRA });
    expect([slot(server), slot(server, GRACE)]).toEqual([FOREIGN, ENTRA]);
  });

  test("who is not there leaves a replacement that the next run finishes", async () => {
    const resource = await link();
    await failure(resource.up({ person: { id: NOBODY }, entraObjectId: ENTRA }));
    expect(slot(server)).toBeNull();
    expect(await resource.up(MINIMAL)).toBe("replace");
    expect(slot(server)).toBe(ENTRA);
  });
});

describe("other words for the same person", () => {
  const words: [string, Props][] = [
    ["id", { id: ADA.id }],
    ["logonName", { logonName: "ALovelace" }],
    ["employeeId", { employeeId: "e100" }],
    ["email", { email: "ADA@acme.example" }],
  ];
  const changes = words.flatMap((from) => words.filter((to) => to !== from).map((to) => [...from, ...to] as const));

  test.each(changes)("never clear the link: %s %j, then %s %j", async (_from, first, _to, second) => {
    const resource = await link({ person: first, entraObjectId: ENTRA });
    expect(await resource.up({ person: second, entraObjectId: ENTRA })).toBe("update");
    expect(patches(server)).toEqual([]);
    expect(slot(server)).toBe(ENTRA);
    expect(kept(resource)).toMatchObject({ id: `${ADA.id}/1`, outputs: { person: { ...second, id: expect.stringMatching(ADA.id) } } });
    expect(Object.keys(kept(resource).outputs.person as object)).toHaveLength("id" in second ? 1 : 2);
    expect(await resource.up({ person: second, entraObjectId: ENTRA })).toBe("same");
    await resource.refresh();
    expect(kept(resource).inputs).toMatchObject({ person: second });
  });

  test("may come with another object id", async () => {
    const resource = await link();
    await resource.up({ person: { logonName: "alovelace" }, entraObjectId: OTHER });
    expect(patches(server)).toMatchObject([{ body: { externalReferences: { id1: OTHER } } }]);
  });

  test("follow a person who was renamed, once a refresh has seen it", async () => {
    const resource = await link(byName);
    server.drift.changePerson(ADA.id, { logonName: "ada.king" });
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toMatchObject({ logonName: "ada.king", person: { logonName: "alovelace" } });
    server.clearRequests();
    expect(await resource.up(byName), "the old name keeps meaning the same person").toBe("same");
    expect(await resource.up({ person: { logonName: "ada.king" }, entraObjectId: ENTRA })).toBe("update");
    expect(patches(server)).toEqual([]);
  });

  test("that lead to somebody else by now move nothing", async () => {
    const resource = await link();
    server.drift.changePerson(ADA.id, { logonName: "ada.king" });
    server.drift.changePerson(GRACE.id, { logonName: "alovelace" });
    const message = await failure(resource.up(byName));
    expect(message).toContain(`The link is on person ${ADA.id}, and {"logonName":"alovelace"} is now person ${GRACE.id}`);
    expect(message).toContain("IDP_GUARD");
    expect([slot(server), slot(server, GRACE)]).toEqual([ENTRA, null]);
    await resource.refresh();
    expect(await resource.up(byName)).toBe("replace");
    expect([slot(server), slot(server, GRACE)]).toEqual([null, ENTRA]);
  });
});

test("another slot is a replacement: the old one is cleared, then the new one is set", async () => {
  const resource = await link({ person: { id: GRACE.id }, entraObjectId: ENTRA });
  expect(await resource.up({ person: { id: GRACE.id }, entraObjectId: ENTRA, slot: 2 })).toBe("replace");
  expect(patches(server)).toMatchObject([{ body: { externalReferences: { id1: "" } } }, { body: { externalReferences: { id2: ENTRA } } }]);
  expect(kept(resource).id).toBe(`${GRACE.id}/2`);
});

test("values that are not known yet are never no change", async () => {
  const resource = await link();
  expect(await resource.preview({ ...MINIMAL, entraObjectId: UNKNOWN })).toMatchObject({ op: "update", changes: ["entraObjectId"] });
  expect(await resource.preview({ ...MINIMAL, person: { id: UNKNOWN } })).toMatchObject({ op: "replace", replaces: ["person"] });
  expect(await resource.preview({ ...MINIMAL, person: UNKNOWN })).toMatchObject({ op: "replace" });
  expect(server.requests).toEqual([]);
});

test("diff is pure: it says nothing has changed only when that is so, and sends nothing", async () => {
  const { provider, checked } = bindTo(server);
  const { state } = await provider.create(checked(MINIMAL));
  server.clearRequests();
  expect(provider.diff(state, checked(MINIMAL))).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
  expect(provider.diff(state, checked({ ...MINIMAL, entraObjectId: OTHER }))).toEqual({ replaces: [], deleteBeforeReplace: false });
  expect(provider.diff(state, checked({ ...MINIMAL, slot: 2 }))).toEqual({ replaces: ["slot"], deleteBeforeReplace: true });
  expect(server.requests).toEqual([]);
});
