import { defineConfig } from "vitest/config";

/** Tests that start the command line. */
const ENGINE_TESTS = ["test/engine/**/*.test.ts", "test/package/**/*.test.ts", "test/harness/stack.test.ts"];
/** Tests whose subject is time, so that nothing may run beside them. */
const TIMED_TESTS = "test/engine/**/limit.test.ts";
const SIMULATOR_TESTS = "test/simulators/test/**/*.test.ts";

export default defineConfig({
  test: {
    // A test left on `.only` would silently drop all others.
    allowOnly: false,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...ENGINE_TESTS, SIMULATOR_TESTS, "**/node_modules/**"],
          // The first test of a file often starts a provider process, beside others that do.
          testTimeout: 60_000,
          // Most of them wait for a provider process or for a time-out, not for the machine.
          maxWorkers: 5,
        },
      },
      { test: { name: "simulators", include: [SIMULATOR_TESTS] } },
      {
        test: {
          name: "engine",
          include: ENGINE_TESTS,
          exclude: [TIMED_TESTS],
          globalSetup: ["scripts/vitest.engine.mts"],
          // One `pulumi up` takes seconds, and several on a small machine take longer.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each test file drives a command line, a program and a provider process.
          maxWorkers: 2,
        },
      },
      { test: { name: "timed", include: [TIMED_TESTS], globalSetup: ["scripts/vitest.engine.mts"], maxWorkers: 1 } },
    ],
  },
});
