import { describe, expect, onTestFinished, test } from "vitest";
import type { Props } from "../harness/rpc";
import { bindTo, calls, failure, HR, kept, MINIMAL, PARTNERS, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

/** A profile that the engine knows. The log begins after its creation. */
async function profile(inputs: Props = MINIMAL) {
  const resource = host.resource();
  await resource.up(inputs);
  tenant.clearRequests();
  return resource;
}

/** A profile that is deleted in this process, where waiting moves the tenant's clock. */
async function deletion(more: Record<string, string> = {}) {
  const bound = bindTo(tenant, more);
  const { id, state } = await bound.provider.create(bound.provider.check(MINIMAL).inputs);
  tenant.clearRequests();
  return { ...bound, id, run: (patience = {}) => bound.provider.delete(id, state, patience) };
}

const names = () => tenant.dump().profiles.map(({ name }) => name);

describe("a delete", () => {
  test("starts the deletion, waits for its task, and makes sure that the profile is gone", async () => {
    const resource = await profile();
    await resource.destroy();
    expect(calls(tenant)).toEqual([
      "GET /identity-profiles/:id 200",
      "DELETE /identity-profiles/:id 202",
      "GET /task-status/:id 200",
      "GET /identity-profiles/:id 404",
    ]);
    expect(tenant.requests.find(({ path }) => path.includes("task-status"))?.path).toBe(`/beta/task-status/${tenant.dump().tasks[0]?.id}`);
    expect(names()).toEqual([]);
  });

  test("asks again after 1 s, then half as long again each time, up to 10 s, and says how far it is", async () => {
    tenant.switches.taskDelayMs = 60_000;
    const { run, waits, progress } = await deletion();
    await run();
    expect(waits).toEqual([1000, 1500, 2250, 3375, 5062.5, 7593.75, 10_000, 10_000, 10_000, 10_000]);
    expect(tenant.count({ path: /task-status/ })).toBe(11);
    expect(tenant.count({ method: "GET", path: /identity-profiles/ }), "the profile is not asked for while its task runs").toBe(2);
    expect(progress.at(-1)).toMatch(/^Deleting identity profile "Employees": \d+ %$/);
    expect(names()).toEqual([]);
  });

  test("of a profile that is gone already is a success", async () => {
    const resource = await profile();
    tenant.drift.removeProfile(kept(resource).id);
    await resource.destroy();
    expect(calls(tenant)).toEqual(["GET /identity-profiles/:id 404"]);
  });

  test("of a profile that somebody deletes at the same moment is a success", async () => {
    const resource = await profile();
    tenant.faults.add({ method: "DELETE", when: "before", action: { status: 404 } });
    const gone = kept(resource).id;
    onTestFinished(
      tenant.onRequest(({ record, phase }) => {
        if (record.method === "DELETE" && phase === "received") tenant.drift.removeProfile(gone);
      }),
    );
    await resource.destroy();
    expect(calls(tenant)).toEqual([
      "GET /identity-profiles/:id 200",
      "DELETE /identity-profiles/:id 404",
      "GET /identity-profiles/:id 404",
    ]);
  });

  test.each(["after", "before"] as const)(
    "whose answer is lost is sent again, which does no harm: dropped %s it took effect",
    async (when) => {
      const resource = await profile();
      tenant.faults.add({ method: "DELETE", when, action: "drop" });
      await resource.destroy();
      expect(tenant.count({ method: "DELETE" })).toBe(2);
      expect(names()).toEqual([]);
      expect(resource.state).toBeUndefined();
    },
  );

  test("goes on although the profile stays readable for a while after its task has ended", async () => {
    tenant.switches.deleteLagMs = 8000;
    const { run, waits } = await deletion();
    await run();
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(20_000);
    expect(tenant.count({ path: /task-status/ }), "an ended task is not asked for again").toBe(1);
    expect(names()).toEqual([]);
  });

  test("fails when the profile is still there half a minute after its task has ended", async () => {
    tenant.switches.deleteLagMs = 600_000;
    const { run, waits } = await deletion();
    expect(await failure(run())).toMatch(/is still there \d+ s after its deletion began \(task [0-9a-f]{32}\)/);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(45_000);
  });

  test("accepts a status in either case", async () => {
    tenant.switches.taskStatusCase = "title";
    await (await profile()).destroy();
    expect(names()).toEqual([]);
  });

  test("takes a task that ends with a warning for a success", async () => {
    tenant.switches.task = "warning";
    await (await profile()).destroy();
    expect(names()).toEqual([]);
  });

  test.each(["error", "temperror", "terminated"] as const)(
    "whose task ends with %s fails with the task's messages and keeps the state",
    async (task) => {
      tenant.switches.task = task;
      const resource = await profile();
      const before = kept(resource);
      const message = await failure(resource.destroy());
      expect(message).toContain(`ended with ${task.toUpperCase()}: Identity profile ${before.id} could not be deleted`);
      expect(message).toContain("stays in state");
      expect(message).toContain("IDP_TASK");
      expect(resource.state).toBe(before);
      expect(names()).toEqual(["Employees"]);

      tenant.switches.task = "success";
      await resource.destroy();
      expect(names()).toEqual([]);
    },
  );

  test("whose task never ends gives up after 5 minutes", async () => {
    tenant.switches.task = "never";
    const { run, waits } = await deletion();
    const message = await failure(run());
    expect(message).toMatch(/"Employees" \([0-9a-f]{32}\) is still there 300 s after its deletion began \(task [0-9a-f]{32}\)/);
    expect(message).toContain("customTimeouts.delete");
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(299_000);
    expect(names()).toEqual(["Employees"]);
  });

  test("gives up sooner when customTimeouts says so", async () => {
    tenant.switches.task = "never";
    const resource = await profile({ ...MINIMAL, timeouts: { delete: "2s" } });
    expect(await failure(resource.destroy())).toContain("is still there");
    expect(resource.state).toBeDefined();
  });

  test("waits longer when customTimeouts says so", async () => {
    tenant.switches.taskDelayMs = 20 * 60_000;
    const { run } = await deletion();
    await run({ timeoutMs: 30 * 60_000 });
    expect(names()).toEqual([]);
  });
});

describe("without a task to watch, a delete looks at the profile itself", () => {
  test.each(["forbidden", "notFound"] as const)("because watching is %s", async (task) => {
    tenant.switches.task = task;
    tenant.switches.taskDelayMs = 5000;
    const { run } = await deletion();
    await run();
    expect(tenant.count({ path: /task-status/ }), "it is tried once").toBe(1);
    expect(names()).toEqual([]);
  });

  test("because the answer names none", async () => {
    tenant.switches.deleteNamesTask = false;
    tenant.switches.taskDelayMs = 5000;
    const { run } = await deletion();
    await run();
    expect(tenant.count({ path: /task-status/ })).toBe(0);
    expect(names()).toEqual([]);
  });

  test("because version v3 has none", async () => {
    tenant.switches.taskDelayMs = 5000;
    const { run } = await deletion({ apiVersion: "v3" });
    await run();
    expect(tenant.count({ path: /task-status/ })).toBe(0);
    expect(names()).toEqual([]);
  });

  test("and gives up after its patience all the same", async () => {
    tenant.switches.task = "notFound";
    tenant.switches.taskDelayMs = 3_600_000;
    const { run } = await deletion();
    expect(await failure(run({ timeoutMs: 60_000 }))).toContain("is still there");
  });
});

describe("only the vendor's own 404 means gone", () => {
  const elsewhere = { status: 404, body: "<html><h1>Nothing here</h1></html>", headers: { "content-type": "text/html" } };

  test("before a delete", async () => {
    const resource = await profile();
    tenant.faults.add({ method: "GET", when: "before", action: elsewhere });
    expect(await failure(resource.destroy())).toContain("check the base URL");
    expect(tenant.count({ method: "DELETE" })).toBe(0);
    expect(resource.state).toBeDefined();
  });

  test("while it waits", async () => {
    tenant.switches.task = "never";
    tenant.switches.deleteNamesTask = false;
    const resource = await profile();
    tenant.faults.add({ method: "GET", skip: 1, when: "before", action: elsewhere });
    expect(await failure(resource.destroy())).toContain("check the base URL");
    expect(resource.state).toBeDefined();
  });

  test("in answer to the delete itself", async () => {
    tenant.switches.task = "never";
    const resource = await profile({ ...MINIMAL, timeouts: { delete: "10ms" } });
    tenant.faults.add({ method: "DELETE", when: "before", action: elsewhere });
    await failure(resource.destroy());
    expect(resource.state).toBeDefined();
    expect(names()).toEqual(["Employees"]);
  });
});

describe("a profile with identities", () => {
  test("is not deleted unless forceDelete says so, and the error says how many would lose it", async () => {
    const resource = await profile();
    tenant.drift.setIdentityCount(kept(resource).id, 42);
    const message = await failure(resource.destroy());
    expect(message).toContain('Identity profile "Employees"');
    expect(message).toContain("42 identities belong to it");
    expect(message).toContain("forceDelete: true");
    expect(message).toContain("IDP_GUARD");
    expect(calls(tenant)).toEqual(["GET /identity-profiles/:id 200"]);
    expect(resource.state).toBeDefined();
  });

  test("is deleted when forceDelete was applied before", async () => {
    const resource = await profile();
    tenant.drift.setIdentityCount(kept(resource).id, 42);
    expect(await resource.up({ ...MINIMAL, forceDelete: true })).toBe("update");
    expect(tenant.count({ method: "PATCH" }), "the switch is no property of the profile").toBe(0);
    await resource.destroy();
    expect(names()).toEqual([]);
  });

  test("counts as it is now, not as state remembers it", async () => {
    const resource = await profile();
    tenant.drift.setIdentityCount(kept(resource).id, 42);
    await resource.refresh();
    tenant.drift.setIdentityCount(kept(resource).id, 0);
    await resource.destroy();
    expect(names()).toEqual([]);
  });

  test("is not replaced either", async () => {
    const inputs = { ...MINIMAL, changeSourceBy: "replace" };
    const resource = await profile(inputs);
    tenant.drift.setIdentityCount(kept(resource).id, 42);
    const after = { ...inputs, authoritativeSource: { id: PARTNERS.id } };
    expect(await failure(resource.up(after))).toContain("42 identities belong to it");
    expect(stored(tenant).authoritativeSource.id).toBe(HR.id);
    // forceDelete counts once it is in state, so it cannot be slipped in with the change that it is to protect from.
    expect(await failure(resource.up({ ...after, forceDelete: true }))).toContain("42 identities belong to it");
    await resource.up({ ...inputs, forceDelete: true });
    expect(await resource.up({ ...after, forceDelete: true })).toBe("replace");
    expect(stored(tenant).authoritativeSource.id).toBe(PARTNERS.id);
  });
});

test("a replacement waits until the old profile is gone, because it holds the name and the source until then", async () => {
  tenant.switches.taskDelayMs = 300;
  const inputs = { ...MINIMAL, renameBy: "replace" };
  const resource = await profile(inputs);
  const old = kept(resource).id;
  expect(await resource.up({ ...inputs, name: "Staff" })).toBe("replace");
  expect(kept(resource).id).not.toBe(old);
  expect(names()).toEqual(["Staff"]);
  const methods = tenant.requests.map(({ method, path, status }) => `${method} ${path.includes("task") ? "task" : "profile"} ${status}`);
  expect(methods.slice(-2)).toEqual(["GET profile 404", "POST profile 201"]);
});

test("a deletion that is refused shows the vendor's words and keeps the state", async () => {
  const resource = await profile();
  const body = { detailCode: "400.2.1.0 Object in use by another", trackingId: "abc", causes: [{ text: "A role uses it." }] };
  tenant.faults.add({ method: "DELETE", when: "before", action: { status: 400, body, headers: { "content-type": "application/json" } } });
  const message = await failure(resource.destroy());
  expect(message).toContain("400.2.1.0 Object in use by another, A role uses it");
  expect(message).toContain("tracking id abc");
  expect(resource.state).toBeDefined();
});

test.each([
  ["beta", "idn:identity-profile:delete"],
  ["v2025", "idn:identity-profile:manage"],
])("a deletion that is forbidden names the right that version %s asks for", async (apiVersion, scope) => {
  const { run } = await deletion({ apiVersion });
  tenant.switches.scopes = ["idn:identity-profile:read"];
  expect(await failure(run())).toContain(`the scope ${scope}`);
});
