import fc from "fast-check";
import type { IdentityProfile, SailPointSwitches } from "identity-simulators";
import { expect, test } from "vitest";
import { identityProfileInputs } from "../../provider/src/sailpoint/schema";
import type { EngineResource, Props } from "../harness/rpc";
import { ADA, bindTo, calls, GRACE, kept, startHost, startTenant } from "./fixture";

const RUNS = 500;
const ACCOUNT_ATTRIBUTES = ["login", "mail", "sn"];

/** Names, sources and priorities by place in the program, so that no two profiles of a run ever want the same. */
const PLACES = [0, 1].map((n) => ({
  names: [`Profile ${n}`, `profile ${n}`, `Renamed "${n}"`],
  sources: ["a", "b", "c"].map((letter) => ({
    id: `${letter}${n}`.repeat(16),
    name: `Source ${letter}${n}`,
    accountAttributes: ACCOUNT_ATTRIBUTES,
  })),
  // What the vendor chooses is 10 or more.
  priorities: [3 * n + 1, 3 * n + 2, 3 * n + 3],
  /** The profile that is there before, where the program adopts one. */
  there: `d${n}`.repeat(16),
}));
const SEED = {
  sources: PLACES.flatMap(({ sources }) => sources),
  identities: [ADA, GRACE],
  transforms: [{ name: "Upper" }, { name: "Lower" }],
  rules: [{ id: "rule-1", name: "Make uid" }],
};

const byIdOrName = (objects: { id: string; name: string }[]) => fc.constantFrom(...objects.flatMap(({ id, name }) => [{ id }, { name }]));

const accountAttribute = (sources: { id: string; name: string }[]) =>
  fc
    .constantFrom(...sources)
    .chain(({ id, name }) =>
      fc.record({
        attributeName: fc.constantFrom(...ACCOUNT_ATTRIBUTES),
        source: fc.constantFrom({ sourceId: id }, { sourceName: name }, { sourceId: id, sourceName: name }),
        more: fc.constantFrom({}, { accountFilter: "x" }, { accountSortDescending: true, accountFilter: null }),
      }),
    )
    .map(({ attributeName, source, more }) => ({ attributeName, ...source, ...more }));

const transform = (sources: { id: string; name: string }[]) => {
  const account = accountAttribute(sources);
  const input = account.map((attributes) => ({ input: { type: "accountAttribute", attributes } }));
  return fc.oneof(
    account.map((attributes) => ({ type: "accountAttribute", ...attributes })),
    fc.tuple(fc.constantFrom("Upper", "Lower"), fc.oneof(fc.constant({}), input)).map(([id, rest]) => ({ type: "reference", id, ...rest })),
    fc
      .constantFrom({}, { digits: 4 }, { digits: 5, list: ["a"], deep: { a: 1 } }, { deep: { b: 2 } })
      .map((rest) => ({ type: "rule", name: "Make uid", ...rest })),
    fc.constantFrom({ value: "x" }, { $type: "x", nothing: null }).map((rest) => ({ type: "static", ...rest })),
  );
};

/** Every input that a profile can have. */
const inputs = ({ names, sources, priorities, there }: (typeof PLACES)[number]) => ({
  name: fc.constantFrom(...names),
  authoritativeSource: byIdOrName(sources),
  description: fc.constantFrom("", "one", "two"),
  owner: fc.oneof(byIdOrName([ADA, GRACE]), fc.constant({})),
  priority: fc.constantFrom(...priorities),
  identityAttributeConfig: fc.record(
    {
      enabled: fc.boolean(),
      attributeTransforms: fc.dictionary(fc.constantFrom("email", "uid", "title", "odd name"), transform(sources), { minKeys: 1 }),
    },
    { requiredKeys: ["attributeTransforms"] },
  ),
  renameBy: fc.constantFrom("update", "replace"),
  changeSourceBy: fc.constantFrom("update", "replace"),
  forceDelete: fc.boolean(),
  adopt: fc.constantFrom(true, { id: there }),
});

const profile = (place: (typeof PLACES)[number]): fc.Arbitrary<Props> =>
  fc.record(inputs(place), { requiredKeys: ["name", "authoritativeSource"] });

/** A program: which profiles it declares, by place. */
const program = fc.tuple(...PLACES.map((place) => fc.option(profile(place), { freq: 6, nil: undefined })));
type Program = (Props | undefined)[];

/** Ways in which tenants are allowed to differ. */
const manners: fc.Arbitrary<Partial<SailPointSwitches>> = fc.record({
  enrichOnWrite: fc.boolean(),
  assignsOwner: fc.boolean(),
  emptyFields: fc.constantFrom("null", "absent"),
  sourceChangeResetsMapping: fc.boolean(),
  extraFields: fc.boolean(),
  conflictStatus: fc.constantFrom(400, 409),
  deleteNamesTask: fc.boolean(),
});

test("every input is among those that programs are made of", () => {
  for (const place of PLACES) expect(Object.keys(inputs(place)).sort()).toEqual(Object.keys(identityProfileInputs.shape).sort());
});

test("whatever was declared before, an up ends with what is declared now, and the next finds nothing to do", async () => {
  await using tenant = await startTenant({ seed: SEED });
  await using host = await startHost(tenant);
  const { provider: another } = bindTo(tenant);
  const seen = new Set<string>();

  /** The resources of an empty stack, and a tenant with just the profiles that the first program to declare them adopts. */
  const fresh = (...programs: Program[]): EngineResource[] => {
    const profiles = PLACES.flatMap(({ there, sources: [source] }, n) => {
      const { name, adopt } = programs.find((declared) => declared[n])?.[n] ?? {};
      if (adopt === undefined || source === undefined) return [];
      return [{ id: there, name: adopt === true ? String(name) : `Old ${n}`, authoritativeSource: { id: source.id }, priority: 100 + n }];
    });
    tenant.load({ ...SEED, profiles });
    return PLACES.map((_, n) => host.resource(`profile-${n}`));
  };
  const up = (stack: EngineResource[], declared: Program) =>
    Promise.all(
      stack.map(async (resource, n) => {
        if (!declared[n]) return resource.destroy();
        const adopts = !resource.state && declared[n].adopt !== undefined;
        const op = await resource.up(declared[n]);
        for (const what of [op, ...(adopts ? ["adopt"] : []), ...(op === "replace" && declared[n].adopt ? ["replace adopted"] : [])])
          seen.add(what);
      }),
    );
  /** Identities come to the profiles that may be deleted all the same. */
  const populate = (stack: EngineResource[], declared: Program) => {
    for (const [n, { state }] of stack.entries()) if (state && declared[n]?.forceDelete) tenant.drift.setIdentityCount(state.id, 3);
  };
  /** What program and state own of every profile, as the tenant has it and as state has it. */
  const owned = (stack: EngineResource[]) =>
    stack.map((resource) => {
      if (!resource.state) return undefined;
      const { inputs, outputs, id } = kept(resource);
      const found = tenant.dump().profiles.find((candidate) => candidate.id === id);
      return {
        atTenant: found && ownedPart(found, inputs),
        inState: Object.fromEntries(Object.keys(inputs).map((key) => [key, outputs[key]])),
      };
    });

  await fc.assert(
    fc.asyncProperty(program, program, manners, fc.boolean(), async (first, second, switches, losesAnswer) => {
      Object.assign(tenant.switches, switches);
      const alone = fresh(second);
      await up(alone, second);
      const expected = owned(alone);

      const stack = fresh(first, second);
      if (losesAnswer) tenant.faults.add({ method: "POST", path: /identity-profiles/, when: "after", action: "drop" });
      await up(stack, first);
      populate(stack, first);
      await up(stack, second);
      tenant.faults.clear();
      expect(owned(stack)).toEqual(expected);
      expect(tenant.dump().profiles).toHaveLength(second.filter(Boolean).length);

      tenant.clearRequests();
      const declared = stack.flatMap((resource, n) => (second[n] ? [{ resource, inputs: second[n] }] : []));
      const again = await Promise.all(declared.map(({ resource, inputs }) => resource.up(inputs)));
      expect(again).toEqual(declared.map(() => "same"));
      expect(calls(tenant)).toEqual([]);
      const before = declared.map(({ resource }) => kept(resource).inputs);
      const refreshed = await Promise.all(declared.map(({ resource }) => resource.refresh()));
      expect(refreshed).toEqual(declared.map(() => "same"));
      expect(declared.map(({ resource }) => kept(resource).inputs)).toEqual(before);
      // What was made so, a program elsewhere may take over as it is.
      const matches = declared.map(({ resource, inputs }) => ({ ...inputs, adopt: { id: kept(resource).id, mode: "match" } }));
      await Promise.all(matches.map((inputs) => another.create(another.check(inputs).inputs)));
      expect(calls(tenant).filter((call) => !call.startsWith("GET"))).toEqual([]);
      expect(tenant.unknownRequests).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  expect([...seen].sort()).toEqual(["adopt", "create", "replace", "replace adopted", "update"]);
}, 600_000);

/** What a program with these inputs owns of a profile. */
function ownedPart(found: IdentityProfile, inputs: Props) {
  const { name, description, owner, priority, authoritativeSource, identityAttributeConfig: config } = found;
  const transforms = (inputs.identityAttributeConfig as { attributeTransforms: Record<string, Props> } | undefined)?.attributeTransforms;
  return {
    name,
    description: description || null,
    source: authoritativeSource.id,
    ...(inputs.owner !== undefined && { owner: owner?.id }),
    ...(inputs.priority !== undefined && { priority }),
    ...(transforms && {
      enabled: config.enabled,
      transforms: Object.fromEntries(
        config.attributeTransforms.map((entry) => [entry.identityAttributeName, ownedTransform(entry, transforms)]),
      ),
    }),
  };
}

/** A transform without the one of a source's id and name that the server may add. */
function ownedTransform(
  {
    identityAttributeName,
    transformDefinition: { type, attributes },
  }: IdentityProfile["identityAttributeConfig"]["attributeTransforms"][number],
  declared: Record<string, Props>,
) {
  const addable = ["sourceId", "sourceName"].filter((key) => declared[identityAttributeName]?.[key] === undefined);
  return { type, attributes: Object.fromEntries(Object.entries(attributes ?? {}).filter(([key]) => !addable.includes(key))) };
}
