import { expect, test } from "vitest";
import { userImportInputs } from "../../../provider/src/activid/schema.js";
import { killed, openScene, resource, type Scene } from "../activid-user/scene.js";

const person = (externalId: string, more: object = {}) => ({
  externalId,
  name: { givenName: "Ann", familyName: externalId },
  emails: [{ value: `${externalId}@example.org` }],
  ...more,
});
const people = (...ids: string[]) => ({ users: ids.map((id) => person(id)), group: { value: "USG_FTEMP" } });
const summer = (args: object) => resource("ActivIdUserImport", "summer", args);
const FAST = { switches: { importTickMs: 50 } };

const everybody = ({ tenant }: Scene) => tenant.dump().users.map(({ externalId }) => externalId);
/** Whom each import was to make. */
const imports = ({ tenant }: Scene) =>
  tenant.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith(".import"))
    .map(({ body, status }) => [(body as { users: { externalId: string }[] }).users.map(({ externalId }) => externalId).join(" "), status]);
const outcomes = async ({ stack }: Scene) => {
  const stored = (await stack.resources()).find(({ name }) => name === "summer");
  const results = Object.entries<{ outcome: string }>(stored?.outputs.results ?? {});
  return Object.fromEntries(results.map(([externalId, { outcome }]) => [externalId, outcome]));
};

test("an import's life: creates with only the required fields, a second `up` changes nothing, minimal to full and back, sees a change made elsewhere and sees a removal made elsewhere as nobody's drift", {
  timeout: 300_000,
}, async () => {
  const whole = person("c", { phoneNumbers: [{ value: "1" }], addresses: [{ formatted: "x" }], title: "Guest", active: false });
  const full = {
    users: [...people("a", "b").users, whole],
    group: { value: "USG_CONTR" },
    authenticatorPolicy: { value: "AT_EMPPWD" },
    onFailure: "warn",
    onDelete: "delete",
  };
  expect(Object.keys(full).sort()).toEqual(Object.keys(userImportInputs.shape).sort());
  await using scene = await openScene(summer(people("a", "b")), FAST);
  const { stack, tenant } = scene;
  const before = tenant.dump();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(imports(scene)).toEqual([["a b", 202]]);
  expect(await outcomes(scene)).toEqual({ a: "imported", b: "imported" });
  tenant.clearRequests();
  await scene.write(summer(people("b", "a")));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  expect(tenant.requests).toEqual([]);

  await scene.write(summer(full));
  await stack.up({ expect: 0 });
  expect(imports(scene)).toEqual([["c", 202]]);
  expect(tenant.dump().users).toMatchObject([
    { group: "USG_FTEMP", authenticators: [] },
    { group: "USG_FTEMP", authenticators: [] },
    { externalId: "c", group: "USG_CONTR", authenticators: ["AT_EMPPWD"], title: "Guest", active: false },
  ]);

  const [a = "", , c = ""] = tenant.dump().users.map(({ id }) => id);
  tenant.drift.changeUser(a, { title: "changed elsewhere" });
  tenant.drift.removeUser(c);
  tenant.clearRequests();
  await stack.preview({ args: ["--refresh", "--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);

  await scene.write(summer(people("a", "b")));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(imports(scene)).toEqual([]);
  expect(await outcomes(scene)).toEqual({ a: "imported", b: "imported" });
  await scene.write(summer({ ...people("a", "b"), onDelete: "delete" }));
  await stack.up({ expect: 0 });
  await stack.destroy({ expect: 0 });
  expect({ ...tenant.dump(), jobs: [], nextId: 0 }).toEqual({ ...before, nextId: 0 });
});

test("imports nobody who is there, accepts values unknown at preview, replaces when an immutable field changes, waits as told when throttled", async () => {
  const program = (
    more: string,
  ) => `const maria = ${resource("ActivIdUser", "maria", { ...person("maria"), groups: [{ value: "USG_CONTR" }], onDelete: "disable" })}
    new ActivIdUserImport("summer", {
      users: ["old", "new"].map((name) => ({ externalId: pulumi.interpolate\`\${name}-\${maria.externalId}\`, name: { givenName: "Ann", familyName: maria.id },
        emails: [{ value: "ann@example.org" }], active: maria.active })),
      group: maria.groups.apply((groups) => groups![0]),
      ${more}
    });`;
  const seed = { users: [{ id: "300", externalId: "old-maria" }] };
  await using scene = await openScene(program(""), { ...FAST, seed });
  const { stack, tenant } = scene;
  const [existing] = tenant.dump().users;
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 2 });
  expect(tenant.requests).toEqual([]);
  const WAIT_MS = 2000;
  tenant.faults.add({ path: /\.import$/, when: "before", action: { retryAfter: WAIT_MS / 1000 } });
  await stack.up({ expect: 0 });
  expect(await outcomes(scene)).toEqual({ "old-maria": "alreadyExisted", "new-maria": "imported" });
  expect(tenant.dump().users[0]).toEqual(existing);
  expect(imports(scene)).toEqual([
    ["new-maria", 429],
    ["new-maria", 202],
  ]);
  const [refused = 0, accepted = 0] = tenant.requests.filter(({ path }) => path.endsWith(".import")).map(({ at }) => at);
  expect(accepted - refused).toBeGreaterThanOrEqual(WAIT_MS - 5);
  await stack.preview({ args: ["--refresh", "--expect-no-changes"], expect: 0 });

  // The connection is the only thing that an import cannot change: another one may lead to another tenant, with nobody there.
  await using elsewhere = await openScene("", FAST);
  const { credentials, url } = elsewhere.tenant;
  await stack.setConfig("activid:connections", JSON.stringify({ other: { ...credentials, baseUrl: url, tenant: "ACME" } }));
  await scene.write(program(`connection: "other"`));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, replace: 1 });
  expect(everybody(elsewhere)).toEqual(["old-maria", "new-maria"]);
  expect(everybody(scene).sort()).toEqual(["maria", "new-maria", "old-maria"]);
});

test("explains a conflict or a bad id, finishes a half-made object, and keeps a secret secret", async () => {
  const others = [
    resource("ActivIdUserImport", "twice", people("x", "x")),
    resource("ActivIdUserImport", "nowhere", { ...people("y"), group: { value: "USG_NONE" } }),
  ];
  await using scene = await openScene(others[0] ?? "", { switches: { importTickMs: 50, importFails: ["b"] } });
  const { stack, tenant } = scene;
  const twice = await stack.preview();
  expect(twice.code).not.toBe(0);
  expect(twice.stdout).toContain('"x" is in the list twice');
  await scene.write(`${others[1]} ${summer(people("a", "b"))}`);
  const first = await stack.up({ args: ["--continue-on-error"] });
  expect(first.code).not.toBe(0);
  expect(first.stdout).toContain("Importing 1 users failed: HTTP 400, invalidValue 1000, Group USG_NONE is unknown");
  expect(first.stdout).toContain("1 of 2 users were not imported: b");
  const [half, ...more] = await stack.resources();
  expect(more).toEqual([]);
  expect(half).toMatchObject({
    initErrors: [expect.any(String)],
    outputs: { imported: 1, failed: 1, __provider: half?.inputs.__provider },
  });
  expect(await outcomes(scene)).toEqual({ a: "imported", b: "failed" });

  tenant.switches.importFails = [];
  tenant.clearRequests();
  await scene.write(summer(people("a", "b")));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(imports(scene)).toEqual([["b", 202]]);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(JSON.stringify(await stack.export()) + first.stdout + first.stderr).not.toContain(tenant.credentials.clientSecret);
  await stack.destroy({ expect: 0 });
  expect(everybody(scene)).toEqual(["a", "b"]);
});

test("after a kill of the provider before and after every kind of write the next `up` or destroy goes on, and nobody is made twice", async () => {
  const deleting = (...ids: string[]) => summer({ ...people(...ids), onDelete: "delete" });
  await using scene = await openScene(deleting("a"), FAST);
  const { stack, tenant } = scene;
  await killed(scene, "up", "received", ["POST /Users/.import"]);
  expect(tenant.dump().jobs).toEqual([]);
  await killed(scene, "up", "applied", ["POST /Users/.import"]);
  expect(tenant.dump().jobs).toHaveLength(1);
  await stack.up({ expect: 0 });
  // Who sent them is forgotten with the run that was killed, so they are treated as somebody else's.
  expect(await outcomes(scene)).toEqual({ a: "alreadyExisted" });
  await scene.write(deleting("a", "b"));
  await killed(scene, "up", "received", ["POST /Users/.import"]);
  await killed(scene, "up", "applied", ["POST /Users/.import"]);
  await scene.write(deleting("a", "b", "c"));
  await stack.up({ expect: 0 });
  expect(await outcomes(scene)).toEqual({ a: "alreadyExisted", b: "alreadyExisted", c: "imported" });
  expect(everybody(scene)).toEqual(["a", "b", "c"]);

  await killed(scene, "destroy", "received", ["DELETE /Users/{id}"]);
  expect(everybody(scene)).toEqual(["a", "b", "c"]);
  await killed(scene, "destroy", "applied", ["DELETE /Users/{id}"]);
  await stack.destroy({ expect: 0 });
  expect(everybody(scene)).toEqual(["a", "b"]);
  expect(await stack.resources()).toEqual([]);
});
