import type { FaultAction, IdentityProfile } from "identity-simulators";
import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import {
  ADA,
  bindTo,
  calls,
  failure,
  GRACE,
  HR,
  kept,
  MINIMAL,
  mail,
  mapping,
  PARTNERS,
  startHost,
  startTenant,
  stored,
  useStack,
} from "./fixture";

const { tenant, host } = await useStack();

const OWNED = {
  ...MINIMAL,
  description: "x",
  owner: { id: ADA.id },
  priority: 40,
  ...mapping({ email: mail(), uid: { type: "rule", name: "Make uid" } }),
};
const BY_NAME = { name: "Employees", authoritativeSource: { name: "HR" }, owner: { name: "Ada Lovelace" } };

async function profile(inputs: Props) {
  const resource = host.resource();
  await resource.up(inputs);
  tenant.clearRequests();
  return resource;
}

/** Inputs that differ after a refresh, with their new values; what a preview of the same program would then change. */
async function drift(inputs: Props, change: (id: string) => void) {
  const resource = await profile(inputs);
  const before = kept(resource).inputs;
  change(kept(resource).id);
  const outcome = await resource.refresh();
  const after = kept(resource).inputs;
  const { op, changes } = await resource.preview(inputs);
  expect(op).toBe(outcome);
  expect(calls(tenant)).toEqual(["GET /identity-profiles/:id 200"]);
  expect(changes).toEqual(
    Object.keys({ ...before, ...after })
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .sort(),
  );
  return Object.fromEntries(changes.map((key) => [key, after[key]]));
}

const changed = (change: Partial<IdentityProfile> | ((profile: IdentityProfile) => void)) => (id: string) =>
  tenant.drift.changeProfile(id, change);
const NOTHING = {};

describe("no drift", () => {
  test.each<[string, Props, (id: string) => void]>([
    ["when nothing happened", OWNED, () => {}],
    ["when the server adds a source's name to the mapping", OWNED, (id) => tenant.drift.enrichMapping(id)],
    ["when the source is renamed", { ...MINIMAL, ...mapping({ email: mail() }) }, () => tenant.drift.renameSource(HR.id, "HR (new)")],
    ["when a source known by name is renamed", BY_NAME, () => tenant.drift.renameSource(HR.id, "HR (new)")],
    ["when an owner known by name is renamed", BY_NAME, () => tenant.drift.renameIdentity(ADA.id, "Ada King")],
    ["when identities come", OWNED, (id) => tenant.drift.setIdentityCount(id, 900)],
    ["when the server touches the profile", OWNED, changed({})],
    ["when what the server derives changes", OWNED, changed({ identityRefreshRequired: false, hasTimeBasedAttr: true })],
    ["when a report appears", OWNED, changed({ identityExceptionReportReference: { taskResultId: "1", reportName: "x" } })],
    ["when the mapping is in another order", OWNED, changed((p) => void p.identityAttributeConfig.attributeTransforms.reverse())],
    [
      "in a mapping that the program does not declare",
      MINIMAL,
      changed({ identityAttributeConfig: { enabled: false, attributeTransforms: [] } }),
    ],
    ["in a priority that the program does not declare", MINIMAL, changed({ priority: 77 })],
    ["in an owner that the program does not declare", MINIMAL, changed({ owner: { type: "IDENTITY", id: GRACE.id } })],
    ["when an empty description becomes an empty text", MINIMAL, changed({ description: "" })],
  ])("%s", async (_when, inputs, change) => {
    expect(await drift(inputs, change)).toEqual(NOTHING);
  });

  test.each(["null", "absent"] as const)("for empty fields that are answered as %s", async (emptyFields) => {
    tenant.switches.emptyFields = emptyFields;
    expect(await drift(MINIMAL, () => {})).toEqual(NOTHING);
  });

  test("for fields that no documentation names", async () => {
    const extend = () => {
      tenant.switches.extraFields = true;
    };
    expect(await drift(OWNED, extend)).toEqual(NOTHING);
  });

  test("when the server adds to what it is sent", async () => {
    tenant.switches.enrichOnWrite = true;
    expect(await drift({ ...MINIMAL, ...mapping({ email: mail(), uid: mail({ sourceName: "HR", sourceId: null }) }) }, () => {})).toEqual(
      NOTHING,
    );
  });
});

describe("drift shows exactly the property that was changed elsewhere", () => {
  const entry = (identityAttributeName: string, attributes: object) => ({
    identityAttributeName,
    transformDefinition: { type: "accountAttribute", attributes: { ...attributes } },
  });
  const email = entry("email", { attributeName: "mail", sourceId: HR.id });
  const uid = { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "Make uid" } } };
  const config = (...attributeTransforms: (typeof email | typeof uid)[]) => ({
    identityAttributeConfig: { enabled: true, attributeTransforms },
  });

  test.each<[string, Partial<IdentityProfile>, Props]>([
    ["the name", { name: "Staff" }, { name: "Staff" }],
    ["the description", { description: "y" }, { description: "y" }],
    ["a removed description", { description: null }, { description: undefined }],
    ["the owner", { owner: { type: "IDENTITY", id: GRACE.id } }, { owner: { id: GRACE.id } }],
    ["a removed owner", { owner: null }, { owner: undefined }],
    ["the priority", { priority: 41 }, { priority: 41 }],
    ["the source", { authoritativeSource: { type: "SOURCE", id: PARTNERS.id } }, { authoritativeSource: { id: PARTNERS.id } }],
    [
      "the mapping switched off",
      { identityAttributeConfig: { ...config(email, uid).identityAttributeConfig, enabled: false } },
      mapping({ email: mail(), uid: { type: "rule", name: "Make uid" } }, { enabled: false }),
    ],
    ["a removed transform", config(email), mapping({ email: mail() }, { enabled: true })],
    [
      "an added transform",
      config(email, uid, entry("title", { attributeName: "sn", sourceId: HR.id })),
      mapping({ email: mail(), uid: { type: "rule", name: "Make uid" }, title: mail({ attributeName: "sn" }) }, { enabled: true }),
    ],
    [
      "a changed attribute of a transform",
      config(entry("email", { attributeName: "login", sourceId: HR.id, sourceName: "HR" }), uid),
      mapping({ email: mail({ attributeName: "login" }), uid: { type: "rule", name: "Make uid" } }, { enabled: true }),
    ],
  ])("%s", async (_what, change, expected) => {
    expect(await drift(OWNED, changed(change))).toEqual(expected);
  });

  test("a description that somebody gave where the program has none", async () => {
    expect(await drift(MINIMAL, changed({ description: "by hand" }))).toEqual({ description: "by hand" });
  });

  test("objects known by name are shown by name", async () => {
    const change = { authoritativeSource: { type: "SOURCE", id: PARTNERS.id }, owner: { type: "IDENTITY", id: GRACE.id } };
    expect(await drift(BY_NAME, changed(change))).toEqual({ authoritativeSource: { name: "Partners" }, owner: { name: "Grace Hopper" } });
  });

  test("and the next up sets it right with one request for that property", async () => {
    const resource = await profile(OWNED);
    tenant.drift.changeProfile(kept(resource).id, { description: "by hand" });
    await resource.refresh();
    expect(await resource.up(OWNED)).toBe("update");
    expect(tenant.requests.at(-1)?.body).toEqual([{ op: "replace", path: "/description", value: "x" }]);
    expect(stored(tenant).description).toBe("x");
  });
});

test("a refresh renews the number of identities in the outputs", async () => {
  const resource = await profile(MINIMAL);
  tenant.drift.setIdentityCount(kept(resource).id, 900);
  expect(await resource.refresh()).toBe("same");
  expect(kept(resource).outputs).toMatchObject({ identityCount: 900, priority: 10, serverChosen: ["priority"] });
});

test("a refresh keeps what is not at the vendor: adopt and the other options", async () => {
  const options = { adopt: { id: "x" }, renameBy: "replace", changeSourceBy: "update", forceDelete: true };
  const resource = await profile(MINIMAL);
  resource.state = {
    ...kept(resource),
    inputs: { ...kept(resource).inputs, ...options },
    outputs: { ...kept(resource).outputs, ...options },
  };
  expect(await resource.refresh()).toBe("same");
  expect(kept(resource).inputs).toEqual({ ...MINIMAL, ...options });
});

describe("gone", () => {
  test("is what the vendor's own 404 means", async () => {
    const resource = await profile(MINIMAL);
    tenant.drift.removeProfile(kept(resource).id);
    expect(await resource.refresh()).toBe("delete");
    expect(resource.state).toBeUndefined();
    expect(await resource.up(MINIMAL)).toBe("create");
  });

  const json = { "content-type": "application/json" };
  test.each<[string, FaultAction, string]>([
    [
      "a 404 of a web server",
      { status: 404, body: "<html><h1>Not Found</h1></html>", headers: { "content-type": "text/html" } },
      "IDP_CONTRACT",
    ],
    ["a 404 of a gateway", { status: 404, body: { message: "no Route matched" }, headers: json }, "IDP_CONTRACT"],
    ["an empty 404", { status: 404, body: "" }, "IDP_CONTRACT"],
    ["401", { status: 401, body: { error: "JWT validation failed: JWT is expired" }, headers: json }, "IDP_AUTH"],
    ["403", { status: 403 }, "IDP_FORBIDDEN"],
    ["a redirect", { status: 302, body: "", headers: { location: "https://login.example/" } }, "IDP_CONTRACT"],
    ["an answer without an id", { status: 200, body: {}, headers: json }, "IDP_CONTRACT"],
    ["a page", { status: 200, body: "<html>Please sign in</html>", headers: { "content-type": "text/html" } }, "IDP_CONTRACT"],
  ])("is not %s", async (_what, action, code) => {
    const resource = await profile(MINIMAL);
    const before = kept(resource);
    tenant.faults.add({ method: "GET", when: "before", times: 2, action });
    expect(await failure(resource.refresh())).toContain(code);
    expect(resource.state).toBe(before);
    tenant.faults.clear();
    expect(await resource.refresh()).toBe("same");
  });

  test("is not an outage, however long it lasts", async () => {
    await using down = await startTenant();
    const { provider, waits } = bindTo(down);
    const { id, state } = await provider.create(provider.check(MINIMAL).inputs);
    down.faults.add({ method: "GET", when: "before", times: Number.POSITIVE_INFINITY, action: { status: 503 } });
    expect(await failure(provider.read(id, state))).toContain("IDP_UNAVAILABLE");
    // The first is for others to be read with.
    expect(waits).toEqual([5, 375, 750, 1500, 3000]);
  });

  test("is not a short outage, which is ridden out", async () => {
    const resource = await profile(MINIMAL);
    tenant.faults.add({ method: "GET", when: "before", action: { status: 502 } });
    tenant.faults.add({ method: "GET", when: "before", action: "drop" });
    expect(await resource.refresh()).toBe("same");
    expect(tenant.count({ method: "GET", path: /identity-profiles/ })).toBe(3);
  });

  test("is not a 404 of another tenant, for a read, an update or a delete", async () => {
    await using other = await startTenant({ seed: { org: "umbrella" } });
    await using elsewhere = await startHost(other);
    const resource = elsewhere.resource();
    resource.state = kept(await profile(MINIMAL));
    const attempts = [() => resource.refresh(), () => resource.up({ ...MINIMAL, description: "x" }), () => resource.destroy()];
    for (const attempt of attempts) {
      const message = await failure(attempt());
      expect(message).toContain('is in tenant "acme", but the credentials belong to "umbrella"');
      expect(message).toContain("IDP_WRONG_TENANT");
    }
    expect(resource.state).toBeDefined();
    expect(other.requests.every(({ method, path }) => method === "GET" || path === "/oauth/token")).toBe(true);
  });
});

test("a profile that is only looked up, by its id, is described in full but for its number of identities, which always changes", async () => {
  const { id } = kept(await profile(OWNED));
  const found = await host.read(id, {});
  const described = {
    name: "Employees",
    description: "x",
    owner: { id: ADA.id },
    priority: 40,
    authoritativeSource: { id: HR.id },
    ...mapping({ email: mail(), uid: { type: "rule", name: "Make uid" } }, { enabled: true }),
  };
  expect(found).toEqual({
    id,
    inputs: described,
    outputs: { ...described, sourceId: HR.id, ownerId: ADA.id, created: expect.any(String), tenant: "acme" },
  });
  tenant.drift.setIdentityCount(id, 7);
  expect(await host.read(id, {})).toEqual(found);
});
