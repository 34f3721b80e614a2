import { setTimeout as sleep } from "node:timers/promises";

/** Time and chance as arguments, so that waits can be asserted exactly. */
export interface Clock {
  /** Milliseconds on a clock that only goes forward; the zero is arbitrary. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 to below 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  random: Math.random,
};
