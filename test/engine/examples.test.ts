import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createStack } from "../harness/stack";
import { EXAMPLES, sourcesOf, worlds } from "./example-worlds";

// The policy pack is no program; policy.test.ts runs it.
const programs = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, "Pulumi.yaml")));

describe.each(programs)("the example %s", (name) => {
  test("is made, changes nothing when run again, and leaves the vendor as it was", async () => {
    const open = worlds[name.split("-")[0] ?? ""];
    if (!open) throw new Error(`example-worlds.ts says nothing of ${name}`);
    const { stages, env, config } = await open(name);
    try {
      const before = stages.map((stage) => stage.dump());
      await using stack = await createStack({ ...sourcesOf(name), env, config });

      const { summary } = await stack.up({ expect: 0 });
      expect(summary.create).toBeGreaterThan(0);
      for (const stage of stages) stage.clearRequests();
      expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
      expect(stages.flatMap(({ requests }) => requests)).toEqual([]);
      await stack.destroy({ expect: 0 });
      expect(stages.map((stage) => stage.dump())).toEqual(before);
      expect(stages.flatMap(({ unknownRequests }) => unknownRequests)).toEqual([]);
    } finally {
      await Promise.all(stages.map((stage) => stage.close()));
    }
  });
});
