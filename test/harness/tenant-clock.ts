import type { Clock } from "../../provider/src/core/clock";

/**
 * A simulated system's own time, where waiting is free: each wait moves the system's clock instead.
 *
 * In:     the system; list that takes the waits, in milliseconds, if anybody wants them.
 */
export function tenantClock({ clock }: { clock: { now(): number; advance(ms: number): void } }, waits: number[] = []): Clock {
  return {
    now: () => clock.now(),
    random: () => 0.5,
    async sleep(ms) {
      waits.push(ms);
      clock.advance(ms);
    },
  };
}
