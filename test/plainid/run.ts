import type { PlainIdSimulator } from "identity-simulators";
import type { PartialError } from "../../provider/src/core/errors";
import type { ResourceProvider } from "../../provider/src/core/resource";
import { holdingsOf } from "../../provider/src/plainid/move";
import type { Props } from "../harness/rpc";
import type { Place } from "./fixture";

/** Resources of a program in the order of their registration: name and arguments. */
export type Program = [name: string, args: Props][];
/** What the engine keeps, by name; `failed` forces an update. */
export type Known = Map<string, { id: string; state: Props; failed?: true }>;

export interface Outcome {
  /** Messages of the operations that failed. */
  errors: string[];
  /** How many resources were not the same. */
  steps: number;
}

/** Fifty times as fast as time. */
export const quick = {
  now: () => performance.now() * 50,
  random: () => 0,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms / 50)),
};

/** A clock that only waits move on, so that they add up exactly however busy the machine is. */
export function waitingClock() {
  let now = 0;
  return {
    now: () => now,
    random: () => 0,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
}

/**
 * One `up` as the engine runs it: resources are compared one by one, each is given to a worker before the next is compared, and after a
 * failure nothing more begins. Of a provider that is not alive the engine hears nothing more.
 */
export async function up(
  provider: ResourceProvider,
  place: Place,
  program: Program,
  known: Known,
  workers: number,
  alive = () => true,
): Promise<Outcome> {
  const errors: string[] = [];
  const running = new Set<Promise<void>>();
  let steps = 0;
  for (const [name, args] of program) {
    const old = known.get(name);
    const { inputs, failures } = provider.check({ ...place, ...args }, old && { ...place, ...args });
    if (failures.length > 0) throw new Error(JSON.stringify(failures));
    if (old && provider.diff(old.state, inputs, old.id).changes === false && !old.failed) continue;
    while (running.size >= workers) await Promise.race(running);
    if (errors.length > 0) break;
    steps += 1;
    const step = old ? provider.update(old.id, old.state, inputs).then((state) => ({ id: old.id, state })) : provider.create(inputs);
    const done: Promise<void> = step
      .then((made) => void (alive() && known.set(name, made)))
      .catch((error: Error | PartialError) => {
        errors.push(error.message);
        if ("state" in error && alive()) known.set(name, { id: error.id, state: error.state, failed: true });
      })
      .finally(() => running.delete(done));
    running.add(done);
  }
  await Promise.all(running);
  return { errors, steps };
}

/** Forgets what the provider process knows of a place, as a new process does. */
export function startAnew(place: Place): void {
  const holdings = holdingsOf(place);
  for (const { owner } of holdings.all()) holdings.forget(owner);
}

/**
 * Lets the provider die at a write: from then on nothing that it sends arrives, and it hears of nothing more.
 *
 * @param nth which write, counted from 1
 * @param phase whether that write is applied
 * Returns whether it lives, and how the next one is started.
 */
export function dieAt(tenant: PlainIdSimulator, nth: number, phase: "received" | "applied") {
  let seen = 0;
  const stop = tenant.onRequest(({ record, phase: now }) => {
    if (now !== phase || !["PATCH", "PUT"].includes(record.method) || ++seen !== nth) return;
    for (const when of ["before", "after"] as const) tenant.faults.add({ times: Number.POSITIVE_INFINITY, when, action: "drop" });
  });
  return {
    alive: () => seen < nth,
    revive() {
      stop();
      tenant.faults.clear();
    },
  };
}
