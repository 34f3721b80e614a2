import { expect, test } from "vitest";
import { openScene, source } from "./scene.js";

const ring = (ids: string[], next: (index: number) => number) =>
  ids.map((id, index) => source(id, ids[next(index) % ids.length] ?? "")).join("\n");

test("ids go round in one `up`, and a second `up` changes nothing", async () => {
  const ids = ["a", "b", "c", "d"];
  await using scene = await openScene(
    ids,
    ring(ids, (index) => index),
  );
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  await scene.write(ring(ids, (index) => index + 1));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 4 });
  expect(scene.found()).toEqual({ b: "a", c: "b", d: "c", a: "d" });
  tenant.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 4 });
  expect(tenant.requests).toEqual([]);
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
});

test.each([
  { parallel: "1", ids: ["a", "b"], end: { a: "b", b: "a" } },
  { parallel: "3", ids: ["a", "b", "c"], end: { b: "a", c: "b", a: "c" } },
])("$ids go round with --parallel $parallel", async ({ parallel, ids, end }) => {
  await using scene = await openScene(
    ids,
    ring(ids, (index) => index),
  );
  const { stack } = scene;
  await stack.up({ expect: 0 });
  await scene.write(ring(ids, (index) => index + 1));
  await stack.up({ args: ["--parallel", parallel], expect: 0 });
  expect(scene.found()).toEqual(end);
});

test("an exchange of which --parallel shows too little is refused before any write, and ends right with as many as the message says", async () => {
  // Of a resource that is still to be made, nothing is known before its own turn.
  await using scene = await openScene(["a", "b"], source("one", "b", 'adoptFrom: "a"') + source("two", "a", 'adoptFrom: "b"'));
  const { stack } = scene;
  const refused = await stack.up({ args: ["--parallel", "1"] });
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain("that id belongs to another source");
  expect(refused.stdout).toContain("run `pulumi up --parallel N`, N being the number of resources that exchange ids");
  expect(scene.writes()).toEqual([]);
  expect((await stack.up({ args: ["--parallel", "2"], expect: 0 })).summary).toMatchObject({ create: 2 });
  expect(scene.found()).toEqual({ b: "a", a: "b" });
});

test("after a kill of the provider half-way, the next `up` finishes an exchange", async () => {
  await using scene = await openScene(
    ["a", "b"],
    ring(["a", "b"], (index) => index),
  );
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  await scene.write(ring(["a", "b"], (index) => index + 1));
  let renames = 0;
  const stop = tenant.onRequest(async ({ record, phase }) => {
    if (record.method === "PATCH" && phase === "applied" && ++renames === 2) await stack.killProvider();
  });
  expect((await stack.up()).code).not.toBe(0);
  stop();
  // Which of the two goes first is the engine's choice; the other one makes room for it.
  expect(Object.keys(scene.found()).sort()).toEqual([expect.stringMatching(/^[ab]$/), expect.stringMatching(/^[ab]__parked_/)]);
  await stack.up({ expect: 0 });
  expect(scene.found()).toEqual({ a: "b", b: "a" });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
});
