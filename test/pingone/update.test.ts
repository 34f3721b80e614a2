import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { calls, EMPLOYEES, FULL, failure, HIDDEN, kept, MINIMAL, OTHER_ENV, PARTNERS, sent, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

async function make(inputs: Props) {
  const resource = host.resource();
  await resource.up(inputs);
  tenant.clearRequests();
  return resource;
}

const FOREIGN = { costCenter: "4711", externalId: "other-team", nickname: "Countess" };

describe("an update", () => {
  test("reads, merges and replaces: what the program never declared survives", async () => {
    const resource = await make({ ...MINIMAL, title: "Analyst", name: { given: "Ada" } });
    tenant.drift.changeUser(stored(tenant).id, { ...FOREIGN, name: { given: "Ada", family: "Lovelace" } });
    expect(await resource.up({ ...MINIMAL, title: "Countess", name: { given: "Ada" } })).toBe("update");
    expect(calls(tenant)).toEqual(["GET users/:id 200", "PUT users/:id 200"]);
    expect(sent(tenant, "PUT")).toEqual([
      {
        schemas: ["urn:pingidentity:schemas:2.0:DirectMappedUser"],
        username: "a.lovelace",
        title: "Countess",
        name: { given: "Ada", family: "Lovelace" },
        population: { id: EMPLOYEES },
        ...FOREIGN,
      },
    ]);
    expect(stored(tenant).attributes).toMatchObject(FOREIGN);
    expect(kept(resource).outputs).not.toHaveProperty("nickname");
  });

  test("clears what the program declared before and dropped, and only that", async () => {
    const resource = await make(FULL);
    tenant.drift.changeUser(stored(tenant).id, { costCenter: "4711" });
    await resource.up({ ...MINIMAL, name: { family: "Lovelace" }, customAttributes: { badge: "1815" } });
    expect(stored(tenant)).toMatchObject({ populationId: PARTNERS });
    expect(stored(tenant).attributes).toEqual({ username: "a.lovelace", name: { family: "Lovelace" }, badge: "1815", costCenter: "4711" });
    expect(await resource.up({ ...MINIMAL, name: { family: "Lovelace" }, customAttributes: { badge: "1815" } })).toBe("same");
  });

  test("sends nothing when the user is already as declared", async () => {
    const resource = await make(MINIMAL);
    tenant.drift.changeUser(stored(tenant).id, { nickname: "Ada" });
    await resource.up({ ...MINIMAL, nickname: "Ada" });
    expect(calls(tenant)).toEqual(["GET users/:id 200"]);
    expect(kept(resource).outputs).toMatchObject({ nickname: "Ada" });
    await resource.up(MINIMAL);
    expect(stored(tenant).attributes).not.toHaveProperty("nickname");
  });

  test("renames in place", async () => {
    const resource = await make(MINIMAL);
    const { id } = kept(resource);
    await resource.up({ ...MINIMAL, username: "ada" });
    expect(kept(resource).id).toBe(id);
    expect(stored(tenant, "ada").id).toBe(id.split("/")[1]);
  });

  test("of a user that is gone says so", async () => {
    const resource = await make(MINIMAL);
    tenant.drift.removeUser(stored(tenant).id);
    expect(await failure(resource.up({ ...MINIMAL, nickname: "A" }))).toContain("is gone from its environment. Run `pulumi up --refresh`");
  });

  test("warns when the whole name goes stale", async () => {
    const resource = await make({ ...MINIMAL, name: { given: "Ada" } });
    tenant.drift.changeUser(stored(tenant).id, { name: { given: "Ada", formatted: "Ada L." } });
    await resource.up({ ...MINIMAL, name: { given: "Augusta" } });
    await expect
      .poll(() => host.logs.map(({ message }) => message))
      .toContainEqual(expect.stringContaining('name.formatted stays "Ada L."'));
    expect(stored(tenant).attributes.name).toEqual({ given: "Augusta", formatted: "Ada L." });
  });

  test("that clears what PingOne keeps names it, and still owns it", async () => {
    const resource = await make({ ...MINIMAL, nickname: "A", title: "T" });
    tenant.faults.add({
      method: "PUT",
      when: "before",
      action: {
        status: 200,
        body: { id: stored(tenant).id, username: "a.lovelace", nickname: "A", population: { id: EMPLOYEES } },
        headers: { "content-type": "application/json" },
      },
    });
    expect(await failure(resource.up(MINIMAL))).toContain("not as declared: nickname.");
    expect(kept(resource).outputs).toMatchObject({ nickname: "A" });
    await resource.up(MINIMAL);
    expect(stored(tenant).attributes).not.toHaveProperty("nickname");
  });
});

describe("ownership full", () => {
  test("clears everything undeclared when it is switched on", async () => {
    const resource = await make({ ...MINIMAL, title: "Analyst" });
    tenant.drift.changeUser(stored(tenant).id, FOREIGN);
    const inputs = { ...MINIMAL, title: "Analyst", ownership: "full" };
    expect(await resource.preview(inputs)).toMatchObject({ op: "update", changes: ["ownership"] });
    await resource.up(inputs);
    expect(stored(tenant).attributes).toEqual({ username: "a.lovelace", title: "Analyst" });
    expect(stored(tenant).populationId).toBe(EMPLOYEES);
    expect(await resource.up(inputs)).toBe("same");
  });

  test("shows what others add as drift, attribute by attribute, and clears it", async () => {
    const inputs = { ...MINIMAL, ownership: "full" };
    const resource = await make(inputs);
    tenant.drift.changeUser(stored(tenant).id, FOREIGN);
    expect(await resource.refresh()).toBe("update");
    expect(await resource.preview(inputs)).toMatchObject({ op: "update", changes: ["customAttributes", "externalId", "nickname"] });
    expect(kept(resource).inputs).toMatchObject({ customAttributes: { costCenter: "4711" } });
    await resource.up(inputs);
    expect(stored(tenant).attributes).toEqual({ username: "a.lovelace" });
  });

  test("leaves alone what PingOne will not clear", async () => {
    const inputs = { ...MINIMAL, ownership: "full" };
    const resource = await make(inputs);
    const user = { id: stored(tenant).id, username: "a.lovelace", population: { id: EMPLOYEES }, computed: "always" };
    const fixed = (method: string, times = 1) =>
      tenant.faults.add({
        method,
        times,
        when: "before",
        action: { status: 200, body: user, headers: { "content-type": "application/json" } },
      });
    fixed("GET");
    await resource.refresh();
    fixed("GET");
    fixed("PUT");
    await resource.up(inputs);
    expect(kept(resource).outputs).toMatchObject({ unclearable: ["customAttributes.computed"] });
    await expect
      .poll(() => host.logs.map(({ message }) => message))
      .toContainEqual(expect.stringContaining("keeps customAttributes.computed"));
    expect(await resource.up(inputs)).toBe("same");
    fixed("GET");
    expect(await resource.refresh()).toBe("same");
  });

  test("given up again leaves everything as it is", async () => {
    const resource = await make({ ...MINIMAL, ownership: "full" });
    await resource.up(MINIMAL);
    tenant.drift.changeUser(stored(tenant).id, FOREIGN);
    expect(await resource.refresh()).toBe("same");
  });

  test("given up after a refresh has shown what others set leaves that to them, and clears what the program drops", async () => {
    const resource = await make({ ...MINIMAL, title: "Analyst", type: "Staff", ownership: "full" });
    tenant.drift.changeUser(stored(tenant).id, { ...FOREIGN, type: "Guest" });
    expect(await resource.refresh()).toBe("update");
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toMatchObject({ foreign: ["customAttributes.costCenter", "externalId", "nickname"] });
    expect(await resource.up({ ...MINIMAL, type: "Staff" })).toBe("update");
    expect(stored(tenant).attributes).toEqual({ username: "a.lovelace", type: "Staff", ...FOREIGN });
    expect(kept(resource).outputs).not.toHaveProperty("foreign");
    expect(await resource.refresh()).toBe("same");
    expect(await resource.up({ ...MINIMAL, type: "Staff" })).toBe("same");
  });

  test("sends an attribute that PingOne would not clear once the program declares it", async () => {
    const inputs = { ...MINIMAL, customAttributes: { costCenter: "1" }, ownership: "full" };
    const resource = await make(MINIMAL);
    tenant.drift.changeUser(stored(tenant).id, { costCenter: "4711" });
    kept(resource).outputs = { ...kept(resource).outputs, ownership: "full", unclearable: ["customAttributes.costCenter"] };
    await resource.up(inputs);
    expect(stored(tenant).attributes).toEqual({ username: "a.lovelace", costCenter: "1" });
  });
});

describe("a population", () => {
  test("is changed in place, and always sent", async () => {
    const resource = await make({ ...MINIMAL, population: { id: PARTNERS } });
    await resource.up({ ...MINIMAL, population: { id: EMPLOYEES }, nickname: "A" });
    expect(sent(tenant, "PUT")).toMatchObject([{ population: { id: EMPLOYEES } }]);
    expect(stored(tenant).populationId).toBe(EMPLOYEES);
  });

  test("that nobody declares stays where somebody moved the user", async () => {
    const resource = await make(MINIMAL);
    tenant.drift.movePopulation(stored(tenant).id, PARTNERS);
    expect(await resource.refresh()).toBe("same");
    await resource.up({ ...MINIMAL, nickname: "A" });
    expect(sent(tenant, "PUT")).toMatchObject([{ population: { id: PARTNERS } }]);
    expect(stored(tenant).populationId).toBe(PARTNERS);
    expect(kept(resource).outputs).toMatchObject({ population: { id: PARTNERS }, serverChosen: ["population"] });
  });

  test("that is no longer declared stays", async () => {
    const resource = await make({ ...MINIMAL, population: { id: PARTNERS } });
    await resource.up(MINIMAL);
    expect(stored(tenant).populationId).toBe(PARTNERS);
    expect(await resource.up(MINIMAL)).toBe("same");
  });

  test("that PingOne does not change is said loudly, and tried again by the next up", async () => {
    tenant.switches.populationOnPut = "ignore";
    const resource = await make({ ...MINIMAL, population: { id: PARTNERS } });
    const moved = { ...MINIMAL, population: { id: EMPLOYEES }, nickname: "A" };
    const message = await failure(resource.up(moved));
    expect(message).toContain("not as declared: population.id");
    expect(message).toContain(`The user is in population ${PARTNERS}`);
    expect(kept(resource).outputs).toMatchObject({ population: { id: PARTNERS }, nickname: "A" });
    tenant.switches.populationOnPut = "move";
    expect(await resource.up(moved)).toBe("update");
    expect(stored(tenant).populationId).toBe(EMPLOYEES);
  });

  test("that PingOne refuses to change is an error in its words", async () => {
    tenant.switches.populationOnPut = "reject";
    const resource = await make({ ...MINIMAL, population: { id: PARTNERS } });
    expect(await failure(resource.up({ ...MINIMAL, population: { id: HIDDEN } }))).toContain("population cannot be changed here");
    expect(kept(resource).outputs).toMatchObject({ population: { id: PARTNERS } });
  });
});

describe("a federated user", () => {
  test("is not changed, because a PUT could hand it back to PingOne", async () => {
    const resource = await make({ ...MINIMAL, nickname: "A" });
    const { id } = stored(tenant);
    tenant.drift.federate(id, "SAML", OTHER_ENV);
    const message = await failure(resource.up({ ...MINIMAL, nickname: "B" }));
    expect(message).toContain(`external identity provider (SAML ${OTHER_ENV})`);
    expect(message).toContain("IDP_GUARD");
    expect(sent(tenant, "PUT")).toEqual([]);
    expect(stored(tenant).identityProvider.type).toBe("SAML");
  });

  test("may be read, found as declared, and deleted", async () => {
    const resource = await make({ ...MINIMAL, nickname: "A" });
    const { id } = stored(tenant);
    tenant.drift.federate(id, "PING_ONE", OTHER_ENV);
    tenant.drift.changeUser(id, { title: "T" });
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toMatchObject({ identityProvider: { id: OTHER_ENV } });
    await resource.up({ ...MINIMAL, nickname: "A", title: "T" });
    await resource.destroy();
    expect(() => stored(tenant)).toThrow();
  });
});

describe("a refresh", () => {
  test("never shows what the vendor, an administrator or another team does", async () => {
    const resource = await make(MINIMAL);
    const { id } = stored(tenant);
    tenant.drift.disable(id);
    tenant.drift.lock(id);
    tenant.drift.setField(id, { mfaEnabled: true, verifyStatus: "ENABLED", lifecycleStatus: "VERIFICATION_REQUIRED" });
    tenant.drift.changeUser(id, FOREIGN);
    expect(await resource.refresh()).toBe("same");
    expect(kept(resource).outputs).toMatchObject({
      enabled: false,
      account: { canAuthenticate: false, status: "LOCKED" },
      mfaEnabled: true,
      verifyStatus: "ENABLED",
      lifecycle: { status: "VERIFICATION_REQUIRED" },
    });
    expect(await resource.up(MINIMAL)).toBe("same");
  });

  test("keeps state small: nothing that changes by itself", async () => {
    const resource = await make(MINIMAL);
    tenant.drift.lock(stored(tenant).id);
    await resource.refresh();
    const text = JSON.stringify(kept(resource).outputs);
    for (const word of ["lastModified", "secondsUntilUnlock", "location", "schemas"]) expect(text).not.toContain(word);
  });
});
