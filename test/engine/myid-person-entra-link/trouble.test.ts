import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Result } from "../../harness/stack.js";
import { ADA, ENTRA, GRACE, openScene } from "./scene.js";

const LINKS = `
new MyIdPersonEntraLink("ada", { person: { id: "${ADA}" }, entraObjectId: "${ENTRA}" });
new MyIdPersonEntraLink("grace", { person: { logonName: "grace" }, entraObjectId: "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44" });`;

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

test("after a kill of the provider in the middle of a write the next run finishes it", async () => {
  await using scene = await openScene(LINKS);
  const { stack, server } = scene;
  const written = new Promise<void>((resolve) => {
    server.onRequest(({ record, phase }) => {
      if (record.method !== "PATCH" || phase !== "applied") return;
      resolve();
      return new Promise((late) => setTimeout(late, 500).unref());
    });
  });
  const running = stack.start("up");
  await written;
  await stack.killProvider();
  expect((await running.done).code).not.toBe(0);
  server.clearRequests();
  await stack.up({ expect: 0 });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(scene.linked(ADA)).toBe(ENTRA);
  expect(scene.linked(GRACE)).not.toBeNull();
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
