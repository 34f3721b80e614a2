import { expect, test } from "vitest";
import { type Caller, call, EMPLOYEES } from "./support.js";

const path = `/beta/identity-profiles/${EMPLOYEES}`;

/** The caller's tenant, steered from outside and without a token. */
function control({ tenant }: Caller) {
  return async (method: string, route: string, body?: unknown) => {
    const answer = await fetch(`${tenant.url}/_simulator/${route}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    return { status: answer.status, body: await answer.json() };
  };
}

test("control requests need no token and leave no trace in the log", async () => {
  const caller = await call();
  const steer = control(caller);
  expect((await steer("GET", "requests")).body).toMatchObject([{ path: "/oauth/token" }]);
  await steer("DELETE", "requests");
  expect((await steer("GET", "requests")).body).toEqual([]);
});

test("state can be dumped and loaded", async () => {
  const caller = await call();
  const steer = control(caller);
  const dump = (await steer("GET", "dump")).body as { profiles: unknown[] };
  expect(dump).toEqual(JSON.parse(JSON.stringify(caller.tenant.dump())));
  await steer("POST", "load", { ...dump, profiles: [] });
  expect((await caller.get(path)).status).toBe(404);
});

test("switches can be read and set, and a misspelt one is refused", async () => {
  const caller = await call();
  const steer = control(caller);
  expect((await steer("PATCH", "switches", { conflictStatus: 409 })).body).toMatchObject({ conflictStatus: 409 });
  expect(caller.tenant.switches.conflictStatus).toBe(409);
  const refused = await steer("PATCH", "switches", { conflictstatus: 409 });
  expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining("no switch conflictstatus") } });
});

test("faults can be armed, listed and cleared", async () => {
  const caller = await call();
  const steer = control(caller);
  await steer("POST", "faults", { path: "identity-profiles", times: null, when: "before", action: { status: 503 } });
  expect((await caller.get(path)).status).toBe(503);
  expect((await caller.get(path)).status).toBe(503);
  expect((await steer("GET", "faults")).body).toMatchObject([{ path: "identity-profiles", when: "before" }]);
  await steer("DELETE", "faults");
  expect((await caller.get(path)).status).toBe(200);
  expect((await steer("POST", "faults", { action: "drop" })).status).toBe(400);
});

test("drift hooks take their arguments as an array", async () => {
  const caller = await call();
  const steer = control(caller);
  await steer("POST", "drift/renameSource", ["hr", "Personnel"]);
  await steer("POST", "drift/changeProfile", [EMPLOYEES, { description: "by hand" }]);
  expect((await caller.get(path)).body).toMatchObject({ description: "by hand", authoritativeSource: { name: "Personnel" } });
  expect((await steer("POST", "drift/nonsense", [])).body).toMatchObject({ error: expect.stringContaining("renameSource") });
  expect((await steer("POST", "drift/removeProfile", ["none"])).status).toBe(400);
});

test("the clock can be moved", async () => {
  const caller = await call({ tokenLifetimeSeconds: 60 });
  await control(caller)("POST", "clock", { advanceMs: 61_000 });
  expect((await caller.get(path)).status).toBe(401);
});

test("reset brings back the state, the switches and the empty log of the start", async () => {
  const caller = await call({ switches: { task: "error" }, rateLimit: { limit: 1, windowMs: 100_000, kind: "sliding" } });
  const steer = control(caller);
  await caller.get(path);
  caller.tenant.drift.removeProfile(EMPLOYEES);
  caller.tenant.switches.task = "never";
  caller.tenant.faults.add({ when: "before", action: "drop" });
  await steer("POST", "reset");
  expect(caller.tenant.requests).toEqual([]);
  expect(caller.tenant.switches.task).toBe("error");
  expect((await caller.get(path)).status).toBe(200);
});

test("a body that is no JSON is refused and changes nothing", async () => {
  const { tenant } = await call();
  const answer = await fetch(`${tenant.url}/_simulator/clock`, {
    method: "POST",
    body: "{",
    headers: { "content-type": "application/json" },
  });
  expect(answer.status).toBe(400);
  expect(tenant.clock.now()).toBeGreaterThan(0);
});
