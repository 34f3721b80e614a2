import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createStack } from "../harness/stack";
import { type SailPointSimulator, startSailPoint } from "../simulators/src/index";
import { demoTenant } from "../simulators/src/sailpoint/demo";

const examples = join(import.meta.dirname, "../../examples");

/** Programs that need more than the unnamed connection say here what; the value is a number of tenants by connection name. */
const connections: Record<string, string[]> = { "sailpoint-two-tenants": ["europe", "asia"] };

function credentials({ url, credentials }: SailPointSimulator) {
  return { baseUrl: url, ...credentials };
}

describe.each(readdirSync(examples))("the example %s", (name) => {
  test("is made, changes nothing when run again, and leaves the tenant as it was", async () => {
    await using tenant = await startSailPoint({ seed: demoTenant(), taskDelayMs: 50, rateLimit: false });
    await using other = await startSailPoint({ seed: demoTenant(), taskDelayMs: 50, rateLimit: false });
    const tenants = [tenant, other];
    const before = tenants.map((simulator) => simulator.dump().profiles);
    const { baseUrl, clientId, clientSecret } = credentials(tenant);
    const named = Object.fromEntries(
      (connections[name] ?? []).map((connection, index) => [connection, credentials(tenants[index] ?? tenant)]),
    );
    await using stack = await createStack({
      program: readFileSync(join(examples, name, "index.ts"), "utf8"),
      env: { SAIL_BASE_URL: baseUrl, SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret },
      config: connections[name] ? { "sailpoint:connections": JSON.stringify(named) } : {},
    });

    const { summary } = await stack.up({ expect: 0 });
    expect(summary.create).toBeGreaterThan(0);
    for (const simulator of tenants) simulator.clearRequests();
    expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
    expect(tenants.flatMap(({ requests }) => requests)).toEqual([]);
    await stack.destroy({ expect: 0 });
    expect(tenants.map((simulator) => simulator.dump().profiles)).toEqual(before);
    expect(tenants.flatMap(({ unknownRequests }) => unknownRequests)).toEqual([]);
  });
});
