import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../harness/rpc";
import { bindTo, FULL, failure, MINIMAL, startTenant, stored, up, useReset } from "./fixture";

const tenant = await startTenant();
useReset(tenant);
const { provider } = bindTo(tenant);

const faults = (customAttributes: object, more: object = {}) => provider.check({ ...MINIMAL, ...more, customAttributes }).failures;
const many = (count: number, value: (index: number) => unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, value(index)]));

describe("a user's profile", () => {
  /** What the user takes besides the text itself. */
  const frame = JSON.stringify({ note: "", username: MINIMAL.username }).length;

  test("of 16 KB is accepted, and of one byte more refused before anything is sent", () => {
    expect(faults({ note: "x".repeat(16384 - frame) })).toEqual([]);
    expect(faults({ note: "x".repeat(16384 - frame + 1) })).toEqual([
      {
        property: "customAttributes.note",
        reason: "is the largest part, 16352 bytes, of a user that takes 16385 as JSON; PingOne keeps at most 16384 of a user",
      },
    ]);
    expect(tenant.requests).toEqual([]);
  });

  test("counts bytes, not characters, and standard attributes too", () => {
    expect(faults({ note: "é".repeat(8192) })).toHaveLength(1);
    expect(faults({ note: "x".repeat(16000) }, { externalId: "x".repeat(1000) })).toMatchObject([{ property: "customAttributes.note" }]);
    expect(faults({}, { email: "x".repeat(17000) })).toMatchObject([{ property: "email" }]);
    expect(faults({ "note.text": { deep: "x".repeat(17000) } })).toMatchObject([{ property: 'customAttributes["note.text"]' }]);
  });

  test("counts nothing for a value that is not known yet", () => {
    expect(faults({ note: "x".repeat(16384 - frame - ',"later":""'.length), later: UNKNOWN })).toEqual([]);
    expect(faults({ note: "x".repeat(16384 - frame) }, { name: UNKNOWN, nickname: UNKNOWN })).toEqual([]);
    expect(provider.check({ ...MINIMAL, username: "u".repeat(128), customAttributes: UNKNOWN }).failures).toEqual([]);
  });

  test("that others made too large is refused in PingOne's words, and nothing is lost", async () => {
    const own = await up(provider, FULL);
    tenant.drift.changeUser(stored(tenant).id, { costCenter: "x".repeat(16000) });
    const message = await failure(up(provider, { ...FULL, nickname: "n".repeat(200) }, own));
    expect(message).toContain("the profile is larger than 16 KB");
    expect(stored(tenant).attributes).toMatchObject({ nickname: FULL.nickname });
  });
});

describe("custom attributes of one user", () => {
  test.each<[string, (index: number) => unknown, number]>([
    ["texts", String, 200],
    ["JSON", () => ({ a: 1 }), 200],
    ["both kinds together", (index) => (index % 2 ? [1] : index), 400],
  ])("of %s are no more than an environment has", (what, value, most) => {
    expect(faults(many(most, value))).toEqual([]);
    expect(faults(many(most + 1, value))).toEqual([
      { property: "customAttributes", reason: `holds ${most + 1} attributes of ${what}; an environment has at most ${most}` },
    ]);
  });

  test("may be 200 of each kind, and of either kind when that is not known", () => {
    expect(faults(many(400, (index) => (index % 2 ? "x" : { a: 1 })))).toEqual([]);
    for (const either of [["x"], 1, true]) expect(faults(many(400, () => either))).toEqual([]);
    expect(faults(many(201, () => UNKNOWN))).toEqual([]);
  });
});
