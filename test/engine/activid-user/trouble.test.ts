import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { FEDERATED, MINIMAL } from "../../activid/fixture.js";
import { CLIENT_SECRET, killed, openScene, resource } from "./scene.js";

const user = (name: string, args: object) => resource("ActivIdUser", name, args);

test("explains a conflict or a bad id, finishes a half-made object, waits as told when throttled, keeps a secret secret", async () => {
  const maria = (device: string) => user("maria", { ...MINIMAL, devices: [{ value: device }] });
  const others = [
    user("late", { ...MINIMAL, externalId: "taken", title: "Engineer" }),
    user("nobody", { ...MINIMAL, externalId: "nobody", adopt: { id: "77" } }),
  ];
  await using scene = await openScene([maria("999"), ...others].join("\n"), {
    seed: { users: [{ id: "300", externalId: "taken", active: false }] },
    env: { ACTIVID_CLIENT_SECRET: "" },
    config: { "activid:clientSecret": { secret: CLIENT_SECRET } },
  });
  const { stack, tenant } = scene;
  const failed = await stack.up({ args: ["--continue-on-error"] });
  expect(failed.code).not.toBe(0);
  expect(failed.stdout).toContain("User 300 has that externalId, and is disabled. To take the user over, set adopt: true or adopt: { id }");
  expect(failed.stdout).toContain("There is no user 77 to adopt. Correct adopt.id, or remove adopt to create it");
  expect(failed.stdout).toContain("Device 999 is unknown");
  expect(failed.stdout).toContain("the next `pulumi up` finishes the rest");
  const [kept, ...more] = await stack.resources();
  expect(more).toEqual([]);
  expect(kept).toMatchObject({ initErrors: [expect.any(String)], outputs: { __provider: kept?.inputs.__provider } });
  expect(kept?.outputs).not.toHaveProperty("devices");

  const WAIT_MS = 2000;
  tenant.faults.add({ method: "PUT", when: "before", action: { retryAfter: WAIT_MS / 1000 } });
  tenant.clearRequests();
  await scene.write(maria("502"));
  const finished = await stack.up({ expect: 0 });
  expect(tenant.requests.map(({ method, status }) => `${method} ${status}`)).toEqual(["POST 200", "GET 200", "PUT 429", "PUT 200"]);
  const [refused = 0, accepted = 0] = tenant.requests.filter(({ method }) => method === "PUT").map(({ at }) => at);
  expect(accepted - refused).toBeGreaterThanOrEqual(WAIT_MS - 5);
  expect(tenant.dump().users).toMatchObject([{ id: "300" }, { id: kept?.id, devices: ["502"] }]);
  const [whole] = await stack.resources();
  expect(whole).toMatchObject({ id: kept?.id, outputs: { devices: [{ value: "502" }] } });
  expect(whole?.initErrors ?? []).toEqual([]);

  const entries = await readdir(dirname(stack.project), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"));
  const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8")));
  expect(texts.some((text) => text.includes("mlopez"))).toBe(true);
  const everything = [...texts, ...[failed, finished].flatMap(({ stdout, stderr }) => [stdout, stderr])].join();
  for (const form of [CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET), btoa(`client:${encodeURIComponent(CLIENT_SECRET)}`)])
    expect(everything.includes(form)).toBe(false);
});

test("after a kill of the provider before and after every kind of write the next `up` or destroy goes on, without duplicates or orphans", {
  timeout: 300_000,
}, async () => {
  const program = (more: object) =>
    user("maria", { ...MINIMAL, devices: [{ value: "501" }], enterprise: { organization: "A" }, onDelete: "deleteAndForget", ...more }) +
    user("ada", { ...FEDERATED, onDelete: "deleteAndForget", ...more });
  await using scene = await openScene(program({}));
  const { stack, tenant } = scene;
  const before = tenant.dump();

  await killed(scene, "up", "received", ["POST /Users", "POST /Users"]);
  expect(tenant.dump().users).toEqual([]);
  await killed(scene, "up", "applied", ["POST /Users", "POST /Users"]);
  expect(tenant.dump().users).toHaveLength(2);
  await killed(scene, "up", "applied", ["PUT /Users/{id}"]);
  expect((await stack.up({ expect: 0 })).stdout).toContain("as an interrupted run leaves it; it is taken over");
  const users = tenant.dump().users;
  expect(users.map(({ externalId, devices }) => [externalId, ...devices]).sort()).toEqual([["ada@example.org"], ["mlopez", "501"]]);
  expect((await stack.resources()).map(({ id }) => id).sort()).toEqual(users.map(({ id }) => id).sort());
  await stack.preview({ args: ["--refresh", "--expect-no-changes"], expect: 0 });

  await scene.write(program({ title: "Countess", active: false }));
  await killed(scene, "up", "received", ["PUT /Users/{id}", "PATCH /Users/{id}"]);
  expect(tenant.dump().users).toEqual(users);
  await killed(scene, "up", "applied", ["PUT /Users/{id}", "PATCH /Users/{id}"]);
  scene.sent();
  await stack.up({ expect: 0 });
  expect(scene.sent()).toEqual(["GET /Users/{id} 200", "GET /Users/{id} 200"]);
  expect(tenant.dump().users).toEqual(users.map((one) => ({ ...one, title: "Countess", active: false })));

  await killed(scene, "destroy", "received", ["DELETE /Users/{id}", "DELETE /Users/{id}"]);
  expect(tenant.dump().users).toHaveLength(2);
  await killed(scene, "destroy", "applied", ["DELETE /Users/{id}", "DELETE /Users/{id}"]);
  expect(tenant.dump().forgotten).toEqual([]);
  await killed(scene, "destroy", "received", ["POST /Users/.forget", "POST /Users/.forget"]);
  await killed(scene, "destroy", "applied", ["POST /Users/.forget", "POST /Users/.forget"]);
  await stack.destroy({ expect: 0 });
  expect(await stack.resources()).toEqual([]);
  const forgotten = [...new Set(tenant.dump().forgotten)].sort();
  expect({ ...tenant.dump(), forgotten, nextId: 0 }).toEqual({ ...before, forgotten: ["ada@example.org", "mlopez"], nextId: 0 });
});

test("a refused secret is sent once per run, however many users wait for it, and is never shown", async () => {
  const three = [1, 2, 3].map((n) => user(`maria${n}`, { ...MINIMAL, externalId: `mlopez${n}` })).join("\n");
  await using scene = await openScene(three, { env: { ACTIVID_CLIENT_SECRET: "not-the-secret" } });
  const result = await scene.stack.up();
  expect(result.code).not.toBe(0);
  expect(result.stdout).toContain("Asking HID ActivID for a token failed: HTTP 400");
  expect(result.stdout + result.stderr).not.toContain("not-the-secret");
  expect(scene.tenant.count({ path: /token$/ })).toBe(1);
});
