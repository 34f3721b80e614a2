import { expect, test } from "vitest";
import { killAtEachRequest } from "../harness/kill";
import type { EngineResource, Props } from "../harness/rpc";
import { all, kept, lay, type Place, startHost, useStack } from "./fixture";

const ALLOWED = { allowImport: "true" };
const { tenant, host } = await useStack(ALLOWED);

interface Step {
  /** What becomes of each source, in the order in which they lie; none for a destroy. */
  to?: (string | { sourceId: string; displayName: string })[];
  /** Whether the sources are taken over in this very step. */
  fresh?: boolean;
}

const exchange: Step = { to: ["b", "c", "a"] };
const change: Step = { to: [{ sourceId: "b", displayName: "New" }, "c", "d"] };
const adoption: Step = { to: [{ sourceId: "b", displayName: "New" }, "a", "c"], fresh: true };
const giveBack: Step = {};

/** Every kind of write of every operation, before and after it is applied; which of several was drawn by lot once. */
const POINTS: [what: string, step: Step, method: "PATCH" | "PUT", nth: number, phase: "received" | "applied"][] = [
  ["an exchange", exchange, "PATCH", 3, "received"],
  ["an exchange", exchange, "PATCH", 4, "applied"],
  ["a change of ids and fields", change, "PUT", 1, "received"],
  ["a change of ids and fields", change, "PUT", 1, "applied"],
  ["an adoption", adoption, "PATCH", 1, "received"],
  ["an adoption", adoption, "PATCH", 3, "applied"],
  ["an adoption", adoption, "PUT", 1, "applied"],
  ["a destroy", giveBack, "PATCH", 1, "received"],
  ["a destroy", giveBack, "PATCH", 2, "applied"],
];

const LAID = ["a", "b", "c"];
const ids = (place: Place) => all(tenant, place).map(({ sourceId }) => sourceId);

const rounds = POINTS.map(([what, step, method, nth, phase]) => ({ what, step, method, nth, phase }));

test.each(rounds)("$what that is killed at $method $nth, when it is $phase, is finished by the next run", async (round) => {
  const { step, method, nth, phase } = round;
  const place = lay(tenant, LAID);
  const inputsOf = (to: NonNullable<Step["to"]>[number], from = ""): Props => ({
    ...place,
    onDelete: "restoreOriginalId",
    ...(typeof to === "string" ? { sourceId: to } : to),
    ...(from && { adoptFrom: from }),
  });
  const doomed = await startHost(tenant, ALLOWED);
  const resources = LAID.map((id) => doomed.resource(id));
  const upAll = (members: EngineResource[], to: NonNullable<Step["to"]>) =>
    Promise.allSettled(members.map((resource, index) => resource.up(inputsOf(to[index] ?? "", step.fresh ? LAID[index] : ""))));
  if (!step.fresh) await Promise.all(resources.map((resource, index) => resource.up(inputsOf(LAID[index] ?? ""))));
  if (!step.to) await upAll(resources, ["b", "a", "d"]);

  let seen = 0;
  const stop = tenant.onRequest(async ({ record, phase: now }) => {
    if (now !== phase || record.method !== method || ++seen !== nth) return;
    await doomed.kill();
    // Whatever is not applied yet is lost with the process.
    if (phase === "received") await new Promise(() => {});
  });
  if (step.to) await upAll(resources, step.to);
  else await Promise.allSettled(resources.map((resource) => resource.destroy()));
  stop();
  await doomed.close().catch(() => undefined);
  expect(seen).toBeGreaterThanOrEqual(nth);

  const again = resources.map(({ state }, index) => {
    const next = host.resource(LAID[index]);
    next.state = state;
    return next;
  });
  if (!step.to) {
    await Promise.all(again.map((resource) => resource.destroy()));
    expect(ids(place)).toEqual(LAID);
    return;
  }
  const outcomes = await upAll(again, step.to);
  expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
  const wanted = step.to.map((to) => (typeof to === "string" ? to : to.sourceId));
  expect(ids(place)).toEqual(wanted);
  expect(again.map((resource) => kept(resource).outputs)).toMatchObject(
    wanted.map((sourceId, index) => ({ sourceId, originalSourceId: LAID[index] })),
  );
  tenant.clearRequests();
  expect(await upAll(again, step.to)).toEqual(again.map(() => ({ status: "fulfilled", value: "same" })));
  expect(tenant.requests).toEqual([]);
});

test("a process that is killed at any call, reads too, leaves nothing that the next run does not finish", {
  timeout: 600_000,
}, async () => {
  const killed = await killAtEachRequest({
    simulator: tenant,
    start: () => startHost(tenant, ALLOWED),
    names: ["taken", "made"],
    seed: 20_261_124,
    // The writes of most lives have been met above.
    share: 0.5,
    begin() {
      tenant.load({});
      const place = lay(tenant, ["a", "other"]);
      const up = (...programs: [Props, Props]) => {
        const common = { ...place, onDelete: "restoreOriginalId" };
        return {
          run: (resources: EngineResource[]) => Promise.all(resources.map((resource, n) => resource.up({ ...common, ...programs[n] }))),
          check: (resources: EngineResource[]) => there(resources, String(programs[0].sourceId), String(programs[1].sourceId)),
        };
      };
      const there = (resources: EngineResource[], taken: string, made: string) => {
        expect(ids(place)).toEqual([taken, "other", made]);
        expect(resources.map((resource) => kept(resource).outputs.sourceId)).toEqual([taken, made]);
      };
      const made = { displayName: "Made", sourceType: "EXTERNAL_INPUT" };
      return [
        up({ sourceId: "x", adoptFrom: "a" }, { sourceId: "y", ...made }),
        up({ sourceId: "y", adoptFrom: "a", description: "New" }, { sourceId: "x", ...made }),
        {
          run: (resources) => Promise.all(resources.map((resource) => resource.refresh())),
          check: (resources) => there(resources, "y", "x"),
        },
        {
          run: (resources) => Promise.all(resources.map((resource) => resource.destroy())),
          check: () => expect(ids(place)).toEqual(["a", "other", "y"]),
        },
      ];
    },
  });
  expect(killed).toEqual(expect.arrayContaining(["1 PUT", "2 GET", "2 PATCH", "3 GET", "4 GET"]));
});
