import { describe, expect, test } from "vitest";
import { personEntraLinkDefinition } from "../../provider/src/myid/person-entra-link-definition";
import { personEntraLinkInputs } from "../../provider/src/myid/schema";
import { CheckFailedError, type Props } from "../harness/rpc";
import { ADA, ENTRA, FOREIGN, GRACE, kept, OTHER, patches, slot, useStack } from "./fixture";

const { server, host } = await useStack();

interface Story {
  value: unknown;
  other: unknown;
  /** What a change does to the object, and how many writes it takes. */
  change: ["update" | "replace", number];
  /** What leaving the property out does; undefined where it is required. */
  drop?: ["update" | "replace", number];
  /** Where the value can be changed behind the program's back. */
  drifts?: true;
}

/** One story per input. An input without one fails the first test. */
const STORIES: Record<string, Story> = {
  person: { value: { id: GRACE.id }, other: { logonName: "alovelace" }, change: ["replace", 2] },
  entraObjectId: { value: ENTRA, other: OTHER, change: ["update", 1], drifts: true },
  slot: { value: 2, other: 3, change: ["replace", 2], drop: ["replace", 2] },
  pivApplicant: { value: true, other: false, change: ["update", 0], drop: ["update", 0] },
  overwrite: { value: true, other: false, change: ["update", 0], drop: ["update", 0] },
};

/** One person by everything that a person may be given by. */
const PEOPLE: Record<string, Props> = {
  id: { id: GRACE.id },
  logonName: { logonName: GRACE.logonName },
  employeeId: { employeeId: GRACE.employeeId },
  email: { email: GRACE.contact.emailAddress },
};

test("every input has its story and its entry in the field table", () => {
  const names = Object.keys(personEntraLinkInputs.shape).sort();
  expect(Object.keys(STORIES).sort()).toEqual(names);
  expect(Object.keys(personEntraLinkDefinition.fields).sort()).toEqual(names);
  expect(Object.keys(PEOPLE).sort()).toEqual(Object.keys(personEntraLinkInputs.shape.person.shape).sort());
});

const FULL: Props = Object.fromEntries(Object.entries(STORIES).map(([name, { value }]) => [name, value]));

async function full() {
  // Ada's own slots are not empty, and every story may move there.
  server.drift.setReference(ADA.id, "id2", null);
  server.drift.setReference(ADA.id, "id3", null);
  const before = server.dump().people;
  const resource = host.resource();
  await resource.up(FULL);
  server.clearRequests();
  return { resource, before };
}

describe.each(Object.entries(STORIES))("the input %s", (name, { other, change, drop }) => {
  test("as it is needs no request", async () => {
    const { resource } = await full();
    expect(await resource.up(FULL)).toBe("same");
    expect(server.requests).toEqual([]);
  });

  test("changes with just the writes it needs, and a destroy leaves the server as it was", async () => {
    const { resource, before } = await full();
    const next = { ...FULL, [name]: other };
    expect([await resource.up(next), patches(server).length]).toEqual(change);
    server.clearRequests();
    expect(await resource.up(next)).toBe("same");
    expect(server.requests).toEqual([]);
    expect(await resource.refresh()).toBe("same");
    await resource.destroy();
    expect(server.dump().people).toEqual(before);
  });

  test(drop ? "may be left out again" : "is required", async () => {
    const { resource, before } = await full();
    const { [name]: _, ...next } = FULL;
    if (!drop) {
      await expect(resource.up(next)).rejects.toThrow(CheckFailedError);
      expect(server.requests).toEqual([]);
    } else {
      expect([await resource.up(next), patches(server).length]).toEqual(drop);
      expect(await resource.up(next)).toBe("same");
      await resource.destroy();
      expect(server.dump().people).toEqual(before);
    }
  });
});

test.each(Object.entries(PEOPLE))(
  "a person by %s: no second write, a change in place, a refresh without drift, nothing left behind",
  async (_key, person) => {
    const before = server.dump().people;
    const resource = host.resource();
    await resource.up({ person, entraObjectId: ENTRA });
    server.clearRequests();
    expect(await resource.up({ person, entraObjectId: ENTRA })).toBe("same");
    expect(server.requests).toEqual([]);
    expect([await resource.up({ person, entraObjectId: OTHER }), patches(server).length]).toEqual(["update", 1]);
    expect(await resource.refresh()).toBe("same");
    server.drift.setReference(GRACE.id, "id1", null);
    expect(await resource.refresh()).toBe("delete");
    expect(await resource.up({ person, entraObjectId: OTHER })).toBe("create");
    await resource.destroy();
    expect(server.dump().people).toEqual(before);
  },
);

test.each(Object.keys(STORIES).filter((name) => STORIES[name]?.drifts))(
  "the input %s is healed when somebody else changes it",
  async (name) => {
    const { resource } = await full();
    server.drift.setReference(GRACE.id, "id2", FOREIGN);
    expect(await resource.refresh()).toBe("update");
    expect(kept(resource).inputs).toMatchObject({ [name]: FOREIGN });
    expect(await resource.up(FULL)).toBe("update");
    expect(slot(server, GRACE, "id2")).toBe(ENTRA);
    expect(await resource.refresh()).toBe("same");
  },
);

test("a link that somebody else removes is seen and made again, and a destroy leaves the server as it was", async () => {
  const { resource, before } = await full();
  server.drift.setReference(GRACE.id, "id2", null);
  expect(await resource.refresh()).toBe("delete");
  expect(await resource.up(FULL)).toBe("create");
  expect(slot(server, GRACE, "id2")).toBe(ENTRA);
  await resource.destroy();
  expect(server.dump().people).toEqual(before);
});
