import { expect, test } from "vitest";
import { personEntraLinkInputs } from "../../../provider/src/myid/schema";
import { ADA, ENTRA, FOREIGN, GRACE, OTHER, openScene } from "./scene.js";

const link = (person: string, entraObjectId: string, more = "") =>
  `const link = new MyIdPersonEntraLink("link", { person: ${person}, entraObjectId: "${entraObjectId}"${more} });`;

test("a link's life: a second `up` changes nothing, it sees a change made elsewhere, replaces when an immutable field changes, and asks for one token per run", async () => {
  await using scene = await openScene(link('{ logonName: "ada" }', ENTRA));
  const { stack, server } = scene;
  const before = server.dump();

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.sent()).toEqual(["GET /People 200", "GET /People/{id} 200", "PATCH /People/{id} 200", "GET /People/{id} 200"]);
  expect(await stack.resources()).toMatchObject([
    {
      id: `${ADA}/1`,
      inputs: { person: { logonName: "ada" }, entraObjectId: ENTRA, slot: 1 },
      outputs: { person: { logonName: "ada", id: ADA }, entraObjectId: ENTRA, slot: 1, verified: true, server: server.url },
    },
  ]);
  expect(server.logons).toHaveLength(1);
  server.clearRequests();
  expect((await stack.up({ expect: 0 })).summary).toEqual({ create: 0, update: 0, delete: 0, replace: 0, same: 1 });
  expect(server.requests).toEqual([]);

  await scene.write(link('{ logonName: "ada" }', OTHER));
  const preview = await stack.preview({ expect: 0 });
  expect(preview.steps).toMatchObject([{ op: "update", detailedDiff: { entraObjectId: "update" } }]);
  expect(server.requests).toEqual([]);
  await stack.up({ expect: 0 });
  expect(scene.linked(ADA)).toBe(OTHER);

  server.drift.setReference(ADA, "id1", ENTRA);
  expect((await stack.preview({ args: ["--refresh", "--expect-no-changes"] })).code).not.toBe(0);
  expect((await stack.up({ args: ["--refresh"], expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.linked(ADA)).toBe(OTHER);

  await scene.write(link(`{ id: "${ADA}" }`, OTHER));
  server.clearRequests();
  expect((await stack.up({ expect: 0 })).summary, "other words for the same person").toMatchObject({ update: 1, replace: 0 });
  expect(server.count({ method: "PATCH" })).toBe(0);

  await scene.write(link(`{ id: "${GRACE}" }`, OTHER));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ replace: 1 });
  expect([scene.linked(ADA), scene.linked(GRACE)]).toEqual([null, OTHER]);

  await stack.destroy({ expect: 0 });
  expect(server.dump()).toEqual(before);
});

test("creates with only the required fields, goes from minimal to full and back, and sees a removal made elsewhere", async () => {
  const minimal = link(`{ id: "${ADA}" }`, ENTRA);
  await using scene = await openScene(minimal, { connections: ["named"] });
  const { stack, server } = scene;
  const before = server.dump();
  /** What the commands since the last call wrote: the operation, and each value by slot. */
  const written = () => {
    const patches = server.requests.filter(({ method }) => method === "PATCH");
    server.clearRequests();
    return patches.map(({ query, body }) => [query.op, (body as { externalReferences: object }).externalReferences]);
  };
  await stack.up({ expect: 0 });
  expect(written()).toEqual([[undefined, { id1: ENTRA }]]);

  server.drift.setReference(ADA, "id3", FOREIGN);
  const more = `, slot: 3, pivApplicant: true, overwrite: true, connection: "named"`;
  await scene.write(link('{ email: "Ada@acme.example" }', OTHER, more));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ replace: 1 });
  expect(written()).toEqual([
    [undefined, { id1: "" }],
    ["200103", { id3: OTHER }],
  ]);
  const every = Object.keys(personEntraLinkInputs.shape).concat("connection");
  expect((await stack.resources()).map(({ id, inputs }) => [id, Object.keys(inputs).sort()])).toEqual([
    [`${ADA}/3`, [...every, "__provider"].sort()],
  ]);

  await scene.write(minimal);
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ replace: 1 });
  expect(written()).toEqual([
    ["200103", { id3: "" }],
    [undefined, { id1: ENTRA }],
  ]);

  server.drift.setReference(ADA, "id1", null);
  expect((await stack.up({ args: ["--refresh"], expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.linked(ADA)).toBe(ENTRA);
  await stack.destroy({ expect: 0 });
  expect(server.dump()).toEqual(before);
});

test("imports a link that exists by taking it over, looks it up, and leaves it to others", async () => {
  await using scene = await openScene(`${link(`{ id: "${ADA}" }`, ENTRA)}
    const found = MyIdPersonEntraLink.get("found", "${ADA}");
    export const entraObjectId = found.entraObjectId;`);
  const { stack, server } = scene;
  server.drift.setReference(ADA, "id1", ENTRA.toUpperCase());
  await stack.up({ expect: 0 });
  expect(server.count({ method: "PATCH" })).toBe(0);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  const stored = await stack.resources();
  expect(stored.find(({ name }) => name === "found")).toMatchObject({
    external: true,
    id: `${ADA}/1`,
    outputs: { entraObjectId: ENTRA.toUpperCase(), slot: 1, person: { id: ADA } },
  });

  server.drift.setReference(ADA, "id1", OTHER);
  const destroyed = await stack.destroy({ args: ["--refresh"], expect: 0 });
  expect(destroyed.diagnostics.map(({ message }) => message).join()).toContain(`holds ${OTHER}, which is not what was linked here`);
  expect(scene.linked(ADA)).toBe(OTHER);
});
