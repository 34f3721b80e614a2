import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs, renewBeforeMs, retryAfterMs } from "../../../provider/src/core/http/timing";

const noon = Date.parse("2026-03-01T12:00:00Z");
const asked = (value: string | string[] | undefined) => retryAfterMs({ "retry-after": value }, noon);

describe("Retry-After", () => {
  test("in seconds is taken in full, however long", () => {
    expect(asked("0")).toBe(0);
    expect(asked("10")).toBe(10_000);
    expect(asked(" 1200 ")).toBe(1_200_000);
    expect(asked("86400")).toBe(86_400_000);
  });

  test("as a date is the time until then", () => {
    expect(asked("Sun, 01 Mar 2026 12:00:30 GMT")).toBe(30_000);
  });

  test("as a date already past is no wait", () => {
    expect(asked("Sun, 01 Mar 2026 11:00:00 GMT")).toBe(0);
  });

  test.each([undefined, "", "soon", "-1", "5.5", "1e3", "2026-03-01T13:00:00Z", ["1", "2"]])("malformed counts as absent: %j", (value) => {
    expect(asked(value)).toBeUndefined();
  });
});

describe("the wait before a repetition", () => {
  test("doubles from half a second and stops at twenty", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 50].map((attempt) => backoffMs(attempt, 1));
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
  });

  test("leaves its upper half to chance", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, chance) => {
        const shortest = backoffMs(attempt, 0);
        expect(backoffMs(attempt, chance)).toBeCloseTo(shortest * (1 + chance), 6);
      }),
    );
  });
});

describe("a token is renewed", () => {
  test("a minute before its end when it lives long", () => {
    expect(renewBeforeMs(43_200_000)).toBe(60_000);
  });

  test("a fifth of its life before its end when it lives shortly", () => {
    expect(renewBeforeMs(15_000)).toBe(3000);
    expect(renewBeforeMs(300_000)).toBe(60_000);
  });
});
