import { expect, test } from "vitest";
import { call, methods, start, tokenOf } from "./support.js";

test("over the limit answers 429 with the gateway's body and whole seconds to wait, and does nothing", async () => {
  const { tenant, post, get } = await call({ rateLimit: { limit: 2, windowMs: 100_000, kind: "sliding" } });
  await get("/beta/identity-profiles");
  tenant.clock.advance(40_000);
  await get("/beta/identity-profiles");
  const refused = await post("/beta/identity-profiles", { name: "New", authoritativeSource: { id: "free" } });
  expect(refused).toMatchObject({ status: 429, body: { message: " Rate Limit Exceeded " } });
  expect(refused.headers.get("retry-after")).toMatch(/^(60|5\d)$/);
  expect(tenant.dump().profiles).toHaveLength(2);
  tenant.clock.advance(Number(refused.headers.get("retry-after")) * 1000);
  expect((await get("/beta/identity-profiles")).status).toBe(200);
});

test("a fixed window starts anew at its multiples", async () => {
  const { tenant, get } = await call({ rateLimit: { limit: 1, windowMs: 100_000, kind: "fixed" } });
  tenant.clock.advance(100_000 - (tenant.clock.now() % 100_000) + 60_000);
  await get("/beta/identity-profiles");
  expect((await get("/beta/identity-profiles")).headers.get("retry-after")).toMatch(/^(40|3\d)$/);
  tenant.clock.advance(40_000);
  expect((await get("/beta/identity-profiles")).status).toBe(200);
});

test("clients and version prefixes have counters of their own, tokens do not", async () => {
  const tenant = await start({
    clients: [
      { clientId: "one", clientSecret: "1" },
      { clientId: "two", clientSecret: "2" },
    ],
    rateLimit: { limit: 2, windowMs: 100_000, kind: "sliding" },
  });
  const one = methods(tenant, await tokenOf(tenant));
  const oneAgain = methods(tenant, await tokenOf(tenant));
  const two = methods(tenant, await tokenOf(tenant, { clientId: "two", clientSecret: "2" }));
  await one.get("/beta/identity-profiles");
  await one.get("/beta/sources");
  expect((await oneAgain.get("/beta/identity-profiles")).status).toBe(429);
  expect((await one.get("/v3/identity-profiles")).status).toBe(200);
  expect((await two.get("/beta/identity-profiles")).status).toBe(200);
});

test("the token endpoint is counted as a prefix of its own", async () => {
  const tenant = await start({ rateLimit: { limit: 1, windowMs: 100_000, kind: "sliding" } });
  const token = await tokenOf(tenant);
  expect(await tokenOf(tenant)).toBeUndefined();
  expect(tenant.requests.map(({ status }) => status)).toEqual([200, 429]);
  expect((await methods(tenant, token).get("/beta/identity-profiles")).status).toBe(200);
});

test("the limit is 100 in 10 s when nothing is said, and can be switched off", async () => {
  const { get } = await call();
  const limited = await Promise.all(Array.from({ length: 101 }, () => get("/beta/identity-profiles?limit=0")));
  expect(limited.filter(({ status }) => status === 429)).toHaveLength(1);
  const free = await call({ rateLimit: false });
  const all = await Promise.all(Array.from({ length: 120 }, () => free.get("/beta/identity-profiles?limit=0")));
  expect(all.every(({ status }) => status === 200)).toBe(true);
});
