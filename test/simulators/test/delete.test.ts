import { expect, test } from "vitest";
import type { SailPointSwitches } from "../src/index.js";
import { CONTRACTORS, call, code, EMPLOYEES } from "./support.js";

const profiles = "/beta/identity-profiles";
const path = `${profiles}/${EMPLOYEES}`;

test("a deletion is a task: until it ends the profile stays readable and its source bound", async () => {
  const { tenant, get, post, delete: remove } = await call({ taskDelayMs: 600_000 });
  const accepted = await remove(path);
  expect(accepted).toMatchObject({
    status: 202,
    body: { id: expect.stringMatching(/^[0-9a-f]{32}$/), completed: null, completionStatus: null, launcher: "support" },
  });
  expect(accepted.body.launched).toMatch(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d GMT \d{4}$/);

  const task = `/beta/task-status/${accepted.body.id}`;
  tenant.clock.advance(300_000);
  expect((await get(task)).body).toMatchObject({
    completionStatus: null,
    completed: null,
    percentComplete: expect.toSatisfy((percent) => percent >= 49 && percent < 60),
    type: "QUARTZ",
  });
  expect((await get(path)).status).toBe(200);
  const successor = { name: "Successor", authoritativeSource: { id: "hr" } };
  expect(code(await post(profiles, successor))).toBe("400.1.409");

  tenant.clock.advance(300_000);
  expect((await get(task)).body).toMatchObject({
    completionStatus: "SUCCESS",
    completed: expect.any(String),
    percentComplete: 100,
    messages: [],
  });
  expect((await get(path)).status).toBe(404);
  expect((await remove(path)).status).toBe(404);
  expect((await post(profiles, successor)).status).toBe(201);
});

test("a second DELETE while the task runs is accepted and names the same task", async () => {
  const { delete: remove } = await call({ taskDelayMs: 600_000 });
  const [first, second] = [await remove(path), await remove(path)];
  expect(second.status).toBe(202);
  expect(second.body.id).toBe(first.body.id);
});

test.each([
  ["error", "ERROR", 200],
  ["temperror", "TEMPERROR", 200],
  ["terminated", "TERMINATED", 200],
  ["warning", "WARNING", 404],
] as [SailPointSwitches["task"], string, number][])(
  "with the switch task=%s it ends as %s, and the profile answers %i",
  async (task, status, after) => {
    const { tenant, get, delete: remove } = await call({ taskDelayMs: 60_000, switches: { task } });
    const { id } = (await remove(path)).body;
    expect((await get(`/beta/task-status/${id}`)).body).toMatchObject({ completionStatus: null, messages: [] });
    tenant.clock.advance(60_000);
    const { body } = await get(`/beta/task-status/${id}`);
    expect(body).toMatchObject({
      completionStatus: status,
      messages: [{ type: status === "WARNING" ? "WARN" : "ERROR", localizedText: { message: expect.any(String) } }],
    });
    expect((await get(path)).status).toBe(after);
  },
);

test("with task=never it stays unfinished, and a later deletion starts a new task", async () => {
  const { tenant, get, delete: remove } = await call({ switches: { task: "never" } });
  const { id } = (await remove(path)).body;
  tenant.clock.advance(3_600_000);
  expect((await get(`/beta/task-status/${id}`)).body).toMatchObject({ completionStatus: null, completed: null });
  expect((await get(path)).status).toBe(200);
  tenant.switches.task = "success";
  expect((await remove(path)).body.id).not.toBe(id);
  expect((await get(path)).status).toBe(404);
});

test.each([
  ["notFound", 404],
  ["forbidden", 403],
] as [SailPointSwitches["task"], number][])(
  "with task=%s the status answers %i with an empty body, while the deletion succeeds",
  async (task, status) => {
    const { get, delete: remove } = await call({ switches: { task } });
    const { id } = (await remove(path)).body;
    expect(await get(`/beta/task-status/${id}`)).toMatchObject({ status, body: "" });
    expect((await get(path)).status).toBe(404);
  },
);

test("a profile may stay readable for a while after its task has ended", async () => {
  const { tenant, get, delete: remove } = await call({ switches: { deleteLagMs: 60_000 } });
  const { id } = (await remove(path)).body;
  expect((await get(`/beta/task-status/${id}`)).body.completionStatus).toBe("SUCCESS");
  expect((await get(path)).status).toBe(200);
  tenant.clock.advance(60_000);
  expect((await get(path)).status).toBe(404);
});

test("the answer may leave the task out", async () => {
  const { delete: remove } = await call({ switches: { deleteNamesTask: false } });
  expect(await remove(path)).toMatchObject({ status: 202, body: {} });
});

test("the task status may be spelled in title case", async () => {
  const { get, delete: remove } = await call({ switches: { taskStatusCase: "title", task: "temperror" } });
  const { id } = (await remove(path)).body;
  expect((await get(`/beta/task-status/${id}`)).body.completionStatus).toBe("TempError");
});

test("a task is forgotten after 90 days", async () => {
  const { tenant, get, delete: remove } = await call({ tokenLifetimeSeconds: 1e8 });
  const { id } = (await remove(path)).body;
  tenant.clock.advance(91 * 24 * 3600 * 1000);
  expect((await get(`/beta/task-status/${id}`)).status).toBe(404);
});

test("a task that is done does not delete what is loaded later", async () => {
  const { tenant, get, delete: remove } = await call();
  const { profiles: before } = tenant.dump();
  await remove(path);
  tenant.load({ ...tenant.dump(), profiles: before });
  expect((await get(path)).status).toBe(200);
});

test("the task list shows completed tasks only and can be filtered", async () => {
  const { tenant, get, delete: remove } = await call({ taskDelayMs: 60_000 });
  const { id } = (await remove(path)).body;
  expect((await get("/beta/task-status")).body).toEqual([]);
  tenant.clock.advance(60_000);
  expect((await get('/beta/task-status?filters=completionStatus eq "Success"')).body).toMatchObject([{ id }]);
  expect((await get('/beta/task-status?filters=completionStatus eq "Error"')).body).toEqual([]);
});

test("a bulk deletion is one task for all profiles", async () => {
  const { tenant, get, post } = await call({ taskDelayMs: 60_000 });
  const { status, body } = await post(`${profiles}/bulk-delete`, [EMPLOYEES, CONTRACTORS]);
  expect([status, body.completionStatus]).toEqual([202, null]);
  expect(tenant.dump()).toMatchObject({ profiles: { length: 2 }, tasks: { length: 1 } });
  tenant.clock.advance(60_000);
  expect((await get(`/beta/task-status/${body.id}`)).body.completionStatus).toBe("SUCCESS");
  expect(tenant.dump().profiles).toEqual([]);
});

test("a bulk deletion with an unknown id ends with a warning and removes the rest", async () => {
  const { tenant, get, post } = await call();
  const { body } = await post(`${profiles}/bulk-delete`, [EMPLOYEES, "none"]);
  expect((await get(`/beta/task-status/${body.id}`)).body.completionStatus).toBe("WARNING");
  expect(tenant.dump().profiles.map(({ id }) => id)).toEqual([CONTRACTORS]);
  expect((await post(`${profiles}/bulk-delete`, { ids: [] })).status).toBe(400);
});
