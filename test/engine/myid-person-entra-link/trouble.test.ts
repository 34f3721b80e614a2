import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Result } from "../../harness/stack.js";
import { ADA, ENTRA, GRACE, OTHER, openScene } from "./scene.js";

const LINKS = `
new MyIdPersonEntraLink("ada", { person: { id: "${ADA}" }, entraObjectId: "${ENTRA}" });
new MyIdPersonEntraLink("grace", { person: { logonName: "grace" }, entraObjectId: "${OTHER}" });`;

const messages = ({ diagnostics }: Result, wanted: string) =>
  diagnostics.filter(({ severity }) => severity === wanted).map(({ message }) => message);

test("a server that hides references is believed, and says so once in a run", async () => {
  await using scene = await openScene(LINKS, { switches: { hideReferences: true } });
  const { stack, server } = scene;
  expect(messages(await stack.up({ expect: 0 }), "warning")).toEqual([expect.stringContaining("does not return external references")]);
  expect(scene.linked(ADA)).toBe(ENTRA);
  expect(messages(await stack.refresh({ args: ["--expect-no-changes"], expect: 0 }), "warning")).toHaveLength(1);
  await stack.destroy({ expect: 0 });
  expect([scene.linked(ADA), scene.linked(GRACE)]).toEqual([null, null]);
  expect(server.logons, "one token per command").toHaveLength(3);
});

test("accepts values unknown at preview, waits as told when throttled, finishes a half-made object, explains a conflict or a bad id", async () => {
  const program = (more: string) => `
    const ada = new MyIdPersonEntraLink("ada", { person: { logonName: "ada" }, entraObjectId: "${ENTRA}" });
    new MyIdPersonEntraLink("grace", {
      person: { logonName: ada.logonName.apply(() => "grace") },
      entraObjectId: ada.entraObjectId,
      slot: ada.slot,
      pivApplicant: ada.verified.apply((verified) => !verified),
      ${more}
    });`;
  await using scene = await openScene(program(""));
  const { stack, server } = scene;
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 2 });
  expect(server.requests).toEqual([]);

  const WAIT_MS = 2000;
  server.faults.add({ method: "PATCH", when: "before", action: { retryAfter: WAIT_MS / 1000 } });
  server.faults.add({ method: "GET", path: new RegExp(ADA), skip: 1, when: "before", action: { status: 403 } });
  const half = await stack.up();
  expect(half.code).not.toBe(0);
  expect(messages(half, "error").join()).toContain("the next `pulumi up` finishes the rest");
  const [refused = 0, accepted = 0] = server.requests.filter(({ method }) => method === "PATCH").map(({ at }) => at);
  expect(accepted - refused).toBeGreaterThanOrEqual(WAIT_MS - 5);
  const [kept] = await stack.resources();
  expect(kept).toMatchObject({ id: `${ADA}/1`, initErrors: [expect.any(String)], outputs: { __provider: kept?.inputs.__provider } });

  server.clearRequests();
  server.drift.setReference(GRACE, "id1", OTHER);
  const conflict = await stack.up();
  expect(conflict.code).not.toBe(0);
  expect(messages(conflict, "error").join()).toContain(`reference 1 of person ${GRACE} of MyID already holds ${OTHER}`);
  expect(messages(conflict, "error").join()).toContain("set overwrite: true");
  expect(server.count({ method: "PATCH" }), "Ada's link was there already").toBe(0);
  const [finished] = await stack.resources();
  expect(finished).toMatchObject({ id: `${ADA}/1`, outputs: { verified: true } });
  expect(finished?.initErrors ?? []).toEqual([]);

  await scene.write(`${program("overwrite: true")} MyIdPersonEntraLink.get("found", "ada/1");`);
  const badId = await stack.preview();
  expect(badId.code).not.toBe(0);
  expect(messages(badId, "error").join()).toContain('"ada/1" is not the id of a person\'s link to Entra');
  expect(messages(badId, "error").join()).toContain("{personId} or {personId}/{slot}");

  await scene.write(program("overwrite: true"));
  await stack.up({ expect: 0 });
  expect([scene.linked(ADA), scene.linked(GRACE)]).toEqual([ENTRA, ENTRA]);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
});

test("a link whose resource was renamed without an alias stays, also when the run that took it over failed before the deletions", async () => {
  const ada = (name: string) => `new MyIdPersonEntraLink("${name}", { person: { id: "${ADA}" }, entraObjectId: "${ENTRA}" });`;
  const grace = `new MyIdPersonEntraLink("grace", { person: { id: "${GRACE}" }, entraObjectId: "${ENTRA}" });`;
  await using scene = await openScene(ada("one"));
  const { stack, server } = scene;
  await stack.up({ expect: 0 });
  server.drift.setReference(GRACE, "id1", OTHER);
  await scene.write(ada("two") + grace);
  expect((await stack.up()).code).not.toBe(0);
  server.drift.setReference(GRACE, "id1", null);
  await stack.up({ expect: 0 });
  expect((await stack.resources()).map(({ name }) => name).sort()).toEqual(["grace", "two"]);
  expect(scene.linked(ADA)).toBe(ENTRA);
});

test("a private authority is trusted, and the secret is nowhere: keeps a secret secret", async () => {
  const dir = await mkdtemp(join(tmpdir(), "myid-ca-"));
  const SECRET = "secret-nobody-may-see";
  try {
    await using scene = await openScene(LINKS, {
      https: true,
      clients: [{ clientId: "client", clientSecret: SECRET }],
      config: { "myid:clientSecret": { secret: SECRET } },
      env: { MYID_CLIENT_SECRET: "" },
    });
    const { stack, server } = scene;
    const untrusted = await stack.up();
    expect(messages(untrusted, "error").join()).toContain("set caFile to that authority's PEM file");
    expect(server.requests).toEqual([]);

    await writeFile(join(dir, "ca.pem"), String(server.ca));
    await stack.setConfig("myid:caFile", join(dir, "ca.pem"));
    // The server repeats the secret in its answer.
    server.faults.add({ method: "PATCH", when: "before", action: { status: 400, body: { code: "XX1", message: `no ${SECRET}` } } });
    const refused = await stack.up();
    expect(messages(refused, "error").join()).toContain("XX1, no ***");
    const done = await stack.up({ expect: 0 });
    expect(scene.linked(ADA)).toBe(ENTRA);

    const files = await readdir(dirname(stack.project), { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile() && !file.parentPath.includes("node_modules"))
      .map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8"));
    for (const text of [...(await Promise.all(texts)), refused.stdout, done.stdout]) expect(text).not.toContain(SECRET);
  } finally {
    await rm(dir, { recursive: true });
  }
});
