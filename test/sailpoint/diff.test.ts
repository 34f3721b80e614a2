import { afterEach, describe, expect, test } from "vitest";
import { type Props, UNKNOWN } from "../harness/rpc";
import { ADA, GRACE, HR, MINIMAL, mail, mapping, PARTNERS, useStack } from "./fixture";

const { tenant, host } = await useStack();

afterEach(() => expect(tenant.requests, "diff works offline").toEqual([]));

const FULL = {
  ...MINIMAL,
  description: "all of them",
  owner: { id: ADA.id },
  priority: 40,
  ...mapping({ email: mail() }),
};

/** What `up` would do with a profile that was made from `before` when the program says `after`. */
async function plan(before: Props, after: Props, made: Props = {}) {
  const resource = host.resource();
  const { inputs } = await host.check(undefined, before);
  resource.state = { id: "0".repeat(32), inputs, outputs: { ...inputs, identityCount: 7, created: "2026-01-01", ...made }, initErrors: [] };
  const { op, changes, replaces } = await resource.preview(after);
  const { deleteBeforeReplace } = await host.diff("id", resource.state.outputs, (await host.check(inputs, after)).inputs);
  expect(deleteBeforeReplace, "the source stays bound until the old profile is gone").toBe(replaces.length > 0);
  return { op, changes, replaces };
}

const SAME = { op: "same", changes: [], replaces: [] };
const update = (...changes: string[]) => ({ op: "update", changes, replaces: [] });
const replace = (...replaces: string[]) => ({ op: "replace", replaces });

describe("no difference", () => {
  test.each<[string, Props, Props]>([
    ["the same inputs", FULL, FULL],
    ["an empty description where none was", MINIMAL, { ...MINIMAL, description: "" }],
    ["null where nothing was", MINIMAL, { ...MINIMAL, description: null, owner: null, priority: null, identityAttributeConfig: null }],
    ["an empty owner where none was", MINIMAL, { ...MINIMAL, owner: {} }],
    ["an empty mapping where none was", MINIMAL, { ...MINIMAL, identityAttributeConfig: {} }],
    ["enabled said aloud", FULL, { ...FULL, ...mapping({ email: mail() }, { enabled: true }) }],
    ["an attribute of a transform that is null", FULL, { ...FULL, ...mapping({ email: mail({ accountFilter: null }) }) }],
  ])("%s", async (_what, before, after) => {
    expect(await plan(before, after)).toEqual(SAME);
  });

  test("transforms in another order", async () => {
    const [email, uid] = [mail(), mail({ attributeName: "login" })];
    const before = { ...MINIMAL, ...mapping({ email, uid }) };
    expect(await plan(before, { ...MINIMAL, ...mapping({ uid, email }) })).toEqual(SAME);
  });

  test.each<[string, Props, Props]>([
    ["the id that the vendor found for a name", { authoritativeSource: { name: "HR" } }, { authoritativeSource: HR }],
    ["a priority that the vendor chose", {}, { priority: 70, serverChosen: ["priority"] }],
    ["an owner that the vendor chose", {}, { owner: ADA, serverChosen: ["owner"] }],
  ])("%s", async (_what, inputs, made) => {
    expect(await plan({ ...MINIMAL, ...inputs }, { ...MINIMAL, ...inputs }, made)).toEqual(SAME);
  });

  test("the profile's number of identities and other values of the vendor", async () => {
    expect(await plan(MINIMAL, MINIMAL, { identityCount: 900, created: "2027-01-01", tenant: "other", anything: "new" })).toEqual(SAME);
  });

  test.each<[string, Props, Props]>([
    ["set", MINIMAL, { ...MINIMAL, adopt: true }],
    ["changed", { ...MINIMAL, adopt: true }, { ...MINIMAL, adopt: { id: "x" } }],
    ["removed", { ...MINIMAL, adopt: { id: "x" } }, MINIMAL],
  ])("adopt once the profile is there: %s", async (_what, before, after) => {
    // The engine is told that nothing changes, whatever its own comparison of the inputs says.
    expect(await plan(before, after)).toMatchObject({ op: "same", replaces: [] });
  });
});

describe("an update in place", () => {
  test.each<[string, Props, string]>([
    ["the name", { ...FULL, name: "Staff" }, "name"],
    ["the description", { ...FULL, description: "some" }, "description"],
    ["a dropped description", { ...FULL, description: "" }, "description"],
    ["the owner", { ...FULL, owner: { id: GRACE.id } }, "owner"],
    ["a dropped owner", { ...FULL, owner: null }, "owner"],
    ["an owner by name instead of id, who may be another", { ...FULL, owner: { name: "Ada Lovelace" } }, "owner"],
    ["the priority", { ...FULL, priority: 41 }, "priority"],
    ["a dropped priority", { ...FULL, priority: null }, "priority"],
    ["the source", { ...FULL, authoritativeSource: { id: PARTNERS.id } }, "authoritativeSource"],
    ["a source by name instead of id", { ...FULL, authoritativeSource: { name: "HR" } }, "authoritativeSource"],
    ["a transform's attribute", { ...FULL, ...mapping({ email: mail({ attributeName: "x" }) }) }, "identityAttributeConfig"],
    ["a further transform", { ...FULL, ...mapping({ email: mail(), uid: mail() }) }, "identityAttributeConfig"],
    ["a dropped attribute of a transform", { ...FULL, ...mapping({ uid: mail() }) }, "identityAttributeConfig"],
    ["the mapping switched off", { ...FULL, ...mapping({ email: mail() }, { enabled: false }) }, "identityAttributeConfig"],
    ["a dropped mapping", { ...FULL, identityAttributeConfig: null }, "identityAttributeConfig"],
    ["renameBy", { ...FULL, renameBy: "replace" }, "renameBy"],
    ["changeSourceBy", { ...FULL, changeSourceBy: "replace" }, "changeSourceBy"],
    ["forceDelete", { ...FULL, forceDelete: true }, "forceDelete"],
  ])("%s", async (_what, after, changed) => {
    expect(await plan(FULL, after)).toEqual(update(changed));
  });

  test("a value that is not known yet", async () => {
    const after = { ...FULL, authoritativeSource: { id: UNKNOWN }, ...mapping({ email: mail({ sourceId: UNKNOWN }) }) };
    expect(await plan(FULL, after)).toEqual(update("authoritativeSource", "identityAttributeConfig"));
  });

  test("a priority declared after the vendor chose the same", async () => {
    const after = { ...MINIMAL, priority: 70 };
    expect(await plan(MINIMAL, after, { priority: 70, serverChosen: ["priority"] })).toEqual(update("priority"));
  });

  test("an id that took the place of the name it was found by", async () => {
    const before = { ...MINIMAL, authoritativeSource: { name: "HR" } };
    expect(await plan(before, MINIMAL, { authoritativeSource: HR })).toEqual(update("authoritativeSource"));
  });
});

describe("a replacement", () => {
  test.each<[string, Props, Props, string]>([
    ["a new name with renameBy", { renameBy: "replace" }, { name: "Staff" }, "name"],
    ["a name not known yet with renameBy", { renameBy: "replace" }, { name: UNKNOWN }, "name"],
    [
      "a new source with changeSourceBy",
      { changeSourceBy: "replace" },
      { authoritativeSource: { id: PARTNERS.id } },
      "authoritativeSource",
    ],
    ["a source not known yet with changeSourceBy", { changeSourceBy: "replace" }, { authoritativeSource: UNKNOWN }, "authoritativeSource"],
    ["another connection", {}, { connection: "other" }, "connection"],
    ["the connection dropped", { connection: "other" }, { connection: null }, "connection"],
    ["a connection not known yet", {}, { connection: UNKNOWN }, "connection"],
  ])("%s", async (_what, rest, after, key) => {
    expect(await plan({ ...FULL, ...rest }, { ...FULL, ...rest, ...after })).toMatchObject(replace(key));
  });

  test.each<[string, Props, Props]>([
    ["renameBy does not touch a new source", { renameBy: "replace" }, { authoritativeSource: { id: PARTNERS.id } }],
    ["changeSourceBy does not touch a new name", { changeSourceBy: "replace" }, { name: "Staff" }],
    [
      "nor does either touch anything else",
      { renameBy: "replace", changeSourceBy: "replace" },
      { description: "x", priority: 2, owner: null },
    ],
  ])("only for what it names: %s", async (_what, rest, after) => {
    expect(await plan({ ...FULL, ...rest }, { ...FULL, ...rest, ...after })).toMatchObject({ op: "update", replaces: [] });
  });

  test("renameBy counts as the program says it now, not as it said it before", async () => {
    expect(await plan({ ...FULL, renameBy: "replace" }, { ...FULL, name: "Staff" })).toMatchObject({ op: "update", replaces: [] });
    expect(await plan(FULL, { ...FULL, name: "Staff", renameBy: "replace" })).toMatchObject(replace("name"));
  });

  test("the id of the very source that a name stood for needs none", async () => {
    const before = { ...MINIMAL, changeSourceBy: "replace", authoritativeSource: { name: "HR" } };
    const after = { ...before, authoritativeSource: { id: HR.id } };
    expect(await plan(before, after, { authoritativeSource: { id: HR.id, name: "HR" } })).toEqual(update("authoritativeSource"));
  });
});
