import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const profiles = (priorities: Record<string, [source: string, priority: number]>) =>
  Object.entries(priorities)
    .map(
      ([name, [source, priority]]) =>
        `new SailPointIdentityProfile("${name}", { name: "${name}", authoritativeSource: { name: "${source}" }, priority: ${priority} });`,
    )
    .join("\n");

test("two swap their priorities and a new one takes a third's with --parallel 1", async () => {
  await using scene = await openScene(profiles({ one: ["HR", 10], two: ["Payroll", 20], three: ["Vendors", 30] }));
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  await scene.write(profiles({ one: ["HR", 20], two: ["Payroll", 10], four: ["Campus", 30], three: ["Vendors", 40] }));
  const { summary } = await stack.up({ args: ["--parallel", "1"], expect: 0 });
  expect(summary).toMatchObject({ create: 1, update: 3 });
  const found = tenant.dump().profiles.map(({ name, priority }) => [name, priority]);
  expect(Object.fromEntries(found)).toEqual({ one: 20, two: 10, three: 40, four: 30 });
  tenant.clearRequests();
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
});
