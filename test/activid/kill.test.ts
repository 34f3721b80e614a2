import { startActivId } from "identity-simulators";
import { expect, test } from "vitest";
import { killAtEachRequest } from "../harness/kill";
import type { EngineResource, Props } from "../harness/rpc";
import { FEDERATED, kept, MINIMAL, startHost, stored } from "./fixture";

const results = (resource: EngineResource | undefined) => kept(resource as EngineResource).outputs.results as Record<string, Props>;

test("a process that is killed at any call of a user's life leaves nothing that the next run does not finish", {
  timeout: 600_000,
}, async () => {
  await using tenant = await startActivId();
  const FIRST = [
    { ...MINIMAL, title: "Engineer", devices: [{ value: "501" }], onDelete: "deleteAndForget" },
    { ...FEDERATED, title: "Engineer" },
  ];
  const SECOND = FIRST.map((inputs) => ({ ...inputs, title: "Director", active: false }));
  const up = async (resources: EngineResource[], programs: Props[]) => {
    for (const [n, inputs] of programs.entries()) await resources[n]?.up(inputs);
  };
  const agrees = (resources: EngineResource[], wanted: Props) => {
    expect(tenant.dump().users).toHaveLength(2);
    for (const resource of resources) {
      const { id, outputs } = kept(resource);
      expect(outputs).toMatchObject(wanted);
      expect(stored(tenant, String(outputs.externalId))).toMatchObject({ id, ...wanted });
    }
    expect(stored(tenant).devices).toEqual(["501"]);
  };
  const killed = await killAtEachRequest({
    simulator: tenant,
    start: () => startHost(tenant),
    names: ["user", "federated"],
    seed: 20_261_124,
    begin() {
      // Ids go on, so that no two lives share one.
      tenant.load({ ...tenant.dump(), users: [], forgotten: [] });
      return [
        { run: (resources) => up(resources, FIRST), check: (resources) => agrees(resources, { title: "Engineer" }) },
        { run: (resources) => up(resources, SECOND), check: (resources) => agrees(resources, { title: "Director", active: false }) },
        {
          run: (resources) => Promise.all(resources.map((resource) => resource.refresh())),
          check: (resources) => agrees(resources, { title: "Director", active: false }),
        },
        {
          async run(resources) {
            for (const resource of resources) await resource.destroy();
          },
          check() {
            expect(tenant.dump().users).toEqual([]);
            expect(new Set(tenant.dump().forgotten)).toEqual(new Set(["mlopez"]));
          },
        },
      ];
    },
  });
  expect(killed).toEqual([
    "1 GET",
    "1 POST",
    "1 PUT",
    "2 GET",
    "2 PATCH",
    "2 POST",
    "2 PUT",
    "3 GET",
    "3 POST",
    "4 DELETE",
    "4 GET",
    "4 POST",
  ]);
});

test("a process that is killed at any call of an import's life leaves nothing that the next run does not finish", {
  timeout: 600_000,
}, async () => {
  await using tenant = await startActivId({ switches: { importTickMs: 0 } });
  const everybody = () => tenant.dump().users.map(({ externalId }) => externalId);
  const killed = await killAtEachRequest({
    simulator: tenant,
    start: () => startHost(tenant, "activid:UserImport"),
    names: ["summer"],
    seed: 20_261_125,
    begin() {
      tenant.load({ ...tenant.dump(), users: [], jobs: [] });
      const list = (...ids: string[]) => ({
        users: ids.map((externalId) => ({
          externalId,
          name: { givenName: "Ann", familyName: externalId },
          emails: [{ value: `${externalId}@example.org` }],
        })),
        group: { value: "USG_FTEMP" },
        onDelete: "delete",
      });
      /** Whom the import may delete. A run that is killed tells nobody whom it had imported, and they stay. */
      const imported = (summer?: EngineResource) =>
        Object.entries(results(summer))
          .filter(([, { outcome }]) => outcome === "imported")
          .map(([externalId]) => externalId);
      let first: string[] = [];
      let last: string[] = [];
      return [
        {
          run: ([summer]) => summer?.up(list("a", "b")),
          check([summer]) {
            expect(everybody()).toEqual(["a", "b"]);
            first = imported(summer);
          },
        },
        {
          run: ([summer]) => summer?.up(list("b", "c")),
          check([summer]) {
            expect(everybody()).toEqual(["a", "b", "c"].filter((one) => one !== "a" || !first.includes("a")));
            expect(Object.keys(results(summer)).sort()).toEqual(["b", "c"]);
            last = imported(summer);
          },
        },
        { run: ([summer]) => summer?.refresh(), check: ([summer]) => expect(imported(summer)).toEqual(last) },
        {
          run: ([summer]) => summer?.destroy(),
          check: () => expect(everybody().filter((one) => last.includes(String(one)))).toEqual([]),
        },
      ];
    },
  });
  expect(killed).toEqual(["1 GET", "1 POST", "2 DELETE", "2 GET", "2 POST", "4 DELETE", "4 GET", "4 POST"]);
});
