import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { directMappedUserInputs } from "../../provider/src/pingone/schema";
import type { Props } from "../harness/rpc";
import { bindTo, EMPLOYEES, ENV, HIDDEN, PARTNERS, startTenant, up } from "./fixture";

const tenant = await startTenant();
afterAll(() => tenant.close());

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

function program(state: Props) {
  const { userId, created, ...rest } = state;
  return rest;
}

const CASES = 500;

test("programs say everything that they can say of a user that is not adopted, in one connection", () => {
  const said = fc.sample(inputs, { numRuns: 200, seed: 1 }).flatMap((given) => Object.keys(given));
  expect([...new Set([...said, "username", "adopt"])].sort()).toEqual(Object.keys(directMappedUserInputs.shape).sort());
});

test("whatever was declared before, the second program gets what it would have got alone, and then there is nothing to do", async () => {
  const { provider } = bindTo(tenant);
  await fc.assert(
    fc.asyncProperty(username, username, inputs, inputs, async (nameA, nameB, restA, restB) => {
      const a: Props = { ...restA, username: nameA };
      const b: Props = { ...restB, username: nameB };
      const clear = () => tenant.load({ environments: [{ ...tenant.dump().environments[0], users: [] }] });
      clear();
      const both = await up(provider, b, await up(provider, a));
      const [stateBoth, vendorBoth] = [program(both.state), vendor()];
      tenant.clearRequests();
      const third = await up(provider, b, both);
      expect(tenant.requests).toEqual([]);
      expect(third.state).toEqual(both.state);
      const read = await provider.read(both.id, both.state);
      expect(read?.state).toEqual(both.state);
      expect(provider.diff(read?.state ?? {}, both.inputs).changes).toBe(false);
      clear();
      const alone = await up(provider, b);
      // A population that is not declared stays where the first program had put the user.
      const inherited = b.population === undefined && a.population !== undefined;
      const ignore = (what: Props) => (inherited ? { ...what, population: undefined, populationId: undefined } : what);
      expect(ignore(stateBoth)).toEqual(ignore(program(alone.state)));
      expect(ignore(vendorBoth)).toEqual(ignore(vendor()));
    }),
    { numRuns: CASES },
  );
}, 60_000);

test("what others set and the program never declares survives any two programs, unless the second owns everything", async () => {
  const { provider } = bindTo(tenant);
  const foreign = { costCenter: "4711" };
  await fc.assert(
    fc.asyncProperty(username, inputs, inputs, fc.boolean(), async (name, restA, restB, refreshes) => {
      tenant.load({ environments: [{ ...tenant.dump().environments[0], users: [] }] });
      const first = await up(provider, { ...restA, username: name });
      tenant.drift.changeUser(String(first.state.userId), foreign);
      const state = refreshes ? (await provider.read(first.id, first.state))?.state : undefined;
      const before = { ...first, ...(state && { state }) };
      const second = await up(provider, { ...restB, username: name, ownership: undefined }, before);
      expect(vendor().attributes).toMatchObject(foreign);
      expect(JSON.stringify(second.state)).not.toContain("costCenter");
    }),
    { numRuns: 200 },
  );
}, 60_000);
