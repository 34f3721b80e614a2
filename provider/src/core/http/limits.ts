import type { Clock } from "../clock";
import { ThrottledError, type VendorFacts } from "../errors";

export interface Limits {
  /** Calls the vendor accepts in one window. */
  requests: number;
  /** Length of the window in milliseconds. */
  windowMs: number;
  /** Calls in flight at the same time. */
  concurrency: number;
  /** The longest pause a vendor may ask for before calls fail instead of waiting, in milliseconds. */
  maxWaitMs: number;
}

/** Hands back a place in the window once the answer is there. Whoever was throttled must call `pause` next: until then no call starts. */
export type Release = (outcome: { throttled: boolean }) => void;

interface Waiter {
  start(release: Release): void;
  fail(error: unknown): void;
}

/**
 * Keeps all calls to one tenant within the vendor's limit, first come first served.
 *
 * A place is taken when a call starts and is free again one window after its answer came. The vendor counted the call no later than that,
 * so it can never see more than `requests` calls in a window, however slow the network is, and short bursts still run at full speed.
 */
export class Limiter {
  /** When each place not in use may be taken, soonest first. */
  private readonly places: number[];
  private readonly queue: Waiter[] = [];
  private inFlight = 0;
  private pausedUntil = Number.NEGATIVE_INFINITY;
  /** After a pause one call goes ahead alone: many at once would only collect refusals, which some vendors punish with longer pauses. */
  private probing = false;
  private wakeAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly limits: Limits,
    private readonly clock: Clock,
  ) {
    this.places = new Array(limits.requests).fill(Number.NEGATIVE_INFINITY);
  }

  /**
   * Waits for a place.
   *
   * Errors: ThrottledError at once when the vendor asked for a pause longer than `maxWaitMs`; the signal's reason when it aborts.
   */
  acquire(signal?: AbortSignal): Promise<Release> {
    return new Promise((resolve, fail) => {
      signal?.throwIfAborted();
      const giveUp = () => {
        const place = this.queue.indexOf(waiter);
        if (place >= 0) this.queue.splice(place, 1);
        fail(signal?.reason);
      };
      const start = (release: Release) => {
        signal?.removeEventListener("abort", giveUp);
        resolve(release);
      };
      const waiter = { start, fail };
      this.queue.push(waiter);
      signal?.addEventListener("abort", giveUp);
      this.drain();
    });
  }

  /** Counts a call that must not wait for others, such as the token request that they wait for. */
  count(): void {
    if (this.places.shift() !== undefined) this.places.push(this.clock.now() + this.limits.windowMs);
  }

  /** No call starts before `ms` milliseconds have passed. */
  pause(ms: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
    this.probing = true;
    this.drain();
  }

  private drain(): void {
    const pause = this.pausedUntil - this.clock.now();
    if (pause > this.limits.maxWaitMs) {
      for (const waiter of this.queue.splice(0)) waiter.fail(tooLong(pause, this.limits.maxWaitMs));
      return;
    }
    while (this.queue.length > 0) {
      if (this.inFlight >= (this.probing ? 1 : this.limits.concurrency)) return;
      const place = this.places[0];
      if (place === undefined) return;
      const readyAt = Math.max(place, this.pausedUntil);
      if (readyAt > this.clock.now()) {
        this.wake(readyAt);
        return;
      }
      this.places.shift();
      this.inFlight += 1;
      const startedAt = this.clock.now();
      this.queue.shift()?.start((outcome) => this.release(outcome, startedAt));
    }
  }

  private release({ throttled }: { throttled: boolean }, startedAt: number): void {
    this.inFlight -= 1;
    this.places.push(this.clock.now() + this.limits.windowMs);
    // The pause that follows a refusal drains; until it is known, nobody may start.
    if (throttled) return;
    // A call from before the pause tells nothing about the time after it.
    if (startedAt >= this.pausedUntil) this.probing = false;
    this.drain();
  }

  private wake(at: number): void {
    if (at >= this.wakeAt) return;
    this.wakeAt = at;
    void this.clock.sleep(at - this.clock.now()).then(() => {
      if (this.wakeAt === at) this.wakeAt = Number.POSITIVE_INFINITY;
      this.drain();
    });
  }
}

/** The refusal of a pause that is longer than the budget. Both times in milliseconds; action and facts of the call that was told, if known. */
export function tooLong(pauseMs: number, budgetMs: number, action?: string, facts?: VendorFacts): ThrottledError {
  return new ThrottledError(
    `${action ? `${action} failed: the` : "The"} vendor asks to wait ${Math.ceil(pauseMs / 1000)} s, more than the ${Math.round(budgetMs / 1000)} s that maxWaitSeconds allows`,
    "Nothing was sent meanwhile; run again after that time, or raise maxWaitSeconds",
    facts,
  );
}
