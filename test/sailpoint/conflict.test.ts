import type { FaultAction } from "identity-simulators";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Props } from "../harness/rpc";
import {
  ADA,
  bindTo,
  calls,
  failure,
  GRACE,
  HR,
  kept,
  MINIMAL,
  mail,
  mapping,
  PARTNERS,
  SEED,
  sent,
  startHost,
  startTenant,
  stored,
  useStack,
} from "./fixture";

const { tenant, host } = await useStack();
const HELD = { id: "a".repeat(32), name: "Held", authoritativeSource: { id: HR.id }, priority: 10 };
const holding = (...profiles: object[]) => tenant.load({ ...SEED, profiles: profiles as never });
const posts = () => tenant.count({ method: "POST", path: /identity-profiles/ });

describe.each([400, 409] as const)("a conflict answered with %i", (conflictStatus) => {
  beforeEach(() => {
    tenant.switches.conflictStatus = conflictStatus;
  });

  test.each<[string, object, Props, string]>([
    [
      "the name",
      { name: "employees", authoritativeSource: { id: PARTNERS.id } },
      MINIMAL,
      'identity profile "employees" (:id) holds the name "employees"',
    ],
    ["the source", {}, MINIMAL, 'identity profile "Held" (:id) holds the source HR'],
    [
      "the priority",
      { authoritativeSource: { id: PARTNERS.id } },
      { ...MINIMAL, priority: 10, timeouts: { create: "1s" } },
      'identity profile "Held" (:id) holds the priority 10',
    ],
    [
      "all three",
      { name: "Employees" },
      { ...MINIMAL, priority: 10 },
      'identity profile "Employees" (:id) holds the name "Employees" and the source HR and the priority 10',
    ],
  ])("names who holds %s, and what to do", async (what, held, inputs, sentence) => {
    holding({ ...HELD, identityCount: 1, ...held });
    const resource = host.resource();
    const message = await failure(resource.up(inputs));
    expect(message.toLowerCase()).toContain(sentence.replace(":id", HELD.id).toLowerCase());
    const advice = what === "the priority" ? ["Choose another priority", "for none"] : ["adopt: true or adopt: { id }", "aliases"];
    for (const words of advice) expect(message).toContain(words);
    expect(message).toContain(`HTTP ${conflictStatus}, 400.1.409 Reference conflict`);
    expect(message).toContain("IDP_CONFLICT");
    expect(posts()).toBe(1);
    expect(resource.state).toBeUndefined();
    expect(tenant.dump().profiles).toHaveLength(1);
  });

  test("names every one of several holders", async () => {
    holding(HELD, { ...HELD, id: "b".repeat(32), name: "Other", authoritativeSource: { id: PARTNERS.id }, priority: 20 });
    const message = await failure(host.resource().up({ ...MINIMAL, priority: 20 }));
    expect(message).toContain(`"Held" (${HELD.id}) holds the source HR`);
    expect(message).toContain(`"Other" (${"b".repeat(32)}) holds the priority 20`);
  });
});

test("the holder of a source is found among more profiles than fit on one page", async () => {
  const sources = Array.from({ length: 260 }, (_, n) => ({ id: `${n}`.padStart(32, "0"), name: `Source ${n}` }));
  const profiles = sources.map(({ id }, n) => ({ id, name: `Profile ${n}`, authoritativeSource: { id } }));
  tenant.load({ sources, profiles });
  const message = await failure(host.resource().up({ name: "Employees", authoritativeSource: { id: sources[255]?.id } }));
  expect(message).toContain('"Profile 255"');
  const pages = tenant.requests.filter(({ method }) => method === "GET").map(({ query }) => query);
  expect(pages).toEqual([
    { limit: "250", offset: "0", sorters: "id" },
    { limit: "250", offset: "250", sorters: "id" },
  ]);
});

test("a profile without a name does not break the search for others", async () => {
  holding({ ...HELD, identityCount: 1 });
  const [held] = tenant.dump().profiles;
  const body = [{ ...held, id: "b".repeat(32), name: null, authoritativeSource: { id: "x", name: null } }, held];
  tenant.faults.add({ method: "GET", when: "before", action: { status: 200, body, headers: { "content-type": "application/json" } } });
  expect(await failure(host.resource().up(MINIMAL))).toContain(`Identity profile "Held" (${HELD.id}) holds the source HR. To take`);
});

describe("what an interrupted run left behind", () => {
  const INPUTS = { ...MINIMAL, description: "x", owner: { id: ADA.id }, priority: 40, ...mapping({ email: mail() }) };
  const entry = (attributes: object) => ({ identityAttributeName: "email", transformDefinition: { type: "accountAttribute", attributes } });
  const config = { enabled: true, attributeTransforms: [entry({ attributeName: "mail", sourceId: HR.id })] };
  const LEFT = { ...HELD, name: "Employees", description: "x", owner: { id: ADA.id }, priority: 40, identityAttributeConfig: config };

  test("is taken over with a warning when it is exactly what is declared", async () => {
    holding(LEFT);
    const resource = host.resource();
    await resource.up(INPUTS);
    expect(kept(resource).id).toBe(LEFT.id);
    expect(calls(tenant)).toEqual(["POST /identity-profiles 400", "GET /identity-profiles 200"]);
    expect(tenant.dump().profiles).toHaveLength(1);
    const warning = { severity: "warning", message: expect.stringContaining(`"Employees" (${LEFT.id}) is exactly what is declared`) };
    await expect.poll(() => host.logs).toContainEqual(expect.objectContaining(warning));
    expect(await resource.preview(INPUTS)).toMatchObject({ op: "same" });
  });

  test("is taken over although the server added to it", async () => {
    holding({
      ...LEFT,
      identityAttributeConfig: { ...config, attributeTransforms: [entry({ attributeName: "mail", sourceId: HR.id, sourceName: "HR" })] },
    });
    const resource = host.resource();
    await resource.up(INPUTS);
    expect(kept(resource).id).toBe(LEFT.id);
  });

  test("is taken over whatever it has that the program does not declare", async () => {
    holding({ ...HELD, name: "Employees", owner: { id: ADA.id } });
    const resource = host.resource();
    await resource.up(MINIMAL);
    expect(kept(resource)).toMatchObject({ id: HELD.id, outputs: { owner: { id: ADA.id }, serverChosen: ["owner", "priority"] } });
  });

  test.each<[string, object]>([
    ["one identity", { identityCount: 1 }],
    ["a name in other case", { name: "EMPLOYEES" }],
    ["another description", { description: "y" }],
    ["no description", { description: null }],
    ["another owner", { owner: { id: GRACE.id } }],
    ["no owner", { owner: null }],
    ["another priority", { priority: 41 }],
    ["another source", { authoritativeSource: { id: PARTNERS.id } }],
    ["a mapping that is off", { identityAttributeConfig: { ...config, enabled: false } }],
    [
      "another value in its mapping",
      { identityAttributeConfig: { ...config, attributeTransforms: [entry({ attributeName: "sn", sourceId: HR.id })] } },
    ],
    [
      "more in its mapping",
      {
        identityAttributeConfig: {
          ...config,
          attributeTransforms: [
            ...config.attributeTransforms,
            { ...entry({ attributeName: "sn", sourceId: HR.id }), identityAttributeName: "uid" },
          ],
        },
      },
    ],
  ])("is not taken over with %s", async (_difference, other) => {
    holding({ ...LEFT, ...other });
    const before = tenant.dump().profiles;
    expect(await failure(host.resource().up(INPUTS))).toContain(`(${LEFT.id}) holds`);
    expect(tenant.dump().profiles).toEqual(before);
  });

  test("is not taken over with a description that the program does not declare", async () => {
    holding({ ...HELD, name: "Employees", description: "by hand" });
    expect(await failure(host.resource().up(MINIMAL))).toContain(`(${HELD.id}) holds`);
  });
});

describe("a create whose answer is lost is sent once, and looked for", () => {
  const lost: [string, FaultAction][] = [
    ["the connection breaks", "drop"],
    ["500", { status: 500 }],
    ["502 with a page", { status: 502 }],
    ["503", { status: 503 }],
    ["504", { status: 504 }],
    ["200 and no JSON", { body: "<html>Please sign in</html>", contentType: "text/html" }],
  ];

  test.each(lost)("and found, when it arrived: %s", async (_what, action) => {
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "after", action });
    const resource = host.resource();
    await resource.up({ ...MINIMAL, ...mapping({ email: mail() }) });
    expect(kept(resource).id).toBe(stored(tenant).id);
    expect(posts()).toBe(1);
    expect(tenant.requests.at(-1)?.query).toMatchObject({ filters: 'name eq "Employees"' });
    expect(tenant.dump().profiles).toHaveLength(1);
  });

  test.each(lost)("and not found, when it did not arrive; the next run creates it: %s", async (_what, action) => {
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "before", action });
    const { provider, waits } = bindTo(tenant);
    const { inputs } = provider.check(MINIMAL);
    const message = await failure(provider.create(inputs));
    expect(message).toContain("No profile of that name is there now");
    expect(message).toContain("IDP_LOST_ANSWER");
    expect(waits).toEqual([0, 1000, 2000, 4000]);
    expect(posts()).toBe(1);
    await provider.create(inputs);
    expect(tenant.dump().profiles).toHaveLength(1);
  });

  test("and found, when it arrives late", async () => {
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "before", action: "drop" });
    const { provider, waits } = bindTo(tenant);
    onTestFinished(
      tenant.onRequest(({ record, phase }) => {
        if (record.method === "GET" && phase === "applied" && waits.length === 2) holding({ ...HELD, name: "Employees" });
      }),
    );
    expect(await provider.create(provider.check(MINIMAL).inputs)).toMatchObject({ id: HELD.id });
    expect(waits).toEqual([0, 1000, 2000]);
    expect(posts()).toBe(1);
  });

  test("and explained, when a different profile has that name", async () => {
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "before", action: "drop" });
    holding({ ...HELD, name: "Employees", identityCount: 7 });
    const message = await failure(host.resource().up(MINIMAL));
    expect(message).toContain(`"Employees" (${HELD.id}) holds the name "Employees" and the source HR`);
    expect(message).toContain("adopt");
    expect(posts()).toBe(1);
  });

  test("and found with a name that needs escaping in a filter", async () => {
    tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "after", action: "drop" });
    const name = 'R&D "core" \\ #1 100%';
    await host.resource().up({ ...MINIMAL, name });
    expect(tenant.dump().profiles.map((profile) => profile.name)).toEqual([name]);
    expect(posts()).toBe(1);
  });
});

test("a create that is never answered is given up after requestTimeoutSeconds, and found", async () => {
  await using slow = await startTenant();
  await using impatient = await startHost(slow, { requestTimeoutSeconds: "0.3" });
  slow.faults.add({ method: "POST", path: /identity-profiles/, when: "after", action: "hang" });
  const resource = impatient.resource();
  await resource.up(MINIMAL);
  expect(kept(resource).id).toBe(stored(slow).id);
  expect(sent(slow, "POST")).toHaveLength(1);
});

test("a create that was throttled was not processed, and is sent again", async () => {
  await using busy = await startTenant();
  busy.faults.add({ method: "POST", path: /identity-profiles/, when: "before", action: { retryAfter: 7 } });
  const { provider, waits, progress } = bindTo(busy);
  await provider.create(provider.check(MINIMAL).inputs);
  expect(waits).toContain(7000);
  expect(progress).toEqual([expect.stringContaining("resuming in 7 s")]);
  expect(sent(busy, "POST")).toHaveLength(2);
  expect(busy.dump().profiles).toHaveLength(1);
});
