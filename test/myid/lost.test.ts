import { expect, test } from "vitest";
import { ADA, bindTo, ENTRA, patches, slot, startServer } from "./fixture";

/** Every call of a life, by what its requests look like; `first` is how many of them come before the one that suffers. */
const CALLS = [
  ["the token", { method: "POST" }],
  ["the search", { method: "GET", path: /People$/ }],
  ["the first look", { method: "GET", path: /People\/./ }],
  ["the look before a write", { method: "GET", path: /People\/./, skip: 1 }],
  ["the write of a link", { method: "PATCH" }],
  ["the look after a write", { method: "GET", path: /People\/./, skip: 2 }],
  ["the clearing of a link", { method: "PATCH", skip: 1 }],
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
  server.faults.add(fault);
  const { provider, checked } = bindTo(server, { requestTimeoutSeconds: "0.3" });
  const { id, state } = await provider.create(checked({ person: { logonName: "alovelace" }, entraObjectId: ENTRA }));
  expect([id, slot(server)]).toEqual([`${ADA.id}/1`, ENTRA]);
  await provider.delete(id, state);
  expect(slot(server)).toBeNull();
  expect(server.faults.list()).toEqual([]);
  // A write is sent again only when a look showed that it had not arrived.
  expect(patches(server).length).toBeLessThanOrEqual(3);
  expect(server.logons.length).toBeLessThanOrEqual(2);
});
