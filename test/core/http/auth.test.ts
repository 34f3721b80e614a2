import { describe, expect, test } from "vitest";
import { AuthError, UnavailableError } from "../../../provider/src/core/errors";
import { type Token, TokenSource } from "../../../provider/src/core/http/auth";
import { VirtualClock } from "../virtual-clock";

/** A source whose fetches take 100 ms and end as told; by default in tokens that live an hour. */
function source(outcome: (count: number) => Token | Error = (count) => token(count)) {
  const clock = new VirtualClock();
  let fetched = 0;
  const tokens = new TokenSource(async () => {
    fetched += 1;
    const result = outcome(fetched);
    await clock.sleep(100);
    if (result instanceof Error) throw result;
    return result;
  }, clock);
  const get = () => clock.until(tokens.get());
  return { clock, tokens, get, fetched: () => fetched };
}

const token = (count: number, expiresInSeconds = 3600): Token => ({ value: `token-${count}`, expiresInSeconds });

test("calls that come while a token is fetched wait for that fetch", async () => {
  const { clock, tokens, fetched } = source();
  const first = tokens.get();
  await clock.advance(50);
  const all = await clock.until(Promise.all([first, tokens.get(), tokens.get()]));
  expect(all.map(({ value }) => value)).toEqual(["token-1", "token-1", "token-1"]);
  expect(fetched()).toBe(1);
});

describe("renewal", () => {
  test.each([
    [15, 12_000],
    [3600, 3_540_000],
  ])("of a token of %i s is due %i ms after it came, not before", async (lifetime, dueMs) => {
    const { clock, get } = source((count) => token(count, lifetime));
    await get();
    await clock.advance(dueMs - 1);
    expect(await get()).toMatchObject({ value: "token-1" });
    await clock.advance(1);
    expect(await get()).toMatchObject({ value: "token-2" });
  });

  test("is one fetch for all that come meanwhile", async () => {
    const { clock, tokens, get, fetched } = source((count) => token(count, 15));
    await get();
    await clock.advance(12_000);
    const renewed = [tokens.get(), tokens.get()];
    await clock.advance(10);
    await clock.until(Promise.all([...renewed, tokens.get()]));
    expect(fetched()).toBe(2);
  });
});

describe("a fetch that fails", () => {
  test("fails for all that wait for it, and the next call fetches anew", async () => {
    const { clock, tokens, get, fetched } = source((count) => (count === 1 ? new UnavailableError("down") : token(count)));
    const results = await clock.until(Promise.allSettled([tokens.get(), tokens.get()]));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await get()).toMatchObject({ value: "token-2" });
    expect(fetched()).toBe(2);
  });

  test("before it even began does not stand in the way of the next", async () => {
    let fetched = 0;
    const tokens = new TokenSource(() => {
      fetched += 1;
      if (fetched === 1) throw new UnavailableError("no address");
      return Promise.resolve(token(fetched));
    }, new VirtualClock());
    await expect(tokens.get()).rejects.toThrow("no address");
    expect(await tokens.get()).toMatchObject({ value: "token-2" });
  });

  test("because the credentials are refused is never tried again", async () => {
    const { clock, get, fetched } = source(() => new AuthError("refused"));
    await expect(get()).rejects.toThrow(AuthError);
    await clock.advance(1e9);
    await expect(get()).rejects.toThrow(AuthError);
    expect(fetched()).toBe(1);
  });

  test("at a renewal because the credentials are refused is never tried again either", async () => {
    const { clock, get, fetched } = source((count) => (count === 1 ? token(1, 15) : new AuthError("refused")));
    await get();
    await clock.advance(12_000);
    await expect(get()).rejects.toThrow(AuthError);
    await clock.advance(1e9);
    await expect(get()).rejects.toThrow(AuthError);
    expect(fetched()).toBe(2);
  });
});

describe("a token the vendor no longer accepts", () => {
  test("is forgotten", async () => {
    const { tokens, get } = source();
    await tokens.discard(await get());
    expect(await get()).toMatchObject({ value: "token-2" });
  });

  test("is replaced once, however many calls were refused with it", async () => {
    const { clock, tokens, get, fetched } = source();
    const old = await get();
    const again = async () => {
      await tokens.discard(old);
      return tokens.get();
    };
    const all = await clock.until(Promise.all([again(), again(), again()]));
    expect(all.map(({ value }) => value)).toEqual(["token-2", "token-2", "token-2"]);
    expect(fetched()).toBe(2);
  });

  test("does not take its successor with it", async () => {
    const { tokens, get, fetched } = source();
    const old = await get();
    await tokens.discard(old);
    await get();
    await tokens.discard(old);
    expect(await get()).toMatchObject({ value: "token-2" });
    expect(fetched()).toBe(2);
  });
});
