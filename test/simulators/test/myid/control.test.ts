import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, type MockInstance, onTestFinished, test, vi } from "vitest";
import { demoServer, startMyId } from "../../src/index.js";
import { ANN, call, start, tokenOf } from "./support.js";

let stderr: MockInstance;
beforeEach(() => {
  stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  stderr.mockRestore();
});

test("others change slots, people and disappear people behind the client's back", async () => {
  const { server, get } = await call();
  server.drift.setReference(ANN, "id1", "by-portal");
  server.drift.changePerson(ANN, { logonName: "ann.king" });
  expect((await get(`/People/${ANN}`)).body).toMatchObject({ logonName: "ann.king", externalReferences: { id1: "by-portal" } });
  await fetch(`${server.url}/_simulator/drift/setReference`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([ANN, "id1", null]),
  });
  expect(server.dump().people[0]?.externalReferences.id1).toBeNull();
  server.drift.removePerson(ANN);
  expect((await get(`/People/${ANN}`)).status).toBe(404);
});

test("state is dumped, loaded and reset, and a seed that cannot be is refused", async () => {
  const { server } = await call();
  const before = server.dump().people;
  server.load({ people: [{ logonName: "only" }] });
  expect(server.dump().people).toMatchObject([{ logonName: "only", externalReferences: { id1: null, id2: null, id3: null } }]);
  server.switches.hideReferences = true;
  server.reset();
  expect([server.dump().people, server.switches.hideReferences]).toEqual([before, false]);
  await expect(startMyId({ seed: { people: [{ logonName: "a" }, { logonName: "A" }] } })).rejects.toThrow("the logonName A is used twice");
  await expect(startMyId({ seed: { persons: [] } as object })).rejects.toThrow("seed: unknown persons");
});

test.each([
  [500, "text/html"],
  [429, "text/html"],
  [401, null],
  [403, "application/json;charset=utf-8"],
])("an injected %i comes in the form of the layer that gives it", async (status, type) => {
  const { server, get } = await call();
  server.faults.add({ when: "before", action: { status } });
  const reply = await get(`/People/${ANN}`);
  expect([reply.status, reply.headers.get("content-type")]).toEqual([status, type]);
});

test("a slow answer and a limit of a proxy", async () => {
  const { server, get } = await call();
  server.faults.add({ when: "before", action: { retryAfter: 7 } });
  expect((await get(`/People/${ANN}`)).headers.get("retry-after")).toBe("7");
  server.faults.add({ when: "before", action: { delayMs: 60 } });
  const startedAt = performance.now();
  await get(`/People/${ANN}`);
  expect(performance.now() - startedAt).toBeGreaterThan(50);
});

test.each([
  ["POST", "/People"],
  ["PUT", `/People/${ANN}`],
  ["PATCH", "/People"],
  ["GET", "/Devices"],
])("the unknown route %s %s is a loud 404", async (method, path) => {
  const { server, send } = await call();
  const reply = await send(method, path, method === "GET" ? undefined : { a: 1 });
  expect(reply.status).toBe(404);
  expect(stderr.mock.calls.flat().join("")).toContain(`The MyID simulator has no route for ${method}`);
  expect(server.unknownRequests).toHaveLength(1);
});

test("the demo server is always the same, with PIV applicants and a link in another slot", () => {
  expect(demoServer()).toEqual(demoServer());
  expect(demoServer().people?.some(({ pivApplicant }) => pivApplicant)).toBe(true);
  expect(demoServer().people?.filter(({ externalReferences }) => externalReferences?.id3)).toHaveLength(1);
});

/** Status of a GET over HTTPS. Errors: those of TLS. */
function status(url: string, ca?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { ca }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

test("HTTPS is spoken with a certificate of a private authority, which callers have to trust", async () => {
  const server = await start({ https: true });
  const url = `${server.url}/rest.core/api/People`;
  expect(await status(url, server.ca)).toBe(401);
  expect(await status(url.replace("127.0.0.1", "localhost"), server.ca)).toBe(401);
  await expect(status(url)).rejects.toThrow("unable to verify the first certificate");
  expect(server.ca).not.toBe((await start({ https: true })).ca);
});

test("the command line starts a server and says what to export", async () => {
  const dir = mkdtempSync(join(tmpdir(), "myid-"));
  const cli = join(import.meta.dirname, "../../dist/cli.js");
  const child: ChildProcess = spawn(process.execPath, [cli, "myid", "--demo", "--https", join(dir, "ca.pem")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    child.kill();
    await once(child, "exit");
    rmSync(dir, { recursive: true });
  });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  const [, url] =
    /^MyID simulator at (\S+) - export MYID_BASE_URL=\1 MYID_CLIENT_ID=\S+ MYID_CLIENT_SECRET=\S+\n$/.exec(String(line)) ?? [];
  expect(await status(`${url}/rest.core/api/People`, readFileSync(join(dir, "ca.pem"), "utf8"))).toBe(401);
});

test("two clients have their own secrets", async () => {
  const server = await start({
    clients: [
      { clientId: "one", clientSecret: "1" },
      { clientId: "two", clientSecret: "2" },
    ],
  });
  expect(server.credentials).toEqual({ clientId: "one", clientSecret: "1" });
  expect(await tokenOf({ ...server, credentials: { clientId: "two", clientSecret: "2" } })).toContain(".");
});
