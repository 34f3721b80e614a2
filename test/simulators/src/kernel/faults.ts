import { matches, type RequestRecord } from "./log.js";

/**
 * What a fault does to the request it meets:
 * - `"drop"` closes the connection without an answer, `"hang"` never answers;
 * - `{ status, body?, headers? }` answers that; without a body, the vendor's usual one for that status;
 * - `{ delayMs }` waits, then goes on as if nothing had happened;
 * - `{ retryAfter, escalate? }` answers 429; with `escalate` each further firing waits 60, 300, 600, then 1200 s;
 * - `{ body, contentType }` answers 200 with these raw bytes.
 */
export type FaultAction =
  | "drop"
  | "hang"
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | { delayMs: number }
  | { retryAfter: number; escalate?: boolean }
  | { body: string | Buffer; contentType: string };

/** A rule that breaks the requests it fits. */
export interface FaultRule {
  /** @default any method */
  method?: string;
  /** Tested against the path without the query. @default any path */
  path?: RegExp;
  /** How many requests to break; Infinity until `clear`. @default 1 */
  times?: number;
  /** How many fitting requests to let through first. @default 0 */
  skip?: number;
  /** `before`: the request is not handled; `after`: what it asks for has been done, and only the answer suffers. */
  when: "before" | "after";
  action: FaultAction;
}

const ESCALATION_SECONDS = [60, 300, 600, 1200];

interface ArmedRule extends FaultRule {
  remaining: number;
  toSkip: number;
  fired: number;
}

/** The armed fault rules. First in, first out: one request meets at most one rule per phase, the oldest that fits. */
export class Faults {
  private rules: ArmedRule[] = [];

  /** Arms a rule. */
  add(rule: FaultRule): void {
    this.rules.push({ ...rule, remaining: rule.times ?? 1, toSkip: rule.skip ?? 0, fired: 0 });
  }

  /** Disarms every rule. */
  clear(): void {
    this.rules = [];
  }

  /** The rules still armed. */
  list(): (FaultRule & { remaining: number })[] {
    return this.rules.map(({ toSkip, fired, ...rule }) => ({ ...rule, skip: toSkip }));
  }

  /** The action that meets this request now, used up by asking; undefined when none does. */
  take(record: RequestRecord, when: "before" | "after"): FaultAction | undefined {
    for (const rule of this.rules) {
      if (rule.when !== when || !matches(rule, record)) continue;
      if (rule.toSkip > 0) {
        rule.toSkip -= 1;
        continue;
      }
      rule.fired += 1;
      rule.remaining -= 1;
      if (rule.remaining <= 0) this.rules = this.rules.filter((other) => other !== rule);
      return escalated(rule);
    }
    return undefined;
  }
}

function escalated({ action, fired }: ArmedRule): FaultAction {
  if (typeof action === "string" || !("retryAfter" in action) || !action.escalate) return action;
  const waits = [action.retryAfter, ...ESCALATION_SECONDS];
  return { retryAfter: waits[Math.min(fired, waits.length) - 1] ?? action.retryAfter };
}

/** A short name of an action for the request log. */
export function describe(action: FaultAction): string {
  if (typeof action === "string") return action;
  if ("status" in action) return `status ${action.status}`;
  if ("delayMs" in action) return `delay ${action.delayMs} ms`;
  if ("retryAfter" in action) return `retry after ${action.retryAfter} s`;
  return `raw ${action.contentType}`;
}
