import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, expectTypeOf, test } from "vitest";
import type { TokenSource } from "../../provider/src/core/http/auth";
import { makeApi } from "../../provider/src/myid/api";
import { ENTRA, GRACE, MINIMAL, OTHER, patches, useStack } from "./fixture";

// DELETE /People/{id} removes a person, not a link. No way through the code may lead there.

const SOURCES = join(import.meta.dirname, "../../provider/src/myid");
const { server, host } = await useStack();

test("the API can be given no other methods than GET and PATCH", () => {
  type Send = Parameters<typeof makeApi>[0]["send"];
  expectTypeOf<Parameters<Send>[0]["method"]>().toEqualTypeOf<"GET" | "PATCH">();
});

test("nothing of this vendor but the API's functions sends calls, and nothing of it names another method", async () => {
  for await (const file of glob("*.ts", { cwd: SOURCES })) {
    const source = await readFile(join(SOURCES, file), "utf8");
    expect(source, file).not.toMatch(/["'`](delete|put)["'`]/i);
    expect(source.match(/\.send\(|sendAnonymous|undici|fetch\(/g) ?? [], file).toHaveLength(file === "api.ts" ? 1 : 0);
  }
});

test("every function of the API sends GET or PATCH, and a PATCH holds one reference only", async () => {
  const sent: { method: string; path: string; body?: unknown }[] = [];
  const client = { send: async (call: (typeof sent)[number]) => void sent.push(call) as never };
  const { server: _address, ...functions } = makeApi(client, {} as TokenSource, "https://myid.example.com");
  const names = Object.keys(functions) as (keyof typeof functions)[];
  for (const name of names) {
    const call = functions[name] as (...args: unknown[]) => Promise<unknown>;
    for (const args of [
      ["id", 1, ENTRA],
      ["id", 3, "", true],
      ["id", 2, null],
    ])
      await call(...args).catch(() => {});
  }
  expect(sent).toHaveLength(3 * names.length);
  expect(new Set(sent.map(({ method }) => method))).toEqual(new Set(["GET", "PATCH"]));
  const bodies = sent.flatMap(({ body }) => (body === undefined ? [] : [body as { externalReferences: object }]));
  for (const body of bodies) {
    expect(Object.keys(body)).toEqual(["externalReferences"]);
    expect(Object.keys(body.externalReferences)).toHaveLength(1);
  }
});

test.each([
  ["none", undefined],
  ["a write lost before it was applied", { method: "PATCH", when: "before", action: "drop" }],
  ["a write whose answer is lost", { method: "PATCH", when: "after", action: "drop" }],
  ["a write refused with 400", { method: "PATCH", when: "before", action: { status: 400 } }],
  ["a write answered 404", { method: "PATCH", when: "before", action: { status: 404 } }],
  ["a look answered 404", { method: "GET", when: "before", action: { status: 404 } }],
  ["a second look refused with 403", { method: "GET", skip: 1, when: "before", action: { status: 403 } }],
] as const)("a whole life deletes nobody and changes nothing else, whatever goes wrong: %s", async (_what, fault) => {
  const people = () => server.dump().people.map(({ externalReferences: { id1: _, ...others }, ...rest }) => ({ ...rest, others }));
  const before = people();
  const resource = host.resource();
  const steps = [
    () => resource.up(MINIMAL),
    () => resource.up({ ...MINIMAL, entraObjectId: OTHER }),
    () => resource.up({ person: { id: GRACE.id }, entraObjectId: OTHER }),
    () => resource.refresh(),
    () => resource.up(MINIMAL),
    () => resource.destroy(),
  ];
  for (const step of steps) {
    if (fault) server.faults.add(fault);
    await step().catch(() => {});
    server.faults.clear();
    await step().catch(() => {});
  }
  expect(resource.state).toBeUndefined();
  const calls = server.requests.filter(({ path }) => path.startsWith("/rest.core"));
  expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(["GET", "PATCH"]));
  for (const { body } of patches(server)) expect(Object.keys(body as object)).toEqual(["externalReferences"]);
  expect(people()).toEqual(before);
});
