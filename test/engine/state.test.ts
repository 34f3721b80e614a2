/** State where teams keep it: in a database or in a bucket. */
import { expect, test, vi } from "vitest";
import { type StateStore, startPostgres } from "../harness/postgres";
import { startS3 } from "../harness/s3";
import { createStack } from "../harness/stack";
import { sourcesOf, type World, worlds } from "./example-worlds";

/** The server of a bucket is built at the first run on a machine. */
const BUILD_MS = 15 * 60_000;

async function workforce(): Promise<World> {
  const open = worlds.workforce;
  if (!open) throw new Error("example-worlds.ts says nothing of the workforce");
  return open("workforce");
}

test.each<[string, () => Promise<StateStore>]>([
  ["PostgreSQL", startPostgres],
  ["an S3 bucket", startS3],
])(
  "a workforce in five systems has its state in %s, and two runs at once do not meet there",
  async (_, start) => {
    await using store = await start();
    const { stages, env, config } = await workforce();
    try {
      const before = stages.map((stage) => stage.dump());
      await using stack = await createStack({ ...sourcesOf("workforce"), env: { ...env, ...store.env }, config });

      // The first run waits for its first answers while the second begins.
      for (const { faults } of stages) faults.add({ when: "before", action: { delayMs: 10_000 }, path: /^(?!.*(token|oauth))/ });
      const first = stack.start("up", { expect: 0 });
      await vi.waitFor(() => expect(stages.flatMap(({ requests }) => requests)).not.toEqual([]), { timeout: 60_000 });
      const second = await stack.up();
      expect(second.code).not.toBe(0);
      expect(second.stdout + second.stderr).toContain("the stack is currently locked by 1 lock(s)");
      expect((await first.done).summary.create).toBeGreaterThan(10);

      for (const stage of stages) stage.clearRequests();
      expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 0, update: 0, delete: 0, replace: 0 });
      expect(stages.flatMap(({ requests }) => requests)).toEqual([]);
      await stack.destroy({ expect: 0 });
      expect(stages.map((stage) => stage.dump())).toEqual(before);
    } finally {
      await Promise.all(stages.map((stage) => stage.close()));
    }
  },
  BUILD_MS,
);
