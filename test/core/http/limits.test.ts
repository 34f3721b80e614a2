import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ThrottledError } from "../../../provider/src/core/errors";
import { Limiter, type Limits, type Release, tooLong } from "../../../provider/src/core/http/limits";
import { settled, VirtualClock } from "../virtual-clock";

const generous: Limits = { requests: 1000, windowMs: 10_000, concurrency: 1000, maxWaitMs: 300_000 };

function limited(limits: Partial<Limits>) {
  const clock = new VirtualClock();
  const limiter = new Limiter({ ...generous, ...limits }, clock);
  /** When each call started, in order of start. */
  const starts: number[] = [];
  /** A call that takes `latencyMs` to be answered. */
  const call = async (latencyMs = 0, throttled = false): Promise<void> => {
    const release = await limiter.acquire();
    starts.push(clock.now());
    if (latencyMs > 0) await clock.sleep(latencyMs);
    release({ throttled });
  };
  const calls = (count: number, latencyMs = 0) => Promise.all(Array.from({ length: count }, () => call(latencyMs)));
  return { clock, limiter, starts, call, calls };
}

describe("the window", () => {
  test("a burst up to the limit starts at once, the next call one window after the first answer", async () => {
    const { clock, starts, calls } = limited({ requests: 3, windowMs: 10_000 });
    await clock.until(calls(4, 200));
    expect(starts).toEqual([0, 0, 0, 10_200]);
  });

  test("without latency, call number n starts after n / limit whole windows", async () => {
    const { clock, starts, calls } = limited({ requests: 100, windowMs: 10_000 });
    await clock.until(calls(1000));
    expect(starts).toHaveLength(1000);
    expect(starts).toEqual(starts.map((_, n) => Math.floor(n / 100) * 10_000));
  });

  test("places left unused are not lost: a burst after a rest starts at once", async () => {
    const { clock, starts, calls } = limited({ requests: 3 });
    await clock.until(calls(3));
    await clock.advance(10_000);
    await clock.until(calls(3));
    expect(starts).toEqual([0, 0, 0, 10_000, 10_000, 10_000]);
  });

  test("no more calls than the concurrency are in flight", async () => {
    const { clock, starts, calls } = limited({ concurrency: 2 });
    await clock.until(calls(6, 100));
    expect(starts).toEqual([0, 0, 100, 100, 200, 200]);
  });

  test("a call that must not wait still takes a place from those that do", async () => {
    const { clock, limiter, starts, calls } = limited({ requests: 3 });
    limiter.count();
    await clock.until(calls(3));
    expect(starts).toEqual([0, 0, 10_000]);
  });
});

interface Pattern {
  limits: Pick<Limits, "requests" | "windowMs" | "concurrency">;
  calls: { afterMs: number; outMs: number; backMs: number }[];
}

const patterns: fc.Arbitrary<Pattern> = fc.record({
  limits: fc.record({
    requests: fc.integer({ min: 1, max: 5 }),
    windowMs: fc.integer({ min: 1, max: 100 }),
    concurrency: fc.integer({ min: 1, max: 6 }),
  }),
  calls: fc.array(fc.record({ afterMs: fc.nat({ max: 60 }), outMs: fc.nat({ max: 80 }), backMs: fc.nat({ max: 80 }) }), {
    minLength: 1,
    maxLength: 25,
  }),
});

/** Runs calls that come `afterMs` after the one before, reach the vendor `outMs` after their start and are answered `backMs` later. */
async function run({ limits, calls }: Pattern) {
  const { clock, limiter } = limited(limits);
  const order: number[] = [];
  const seen: { asked: number; start: number; arrival: number; end: number }[] = [];
  const running = calls.map(async (call, index) => {
    await clock.sleep(calls.slice(0, index + 1).reduce((sum, { afterMs }) => sum + afterMs, 0));
    const asked = clock.now();
    const release = await limiter.acquire();
    order.push(index);
    const start = clock.now();
    await clock.sleep(call.outMs);
    const arrival = clock.now();
    await clock.sleep(call.backMs);
    seen[index] = { asked, start, arrival, end: clock.now() };
    release({ throttled: false });
  });
  await clock.until(Promise.all(running));
  return { order, seen };
}

describe("for any pattern of calls and latencies", () => {
  test("the vendor never counts more calls in a window than it accepts", async () => {
    await fc.assert(
      fc.asyncProperty(patterns, async (pattern) => {
        const arrivals = (await run(pattern)).seen.map(({ arrival }) => arrival).sort((a, b) => a - b);
        const { requests, windowMs } = pattern.limits;
        arrivals.forEach((arrival, n) => {
          const oneTooMany = arrivals[n + requests];
          if (oneTooMany !== undefined) expect(oneTooMany - arrival).toBeGreaterThanOrEqual(windowMs);
        });
      }),
    );
  });

  test("first come is first served", async () => {
    await fc.assert(
      fc.asyncProperty(patterns, async (pattern) => {
        expect((await run(pattern)).order).toEqual(pattern.calls.map((_, index) => index));
      }),
    );
  });

  test("every call starts at the first moment the limit allows, and none is forgotten", async () => {
    await fc.assert(
      fc.asyncProperty(patterns, async (pattern) => {
        const { concurrency, requests, windowMs } = pattern.limits;
        const { seen } = await run(pattern);
        expect(seen).toHaveLength(pattern.calls.length);
        seen.forEach(({ asked, start }, n) => {
          const ends = seen
            .slice(0, n)
            .map(({ end }) => end)
            .sort((a, b) => b - a);
          // All but `concurrency - 1` of those before must have been answered, all but `requests - 1` of them a window ago.
          const slot = ends[concurrency - 1] ?? 0;
          const place = (ends[requests - 1] ?? -windowMs) + windowMs;
          expect(start).toBe(Math.max(asked, seen[n - 1]?.start ?? 0, slot, place));
        });
      }),
    );
  });
});

describe("a pause", () => {
  test("holds every call back for its whole length", async () => {
    const { clock, limiter, starts, calls } = limited({});
    limiter.pause(60_000);
    await clock.until(calls(2));
    expect(starts).toEqual([60_000, 60_000]);
  });

  test("is not shortened by a shorter one", async () => {
    const { clock, limiter, starts, call } = limited({});
    limiter.pause(60_000);
    limiter.pause(1000);
    await clock.until(call());
    expect(starts).toEqual([60_000]);
  });

  test("begins before the next call does: none slips out between a refusal and its pause", async () => {
    const { clock, limiter, starts, call } = limited({ concurrency: 1 });
    const release = await limiter.acquire();
    const next = call();
    release({ throttled: true });
    await settled();
    limiter.pause(10_000);
    await clock.until(next);
    expect(starts).toEqual([10_000]);
  });

  test("ends with one call alone; the others follow when that one is accepted", async () => {
    const { clock, limiter, starts, calls } = limited({});
    limiter.pause(1000);
    await clock.until(calls(5, 70));
    expect(starts).toEqual([1000, 1070, 1070, 1070, 1070]);
  });

  test("is followed by another when the lone call is refused as well", async () => {
    const { clock, limiter, starts, call, calls } = limited({});
    limiter.pause(1000);
    const lone = limiter.acquire();
    const others = calls(2, 70);
    const release = await clock.until(lone);
    expect(clock.now()).toBe(1000);
    release({ throttled: true });
    limiter.pause(5000);
    await clock.until(Promise.all([others, call()]));
    expect(starts).toEqual([6000, 6070, 6070]);
  });

  test("is not over because a call from before it was answered well", async () => {
    const { clock, limiter, starts, calls } = limited({ concurrency: 3 });
    const earlier = await limiter.acquire();
    limiter.pause(1000);
    const after = calls(3, 70);
    await clock.advance(500);
    earlier({ throttled: false });
    await clock.until(after);
    expect(starts).toEqual([1000, 1070, 1070]);
  });

  test("is not over either when that call is answered after its end", async () => {
    const { clock, limiter, starts, calls } = limited({ concurrency: 3 });
    const earlier = await limiter.acquire();
    limiter.pause(1000);
    const after = calls(3, 70);
    await clock.advance(1500);
    earlier({ throttled: false });
    await clock.until(after);
    expect(starts).toEqual([1500, 1570, 1570]);
  });

  test("longer than the budget fails all that wait, and whoever comes meanwhile, at once", async () => {
    const { clock, limiter, call } = limited({ concurrency: 1, maxWaitMs: 300_000 });
    const release = await limiter.acquire();
    const waiting = call();
    release({ throttled: true });
    limiter.pause(300_001);
    await expect(waiting).rejects.toThrow(ThrottledError);
    await expect(call()).rejects.toThrow(ThrottledError);
    expect(clock.waits).toEqual([]);
  });

  test("longer than the budget is waited for by calls that come late enough", async () => {
    const { clock, limiter, starts, call } = limited({ maxWaitMs: 300_000 });
    limiter.pause(400_000);
    await clock.advance(100_000);
    await clock.until(call());
    expect(starts).toEqual([400_000]);
  });
});

test("a failed call gives its place and its slot back", async () => {
  const { clock, limiter, starts, calls } = limited({ requests: 1, concurrency: 1 });
  const release: Release = await limiter.acquire();
  release({ throttled: false });
  await clock.until(calls(1));
  expect(starts).toEqual([10_000]);
});

test("the refusal of a pause says both times in whole seconds", () => {
  expect(tooLong(600_400, 300_000).message).toContain("asks to wait 601 s, more than the 300 s that maxWaitSeconds allows");
});
