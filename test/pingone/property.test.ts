import fc from "fast-check";
import { expect, test } from "vitest";
import { directMappedUserInputs } from "../../provider/src/pingone/schema";
import type { EngineResource, Props } from "../harness/rpc";
import { EMPLOYEES, ENV, HIDDEN, kept, PARTNERS, useStack } from "./fixture";

const { tenant, host } = await useStack();

const word = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).filter((text) => text.trim() !== "");
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const some = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] });
const phone = fc.integer({ min: 0 }).map((number) => `+${number}`);
/** JSON as an attribute may hold it: no fractions, no nulls, nothing empty. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: "small" },
    word,
    fc.boolean(),
    fc.integer(),
    fc.array(tie("json"), { minLength: 1, maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("json"), { minKeys: 1, maxKeys: 3 }),
}));

/** Any inputs that check accepts. */
const inputs: fc.Arbitrary<Props> = some({
  population: fc.constantFrom(EMPLOYEES, PARTNERS, HIDDEN).map((id) => ({ id })),
  email: optional(word),
  name: some({ formatted: word, given: word, family: word, middle: word, honorificPrefix: word, honorificSuffix: word }),
  nickname: optional(word),
  title: fc.oneof(word, fc.constant("")),
  type: word,
  address: some({ streetAddress: word, locality: word, region: word, postalCode: word, countryCode: fc.stringMatching(/^[A-Z]{2}$/) }),
  primaryPhone: phone,
  mobilePhone: phone,
  locale: word,
  preferredLanguage: word,
  timezone: word,
  photo: fc.webUrl().map((href) => ({ href })),
  externalId: word,
  accountId: word,
  customAttributes: some({ badge: word, devices: fc.array(word, { minLength: 1, maxLength: 3 }), settings: json, "note.text": json }),
  password: word,
  ownership: fc.constantFrom("managed", "full", undefined),
}).map((rest) => ({ environmentId: ENV, ...rest }));
const username = fc.stringMatching(/^[a-z]{1,8}$/);

/** The user as stored, without what no program decides. */
function vendor(): Props {
  const { id, created, lastModified, password, ...rest } = tenant.dump().environments[0]?.users[0] ?? {};
  return rest;
}

/** The user as the engine keeps it, without what no program decides. */
function state(resource: EngineResource): Props {
  const { userId, created, ...rest } = kept(resource).outputs;
  return rest;
}

/** A resource of an environment without users. */
function fresh(): EngineResource {
  tenant.load({ environments: [{ ...tenant.dump().environments[0], users: [] }] });
  return host.resource();
}

test("programs say everything that they can say of a user that is not adopted, in one connection", () => {
  const said = fc.sample(inputs, { numRuns: 200, seed: 1 }).flatMap((given) => Object.keys(given));
  expect([...new Set([...said, "username", "adopt"])].sort()).toEqual(Object.keys(directMappedUserInputs.shape).sort());
});

test("whatever was declared before, the second program gets what it would have got alone, and then there is nothing to do", async () => {
  await fc.assert(
    fc.asyncProperty(username, username, inputs, inputs, async (nameA, nameB, restA, restB) => {
      const a: Props = { ...restA, username: nameA };
      const b: Props = { ...restB, username: nameB };
      const user = fresh();
      await user.up(a);
      await user.up(b);
      const both = { state: state(user), vendor: vendor() };
      tenant.clearRequests();
      expect(await user.up(b)).toBe("same");
      expect(tenant.requests).toEqual([]);
      const { outputs } = kept(user);
      expect(await user.refresh()).toBe("same");
      expect(kept(user).outputs).toEqual(outputs);

      const only = fresh();
      await only.up(b);
      const alone = { state: state(only), vendor: vendor() };
      // A population that is not declared stays where the first program had put the user.
      const inherited = b.population === undefined && a.population !== undefined;
      const ignore = (what: Props) => (inherited ? { ...what, population: undefined, populationId: undefined } : what);
      expect(ignore(both.state)).toEqual(ignore(alone.state));
      expect(ignore(both.vendor)).toEqual(ignore(alone.vendor));
    }),
    { numRuns: 500 },
  );
}, 600_000);

test("what others set and the program never declares survives any two programs, unless the second owns everything", async () => {
  const foreign = { costCenter: "4711" };
  await fc.assert(
    fc.asyncProperty(username, inputs, inputs, fc.boolean(), async (name, restA, restB, refreshes) => {
      const user = fresh();
      await user.up({ ...restA, username: name });
      tenant.drift.changeUser(kept(user).id.split("/").at(-1) ?? "", foreign);
      if (refreshes) await user.refresh();
      await user.up({ ...restB, username: name, ownership: undefined });
      expect(vendor().attributes).toMatchObject(foreign);
      expect(JSON.stringify(kept(user))).not.toContain("costCenter");
    }),
    { numRuns: 200 },
  );
}, 600_000);
