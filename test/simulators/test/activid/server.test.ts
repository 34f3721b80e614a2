import { describe, expect, test } from "vitest";
import { askForToken, call, MARIA, start } from "./support.js";

describe("the token endpoint", () => {
  test("reads an encoded Basic header and answers an opaque token", async () => {
    const tenant = await start({ switches: { tokenLifetimeSeconds: 50 } });
    const answer = await askForToken(tenant);
    expect(await answer.json()).toEqual({ access_token: expect.stringMatching(/[+/=]/), token_type: "Bearer", expires_in: 50 });
    expect(JSON.stringify(tenant.requests)).not.toContain("secret+");
  });

  test("refuses with 400, misreads what is not encoded, and locks the client after three", async () => {
    const tenant = await start({ clients: [{ clientId: "client", clientSecret: "percent%41" }] });
    for (const _ of [1, 2, 3]) expect((await askForToken(tenant, tenant.credentials, String)).status).toBe(400);
    const locked = await askForToken(tenant);
    expect([locked.status, await locked.json()]).toEqual([400, { error: "invalid_client", error_description: "The client is locked" }]);
    tenant.reset();
    expect((await askForToken(tenant)).status).toBe(200);
  });

  test("takes credentials in the form from clients that are registered for it, and only from them", async () => {
    const inForm = async (authMethod: "client_secret_basic" | "client_secret_post") => {
      const tenant = await start({ clients: [{ clientId: "client", clientSecret: "in-the-form", authMethod }] });
      const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "client", client_secret: "in-the-form" });
      const { status } = await fetch(`${tenant.url}/idp/ACME/authn/token`, { method: "POST", body });
      expect(JSON.stringify(tenant.requests)).not.toContain("in-the-form");
      return [status, (await askForToken(tenant)).status];
    };
    expect(await inForm("client_secret_post")).toEqual([200, 400]);
    expect(await inForm("client_secret_basic")).toEqual([400, 200]);
  });

  test("gives tokens that end, and that some clients may not use", async () => {
    const { send, tenant } = await call({ clients: [{ clientId: "a", clientSecret: "b", privileged: false }] });
    expect((await send("GET", "/Users")).status).toBe(403);
    tenant.clock.advance(3_600_000);
    expect(await send("GET", "/Users")).toMatchObject({ status: 401, body: { status: "401" } });
    expect((await fetch(`${tenant.url}/scim/ACME/v2/ServiceProviderConfig`)).status).toBe(200);
  });
});

describe("a search", () => {
  const users = Array.from({ length: 130 }, (_, index) => ({
    id: String(index + 1),
    externalId: `user${index + 1}`,
    roles: index === 0 ? ["RL_AUDITV"] : [],
  }));
  const ldap = { id: "0", externalId: "ldap1", userType: "LDAP" as const };
  const search = async (body: object, query = "") => {
    const { send } = await call({ seed: { users: [...users, ldap] } });
    return send("POST", `/Users/.search${query}`, { attributes: ["externalId"], ...body });
  };

  test.each<[string, number]>([
    ['externalId eq "user7"', 1],
    ["EXTERNALID eq user7", 1],
    ['externalId eq "USER7"', 1],
    ['externalId eq "user1*"', 42],
    ["externalId sw user12", 11],
    ["externalId ew r9", 1],
    ["externalId co ser13", 2],
    ["externalId pr", 130],
    ['(role eq "RL_AUDITV") and groups.value eq USG_FTEMP', 1],
    ['role eq "RL_AUDITV" and externalId eq user2', 0],
  ])("finds by %s", async (filter, total) => {
    expect((await search({ filter })).body.totalResults).toBe(total);
  });

  test.each<[string, object]>([
    ["userType without repositories", { filter: "userType eq LDAP" }],
    ["an unknown attribute", { filter: "shoe eq 1" }],
    ["an operator of another attribute", { filter: "groups.value sw U" }],
    ["bad syntax", { filter: "(externalId eq a" }],
    ["both lists of attributes", { excludedAttributes: ["roles"] }],
    ["a start in repositories", { searchRepositories: true, startIndex: 1 }],
  ])("refuses %s", async (_what, body) => {
    expect((await search(body)).status).toBe(400);
  });

  test("gives 100 at most, and 0 is the first as well as 1", async () => {
    const { body } = await search({ count: 500, startIndex: 0 });
    expect(body).toMatchObject({ totalResults: 130, itemsPerPage: 100, startIndex: 1 });
    expect(body.resources[0]).toEqual({ id: "1", externalId: "user1" });
    expect((await search({ startIndex: 101 })).body.resources).toHaveLength(30);
  });

  test("of repositories shows users who are not bound, with the id 0 and without roles", async () => {
    const { body } = await search({
      filter: "userType eq LDAP",
      searchRepositories: true,
      attributes: undefined,
      excludedAttributes: ["x"],
    });
    expect(body.resources).toMatchObject([{ id: "0", userType: "LDAP" }]);
    expect(body.resources[0]).not.toHaveProperty("roles");
  });

  test("sorts from version 7 on, and shows little unless it is asked for more", async () => {
    const sort = { sortBy: "id", sortOrder: "descending", attributes: undefined };
    expect((await search(sort)).body.resources[0]).toMatchObject({ id: "1" });
    const { body } = await search(sort, "?api-version=7");
    expect(Object.keys(body.resources[0])).toEqual(["id", "meta"]);
    expect(body.resources[0].id).toBe("130");
  });

  test("answers at all three routes", async () => {
    const { send } = await call({ seed: { users } });
    const filter = `filter=${encodeURIComponent('externalId eq "user3"')}`;
    for (const path of [`/Users?${filter}`, `/Users/.search?${filter}`])
      expect((await send("GET", path)).body.resources).toMatchObject([{ id: "3" }]);
  });
});

describe("an import", () => {
  const list = (...ids: string[]) => ({
    users: ids.map((externalId) => ({ ...MARIA, groups: undefined, externalId })),
    group: { value: "USG_FTEMP" },
  });

  test("runs in ticks, one job after the other, with counters that come and go", async () => {
    const { send, tenant } = await call({ switches: { importPerTick: 1, importFails: ["b"] } });
    const first = (await send("POST", "/Users/.import", list("a", "b"))).body.correlationId;
    const second = (await send("POST", "/Users/.import", list("a"))).body.correlationId;
    const status = async (id: string) => (await send("GET", `/Users/.import/${id}`)).body;
    expect(await status(first)).toMatchObject({ status: "importing", importSize: 2, nbProcessed: 0 });
    tenant.clock.advance(10_000);
    expect(await status(first)).toMatchObject({ status: "importing", nbProcessed: 1 });
    expect(await status(second)).toMatchObject({ status: "importing", nbProcessed: 0 });
    tenant.clock.advance(20_000);
    const done = await status(first);
    expect(done).toMatchObject({ status: "done", nbFailed: 1, nbAlreadyExisted: 0, nbImported: 1 });
    expect(done).not.toHaveProperty("nbProcessed");
    expect(await status(second)).toMatchObject({ status: "done", nbAlreadyExisted: 1 });
  });

  test("makes users as the api-version says that it was started with", async () => {
    const { send, tenant } = await call();
    const ann = { ...MARIA, groups: undefined, userName: "ann" };
    await send("POST", "/Users/.import?api-version=4", { ...list(), users: [ann, { ...ann, externalId: "x", userName: undefined }] });
    tenant.clock.advance(10_000);
    expect((await send("GET", "/Users/.import/700")).body).toMatchObject({ nbImported: 1, nbFailed: 1 });
    expect(tenant.dump().users).toMatchObject([{ externalId: "mlopez", userName: "ann" }]);
  });

  test("that is lost stands still, or is not known any more", async () => {
    const { send, tenant } = await call();
    await send("POST", "/Users/.import", list("a"));
    tenant.drift.loseJobs();
    tenant.clock.advance(100_000);
    expect((await send("GET", "/Users/.import/700")).body).toMatchObject({ status: "importing", nbProcessed: 0 });
    tenant.switches.lostJob = "notFound";
    expect((await send("GET", "/Users/.import/700")).status).toBe(404);
  });

  test.each<[string, object]>([
    ["no users", { users: [] }],
    ["an unknown group", { group: { value: "x" } }],
    ["a role per user", { users: [{ ...MARIA, roles: [] }] }],
  ])("refuses %s", async (_what, rest) => {
    const { send } = await call();
    expect((await send("POST", "/Users/.import", { ...list("a"), ...rest })).status).toBe(400);
  });
});

test("what one tenant dumps another loads, and a misspelt seed is refused", async () => {
  const { send, tenant } = await call();
  await send("POST", "/Users", MARIA);
  const dump = tenant.dump();
  const other = await start({ seed: dump });
  expect(other.dump()).toEqual(dump);
  await expect(start({ seed: { user: [] } as never })).rejects.toThrow("seed: unknown user");
});
