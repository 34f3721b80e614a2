import { expect, test } from "vitest";
import { ADA, bindTo, ENTRA, OTHER, patches, slot, startServer } from "./fixture";

/** Every call of a life, by what its requests look like; `skip` is how many of them come before the one that suffers. */
const CALLS = [
  ["the token", { method: "POST" }],
  ["the search", { method: "GET", path: /People$/ }],
  ["the look at a hit", { method: "GET", path: /People\/./ }],
  ["the write of a new link", { method: "PATCH" }],
  ["the look after it", { method: "GET", path: /People\/./, skip: 1 }],
  ["the look before a change", { method: "GET", path: /People\/./, skip: 2 }],
  ["the write of a change", { method: "PATCH", skip: 1 }],
  ["the look after it", { method: "GET", path: /People\/./, skip: 3 }],
  ["the look of a refresh", { method: "GET", path: /People\/./, skip: 4 }],
  ["the look before a deletion", { method: "GET", path: /People\/./, skip: 5 }],
  ["the clearing of a link", { method: "PATCH", skip: 2 }],
  ["the look after it", { method: "GET", path: /People\/./, skip: 6 }],
] as const;

const WAYS = [
  ["drops before it is handled", { when: "before", action: "drop" }],
  ["drops after it was", { when: "after", action: "drop" }],
  ["hangs before it is handled", { when: "before", action: "hang" }],
  ["hangs after it was handled", { when: "after", action: "hang" }],
  ["ends in 502", { when: "before", action: { status: 502 } }],
  ["ends in 504 after it was handled", { when: "after", action: { status: 504 } }],
  ["is limited to a rate", { when: "before", action: { retryAfter: 1 } }],
] as const;

const cases = CALLS.flatMap(([call, which]) => WAYS.map(([way, fault]) => [call, way, { ...which, ...fault }] as const));

test.concurrent.each(cases)("%s that %s changes nothing in what becomes of a link", async (_call, _way, fault) => {
  await using server = await startServer();
  const before = server.dump();
  server.faults.add(fault);
  const { provider, checked } = bindTo(server, { requestTimeoutSeconds: "0.3" });
  const inputs = { person: { logonName: "alovelace" }, entraObjectId: ENTRA };
  const { id, state } = await provider.create(checked(inputs));
  expect([id, slot(server)]).toEqual([`${ADA.id}/1`, ENTRA]);
  const changed = await provider.update(id, state, checked({ ...inputs, entraObjectId: OTHER }));
  expect(slot(server)).toBe(OTHER);
  expect(await provider.read(id, changed)).toEqual({ id, state: changed, inputs: checked({ ...inputs, entraObjectId: OTHER }) });
  await provider.delete(id, changed);
  expect(server.dump()).toEqual(before);
  expect(server.faults.list()).toEqual([]);
  // A write is sent again only when a look showed that it had not arrived.
  expect(patches(server).length).toBeLessThanOrEqual(4);
  expect(server.logons.length).toBeLessThanOrEqual(2);
});
