/**
 * The simulator's own time: the machine's clock plus what a test has skipped with `advance`.
 *
 * Token lifetimes, rate-limit windows and background tasks all read it, so a test can let hours pass without waiting.
 */
export class Clock {
  private skippedMs = 0;

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.skippedMs;
  }

  /** Lets `ms` milliseconds pass at once. */
  advance(ms: number): void {
    this.skippedMs += ms;
  }
}
