import { expect, test } from "vitest";
import { killAtEachRequest } from "../harness/kill";
import type { EngineResource } from "../harness/rpc";
import { ADA, ENTRA, kept, OTHER, slot, startHost, startServer } from "./fixture";

test("a process that is killed at any call of a link's life leaves nothing that the next run does not finish", {
  timeout: 300_000,
}, async () => {
  await using server = await startServer();
  let lives = 0;
  const killed = await killAtEachRequest({
    simulator: server,
    start: () => startHost(server),
    names: ["link"],
    seed: 20_261_124,
    begin() {
      // Everybody's own Ada.
      lives += 1;
      const ada = { ...ADA, id: ADA.id.replace(/^.{4}/, String(1000 + lives)), logonName: `ada${lives}` };
      server.load({ people: [ada] });
      const before = server.dump();
      const inputs = { person: { logonName: ada.logonName }, entraObjectId: ENTRA };
      const linked = (entraObjectId: string, name: "id1" | "id3") => expect(slot(server, ada, name)).toBe(entraObjectId);
      return [
        { run: ([link]) => link?.up(inputs), check: () => linked(ENTRA, "id1") },
        {
          run: ([link]) => link?.up({ ...inputs, entraObjectId: OTHER }),
          check([link]) {
            linked(OTHER, "id1");
            expect(kept(link as EngineResource)).toMatchObject({ id: `${ada.id}/1`, outputs: { entraObjectId: OTHER } });
          },
        },
        {
          run: ([link]) => link?.refresh(),
          check: ([link]) => expect(kept(link as EngineResource).outputs).toMatchObject({ entraObjectId: OTHER }),
        },
        { run: ([link]) => link?.destroy(), check: () => expect(server.dump()).toEqual(before) },
      ];
    },
  });
  expect(killed).toEqual(["1 GET", "1 PATCH", "1 POST", "2 GET", "2 PATCH", "2 POST", "3 GET", "3 POST", "4 GET", "4 PATCH", "4 POST"]);
});
