import { expect, test } from "vitest";
import { openScene } from "./scene.js";

const profiles = (one: number, two?: number) =>
  Object.entries({ HR: one, ...(two !== undefined && { Payroll: two }) })
    .map(
      ([source, priority]) =>
        `new SailPointIdentityProfile("${source}", { name: "${source}", authoritativeSource: { name: "${source}" }, priority: ${priority} });`,
    )
    .join("\n");

// One worker knows the next resource in line, whichever of the two the engine takes first.
test("a new profile takes another one's priority, and then the two swap, with --parallel 1", async () => {
  await using scene = await openScene(profiles(10));
  const { stack, tenant } = scene;
  const found = () => Object.fromEntries(tenant.dump().profiles.map(({ name, priority }) => [name, priority]));
  await stack.up({ expect: 0 });

  await scene.write(profiles(20, 10));
  expect((await stack.up({ args: ["--parallel", "1"], expect: 0 })).summary).toMatchObject({ create: 1, update: 1 });
  expect(found()).toEqual({ HR: 20, Payroll: 10 });

  await scene.write(profiles(10, 20));
  expect((await stack.up({ args: ["--parallel", "1"], expect: 0 })).summary).toMatchObject({ update: 2 });
  expect(found()).toEqual({ HR: 10, Payroll: 20 });
  await stack.refresh({ args: ["--preview-only", "--expect-no-changes"], expect: 0 });
  tenant.clearRequests();
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  expect(tenant.requests).toEqual([]);
});
