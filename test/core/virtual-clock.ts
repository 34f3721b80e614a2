import type { Clock } from "../../provider/src/core/clock";

interface Sleeper {
  at: number;
  wake(): void;
}

/** Time that moves only when told, so that a wait of five minutes is asserted to the millisecond and costs nothing. */
export class VirtualClock implements Clock {
  /** What `random` answers. */
  chance = 0.5;
  /** Every wait that was asked for, in milliseconds, in order. */
  readonly waits: number[] = [];
  private time = 0;
  private readonly sleepers: Sleeper[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(ms);
    return new Promise((wake, fail) => {
      signal?.throwIfAborted();
      const sleeper = { at: this.time + Math.max(0, ms), wake };
      // Behind those of the same moment: timers of equal length end in the order they were set.
      const later = this.sleepers.findIndex(({ at }) => at > sleeper.at);
      this.sleepers.splice(later < 0 ? this.sleepers.length : later, 0, sleeper);
      signal?.addEventListener("abort", () => {
        const index = this.sleepers.indexOf(sleeper);
        if (index >= 0) this.sleepers.splice(index, 1);
        fail(signal.reason);
      });
    });
  }

  /** Moves time forward by `ms`, stopping at every sleeper on the way until all that it set off has settled. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await settled();
    while (this.sleepers[0] && this.sleepers[0].at <= end) await this.wakeNext();
    this.time = end;
  }

  /**
   * Moves time from sleeper to sleeper until the promise settles.
   *
   * @param quietMs how long, in real milliseconds, nobody may be asleep before the promise counts as forgotten: 0 unless sockets are involved
   */
  async until<T>(promise: Promise<T>, quietMs = 0): Promise<T> {
    let pending = true;
    const settle = () => {
      pending = false;
    };
    promise.then(settle, settle);
    let quietSince = performance.now();
    for (;;) {
      await settled();
      if (!pending) return promise;
      if (this.sleepers.length > 0) {
        await this.wakeNext();
        quietSince = performance.now();
      } else if (performance.now() - quietSince >= quietMs) {
        throw new Error(`Nobody is asleep at ${this.time} ms and the promise is still pending: a wake-up was lost`);
      }
    }
  }

  private async wakeNext(): Promise<void> {
    const next = this.sleepers.shift();
    if (!next) return;
    this.time = Math.max(this.time, next.at);
    next.wake();
    await settled();
  }
}

/** Resolves when every promise that can settle without time or sockets has settled. */
export function settled(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
