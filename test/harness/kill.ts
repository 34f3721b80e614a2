/** Kills provider processes at any request of a resource's life, and lets new ones go on. */
import type { RequestHook } from "identity-simulators";
import { chance } from "./chance";
import type { EngineResource, ProviderHost } from "./rpc";

/** What one run of the engine does to the resources of a program. */
export interface Step {
  run(resources: EngineResource[]): unknown;
  /** Fails unless all is as it has to be after that run, or after any number of runs of which the last came to its end. */
  check(resources: EngineResource[]): unknown;
}

export interface KillOptions {
  simulator: { onRequest(hook: RequestHook): () => void };
  start(): Promise<ProviderHost>;
  /** Names of the program's resources. */
  names: string[];
  /** Prepares a life that shares no object with any other one, because the processes that survive remember what they did. */
  begin(): Step[];
  /** Chooses whether a request is met before it is handled or after that. */
  seed: number;
  /** Part of the requests at which the process is killed, drawn by the seed too. @default 1 */
  share?: number;
}

/**
 * Leads as many lives as one has requests, reads and those for tokens among them. At one request of each the process is killed, before the
 * request is handled or when it was applied and its answer has not left, and in a new
 * one the step is begun again and life goes on to its end. Every step that is killed has a process of its own, as every run of the engine does.
 *
 * Out:    where processes were killed, each kind once and sorted, such as `2 PATCH`: the number of the step, counted from 1, and the method.
 */
export async function killAtEachRequest({ simulator, start, names, begin, seed, share = 1 }: KillOptions): Promise<string[]> {
  const random = chance(seed);
  await using before = await start();
  await using after = await start();

  // Nobody is killed, only counted.
  const counts: number[] = [];
  let resources = names.map((name) => before.resource(name));
  for (const step of begin()) {
    await using host = await start();
    resources = carry(resources, host);
    let count = 0;
    const stop = simulator.onRequest(({ phase }) => void (phase === "received" && count++));
    await live(step, resources);
    stop();
    counts.push(count);
  }

  const killed = new Set<string>();
  for (const [at, count] of counts.entries()) {
    for (let nth = 1; nth <= count; nth += 1) {
      const phase = random() < 0.5 ? "received" : "applied";
      if (random() >= share) continue;
      const [steps, doomed] = [begin(), await start()];
      resources = names.map((name) => before.resource(name));
      for (const step of steps.slice(0, at)) await live(step, resources);
      resources = carry(resources, doomed);
      let seen = 0;
      const stop = simulator.onRequest(async ({ record, phase: now }) => {
        if (now !== phase || ++seen !== nth) return;
        killed.add(`${at + 1} ${record.method}`);
        await doomed.kill();
        // What nobody has begun to handle is lost with its sender.
        if (phase === "received") await new Promise(() => {});
      });
      // It fails with its process.
      await Promise.resolve(steps[at]?.run(resources)).catch(() => undefined);
      stop();
      await doomed.close();
      resources = carry(resources, after);
      for (const step of steps.slice(at)) await live(step, resources);
    }
  }
  return [...killed].sort();
}

async function live(step: Step, resources: EngineResource[]): Promise<void> {
  await step.run(resources);
  await step.check(resources);
}

/** The same resources with the same memory, in another process. */
function carry(resources: EngineResource[], host: ProviderHost): EngineResource[] {
  return resources.map(({ name, state, pendingDeletes }) => {
    const resource = host.resource(name);
    resource.state = state;
    resource.pendingDeletes.push(...pendingDeletes);
    return resource;
  });
}
