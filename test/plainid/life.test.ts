import { describe, expect, test } from "vitest";
import { parkedId } from "../../provider/src/plainid/parking";
import type { EngineResource, Props } from "../harness/rpc";
import { all, bindTo, calls, failure, found, kept, lay, named, type Place, renames, startHost, useStack, writes } from "./fixture";

const { tenant, host } = await useStack({ allowImport: "true" });
const warnings = () => host.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message);

async function made(place: Place, inputs: Props = {}): Promise<{ resource: EngineResource; inputs: Props }> {
  const resource = host.resource();
  const complete = { ...place, sourceId: "hr", ...inputs };
  await resource.up(complete);
  tenant.clearRequests();
  return { resource, inputs: complete };
}

const count = (filter: object) => tenant.count({ path: /identity-sources/, ...filter });

describe("read", () => {
  test("finds nothing to report when nothing changed", async () => {
    const { resource } = await made(lay(tenant, ["hr"]), { displayName: "made as hr", sourceMetaData: { viewName: "view of hr" } });
    const { outputs } = kept(resource);
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toEqual(outputs);
    expect(calls(tenant)).toEqual(["GET identity-sources 200"]);
  });

  test.each<[string, Props, Props, "same" | "update"]>([
    ["a declared name", { displayName: "made as hr" }, { displayName: "by hand" }, "update"],
    ["a declared description", { description: "about hr" }, { description: null }, "update"],
    ["declared metadata", { sourceMetaData: { viewName: "view of hr" } }, { sourceMetaData: { logoUrl: null, viewName: "x" } }, "update"],
    ["declared metadata that is gone", { sourceMetaData: { viewName: "view of hr" } }, { sourceMetaData: { logoUrl: null } }, "update"],
    [
      "undeclared metadata",
      { sourceMetaData: { viewName: "view of hr" } },
      { sourceMetaData: { viewName: "view of hr", more: 1 } },
      "same",
    ],
    ["an undeclared name", {}, { displayName: "by hand" }, "same"],
    ["an undeclared description", {}, { description: "by hand" }, "same"],
    ["an undeclared type", {}, { sourceType: "COMPUTED" }, "same"],
  ])("sees drift only of what is declared, and an update heals it: %s", async (_what, inputs, change, outcome) => {
    const place = lay(tenant, ["hr"]);
    const { resource, inputs: complete } = await made(place, inputs);
    const before = all(tenant, place);
    tenant.drift.changeSource(place.envId, "User", "hr", change);
    expect(await resource.refresh()).toBe(outcome);
    expect(await resource.up(complete)).toBe(outcome);
    if (outcome === "update") expect(all(tenant, place)).toEqual(before);
    expect(await resource.up(complete)).toBe("same");
  });

  test("reports a source that was removed or renamed elsewhere as gone, and lists the ids there are", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    tenant.drift.renameSource(place.envId, "User", "hr", "people");
    expect(await resource.refresh()).toBe("delete");
    await expect
      .poll(() => warnings().join())
      .toContain('no identity source "hr" in the template; there are: REQUEST_INPUT, REQUEST_MAPPERS, people, ldap');
    // It is not made anew, but taken over from where it is.
    expect(await failure(resource.up(inputs))).toContain("Set adoptFrom to the id that the source has now");
    await resource.up({ ...inputs, adoptFrom: "people" });
    expect(found(tenant, place)).toEqual({ hr: "hr", ldap: "ldap" });
  });

  test.each<[string, (place: Place) => void, string]>([
    ["the template was renamed", ({ envId }) => tenant.drift.renameTemplate(envId, "User", "Person"), "EMIT-002"],
    ["the environment is not there", () => tenant.load({}), "EMIT-003"],
    ["a proxy says 404", () => fault({ status: 404, body: "<html>not here</html>" }), "check region and base URL"],
    ["the client may not", () => fault({ status: 403 }, 1), "15 minutes"],
    ["the token is refused twice", () => fault({ status: 401 }, 2), "IDP_AUTH"],
    ["the answer is no list", () => fault({ body: '{"data":{"sources":{}}}', contentType: "application/json" }), "data.sources"],
    ["the answer is cut off", () => fault({ body: '{"data":{"sources":[', contentType: "application/json" }), "IDP_CONTRACT"],
    ["it answers a page", () => fault({ body: "<html>login</html>", contentType: "text/html" }), "not JSON"],
  ])("keeps the resource when %s", async (_what, happens, words) => {
    const place = lay(tenant, ["hr"]);
    const { resource } = await made(place);
    happens(place);
    expect(await failure(resource.refresh())).toContain(words);
    expect(kept(resource).outputs.sourceId).toBe("hr");
  });

  function fault(action: object, times = 1) {
    tenant.faults.add({ path: /identity-sources/, times, when: "before", action: action as never });
  }

  test("of an id alone looks a source up, built-in ones too", async () => {
    const place = lay(tenant, ["a b/c"]);
    const { inputs, outputs } = await host.read(`${place.envId}/User/a%20b%2Fc`, {});
    expect(inputs).toEqual({ ...place, sourceId: "a b/c" });
    expect(outputs).toMatchObject({ sourceId: "a b/c", originalSourceId: "a b/c", displayName: "made as a b/c" });
    expect((await host.read(`${place.envId}/User/REQUEST_INPUT`, {})).outputs).toMatchObject({ displayName: "PDP Request" });
    expect(await failure(host.read(`${place.envId}/User/x`, {}))).toContain("There is no plainid:IdentitySource");
    for (const id of ["hr", `${place.envId}/User`, "a/b/c/d", "a//c", "a/%/c"])
      expect(await failure(host.read(id, {}))).toContain("Write <envId>/<identityTemplateId>/<sourceId>");
  });

  test("repeats itself when the vendor stumbles", async () => {
    const { resource } = await made(lay(tenant, ["hr"]));
    tenant.faults.add({ path: /identity-sources/, when: "before", action: { status: 502 } });
    tenant.faults.add({ path: /identity-sources/, when: "before", action: "drop" });
    expect(await resource.refresh()).toBe("same");
    expect(count({ method: "GET" })).toBe(3);
  });
});

describe("an update", () => {
  test("of the id is one patch, guarded and read back", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    expect(await resource.up({ ...inputs, sourceId: "people" })).toBe("update");
    expect(calls(tenant).filter((call) => call.includes("identity-sources"))).toEqual([
      "GET identity-sources 200",
      "PATCH identity-sources/hr 204",
      "GET identity-sources 200",
    ]);
    expect(kept(resource)).toMatchObject({ id: `${place.envId}/User/hr`, outputs: { sourceId: "people", originalSourceId: "hr" } });
    expect(found(tenant, place)).toEqual({ people: "hr", ldap: "ldap" });
  });

  test("of onDelete alone writes nothing", async () => {
    const { resource, inputs } = await made(lay(tenant, ["hr"]));
    expect(await resource.up({ ...inputs, onDelete: "fail" })).toBe("update");
    expect(writes(tenant)).toEqual([]);
  });

  test("of a source that is gone says so and lists the ids there are", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    tenant.drift.removeSource(place.envId, "User", "hr");
    const message = await failure(resource.up({ ...inputs, sourceId: "people" }));
    expect(message).toContain('no identity source "hr" in the template; there are: REQUEST_INPUT, REQUEST_MAPPERS, ldap');
    expect(message).toContain("pulumi state delete");
    expect(writes(tenant)).toEqual([]);
  });

  test("does not mistake another source for one that is gone", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    tenant.drift.removeSource(place.envId, "User", "hr");
    expect(await failure(resource.up({ ...inputs, sourceId: "ldap" }))).toContain('There is no identity source "hr"');
  });

  test("recognises a rename that the engine never heard of", async () => {
    const place = lay(tenant, ["hr"]);
    const { resource, inputs } = await made(place);
    tenant.drift.renameSource(place.envId, "User", "hr", "people");
    await resource.up({ ...inputs, sourceId: "people" });
    expect(writes(tenant)).toEqual([]);
    expect(kept(resource).outputs.sourceId).toBe("people");
  });

  test("to another type is refused before any write", async () => {
    const { resource, inputs } = await made(lay(tenant, ["hr"]));
    expect(await failure(resource.up({ ...inputs, sourceId: "x", sourceType: "COMPUTED" }))).toContain(
      "the type of a source cannot be changed",
    );
    expect(writes(tenant)).toEqual([]);
  });

  test.each([400, 409, 422] as const)("that the vendor refuses with %i shows its words", async (takenStatus) => {
    tenant.switches.takenStatus = takenStatus;
    const place = lay(tenant, ["hr"]);
    const { resource, inputs } = await made(place);
    // Somebody else takes the id between the look and the patch.
    const stop = tenant.onRequest(({ record, phase }) => {
      if (record.method === "PATCH" && phase === "received") tenant.drift.addSource(place.envId, "User", { sourceId: "people" });
    });
    const message = await failure(resource.up({ ...inputs, sourceId: "people" }));
    stop();
    expect(message).toContain(`Renaming identity source "hr" to "people" failed: HTTP ${takenStatus}, EMIS-900`);
    expect(message).toMatch(/tracking id \w{6}, request id \w{32}/);
    expect(count({ method: "PATCH" })).toBe(1);
    expect(kept(resource).outputs.sourceId).toBe("hr");
  });

  test.each(["wrapped", "flat", "empty"] as const)(
    "that is forbidden says which right is missing, whatever the body: %s",
    async (forbiddenBody) => {
      tenant.switches.forbiddenBody = forbiddenBody;
      const { resource, inputs } = await made(lay(tenant, ["hr"]));
      tenant.faults.add({ method: "PATCH", when: "before", action: { status: 403 } });
      const message = await failure(resource.up({ ...inputs, sourceId: "people" }));
      expect(message).toContain("IDP_FORBIDDEN");
      expect(message).toContain("permission ADMIN");
    },
  );

  test("waits when told to slow down, with and without a time", async () => {
    const place = lay(tenant, ["hr"]);
    const { resource, inputs } = await made(place);
    tenant.faults.add({ method: "PATCH", when: "before", action: { retryAfter: 1 } });
    tenant.faults.add({ method: "PATCH", when: "before", action: { status: 429 } });
    await resource.up({ ...inputs, sourceId: "people" });
    expect(found(tenant, place)).toEqual({ people: "hr" });
  });
});

describe("a rename whose answer is lost is settled by looking", () => {
  async function renamed(prepare: (place: Place) => void) {
    const place = lay(tenant, ["hr"]);
    const { provider, waits } = bindTo(tenant, { clientId: tenant.credentials.clientId, allowImport: "true" });
    const { id, state } = await provider.create({ ...place, sourceId: "hr" });
    waits.length = 0;
    tenant.clearRequests();
    prepare(place);
    const outcome = await provider.update(id, state, { ...place, sourceId: "people" }).catch((error: Error) => error.message);
    return { place, outcome, waits };
  }
  const arm = (when: "before" | "after", action: object | string) => () =>
    tenant.faults.add({ method: "PATCH", when, action: action as never });

  test.each<[string, () => void]>([
    ["the connection broke after it was done", arm("after", "drop")],
    ["it failed with 500 after it was done", arm("after", { status: 500 })],
    ["a gateway answered a page after it was done", arm("after", { status: 502 })],
  ])("done, and sent once: %s", async (_what, fault) => {
    const { place, outcome } = await renamed(fault);
    expect(outcome).toMatchObject({ sourceId: "people" });
    expect(renames(tenant)).toHaveLength(1);
    expect(found(tenant, place)).toEqual({ people: "hr" });
  });

  test.each<[string, () => void]>([
    ["the connection broke before", arm("before", "drop")],
    ["it failed with 500 before", arm("before", { status: 500 })],
    ["a gateway was out", arm("before", { status: 503 })],
  ])("not done, so sent again after the list said so: %s", async (_what, fault) => {
    const { place, outcome } = await renamed(fault);
    expect(outcome).toMatchObject({ sourceId: "people" });
    expect(found(tenant, place)).toEqual({ people: "hr" });
    const methods = tenant.requests.filter(({ path }) => path.includes("identity-sources")).map(({ method }) => method);
    expect(methods).toEqual(["GET", "PATCH", "GET", "GET", "GET", "PATCH", "GET"]);
  });

  test("given up after three times", async () => {
    const { place, outcome } = await renamed(() => tenant.faults.add({ method: "PATCH", times: 9, when: "before", action: "drop" }));
    expect(outcome).toContain('The list shows "hr" and no "people"');
    expect(outcome).toContain("IDP_LOST_ANSWER");
    expect(renames(tenant)).toHaveLength(3);
    expect(found(tenant, place)).toEqual({ hr: "hr" });
  });

  test("neither id or both: nothing is sent again, and the message says what is there", async () => {
    const { outcome } = await renamed((place) => {
      arm("before", "drop")();
      const stop = tenant.onRequest(({ record }) => {
        if (record.method !== "PATCH") return;
        tenant.drift.addSource(place.envId, "User", { sourceId: "people" });
        stop();
      });
    });
    expect(outcome).toContain('The list shows "hr" and "people"');
    expect(renames(tenant)).toHaveLength(1);
  });

  test("a list that lags behind is given three looks", async () => {
    const { outcome, waits } = await renamed(() => {
      tenant.switches.staleReadsMs = 2500;
    });
    expect(outcome).toMatchObject({ sourceId: "people" });
    expect(waits).toEqual([0, 1000, 2000]);
  });

  test("a yes that never shows is an error", async () => {
    const { outcome } = await renamed(() => {
      tenant.switches.staleReadsMs = 60_000;
    });
    expect(outcome).toContain("was confirmed, but did not happen");
  });
});

describe.each(["keeps", "removes"] as const)("the list-wide import of a vendor that %s what is left out", (importOmitted) => {
  const rest = { sourceMetaData: { viewName: "new view" }, description: "new", displayName: "New" };

  test("changes one source and nothing else", async () => {
    tenant.switches.importOmitted = importOmitted;
    const place = lay(tenant, [{ ...named("hr"), sourceMetaData: { logoUrl: null, viewName: "v", secretToUs: { a: null } } }, "ldap"]);
    const { resource, inputs } = await made(place);
    const ldap = all(tenant, place)[1];
    await resource.up({ ...inputs, ...rest });
    expect(all(tenant, place)).toEqual([
      {
        sourceId: "hr",
        displayName: "New",
        description: "new",
        sourceType: "EXTERNAL_INPUT",
        sourceMetaData: { logoUrl: null, viewName: "new view", secretToUs: { a: null } },
      },
      ldap,
    ]);
    expect(JSON.stringify(writes(tenant)[0]?.body)).not.toContain("REQUEST_INPUT");
    expect(await resource.up({ ...inputs, ...rest })).toBe("same");
    // What is no longer declared stays as it is.
    const after = all(tenant, place);
    expect(await resource.up(inputs)).toBe("update");
    expect(all(tenant, place)).toEqual(after);
    await resource.up({ ...inputs, description: "" });
    expect(all(tenant, place)[0]?.description).toBeNull();
  });

  test("creates one", async () => {
    tenant.switches.importOmitted = importOmitted;
    const place = lay(tenant, ["ldap"]);
    const inputs = { ...place, sourceId: "new", displayName: "New", sourceType: "EXTERNAL_INPUT", sourceMetaData: { viewName: "v" } };
    const resource = host.resource();
    await resource.up(inputs);
    expect(all(tenant, place)).toHaveLength(2);
    expect(kept(resource).outputs).toEqual({ ...inputs, originalSourceId: "new" });
    expect(await resource.up(inputs)).toBe("same");
  });
});

describe("an import", () => {
  test.each(["before", "after"] as const)("whose answer is lost %s it was done ends well", async (when) => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    tenant.faults.add({ method: "PUT", when, action: "drop" });
    await resource.up({ ...inputs, displayName: "New" });
    expect(all(tenant, place)).toMatchObject([{ displayName: "New" }, { displayName: "made as ldap" }]);
    expect(count({ method: "PUT" })).toBe(when === "before" ? 2 : 1);
  });

  test.each([500, 502])("that fails with %i after it was done ends well, and is sent once", async (status) => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    tenant.faults.add({ method: "PUT", when: "after", action: { status } });
    await resource.up({ ...inputs, displayName: "New" });
    expect(all(tenant, place)).toMatchObject([{ displayName: "New" }, { displayName: "made as ldap" }]);
    expect(count({ method: "PUT" })).toBe(1);
  });

  test.each(["before", "after"] as const)(
    "that creates a source and whose answer is lost %s it was done makes one source",
    async (when) => {
      const place = lay(tenant, ["ldap"]);
      tenant.faults.add({ method: "PUT", when, action: "drop" });
      await host.resource().up({ ...place, sourceId: "new", displayName: "New", sourceType: "EXTERNAL_INPUT" });
      expect(found(tenant, place)).toEqual({ ldap: "ldap", new: "New" });
    },
  );

  test("that fails after a rename leaves the rename in state, and the next run does the rest", async () => {
    const place = lay(tenant, ["hr"]);
    const { resource, inputs } = await made(place);
    tenant.faults.add({ method: "PUT", when: "before", action: { status: 403 } });
    const wanted = { ...inputs, sourceId: "people", displayName: "New" };
    expect(await failure(resource.up(wanted))).toContain("the next `pulumi up` finishes the rest");
    expect(kept(resource)).toMatchObject({ outputs: { sourceId: "people", displayName: "made as hr" }, initErrors: [expect.any(String)] });
    tenant.clearRequests();
    expect(await resource.up(wanted)).toBe("update");
    expect(writes(tenant).map(({ method }) => method)).toEqual(["PUT"]);
    expect(all(tenant, place)).toMatchObject([{ sourceId: "people", displayName: "New" }]);
  });

  test("that fails in a create leaves the source in state", async () => {
    const place = lay(tenant, ["hr"]);
    const resource = host.resource();
    tenant.faults.add({ method: "PUT", when: "before", action: { status: 403 } });
    const inputs = { ...place, sourceId: "people", adoptFrom: "hr", displayName: "New" };
    expect(await failure(resource.up(inputs))).toContain("HTTP 403");
    expect(kept(resource).id).toBe(`${place.envId}/User/hr`);
    expect(await resource.up(inputs)).toBe("update");
    expect(all(tenant, place)).toMatchObject([{ sourceId: "people", displayName: "New" }]);
  });

  test("that harms another source is an error that names it", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const { resource, inputs } = await made(place);
    const stop = tenant.onRequest(({ record, phase }) => {
      if (record.method === "PUT" && phase === "applied") tenant.drift.removeSource(place.envId, "User", "ldap");
    });
    expect(await failure(resource.up({ ...inputs, displayName: "New" }))).toContain('left "ldap" changed');
    stop();
  });
});

describe("a delete", () => {
  test("forgets the source, sends nothing and says so", async () => {
    const place = lay(tenant, ["ds_users"]);
    const { resource } = await made(place, { adoptFrom: "ds_users" });
    await resource.destroy();
    expect(tenant.requests).toEqual([]);
    expect(found(tenant, place)).toEqual({ hr: "ds_users" });
    await expect.poll(() => warnings().join()).toContain('"hr" stays at PlainID');
  });

  test("gives the first id back when told so", async () => {
    const place = lay(tenant, ["ds_users"]);
    const { resource, inputs } = await made(place, { adoptFrom: "ds_users", onDelete: "restoreOriginalId" });
    await resource.up({ ...inputs, sourceId: "people" });
    await resource.destroy();
    expect(found(tenant, place)).toEqual({ ds_users: "ds_users" });
  });

  test.each(["before", "after"] as const)(
    "that gives the first id back and whose answer is lost %s it was done ends well",
    async (when) => {
      const place = lay(tenant, ["ds_users"]);
      const { resource } = await made(place, { adoptFrom: "ds_users", onDelete: "restoreOriginalId" });
      tenant.faults.add({ method: "PATCH", when, action: "drop" });
      await resource.destroy();
      expect(found(tenant, place)).toEqual({ ds_users: "ds_users" });
      expect(renames(tenant)).toHaveLength(when === "before" ? 2 : 1);
    },
  );

  test("has nothing to give back when the id is the first one, or the source is gone", async () => {
    const place = lay(tenant, ["hr", "ldap"]);
    const one = await made(place, { onDelete: "restoreOriginalId" });
    await one.resource.destroy();
    expect(tenant.requests).toEqual([]);
    const two = await made(place, { sourceId: "dir", adoptFrom: "ldap", onDelete: "restoreOriginalId" });
    tenant.drift.removeSource(place.envId, "User", "dir");
    await two.resource.destroy();
    expect(writes(tenant)).toEqual([]);
  });

  test("leaves the id as it is when the first one is taken", async () => {
    const place = lay(tenant, ["ds_users"]);
    const { provider, warnings } = bindTo(tenant);
    const { id, state } = await provider.create({ ...place, sourceId: "hr", adoptFrom: "ds_users", onDelete: "restoreOriginalId" });
    tenant.drift.addSource(place.envId, "User", { sourceId: "ds_users" });
    tenant.clearRequests();
    await provider.delete(id, state);
    expect(writes(tenant)).toEqual([]);
    expect(warnings.join()).toContain('"hr" keeps its id');
  });

  test("of exchanged sources gives every id back", async () => {
    const place = lay(tenant, ["A", "B"]);
    const [one, two] = [host.resource("1"), host.resource("2")];
    const inputs = (sourceId: string) => ({ ...place, sourceId, onDelete: "restoreOriginalId" });
    await Promise.all([one.up(inputs("A")), two.up(inputs("B"))]);
    await Promise.all([one.up(inputs("B")), two.up(inputs("A"))]);
    expect(found(tenant, place)).toEqual({ A: "B", B: "A" });
    await Promise.all([one.destroy(), two.destroy()]);
    expect(found(tenant, place)).toEqual({ A: "A", B: "B" });
  });

  test.each(["retain", "restoreOriginalId"] as const)("leaves no temporary id behind that a refresh found: %s", async (onDelete) => {
    const place = lay(tenant, ["hr"]);
    const { resource, inputs } = await made(place, { onDelete });
    const { id } = kept(resource);
    const parked = parkedId(id, "hr");
    tenant.drift.renameSource(place.envId, "User", "hr", parked);
    expect(await resource.refresh()).toBe("update");
    expect(kept(resource).outputs).toMatchObject({ ...inputs, sourceId: parked });
    await resource.destroy();
    expect(found(tenant, place)).toEqual({ hr: "hr" });
  });

  test("fails when told so, and sends nothing", async () => {
    const { resource } = await made(lay(tenant, ["hr"]), { onDelete: "fail" });
    expect(await failure(resource.destroy())).toContain('onDelete is "fail"');
    expect(kept(resource)).toBeDefined();
    expect(tenant.requests).toEqual([]);
  });

  test.each(["EMIT-002", "EMIT-003"])("that has to look keeps the resource when the vendor says %s", async (code) => {
    const place = lay(tenant, ["ds_users"]);
    const { resource } = await made(place, { adoptFrom: "ds_users", onDelete: "restoreOriginalId" });
    if (code === "EMIT-002") tenant.drift.renameTemplate(place.envId, "User", "Person");
    else tenant.load({});
    expect(await failure(resource.destroy())).toContain(code);
    expect(kept(resource)).toBeDefined();
  });
});

test("one token serves many calls, is renewed once when refused, and no secret is in any address", async () => {
  await using fresh = await startHost(tenant);
  const place = lay(tenant, ["a", "b", "c"]);
  await Promise.all(["a", "b", "c"].map((sourceId) => fresh.resource(sourceId).up({ ...place, sourceId })));
  expect(tenant.count({ path: /token/ })).toBe(1);
  tenant.revokeTokens();
  await fresh.resource("d").up({ ...lay(tenant, ["d"]), sourceId: "d" });
  expect(tenant.count({ path: /token/ })).toBe(2);
  for (const { path, query } of tenant.requests) expect(JSON.stringify([path, query])).not.toContain(tenant.credentials.clientSecret);
});

test("writes of one template never overlap, and no more than four calls are under way", async () => {
  await using slow = await startHost(tenant);
  const ids = Array.from({ length: 10 }, (_, index) => `s${index}`);
  const place = lay(tenant, ids);
  let [active, most, writing, mostWriting] = [0, 0, 0, 0];
  const stop = tenant.onRequest(async ({ record, phase }) => {
    const step = phase === "received" ? 1 : -1;
    active += step;
    if (record.method === "PATCH") writing += step;
    [most, mostWriting] = [Math.max(most, active), Math.max(mostWriting, writing)];
    if (phase === "received") await new Promise((resolve) => setTimeout(resolve, 5));
  });
  const other = lay(tenant, ids);
  await Promise.all(
    [place, other].flatMap((where) => ids.map((id) => slow.resource(id).up({ ...where, sourceId: `${id}x`, adoptFrom: id }))),
  );
  stop();
  expect(Object.keys(found(tenant, place))).toEqual(ids.map((id) => `${id}x`));
  expect(most).toBeLessThanOrEqual(4);
  expect(mostWriting, "two templates").toBeLessThanOrEqual(2);
});
