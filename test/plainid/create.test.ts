import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { all, bindTo, calls, failure, found, kept, lay, named, renames, useStack, writes } from "./fixture";
import { quick, waitingClock } from "./run";

const { tenant, host } = await useStack();
const warnings = () => host.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message);

async function up(inputs: Props) {
  const resource = host.resource();
  expect(await resource.up(inputs)).toBe("create");
  return kept(resource);
}

describe("a create", () => {
  test("takes the source of that id over and writes nothing", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { id, outputs } = await up({ ...place, sourceId: "hr" });
    expect(calls(tenant)).toEqual(["GET identity-sources 200"]);
    expect(tenant.requests.at(-1)?.query).toEqual({ includeUnimportableSources: "true" });
    expect(id).toBe(`${place.envId}/User/hr`);
    expect(outputs).toEqual({
      ...place,
      sourceId: "hr",
      originalSourceId: "hr",
      displayName: "made as hr",
      description: "about hr",
      sourceType: "EXTERNAL_INPUT",
      sourceMetaData: { viewName: "view of hr" },
      serverChosen: ["displayName", "description", "sourceType", "sourceMetaData"],
      takenOverAt: expect.any(String),
    });
  });

  test("renames the source it adopts, and reads back", async () => {
    const place = lay(tenant, ["ds_users"]);
    const { id, outputs } = await up({ ...place, sourceId: "hr_db", adoptFrom: "ds_users" });
    expect(calls(tenant)).toEqual([
      "GET identity-sources 200",
      "GET mapper-sets 200",
      "GET api-mapper-sets 200",
      "PATCH identity-sources/ds_users 204",
      "GET identity-sources 200",
    ]);
    const patch = tenant.requests.find(({ method }) => method === "PATCH");
    expect(patch?.body).toEqual([{ op: "replace", path: "/sourceId", value: "hr_db" }]);
    expect(patch?.headers["content-type"]).toBe("application/json");
    expect(found(tenant, place)).toEqual({ hr_db: "ds_users" });
    expect(id).toBe(`${place.envId}/User/ds_users`);
    expect(outputs).toMatchObject({ sourceId: "hr_db", originalSourceId: "ds_users", adoptFrom: "ds_users" });
  });

  test("writes ids percent-encoded, in addresses and in its own id", async () => {
    const place = lay(tenant, ["a b/c#%ä"]);
    const { id } = await up({ ...place, sourceId: "x y", adoptFrom: "a b/c#%ä" });
    expect(found(tenant, place)).toEqual({ "x y": "a b/c#%ä" });
    expect(id).toBe(`${place.envId}/User/${encodeURIComponent("a b/c#%ä")}`);
  });

  test("compares ids exactly", async () => {
    const place = lay(tenant, ["HR"]);
    await up({ ...place, sourceId: "hr", adoptFrom: "HR" });
    expect(renames(tenant)).toEqual(["HR>hr 204"]);
  });

  test("with adoptFrom equal to the id writes nothing", async () => {
    await up({ ...lay(tenant, ["hr"]), sourceId: "hr", adoptFrom: "hr" });
    expect(writes(tenant)).toEqual([]);
  });

  test("of a source that was renamed already says so and writes nothing", async () => {
    const place = lay(tenant, ["hr_db"]);
    const { outputs } = await up({ ...place, sourceId: "hr_db", adoptFrom: "ds_users" });
    expect(writes(tenant)).toEqual([]);
    expect(outputs).toMatchObject({ originalSourceId: "ds_users" });
    expect(warnings().join()).toContain('There is no identity source "ds_users" to adopt, but "hr_db" is there');
  });

  test("never makes up a source: one that is not there is an error that lists those that are", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const message = await failure(host.resource().up({ ...place, sourceId: "crm" }));
    expect(message).toContain('There is no identity source "crm" in the template; there are: REQUEST_INPUT, REQUEST_MAPPERS, hr, ldap');
    expect(message).toContain("Set adoptFrom to the id that the source has now");
    const both = await failure(host.resource().up({ ...place, sourceId: "crm", adoptFrom: "old" }));
    expect(both).toContain('There is no identity source "old"');
    expect(writes(tenant)).toEqual([]);
  });

  test("is refused before any write when the id is taken", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const clock = waitingClock();
    const { provider } = bindTo(tenant, {}, clock);
    const message = await failure(provider.create({ ...place, sourceId: "ldap", adoptFrom: "hr" }));
    expect(message).toContain('"hr" cannot become "ldap": that id belongs to another source ("made as ldap", type EXTERNAL_INPUT)');
    expect(message).toContain("IDP_CONFLICT");
    expect(writes(tenant)).toEqual([]);
    expect(clock.now()).toBe(5000);
  });

  test.each([
    ["adopted", { sourceId: "x", adoptFrom: "REQUEST_INPUT" }, "built in (type REQUEST_INPUT)"],
    ["taken over as it is", { sourceId: "REQUEST_MAPPERS" }, "EMIS-001"],
    ["of another id", { sourceId: "x", adoptFrom: "resolved" }, "built in (type EXTERNAL_OUTPUT)"],
    ["in the way", { sourceId: "REQUEST_INPUT", adoptFrom: "hr" }, "belongs to another source"],
  ])("is refused at once for a built-in source that is %s", async (_what, inputs, words) => {
    const place = lay(tenant, ["hr", { sourceId: "resolved", sourceType: "EXTERNAL_OUTPUT" }]);
    expect(await failure(host.resource().up({ ...place, ...inputs }))).toContain(words);
    expect(writes(tenant)).toEqual([]);
  });

  test("of a source that another resource manages is refused", async () => {
    const place = lay(tenant, ["hr"]);
    const first = host.resource("first");
    await first.up({ ...place, sourceId: "hr" });
    await first.up({ ...place, sourceId: "hr" });
    const message = await failure(host.resource("second").up({ ...place, sourceId: "hr" }));
    expect(message).toContain('"hr" is managed by another resource of this program already');
    await first.destroy();
    await host.resource("second").up({ ...place, sourceId: "hr" });
    expect(writes(tenant)).toEqual([]);
  });

  test("of a new source waits for the one that still has its id and is to be renamed", async () => {
    const place = lay(tenant, ["hr"]);
    const { provider } = bindTo(tenant, { allowImport: "true" }, quick);
    const old = await provider.create({ ...place, sourceId: "hr" });
    const renamed = { ...place, sourceId: "hr_legacy" };
    const fresh = { ...place, sourceId: "hr", displayName: "HR", sourceType: "EXTERNAL_INPUT" };
    provider.diff(old.state, renamed, old.id);
    const [made, moved] = await Promise.all([provider.create(fresh), provider.update(old.id, old.state, renamed)]);
    expect(made.state).toMatchObject({ sourceId: "hr", displayName: "HR" });
    expect(moved).toMatchObject({ sourceId: "hr_legacy", displayName: "made as hr" });
    expect(found(tenant, place)).toEqual({ hr_legacy: "hr", hr: "HR" });
  });

  test("works on through a vendor that is assumed to answer otherwise", async () => {
    tenant.switches.cascade = false;
    tenant.switches.includeUnimportableByDefault = true;
    const place = lay(tenant, ["hr"]);
    await up({ ...place, sourceId: "hr2", adoptFrom: "hr" });
    expect(found(tenant, place)).toEqual({ hr2: "hr" });
  });
});

describe("references", () => {
  const refer = {
    mapperSets: [
      { mappersSetId: "default", linkedSources: [{ sourceId: "hr", sourceUsedAs: "BASE" }] },
      { mappersSetId: "other", linkedSources: [{ sourceId: "ldap", sourceUsedAs: "BASE" }] },
    ],
    apiMapperSets: [{ apiMappersSetId: "portal", apiMappers: [{ mapperId: "by-mail", identitySourceIds: ["ldap", "hr"] }] }],
  } as never;

  test("are named in a warning", async () => {
    const place = lay(tenant, ["hr", "ldap"], refer);
    await up({ ...place, sourceId: "people", adoptFrom: "hr" });
    expect(warnings().filter((message) => message.includes("mapper"))).toEqual([
      expect.stringContaining('"hr" becomes "people" and is referred to by mapper set default, API mapper by-mail of portal'),
    ]);
  });

  test.each([true, false])("of a source that makes room are named before it does, and once; they follow: %s", async (cascade) => {
    tenant.switches.cascade = cascade;
    const place = lay(tenant, ["hr", "ldap"], refer);
    await Promise.all([up({ ...place, sourceId: "ldap", adoptFrom: "hr" }), up({ ...place, sourceId: "hr", adoptFrom: "ldap" })]);
    expect(found(tenant, place)).toEqual({ ldap: "hr", hr: "ldap" });
    const told = warnings().filter((message) => message.includes("mapper"));
    expect(told.toSorted()).toEqual([
      expect.stringContaining('"hr" becomes "ldap" and is referred to by mapper set default, API mapper by-mail of portal'),
      expect.stringContaining('"ldap" becomes "hr" and is referred to by mapper set other, API mapper by-mail of portal'),
    ]);
  });

  test("are nobody's business when nothing is renamed", async () => {
    await up({ ...lay(tenant, ["hr"], refer), sourceId: "hr" });
    expect(warnings()).toEqual([]);
  });

  test.each([403, 404, 500])("that cannot be listed (%i) do not stop a rename", async (status) => {
    const place = lay(tenant, ["hr"], refer);
    tenant.faults.add({ path: /mapper-sets/, when: "before", action: { status } });
    await up({ ...place, sourceId: "people", adoptFrom: "hr" });
    expect(found(tenant, place)).toEqual({ people: "hr" });
    expect(warnings().join()).toContain("could not be listed");
    expect(tenant.count({ path: /mapper-sets/ })).toBe(1);
  });
});

describe("what is declared beside the id", () => {
  test("needs no write when it is so", async () => {
    const place = lay(tenant, ["hr"]);
    const { outputs } = await up({
      ...place,
      sourceId: "hr",
      displayName: "made as hr",
      description: "about hr",
      sourceType: "EXTERNAL_INPUT",
      sourceMetaData: { viewName: "view of hr" },
    });
    expect(writes(tenant)).toEqual([]);
    expect(outputs).not.toHaveProperty("serverChosen");
  });

  test.each([
    ["a name", { displayName: "HR" }],
    ["a description", { description: "" }],
    ["metadata", { sourceMetaData: { viewName: "v" } }],
  ])("is not changed unless the stack allows the import: %s", async (_what, inputs) => {
    const place = lay(tenant, ["hr"]);
    const message = await failure(host.resource().up({ ...place, sourceId: "people", adoptFrom: "hr", ...inputs }));
    expect(message).toContain("pulumi config set plainid:allowImport true");
    expect(message).toContain("IDP_GUARD");
    expect(writes(tenant)).toEqual([]);
  });

  test("is not created unless the stack allows the import", async () => {
    const place = lay(tenant, ["hr"]);
    const message = await failure(host.resource().up({ ...place, sourceId: "new", displayName: "New", sourceType: "EXTERNAL_INPUT" }));
    expect(message).toContain('Creating identity source "new", which is not there, needs the vendor\'s import');
    expect(writes(tenant)).toEqual([]);
  });

  test("cannot be another type", async () => {
    const place = lay(tenant, [named("hr")]);
    const message = await failure(host.resource().up({ ...place, sourceId: "people", adoptFrom: "hr", sourceType: "COMPUTED" }));
    expect(message).toContain("is of type EXTERNAL_INPUT, not COMPUTED, and the type of a source cannot be changed");
    expect(writes(tenant)).toEqual([]);
    expect(all(tenant, place)).toHaveLength(1);
  });
});
