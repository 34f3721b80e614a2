import * as pulumi from "@pulumi/pulumi";
import type { SailPointSeed, SailPointSimulator } from "identity-simulators";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { perform } from "../../provider/src/core/operation";
import {
  accountAttribute,
  deleteSailPointIdentityProfiles,
  deleteSailPointIdentityProfilesOutput,
  exportSailPointIdentityProfiles,
  exportSailPointIdentityProfilesOutput,
  getSailPointDefaultMapping,
  getSailPointDefaultMappingOutput,
  getSailPointIdentityProfile,
  getSailPointIdentityProfileOutput,
  importSailPointIdentityProfiles,
  importSailPointIdentityProfilesOutput,
  listSailPointIdentityProfiles,
  listSailPointIdentityProfilesOutput,
  listSailPointLifecycleStates,
  listSailPointLifecycleStatesOutput,
  previewSailPointIdentity,
  previewSailPointIdentityOutput,
  processSailPointIdentities,
  processSailPointIdentitiesOutput,
  reference,
  rule,
  type SailPointIdentityProfileArgs,
  transform,
} from "../../provider/src/index";
import * as operations from "../../provider/src/sailpoint/operations";
import { setPreview } from "../harness/preview";
import { tenantClock } from "../harness/tenant-clock";
import { ADA, bindTo, calls, HR, OPEN, PARTNERS, SEED, sent, settings, startTenant, stored, TWINS } from "./fixture";

const EMPLOYEES = "a1".repeat(16);
const CONTRACTORS = "b2".repeat(16);
const VISITORS = "c3".repeat(16);
const NOBODY = "0f".repeat(16);

const email = {
  identityAttributeName: "email",
  transformDefinition: { type: "accountAttribute", attributes: { attributeName: "mail", sourceId: HR.id } },
};
const seed: SailPointSeed = {
  ...SEED,
  identities: [{ ...ADA, attributes: { email: "old@example.com" }, accounts: { [HR.id]: { mail: "ada@example.com" } } }, ...TWINS],
  profiles: [
    {
      ...{ id: EMPLOYEES, name: "Employees", priority: 10, identityCount: 7, owner: { id: ADA.id } },
      authoritativeSource: { id: HR.id },
      identityAttributeConfig: { enabled: true, attributeTransforms: [email] },
      identityRefreshRequired: true,
    },
    { id: CONTRACTORS, name: "Contractors", priority: 20, authoritativeSource: { id: PARTNERS.id } },
    { id: VISITORS, name: 'Visitors "\\"', priority: 30, authoritativeSource: { id: OPEN.id } },
  ],
  lifecycleStates: [
    { id: "1", profileId: EMPLOYEES, name: "Long Leave", identityCount: 2 },
    { id: "2", profileId: CONTRACTORS, name: "Active" },
  ],
};

let tenant: SailPointSimulator;
beforeAll(async () => {
  tenant = await startTenant({ seed });
  const given = Object.entries(settings(tenant)).map(([key, value]) => [`sailpoint:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(given));
});
beforeEach(() => tenant.reset());
afterEach(async () => {
  await setPreview(false);
  expect(tenant.unknownRequests).toEqual([]);
});
afterAll(() => tenant.close());

/** What an output comes to. */
const settled = <T>(output: pulumi.Output<T>): Promise<unknown> => new Promise((resolve) => output.apply((value) => resolve(value)));
const names = () => tenant.dump().profiles.map(({ name }) => name);
const answer = (body: unknown) => ({ body: JSON.stringify(body), contentType: "application/json" });

describe("a profile", () => {
  test("is found by id and by name, whatever its case, with the mapping as programs write it and no empty values", async () => {
    const profile = await getSailPointIdentityProfile({ id: EMPLOYEES });
    expect(profile).toMatchObject({ id: EMPLOYEES, name: "Employees", priority: 10, identityCount: 7, identityRefreshRequired: true });
    expect(profile.owner).toEqual({ type: "IDENTITY", ...ADA });
    expect(profile).not.toHaveProperty("description");
    expect(profile.identityAttributeConfig).toEqual({
      enabled: true,
      attributeTransforms: { email: accountAttribute({ attributeName: "mail", sourceId: HR.id }) },
    });
    expect(await getSailPointIdentityProfile({ name: "EMPLOYEES" })).toEqual(profile);
    expect(await settled(getSailPointIdentityProfileOutput({ name: pulumi.output("Employees") }))).toEqual(profile);
    expect((await getSailPointIdentityProfile({ name: 'visitors "\\"' })).id).toBe(VISITORS);
  });

  test("can be declared as it was found", async () => {
    const { name, authoritativeSource, identityAttributeConfig } = await getSailPointIdentityProfile({ id: EMPLOYEES });
    const args: SailPointIdentityProfileArgs = { name, authoritativeSource: { id: authoritativeSource.id }, identityAttributeConfig };
    expect(bindTo(tenant).provider.check(args as unknown as Record<string, unknown>).failures).toEqual([]);
  });

  test.each([{}, { id: EMPLOYEES, name: "Employees" }])("that is not said which is refused before anything is sent: %j", async (args) => {
    await expect(getSailPointIdentityProfile(args)).rejects.toMatchObject({
      code: "IDP_INPUT",
      message: expect.stringContaining("give either the id or the name of the profile"),
    });
    expect(tenant.requests).toEqual([]);
  });

  test("that is not there is named", async () => {
    await expect(getSailPointIdentityProfile({ name: "Nobody" })).rejects.toThrow('There is no identity profile named "Nobody"');
    await expect(getSailPointIdentityProfile({ id: NOBODY })).rejects.toMatchObject({ code: "IDP_NOT_FOUND" });
  });

  test("is not chosen by a filter that the vendor did not understand, nor between two of one name", async () => {
    const profiles = tenant.dump().profiles;
    tenant.faults.add({ path: /identity-profiles$/, when: "before", action: answer(profiles) });
    await expect(getSailPointIdentityProfile({ name: "Nobody" })).rejects.toMatchObject({ code: "IDP_NOT_FOUND" });
    tenant.faults.add({ path: /identity-profiles$/, when: "before", action: answer(profiles.map((one) => ({ ...one, name: "Twin" }))) });
    await expect(getSailPointIdentityProfile({ name: "Twin" })).rejects.toThrow(
      `3 identity profiles are named "Twin": ${EMPLOYEES}, ${CONTRACTORS}, ${VISITORS}`,
    );
  });
});

describe("a list", () => {
  const many = Array.from({ length: 260 }, (_, index) => ({
    name: `Profile ${String(259 - index).padStart(3, "0")}`,
    id: String(index).padStart(32, "0"),
    priority: index + 1,
    authoritativeSource: { id: String(index).padStart(32, "a") },
  }));
  const load = () =>
    tenant.load({ profiles: many, sources: many.map(({ authoritativeSource: { id } }) => ({ id, name: `Source ${id}` })) });
  const asked = () => tenant.requests.filter(({ path }) => path !== "/oauth/token").map(({ query }) => ({ ...query }));

  test("has all pages, in an order in which nothing is left out", async () => {
    load();
    const { profiles } = await listSailPointIdentityProfiles();
    expect(profiles.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
    expect(asked()).toEqual([
      { limit: "250", offset: "0", sorters: "id" },
      { limit: "250", offset: "250", sorters: "id" },
    ]);
  });

  test("may be a part, in another order, whatever the vendor's page is", async () => {
    load();
    const { profiles } = await listSailPointIdentityProfiles({ sorters: "name", offset: 3, limit: 252 });
    expect([profiles.length, profiles[0]?.name, profiles.at(-1)?.name]).toEqual([252, "Profile 003", "Profile 254"]);
    expect(asked()).toEqual([
      { limit: "250", offset: "3", sorters: "name,id" },
      { limit: "2", offset: "253", sorters: "name,id" },
    ]);
    const last = await listSailPointIdentityProfiles({ sorters: "-id", limit: 1 });
    expect(last.profiles[0]?.id).toBe(many[259]?.id);
  });

  test("may be filtered, in words that the vendor explains when it does not know them", async () => {
    const found = listSailPointIdentityProfilesOutput({ filters: pulumi.output('name sw "Con"') });
    expect(await settled(found)).toMatchObject({ profiles: [{ name: "Contractors" }] });
    await expect(listSailPointIdentityProfiles({ filters: 'name co "x"' })).rejects.toMatchObject({
      code: "IDP_REJECTED",
      message: expect.stringContaining("operator co is not supported for name"),
    });
    await expect(listSailPointIdentityProfiles({ limit: 0 })).rejects.toThrow("limit: Too small");
  });
});

test("the default mapping is what the vendor would make, not what the profile has", async () => {
  const mapping = await getSailPointDefaultMapping({ name: "Employees" });
  expect(mapping.enabled).toBe(true);
  expect(Object.keys(mapping.attributeTransforms)).toEqual(["uid", "email", "firstname", "lastname"]);
  expect(mapping.attributeTransforms.uid).toEqual(accountAttribute({ sourceName: "HR", attributeName: "login", sourceId: HR.id }));
  expect(await settled(getSailPointDefaultMappingOutput({ id: EMPLOYEES }))).toEqual(mapping);
  await expect(getSailPointDefaultMapping({ id: NOBODY })).rejects.toMatchObject({ code: "IDP_NOT_FOUND" });
});

describe("a preview of an identity", () => {
  const account = accountAttribute({ attributeName: "mail", sourceId: HR.id });
  const preview = (attributeTransforms: SailPointIdentityProfileArgs["identityAttributeConfig"], identity: object = { id: ADA.id }) =>
    previewSailPointIdentity({ identity, identityAttributeConfig: attributeTransforms as never });

  test("has value, previous value and errors of each attribute, in the mapping's order, and stores nothing", async () => {
    const before = tenant.dump();
    const attributeTransforms = {
      uid: rule("No such rule"),
      title: transform("static", { value: "x" }),
      email: reference("Lower", account),
      personalEmail: account,
    };
    const result = await preview({ attributeTransforms }, { name: "ADA Lovelace" });
    expect(result).toEqual({
      identity: ADA,
      attributes: [
        { name: "uid", errors: ["Rule No such rule was not found."] },
        { name: "title", errors: ['SailPoint previews no transforms of type "static"'] },
        { name: "email", value: "old@example.com", previousValue: "old@example.com", errors: [] },
        { name: "personalEmail", value: "ada@example.com", errors: [] },
      ],
    });
    const [body] = sent(tenant, "POST") as [
      { identityId: string; identityAttributeConfig: { enabled: boolean; attributeTransforms: unknown[] } },
    ];
    expect([body.identityId, body.identityAttributeConfig.enabled]).toEqual([ADA.id, true]);
    expect(body.identityAttributeConfig.attributeTransforms).toHaveLength(3);
    expect(tenant.dump()).toEqual(before);
  });

  test("takes outputs anywhere", async () => {
    const identityAttributeConfig = {
      attributeTransforms: { email: accountAttribute({ attributeName: pulumi.output("mail"), sourceId: HR.id }) },
    };
    expect(await settled(previewSailPointIdentityOutput({ identity: { id: ADA.id }, identityAttributeConfig }))).toMatchObject({
      attributes: [{ name: "email", value: "ada@example.com", previousValue: "old@example.com" }],
    });
  });

  test("that the vendor cannot give at all asks it nothing", async () => {
    const { attributes } = await preview({ attributeTransforms: { title: transform("static", { value: "x" }) } });
    expect(attributes).toMatchObject([{ name: "title", errors: [expect.stringContaining("static")] }]);
    expect(calls(tenant)).toEqual([]);
  });

  test("says so of an attribute that the answer does not mention", async () => {
    tenant.faults.add({ path: /identity-preview$/, when: "before", action: answer({ previewAttributes: [] }) });
    const { attributes } = await preview({ attributeTransforms: { email: account } });
    expect(attributes).toEqual([{ name: "email", errors: ["SailPoint's answer does not mention the attribute"] }]);
  });

  test.each([
    [{ attributeTransforms: { email: { type: "accountAttribute", attributeName: "mail" } } }, "attributeTransforms.email: says no source"],
    [{ attributeTransforms: {} }, "attributeTransforms: maps no attribute"],
    [{}, "identityAttributeConfig.attributeTransforms: is missing"],
    [{ enabeld: true, attributeTransforms: { email: account } }, 'unknown property "enabeld" - did you mean "enabled"?'],
  ])("of a mapping that is not right is refused before anything is sent: %j", async (mapping, words) => {
    await expect(preview(mapping as never)).rejects.toThrow(words);
    expect(tenant.requests).toEqual([]);
  });

  test("needs one identity", async () => {
    const mapping = { attributeTransforms: { email: account } };
    await expect(preview(mapping, { name: "Nobody" })).rejects.toThrow(/no identity named "Nobody".*from the first aggregation/);
    await expect(preview(mapping, { name: "Twins" })).rejects.toMatchObject({ code: "IDP_CONFLICT" });
    await expect(preview(mapping, { id: NOBODY })).rejects.toMatchObject({ code: "IDP_REJECTED" });
    await expect(preview(mapping, {})).rejects.toThrow("identity: give either the id or the name of the identity");
  });

  test("is asked for again when its answer is lost, because nothing is stored", async () => {
    tenant.faults.add({ path: /identity-preview$/, when: "after", action: "drop" });
    const { attributes } = await preview({ attributeTransforms: { email: account } });
    expect(attributes).toMatchObject([{ value: "ada@example.com" }]);
    expect(tenant.count({ path: /identity-preview$/ })).toBe(2);
  });
});

describe("processing identities", () => {
  const begun = () => tenant.count({ path: /process-identities$/ });
  const isRequired = (name = "Employees") => stored(tenant, name).identityRefreshRequired;

  test("is begun where it is required, and nowhere else unless forced", async () => {
    expect(await processSailPointIdentities({ name: "Employees" })).toEqual({ id: EMPLOYEES, name: "Employees", processed: true });
    expect(isRequired()).toBe(false);
    expect(await processSailPointIdentities({ id: EMPLOYEES })).toMatchObject({ processed: false });
    expect(begun()).toBe(1);
    expect(await settled(processSailPointIdentitiesOutput({ id: pulumi.output(EMPLOYEES), force: true }))).toMatchObject({
      processed: true,
    });
    expect(begun()).toBe(2);
  });

  test("is not done in a preview", async () => {
    await setPreview(true);
    expect(await processSailPointIdentities({ id: EMPLOYEES })).toBeUndefined();
    expect(await settled(processSailPointIdentitiesOutput({ id: EMPLOYEES }))).toBeUndefined();
    expect(tenant.requests).toEqual([]);
  });

  test("may be answered with nothing", async () => {
    tenant.faults.add({ path: /process-identities$/, when: "before", action: { body: "", contentType: "application/json" } });
    expect(await processSailPointIdentities({ id: EMPLOYEES })).toMatchObject({ processed: true });
  });

  test("whose answer is lost is recognised, and never sent twice", async () => {
    tenant.faults.add({ path: /process-identities$/, when: "after", action: "drop" });
    expect(await processSailPointIdentities({ id: EMPLOYEES })).toMatchObject({ processed: true });
    tenant.faults.add({ path: /process-identities$/, when: "after", action: "drop" });
    await expect(processSailPointIdentities({ id: EMPLOYEES, force: true })).rejects.toMatchObject({ code: "IDP_LOST_ANSWER" });
    expect(begun()).toBe(2);
    await tenant.reset();
    tenant.faults.add({ path: /process-identities$/, when: "before", action: "drop" });
    await expect(processSailPointIdentities({ id: EMPLOYEES })).rejects.toThrow("a second time does no harm");
    expect([begun(), isRequired()]).toEqual([1, true]);
  });
});

describe("export and import", () => {
  test("an export can be imported, and brings back what it holds", async () => {
    const { objects } = await exportSailPointIdentityProfiles({ sorters: "priority", limit: 2 });
    expect(objects).toMatchObject([
      {
        version: 1,
        self: { type: "IDENTITY_PROFILE", id: EMPLOYEES, name: "Employees" },
        object: { name: "Employees", description: null },
      },
      { self: { id: CONTRACTORS } },
    ]);
    const one = exportSailPointIdentityProfilesOutput({ filters: pulumi.output('name eq "Contractors"') });
    expect(await settled(one)).toEqual({ objects: [objects[1]] });
    await expect(exportSailPointIdentityProfiles({ filters: 'name sw "C"' })).rejects.toMatchObject({ code: "IDP_REJECTED" });

    tenant.drift.changeProfile(EMPLOYEES, { priority: 99 });
    tenant.drift.removeProfile(CONTRACTORS);
    expect(await settled(importSailPointIdentityProfilesOutput({ objects }))).toMatchObject({
      ...{ infos: [], warnings: [], errors: [] },
      importedObjects: [{ name: "Employees" }, { name: "Contractors" }],
    });
    expect(stored(tenant).priority).toBe(10);
    expect(names()).toContain("Contractors");
    expect(sent(tenant, "POST")).toEqual([objects]);
  });

  const object = (name: string, sourceId: string) => ({ object: { name, authoritativeSource: { type: "SOURCE", id: sourceId } } });

  test("an import with errors is an error although the vendor answers 200, and says what was imported", async () => {
    const objects = [object("New", TWINS[0]?.id ?? ""), object("Lost", "nowhere")];
    await expect(importSailPointIdentityProfiles({ objects })).rejects.toMatchObject({
      code: "IDP_REJECTED",
      message: expect.stringMatching(/ended with errors: UNKNOWN_REFERENCE_RESOLVER: .*nowhere.*Imported were "New"; mend the cause/),
      result: { importedObjects: [{ name: "New" }], errors: [{ key: "UNKNOWN_REFERENCE_RESOLVER" }] },
    });
    expect(tenant.requests.at(-1)?.status).toBe(200);
  });

  test("an import that leaves something out without a word is an error, too", async () => {
    tenant.faults.add({ path: /import$/, when: "before", action: answer({}) });
    await expect(importSailPointIdentityProfiles({ objects: [object("New", HR.id)] })).rejects.toThrow(
      "SailPoint names no error, but imported 0 of 1 identity profiles. Nothing was imported",
    );
  });

  test("an import whose answer is lost is not sent again", async () => {
    tenant.faults.add({ path: /import$/, when: "after", action: "drop" });
    await expect(importSailPointIdentityProfiles({ objects: [object("New", TWINS[0]?.id ?? "")] })).rejects.toMatchObject({
      code: "IDP_LOST_ANSWER",
      message: expect.stringContaining("Compare with an export"),
    });
    expect(names().filter((name) => name === "New")).toHaveLength(1);
    expect(tenant.count({ path: /import$/ })).toBe(1);
  });

  test("what is no export is refused, and a preview imports nothing", async () => {
    await expect(importSailPointIdentityProfiles({ objects: [{ name: "New" } as never] })).rejects.toThrow("objects[0].object: ");
    await expect(importSailPointIdentityProfiles({ objects: [] })).rejects.toThrow("must hold at least one profile");
    await setPreview(true);
    expect(await importSailPointIdentityProfiles({ objects: [object("New", HR.id)] })).toBeUndefined();
    expect(tenant.requests).toEqual([]);
  });
});

describe("deleting many", () => {
  const both = { ids: [CONTRACTORS], names: ['VISITORS "\\"'] };

  test("is one call and one task, and each is proven gone", async () => {
    expect(await deleteSailPointIdentityProfiles(both)).toEqual({
      deleted: [
        { id: CONTRACTORS, name: "Contractors" },
        { id: VISITORS, name: 'Visitors "\\"' },
      ],
      gone: [],
    });
    expect(calls(tenant).slice(2)).toEqual([
      "POST /identity-profiles/bulk-delete 202",
      "GET /task-status/:id 200",
      "GET /identity-profiles/:id 404",
      "GET /identity-profiles/:id 404",
    ]);
    expect(names()).toEqual(["Employees"]);
  });

  test("of one profile is a plain deletion", async () => {
    await settled(deleteSailPointIdentityProfilesOutput({ ids: pulumi.output([CONTRACTORS]) }));
    expect(calls(tenant)).toContain("DELETE /identity-profiles/:id 202");
    expect(names()).toHaveLength(2);
  });

  test("spares profiles with identities, and all others with them, unless forced", async () => {
    const ids = [CONTRACTORS, EMPLOYEES];
    await expect(deleteSailPointIdentityProfiles({ ids })).rejects.toMatchObject({
      code: "IDP_GUARD",
      message: expect.stringContaining(`"Employees" (${EMPLOYEES}) has 7. Nothing was deleted`),
    });
    expect(names()).toHaveLength(3);
    expect(await deleteSailPointIdentityProfiles({ ids, force: true })).toMatchObject({ deleted: [{}, {}] });
    expect(names()).toHaveLength(1);
  });

  test("takes an id that is gone for done, and a name that is not there for a mistake", async () => {
    tenant.drift.removeProfile(CONTRACTORS);
    await expect(deleteSailPointIdentityProfiles({ ids: [VISITORS], names: ["Contractors"] })).rejects.toThrow(
      'There is no identity profile named "Contractors". Nothing was deleted',
    );
    expect(names()).toHaveLength(2);
    expect(await deleteSailPointIdentityProfiles({ ids: [CONTRACTORS, VISITORS, VISITORS] })).toMatchObject({
      deleted: [{ id: VISITORS }],
      gone: [CONTRACTORS],
    });
  });

  test("deletes nothing that a filter brings which the vendor did not understand, and nothing of a name that several have", async () => {
    const profiles = tenant.dump().profiles;
    tenant.faults.add({ path: /identity-profiles$/, when: "before", action: answer(profiles) });
    expect(await deleteSailPointIdentityProfiles({ ids: [CONTRACTORS] })).toMatchObject({ deleted: [{ id: CONTRACTORS }] });
    tenant.faults.add({ path: /identity-profiles$/, when: "before", action: answer(profiles.map((one) => ({ ...one, name: "Twin" }))) });
    await expect(deleteSailPointIdentityProfiles({ names: ["Twin"], force: true })).rejects.toMatchObject({ code: "IDP_CONFLICT" });
    expect(names()).toHaveLength(2);
  });

  test.each(["notFound", "forbidden"] as const)("asks the profiles themselves when the task cannot be watched: %s", async (task) => {
    tenant.switches.task = task;
    await deleteSailPointIdentityProfiles(both);
    expect(tenant.count({ path: /task-status/ })).toBe(1);
    expect(names()).toEqual(["Employees"]);
  });

  test("fails with the task's messages when it fails", async () => {
    tenant.switches.task = "error";
    await expect(deleteSailPointIdentityProfiles(both)).rejects.toMatchObject({
      code: "IDP_TASK",
      message: expect.stringMatching(
        /Deleting identity profiles "Contractors" \(.*\), "Visitors .* ended with ERROR: .* could not be deleted/,
      ),
    });
  });

  test("is sent again when its answer is lost, which does no harm", async () => {
    tenant.faults.add({ path: /bulk-delete$/, when: "after", action: "drop" });
    expect(await deleteSailPointIdentityProfiles(both)).toMatchObject({ deleted: [{}, {}] });
    expect(tenant.count({ path: /bulk-delete$/ })).toBe(2);
    expect(names()).toEqual(["Employees"]);
  });

  test("sends nothing in a preview, and nothing when nobody is named", async () => {
    await expect(deleteSailPointIdentityProfiles({})).rejects.toThrow("ids: no profile is named; give ids, names, or both");
    await setPreview(true);
    expect(await deleteSailPointIdentityProfiles(both)).toBeUndefined();
    expect(tenant.requests).toEqual([]);
  });

  /** In the tenant's own time, where waiting is free; `v1` has the version behind the noun. */
  async function remove(more: Record<string, string> = {}) {
    const given: Record<string, string> = { ...settings(tenant), ...more };
    const waits: number[] = [];
    const clock = tenantClock(tenant, waits);
    const config = { get: (key: string) => given[key.replace("sailpoint:", "")], env: {} };
    const log = { warn: () => {}, progress: () => {} };
    const outcome = await perform(operations.deleteIdentityProfiles, { config, clock, log }, both).catch((error: Error) => error);
    return { outcome, waitedMs: waits.reduce((sum, ms) => sum + ms, 0) };
  }

  test("waits for all of them as long as it takes, at another version's addresses", async () => {
    Object.assign(tenant.switches, { taskDelayMs: 310_000, deleteLagMs: 5000 });
    const { outcome } = await remove({ apiVersion: "v1" });
    expect(outcome).toMatchObject({ deleted: [{}, {}] });
    expect(tenant.count({ path: /^\/identity-profiles\/v1\/bulk-delete$/ })).toBe(1);
    expect(tenant.count({ path: /^\/task-status\/v1\/[0-9a-f]{32}$/ })).toBeGreaterThan(10);
  });

  test("gives up on a task that never ends, and names what is still there", async () => {
    tenant.switches.task = "never";
    const { outcome, waitedMs } = await remove();
    expect(outcome).toMatchObject({
      code: "IDP_TASK",
      message: expect.stringMatching(/"Contractors" .*, "Visitors .* are still there 315 s after their/),
    });
    expect(waitedMs).toBeGreaterThan(314_000);
  });
});

test("lifecycle states are listed, in v3 where the configured version has no list", async () => {
  const { lifecycleStates } = await listSailPointLifecycleStates({ name: "Employees" });
  expect(lifecycleStates).toMatchObject([{ id: "1", name: "Long Leave", technicalName: "longleave", enabled: true, identityCount: 2 }]);
  expect(await settled(listSailPointLifecycleStatesOutput({ id: CONTRACTORS }))).toMatchObject({ lifecycleStates: [{ name: "Active" }] });
  expect(calls(tenant)).toContain("GET /v3/identity-profiles/:id/lifecycle-states 200");
});
