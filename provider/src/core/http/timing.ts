/** Headers of an answer, names in lower case. */
export type Headers = Record<string, string | string[] | undefined>;

/**
 * How long a vendor asks to be left alone.
 *
 * In:     headers of its answer; `wallClockMs`, the time of day in milliseconds since 1970, for the date form.
 * Out:    milliseconds, never capped, 0 for a time already past; undefined when the header is absent or malformed.
 * Errors: none.
 * Source: RFC 9110 section 10.2.3 (Retry-After: seconds or an HTTP date).
 */
export function retryAfterMs(headers: Headers, wallClockMs: number): number | undefined {
  const value = headers["retry-after"];
  if (typeof value !== "string") return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  // Date.parse also takes "5.5" and "-1"; an HTTP date always begins with the name of a day.
  const date = /^\s*[A-Za-z]{3}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallClockMs);
}

/**
 * How long to wait before repeating a call when the vendor named no time.
 *
 * In:     attempt, counted from 1; `random`, 0 to below 1.
 * Out:    milliseconds: doubling from 500 to 20,000, of which the upper half is left to chance so that calls spread out.
 * Errors: none.
 * Source: assumed; the shape is common practice (exponential backoff with jitter).
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(20_000, 500 * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * random;
}

/**
 * How long before its end a token is renewed.
 *
 * In:     lifetime in milliseconds as the vendor gave it.
 * Out:    milliseconds: a fifth of the lifetime, at most a minute. A fixed margin would make a 15-second token useless.
 * Errors: none.
 * Source: assumed.
 */
export function renewBeforeMs(lifetimeMs: number): number {
  return Math.min(60_000, lifetimeMs / 5);
}
