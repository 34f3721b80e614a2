import { describe, expect, test } from "vitest";
import {
  bindTo,
  calls,
  count,
  EMPLOYEES,
  ENV,
  FULL,
  failure,
  HIDDEN,
  type Memory,
  MINIMAL,
  OTHER_ENV,
  PARTNERS,
  sent,
  startTenant,
  stored,
  up,
  useReset,
} from "./fixture";

const tenant = await startTenant();
useReset(tenant);

const USERS = /DirectMappedUsers$/;

describe("a create whose answer is lost", () => {
  test.each([
    ["after it was applied", "after", 1],
    ["before it was applied", "before", 0],
  ] as const)("%s is settled by looking, and never sent twice", async (_what, when, there) => {
    const { provider, waits } = bindTo(tenant);
    tenant.faults.add({ method: "POST", path: USERS, when, action: "drop" });
    const attempt = up(provider, FULL);
    if (there) {
      const { id, state } = await attempt;
      expect(id).toBe(`${ENV}/${stored(tenant).id}`);
      expect(state).toMatchObject(FULL);
      expect(calls(tenant)).toEqual(["POST users -", "POST users/.search 200"]);
      expect(tenant.requests.at(-1)?.body).toEqual({ filter: 'username eq "a.lovelace"', count: 200 });
    } else {
      expect(await failure(attempt)).toMatch(/No user of that username is there now.*IDP_LOST_ANSWER/);
      expect(waits).toEqual([0, 1000, 2000, 4000]);
      await up(provider, FULL);
    }
    expect(sent(tenant, "POST")).toHaveLength(there ? 1 : 2);
    expect(count(tenant)).toBe(1);
  });

  test.each([500, 502, 503, 504])("with %i after it was applied is settled by looking", async (status) => {
    const { provider } = bindTo(tenant);
    tenant.faults.add({ method: "POST", path: USERS, when: "after", action: { status } });
    await up(provider, MINIMAL);
    expect(sent(tenant, "POST")).toHaveLength(1);
    expect(count(tenant)).toBe(1);
  });

  test("that never comes is settled by looking", async () => {
    const { provider } = bindTo(tenant, { requestTimeoutSeconds: "1", concurrency: "9" });
    tenant.faults.add({ method: "POST", path: USERS, when: "after", action: "hang" });
    await up(provider, { ...MINIMAL, password: "Secret-1!" });
    expect(count(tenant)).toBe(1);
  });

  test("that is a gateway's page is settled by looking", async () => {
    const { provider } = bindTo(tenant);
    tenant.faults.add({ method: "POST", path: USERS, when: "after", action: { body: "<html>ok</html>", contentType: "text/html" } });
    await up(provider, MINIMAL);
    expect(count(tenant)).toBe(1);
  });

  test("is found although new users are not visible at once", async () => {
    const { provider, waits } = bindTo(tenant);
    tenant.switches.createLagMs = 2500;
    tenant.faults.add({ method: "POST", path: USERS, when: "after", action: "drop" });
    await up(provider, MINIMAL);
    expect(waits).toEqual([0, 1000, 2000]);
  });

  test("does not take over a user that was there before", async () => {
    tenant.load({
      environments: [{ ...tenant.dump().environments[0], users: [{ attributes: { username: "A.LOVELACE", title: "other" } }] }],
    });
    const { provider } = bindTo(tenant);
    tenant.faults.add({ method: "POST", path: USERS, when: "before", action: "drop" });
    const message = await failure(up(provider, MINIMAL));
    expect(message).toContain(`The username "a.lovelace" belongs to user ${stored(tenant, "A.LOVELACE").id} in population ${EMPLOYEES}`);
    expect(message).toContain("set adopt: true");
  });

  test("cannot choose a user by a filter that PingOne did not understand", async () => {
    tenant.load({ environments: [{ ...tenant.dump().environments[0], users: [{ attributes: { username: "somebody" } }] }] });
    const { provider } = bindTo(tenant);
    tenant.faults.add({ method: "POST", path: USERS, when: "before", action: "drop" });
    const body = { Resources: [{ id: "x", username: "somebody", population: { id: EMPLOYEES } }] };
    tenant.faults.add({
      path: /search/,
      times: 4,
      when: "before",
      action: { status: 200, body, headers: { "content-type": "application/json" } },
    });
    expect(await failure(up(provider, MINIMAL))).toContain("IDP_LOST_ANSWER");
  });
});

describe("a create after a run that was killed", () => {
  /** What such a run leaves: a user nobody's state knows, made by another process. */
  function leftover(attributes: object, age = 0) {
    const created = new Date(Date.now() - age).toISOString();
    const users = [{ attributes: { username: "a.lovelace", ...attributes }, created, lastModified: created }];
    tenant.load({ environments: [{ ...tenant.dump().environments[0], users }] });
  }

  test.each(["scim409", "native400"] as const)("takes over the user that is exactly what is declared (%s)", async (uniqueness) => {
    tenant.switches.uniqueness = uniqueness;
    leftover({ title: "Analyst" });
    const { provider, warnings } = bindTo(tenant);
    const { id } = await up(provider, { ...MINIMAL, title: "Analyst" });
    expect(id).toContain(stored(tenant).id);
    expect(warnings).toEqual([expect.stringContaining("as an interrupted run leaves it; it is taken over")]);
    expect(sent(tenant, "PUT")).toEqual([]);
  });

  test.each<[string, object, number]>([
    ["holds more than is declared", { title: "Analyst", nickname: "A" }, 0],
    ["holds less than is declared", {}, 0],
    ["is old", { title: "Analyst" }, 7200_000],
  ])("does not take over one that %s", async (_what, attributes, age) => {
    leftover(attributes, age);
    expect(await failure(up(bindTo(tenant).provider, { ...MINIMAL, title: "Analyst" }))).toMatch(
      /set adopt: true.*in aliases.*gives it up, run `pulumi up` again.*IDP_CONFLICT/,
    );
  });

  test("does not take over one in another population than declared", async () => {
    leftover({});
    expect(await failure(up(bindTo(tenant).provider, { ...MINIMAL, population: { id: PARTNERS } }))).toContain("IDP_CONFLICT");
  });

  test("does not take over the user of another resource of the program", async () => {
    const { provider } = bindTo(tenant);
    await up(provider, MINIMAL);
    expect(await failure(up(provider, MINIMAL))).toContain("Another resource of this program declares the same username; keep one of them");
  });

  test("does not guess when two resources of the program race for a username", async () => {
    const { provider } = bindTo(tenant);
    const outcomes = await Promise.allSettled([up(provider, MINIMAL), up(provider, MINIMAL), up(provider, MINIMAL)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(count(tenant)).toBe(1);
  });
});

describe("a uniqueness error", () => {
  test.each(["scim409", "native400"] as const)("names the user that holds the username, whatever its case (%s)", async (uniqueness) => {
    tenant.switches.uniqueness = uniqueness;
    const { provider } = bindTo(tenant);
    await up(provider, { ...MINIMAL, nickname: "first" });
    const message = await failure(up(provider, { ...MINIMAL, username: "A.Lovelace" }));
    expect(message).toContain(`belongs to user ${stored(tenant).id} in population ${EMPLOYEES}`);
    expect(message).toContain("IDP_CONFLICT");
    expect(message).toContain("Another resource of this program declares the same username");
  });

  test.each(["scim409", "native400"] as const)("explains the user that the worker cannot see (%s)", async (uniqueness) => {
    tenant.switches.uniqueness = uniqueness;
    await up(bindTo(tenant).provider, { ...MINIMAL, population: { id: HIDDEN } });
    const { provider } = bindTo(tenant, { clientId: "narrow", clientSecret: "narrow-secret" });
    const message = await failure(up(provider, MINIMAL));
    expect(message).toContain('No user with the username "a.lovelace" can be seen');
    expect(message).toContain("in a population that the worker cannot see: usernames are unique in the whole environment");
  });

  test("on another attribute that the environment marks unique shows which", async () => {
    const { provider } = bindTo(tenant);
    await up(provider, { ...MINIMAL, customAttributes: { badge: "7" } });
    const message = await failure(up(provider, { ...MINIMAL, username: "b", customAttributes: { badge: "7" } }));
    expect(message).toContain("badge is unique");
    expect(message).toContain("another attribute that the environment marks unique is in use");
  });

  test("of an update names the other user, and changes nothing", async () => {
    const { provider } = bindTo(tenant);
    await up(provider, { ...MINIMAL, username: "taken" });
    const own = await up(provider, MINIMAL);
    const message = await failure(up(provider, { ...MINIMAL, username: "taken" }, own));
    expect(message).toContain(`belongs to user ${stored(tenant, "taken").id}`);
    expect(message).toContain("Choose another one; if the program gives that user another one too, run `pulumi up` again");
    expect(stored(tenant).id).toBe(own.state.userId);
  });
});

describe("an update whose answer is lost", () => {
  test.each(["before", "after"] as const)("(%s it was applied) is settled by looking", async (when) => {
    const { provider } = bindTo(tenant);
    const own = await up(provider, MINIMAL);
    tenant.clearRequests();
    tenant.faults.add({ method: "PUT", when, action: "drop" });
    await up(provider, { ...MINIMAL, title: "T" }, own);
    expect(calls(tenant)).toEqual([
      "GET users/:id 200",
      "PUT users/:id -",
      "GET users/:id 200",
      ...(when === "before" ? ["PUT users/:id 200"] : []),
    ]);
    expect(stored(tenant).attributes.title).toBe("T");
  });

  test("does not undo what others wrote meanwhile", async () => {
    const { provider } = bindTo(tenant);
    const own = await up(provider, MINIMAL);
    tenant.faults.add({ method: "PUT", when: "before", action: { status: 503 } });
    const stop = tenant.onRequest(({ record, phase }) => {
      if (record.method === "PUT" && phase === "received" && stored(tenant).attributes.nickname === undefined)
        tenant.drift.changeUser(stored(tenant).id, { nickname: "by another team" });
    });
    await up(provider, { ...MINIMAL, title: "T" }, own);
    stop();
    expect(stored(tenant).attributes).toMatchObject({ title: "T", nickname: "by another team" });
  });

  test("again and again ends in an error that says so", async () => {
    const { provider } = bindTo(tenant);
    const own = await up(provider, MINIMAL);
    tenant.faults.add({ method: "PUT", times: 9, when: "before", action: { status: 500 } });
    expect(await failure(up(provider, { ...MINIMAL, title: "T" }, own))).toContain("IDP_LOST_ANSWER");
    expect(sent(tenant, "PUT")).toHaveLength(4);
  });
});

describe("a deletion", () => {
  const destroy = async (more: object = {}) => {
    const { provider } = bindTo(tenant);
    const own = await up(provider, MINIMAL);
    tenant.clearRequests();
    return { provider, own, run: () => provider.delete(own.id, { ...own.state, ...more }) };
  };

  test.each(["before", "after"] as const)("whose answer is lost (%s it was applied) ends well", async (when) => {
    const { run } = await destroy();
    tenant.faults.add({ method: "DELETE", when, action: "drop" });
    await run();
    expect(count(tenant)).toBe(0);
  });

  test("of a user that is gone is a success", async () => {
    const { run, own } = await destroy({ created: "2020-01-01T00:00:00Z" });
    tenant.drift.removeUser(String(own.state.userId));
    await run();
    expect(calls(tenant)).toEqual(["GET users/:id 404", "POST users/.search 200"]);
  });

  test("of a user that was just made and is not visible yet leaves none behind", async () => {
    const { run } = await destroy();
    tenant.switches.createLagMs = 1500;
    await run();
    expect(calls(tenant)).toEqual(["GET users/:id 404", "GET users/:id 404", "GET users/:id 200", "DELETE users/:id 204"]);
    expect(count(tenant)).toBe(0);
  });

  test("frees the username", async () => {
    const { run, provider } = await destroy();
    await run();
    await up(provider, MINIMAL);
    expect(count(tenant)).toBe(1);
  });

  test("of a user whose environment cannot be found is no success", async () => {
    const { run } = await destroy();
    tenant.drift.removeEnvironment(ENV);
    expect(await failure(run())).toMatch(/it is not known whether the user is gone.*pulumi state delete/);
  });

  test("in another region is refused before anything is sent", async () => {
    const { run } = await destroy({ region: "AP" });
    expect(await failure(run())).toMatch(/is in region AP, but the connection leads to EU.*IDP_WRONG_TENANT/);
    expect(calls(tenant)).toEqual([]);
  });
});

describe("a read", () => {
  const make = async () => {
    const { provider, waits } = bindTo(tenant);
    const own: Memory = await up(provider, MINIMAL);
    tenant.clearRequests();
    waits.length = 0;
    return { provider, waits, own, read: (state: object = own.state) => provider.read(own.id, { ...state }) };
  };

  test("believes that a user is gone only when a search of the environment works", async () => {
    const { read, own } = await make();
    tenant.drift.removeUser(String(own.state.userId));
    expect(await read({ ...own.state, created: "2020-01-01T00:00:00Z" })).toBeUndefined();
    expect(calls(tenant)).toEqual(["GET users/:id 404", "POST users/.search 200"]);
  });

  test.each<[string, () => void, RegExp]>([
    ["the environment is gone", () => tenant.drift.removeEnvironment(ENV), /Neither PingOne user .* nor its environment/],
    [
      "a proxy answers everything with 404",
      () => tenant.faults.add({ path: /environments/, times: 9, when: "before", action: { status: 404, body: "nope" } }),
      /IDP_CONTRACT/,
    ],
    [
      "the search is forbidden",
      () => tenant.faults.add({ path: /search/, when: "before", action: { status: 403 } }),
      /Identity Data Admin.*IDP_FORBIDDEN/,
    ],
    ["the worker may not see it", () => Object.assign(tenant.switches, { invisibleStatus: 403 }), /IDP_FORBIDDEN/],
  ])("is an error when %s", async (what, break_, words) => {
    const { read, own } = await make();
    if (what.startsWith("the worker")) tenant.drift.movePopulation(String(own.state.userId), HIDDEN);
    else if (!what.startsWith("the env") && !what.startsWith("a proxy")) tenant.drift.removeUser(String(own.state.userId));
    break_();
    const { provider } = bindTo(tenant, { clientId: "narrow", clientSecret: "narrow-secret" });
    expect(await failure(what.startsWith("the worker") ? provider.read(own.id, own.state) : read())).toMatch(words);
  });

  test("waits a little for a user that was just created", async () => {
    const { read, waits } = await make();
    tenant.switches.createLagMs = 1000;
    expect(await read()).toBeDefined();
    expect(waits).toEqual([500, 1500]);
  });

  test("trusts the search when it still finds the user", async () => {
    const { read } = await make();
    tenant.faults.add({ method: "GET", times: 3, when: "before", action: { status: 404 } });
    expect(await read()).toBeDefined();
  });

  test("of an id alone gives everything a program would have to say", async () => {
    const { provider } = bindTo(tenant);
    const { id } = await up(provider, FULL);
    const found = await provider.read(id, {});
    expect(found?.inputs).toEqual(FULL);
    expect(await provider.read(id.toUpperCase(), {})).toEqual(found);
    const minimal = await up(provider, { ...MINIMAL, environmentId: OTHER_ENV });
    expect((await provider.read(minimal.id, {}))?.inputs).toMatchObject({ environmentId: OTHER_ENV, username: "a.lovelace" });
  });

  test.each(["x", ENV, `${ENV}/x`, `${ENV}/${PARTNERS}/x`])("of the id %s explains the form", async (id) => {
    expect(await failure(bindTo(tenant).provider.read(id, {}))).toContain("Write <environmentId>/<userId>, two UUIDs with a slash between");
  });
});
