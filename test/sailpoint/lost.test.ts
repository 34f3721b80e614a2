import type { FaultRule } from "identity-simulators";
import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { bindTo, calls, mapping, sent, stored, useStack } from "./fixture";

const { tenant } = await useStack();

/** Every call that the resource makes in the life below. */
const CALLS: Record<string, Pick<FaultRule, "method" | "path" | "skip">> = {
  token: { method: "POST", path: /oauth\/token$/ },
  "look-up of the source": { method: "GET", path: /sources$/ },
  "look-up of the owner": { method: "GET", path: /identities$/ },
  create: { method: "POST", path: /identity-profiles$/ },
  read: { method: "GET", path: /identity-profiles\/\w+$/ },
  "change of the source": { method: "PATCH" },
  "read before the mapping": { method: "GET", path: /identity-profiles\/\w+$/, skip: 1 },
  "change of the mapping": { method: "PATCH", skip: 1 },
  "change of the priority": { method: "PATCH", skip: 2 },
  "read before the deletion": { method: "GET", path: /identity-profiles\/\w+$/, skip: 3 },
  delete: { method: "DELETE" },
  task: { method: "GET", path: /task-status/ },
  "proof that it is gone": { method: "GET", path: /identity-profiles\/\w+$/, skip: 4 },
};
const gateway = { body: "<html>busy</html>", headers: { "content-type": "text/html" } };
const ANSWERS: Record<string, Pick<FaultRule, "when" | "action">> = {
  "cut off before it was done": { when: "before", action: "drop" },
  "cut off after it was done": { when: "after", action: "drop" },
  "500 before it was done": { when: "before", action: { status: 500 } },
  "500 after it was done": { when: "after", action: { status: 500 } },
  "502 of a gateway after it was done": { when: "after", action: { status: 502, ...gateway } },
};
const cases = Object.entries(CALLS).flatMap(([call, where]) =>
  Object.entries(ANSWERS).map(([what, how]) => [call, what, { ...where, ...how }] as const),
);

const email = (sourceName: string, attributeName: string) => mapping({ email: { type: "accountAttribute", sourceName, attributeName } });
const FIRST = { name: "Employees", authoritativeSource: { name: "HR" }, owner: { name: "Ada Lovelace" }, ...email("HR", "mail") };
const SECOND = { ...FIRST, authoritativeSource: { name: "Partners" }, ...email("Partners", "workMail") };
const THIRD = { ...SECOND, priority: 77 };

describe("a life in which one answer is lost converges, and nothing is made twice", () => {
  test.each(cases)("%s: %s", async (call, what, fault) => {
    const { provider } = bindTo(tenant);
    // The token of the case before is over, so that every one asks for its own.
    tenant.clock.advance(24 * 3_600_000);
    const checked = (inputs: Props) => provider.check(inputs).inputs;
    tenant.faults.add(fault);
    const create = () => provider.create(checked(FIRST));
    // A create that did not arrive is an error, because another attempt might arrive as well.
    const { id, state } = await (call === "create" && what.includes("before") ? create().then(() => expect.fail(), create) : create());
    expect(tenant.dump().profiles).toMatchObject([{ id, name: "Employees" }]);

    const second = await provider.update(id, state, checked(SECOND));
    const third = await provider.update(id, second, checked(THIRD));
    expect(third).toMatchObject({ priority: 77, authoritativeSource: { name: "Partners" }, ...email("Partners", "workMail") });
    expect(stored(tenant)).toMatchObject({ id, priority: 77, authoritativeSource: { name: "Partners" } });
    expect(stored(tenant).identityAttributeConfig.attributeTransforms).toMatchObject([
      { transformDefinition: { attributes: { sourceName: "Partners", attributeName: "workMail" } } },
    ]);
    expect(sent(tenant, "PATCH").length, "what was done is not done again").toBe(
      call.startsWith("change") && what.includes("before") ? 4 : 3,
    );
    tenant.clearRequests();
    expect(provider.diff(third, checked(THIRD), id).changes).toBe(false);
    expect(calls(tenant)).toEqual([]);

    await provider.delete(id, third);
    expect(tenant.dump().profiles).toEqual([]);
    expect(tenant.faults.list()).toEqual([]);
  });
});

test("a create whose answer is lost, and the search for it too, is found all the same", async () => {
  const { provider } = bindTo(tenant);
  tenant.faults.add({ method: "POST", path: /identity-profiles$/, when: "after", action: "drop" });
  tenant.faults.add({ method: "GET", path: /identity-profiles$/, when: "before", action: "drop" });
  const { id } = await provider.create(provider.check(FIRST).inputs);
  expect(tenant.dump().profiles).toMatchObject([{ id }]);
});
