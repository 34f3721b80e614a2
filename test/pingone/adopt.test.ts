import { expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { bindTo, calls, count, EMPLOYEES, ENV, failure, MINIMAL, OTHER_ENV, PARTNERS, startTenant, stored, up, useReset } from "./fixture";

const tenant = await startTenant();
useReset(tenant);

const existing = async (username = "A.Lovelace") => {
  await up(bindTo(tenant).provider, { ...MINIMAL, username, title: "Old", nickname: "Kept" });
  tenant.clearRequests();
  return stored(tenant, username);
};

test("takes the user of that username, whatever its case, and changes only what is declared", async () => {
  const user = await existing();
  const { id } = await up(bindTo(tenant).provider, { ...MINIMAL, title: "New", adopt: true });
  expect(id).toBe(`${ENV}/${user.id}`);
  expect(calls(tenant)).toEqual(["POST users/.search 200", "PUT users/:id 200"]);
  expect(stored(tenant).attributes).toEqual({ username: "a.lovelace", title: "New", nickname: "Kept" });
});

test("takes the user of that id", async () => {
  const user = await existing("somebody");
  await up(bindTo(tenant).provider, { ...MINIMAL, adopt: { id: user.id.toUpperCase() } });
  expect(stored(tenant).id).toBe(user.id);
});

test.each<[string, true | { id: string }]>([
  ["username", true],
  ["id", { id: PARTNERS }],
])("of a %s that is not there creates nothing", async (_what, adopt) => {
  expect(await failure(up(bindTo(tenant).provider, { ...MINIMAL, adopt }))).toMatch(/to adopt.*IDP_NOT_FOUND/);
  expect(count(tenant)).toBe(0);
});

test.each([
  ["what the program declares is as declared", { ...MINIMAL, title: "Old" }],
  ["the program owns everything and declares it", { ...MINIMAL, title: "Old", nickname: "Kept", ownership: "full" }],
])("of a user as it is sends no write when %s", async (_what, inputs) => {
  const user = await existing("a.lovelace");
  const { provider } = bindTo(tenant);
  const { id, state, inputs: checked } = await up(provider, { ...inputs, adopt: { mode: "match" } });
  expect(id).toBe(`${ENV}/${user.id}`);
  expect(calls(tenant)).toEqual(["POST users/.search 200"]);
  expect(provider.diff(state, checked, id)).toMatchObject({ changes: false });
  expect((await provider.read(id, state))?.inputs).toEqual(checked);
  expect((await provider.read(id, state))?.state).toEqual(state);
});

test.each<[string, Props, string]>([
  ["username, of which case counts", { username: "A.Lovelace" }, 'username: there "a.lovelace", declared "A.Lovelace"'],
  ["attribute", { title: "New" }, 'title: there "Old", declared "New"'],
  ["attribute that is not there", { name: { given: "Ada" } }, 'name.given: there nothing, declared "Ada"'],
  ["custom attribute", { customAttributes: { badge: "1" } }, 'customAttributes.badge: there nothing, declared "1"'],
  ["population", { population: { id: PARTNERS } }, `population.id: there "${EMPLOYEES}", declared "${PARTNERS}"`],
  ["attribute of others, where the program owns all", { ownership: "full" }, 'nickname: there "Kept", declared nothing'],
])("of a user as it is refuses one that differs in its %s, and changes nothing", async (_what, change, difference) => {
  const user = await existing("a.lovelace");
  const adopt = { id: user.id.toUpperCase(), mode: "match" };
  const message = await failure(up(bindTo(tenant).provider, { ...MINIMAL, title: "Old", ...change, adopt }));
  expect(message).toContain(`The PingOne user ${user.id} in environment ${ENV} is not taken over`);
  expect(message).toContain(`. ${difference}. Nothing was changed`);
  expect(calls(tenant)).toEqual(["GET users/:id 200"]);
  expect(stored(tenant)).toEqual(user);
});

test("that is still declared when the user moves to another environment makes one there", async () => {
  const user = await existing("a.lovelace");
  const { provider } = bindTo(tenant);
  const inputs = { ...MINIMAL, adopt: { id: user.id } };
  const { id, state } = await up(provider, inputs);
  const after = provider.check({ ...inputs, environmentId: OTHER_ENV }, inputs).inputs;
  expect(provider.diff(state, after, id).replaces).toEqual(["environmentId"]);
  await provider.delete(id, state);
  expect((await provider.create(after)).id).toMatch(OTHER_ENV);
});

test("finds usernames with quotes and backslashes", async () => {
  const username = 'o"brien\\x';
  await existing(username);
  const { id } = await up(bindTo(tenant).provider, { ...MINIMAL, username, title: "Old", adopt: true });
  expect(id).toContain(stored(tenant, username).id);
});
