import type { Clock } from "./clock.js";

/** How many requests a caller may send within a window of time. */
export interface RateLimit {
  limit: number;
  windowMs: number;
  /** `sliding` looks back from each request, `fixed` starts counting anew at multiples of the window. */
  kind: "sliding" | "fixed";
}

/** Counts requests per key. Refused requests do not count. */
export class RateLimiter {
  private readonly arrivals = new Map<string, number[]>();

  constructor(
    private readonly rule: RateLimit | false,
    private readonly clock: Clock,
  ) {}

  /** Counts one request. Returns 0 when it is allowed, else the whole seconds until one will be. */
  secondsToWait(key: string): number {
    if (!this.rule) return 0;
    const { limit, windowMs, kind } = this.rule;
    const now = this.clock.now();
    const start = kind === "fixed" ? now - (now % windowMs) : now - windowMs;
    const recent = (this.arrivals.get(key) ?? []).filter((at) => (kind === "fixed" ? at >= start : at > start));
    this.arrivals.set(key, recent);
    if (recent.length < limit) {
      recent.push(now);
      return 0;
    }
    const freeAt = kind === "fixed" ? start + windowMs : (recent[recent.length - limit] ?? now) + windowMs;
    return Math.max(1, Math.ceil((freeAt - now) / 1000));
  }

  clear(): void {
    this.arrivals.clear();
  }
}
