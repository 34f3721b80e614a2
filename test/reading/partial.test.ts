import { expect, test } from "vitest";
import { readAll, requestCount, StepClock, tenants } from "./tenants";

test("an ActivID user whom a search shows in part, or otherwise than state knows, is read alone before that counts", async () => {
  const tenant = await tenants.activid?.(50, new StepClock());
  if (!tenant) throw new Error("no tenant");
  // As a search whose index lags: it says nothing of what the users themselves have.
  const pages: unknown[] = [];
  const hidden = new Set(tenant.ids.slice(3, 5));
  const simulator = tenant.simulator as unknown as {
    onRequest(hook: (event: { phase: string; record: { path: string } }) => void): () => void;
  };
  simulator.onRequest(({ phase, record }) => {
    if (!record.path.endsWith(".search")) return;
    pages.push(record);
    for (const id of hidden) tenant.change(id, phase === "received" ? "" : "0");
  });
  expect(await readAll(tenant, tenant.ids)).toEqual(tenant.ids.map(() => "0"));
  expect(pages).toHaveLength(2);
  expect(requestCount(tenant)).toBe(1 + hidden.size);
  await tenant.simulator.close();
});
