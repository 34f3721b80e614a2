import type { IdentityProfile } from "identity-simulators";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { identityProfileDefinition } from "../../provider/src/sailpoint/identity-profile-definition";
import { identityProfileInputs, transformSchemas } from "../../provider/src/sailpoint/schema";
import type { Props } from "../harness/rpc";
import { ADA, calls, GRACE, HR, kept, MINIMAL, mail, mapping, PARTNERS, SEED, useStack } from "./fixture";

const { tenant, host } = await useStack();

/** What becomes of one input at the vendor. The list of stories is checked against the schema, so a new input cannot be forgotten here. */
interface Story {
  path: string;
  /** Inputs with a first and a second value, and without any; `without` is left out for what a program must declare. */
  first: Props;
  second: Props;
  without?: Props;
  /** What the vendor holds then. `left`: after a removal. */
  at(profile: IdentityProfile): unknown;
  values: [first: unknown, second: unknown, left?: unknown];
  /** Changes made elsewhere, each of which is seen and healed. */
  elsewhere: (Partial<IdentityProfile> | ((profile: IdentityProfile) => void))[];
}

const inputs = (values: Props) => ({ ...MINIMAL, ...values });
const [RULE, OTHER_RULE] = SEED.rules as { id: string; name: string }[];

/** One attribute of one transform. `rest` is what the transform has besides. */
function attribute(type: string, key: string, [first, second]: [unknown, unknown], rest: Props, required = false): Story {
  const mapped = (value: Props) => inputs(mapping({ email: { type, ...rest, ...value } }));
  const attributes = (profile: IdentityProfile) =>
    profile.identityAttributeConfig.attributeTransforms[0]?.transformDefinition.attributes ?? {};
  const change = (value: unknown) => (profile: IdentityProfile) => {
    if (value === undefined) delete attributes(profile)[key];
    else attributes(profile)[key] = value;
  };
  return {
    path: `identityAttributeConfig.attributeTransforms.${type}.${key}`,
    first: mapped({ [key]: first }),
    second: mapped({ [key]: second }),
    ...(!required && { without: mapped({}) }),
    at: (profile) => attributes(profile)[key],
    values: [first, second],
    elsewhere: [change(first), ...(required ? [] : [change(undefined)])],
  };
}

const byId = { attributeName: "login", sourceId: HR.id };
const byName = { attributeName: "login", sourceName: "HR" };
const text: [unknown, unknown] = ["one", "two"];
const yesNo: [unknown, unknown] = [true, false];
const input = (attributeName: string) => ({ type: "accountAttribute", attributes: { attributeName, sourceName: "HR" } });

const source = (first: Props, second: Props, path: string): Story => ({
  path,
  first: inputs({ authoritativeSource: first }),
  second: inputs({ authoritativeSource: second }),
  at: (profile) => profile.authoritativeSource.id,
  values: [HR.id, PARTNERS.id],
  elsewhere: [{ authoritativeSource: { type: "SOURCE", id: HR.id } }],
});
const owner = (first: Props, second: Props, path: string): Story => ({
  path,
  first: inputs({ owner: first }),
  second: inputs({ owner: second }),
  without: MINIMAL,
  at: (profile) => profile.owner?.id,
  values: [ADA.id, GRACE.id],
  elsewhere: [{ owner: { type: "IDENTITY", id: ADA.id } }, { owner: null }],
});

const stories: Story[] = [
  {
    path: "name",
    first: MINIMAL,
    second: inputs({ name: "Staff" }),
    at: ({ name }) => name,
    values: ["Employees", "Staff"],
    elsewhere: [{ name: "Somebody's" }],
  },
  {
    path: "description",
    first: inputs({ description: "one" }),
    second: inputs({ description: "two" }),
    without: MINIMAL,
    at: ({ description }) => description,
    values: ["one", "two", null],
    elsewhere: [{ description: "one" }, { description: null }],
  },
  owner({ id: ADA.id }, { id: GRACE.id }, "owner.id"),
  owner({ name: ADA.name }, { name: GRACE.name }, "owner.name"),
  {
    path: "priority",
    first: inputs({ priority: 41 }),
    second: inputs({ priority: 42 }),
    without: MINIMAL,
    at: ({ priority }) => priority,
    values: [41, 42, 42],
    elsewhere: [{ priority: 41 }],
  },
  source({ id: HR.id }, { id: PARTNERS.id }, "authoritativeSource.id"),
  source({ name: "HR" }, { name: "Partners" }, "authoritativeSource.name"),
  {
    path: "identityAttributeConfig.enabled",
    first: inputs(mapping({ email: mail() }, { enabled: true })),
    second: inputs(mapping({ email: mail() }, { enabled: false })),
    without: inputs(mapping({ email: mail() })),
    at: (profile) => profile.identityAttributeConfig.enabled,
    values: [true, false, true],
    elsewhere: [(profile) => void Object.assign(profile.identityAttributeConfig, { enabled: true })],
  },
  attribute("accountAttribute", "attributeName", ["mail", "login"], { sourceId: HR.id }, true),
  attribute("accountAttribute", "sourceName", ["HR", "Partners"], byId),
  attribute("accountAttribute", "sourceId", [HR.id, PARTNERS.id], byName),
  attribute("accountAttribute", "applicationId", [HR.id, PARTNERS.id], byName),
  attribute("accountAttribute", "applicationName", ["HR", "Partners"], byId),
  attribute("accountAttribute", "accountSortAttribute", text, byId),
  attribute("accountAttribute", "accountSortDescending", yesNo, byId),
  attribute("accountAttribute", "accountReturnFirstLink", yesNo, byId),
  attribute("accountAttribute", "accountFilter", text, byId),
  attribute("accountAttribute", "accountPropertyFilter", text, byId),
  attribute("accountAttribute", "requiresPeriodicRefresh", yesNo, byId),
  attribute("reference", "id", ["Upper", "Lower"], {}, true),
  attribute("reference", "input", [input("login"), input("mail")], { id: "Upper" }),
  attribute("reference", "requiresPeriodicRefresh", yesNo, { id: "Upper" }),
  attribute("rule", "name", [RULE?.name, OTHER_RULE?.name], { id: RULE?.id }),
  attribute("rule", "id", [RULE?.id, OTHER_RULE?.id], { name: RULE?.name }),
  attribute("rule", "requiresPeriodicRefresh", yesNo, { name: RULE?.name }),
];

/** A mapping as a whole, and parts of it that no schema names. */
const further: Story[] = [
  {
    path: "identityAttributeConfig",
    first: inputs(mapping({ email: mail() })),
    second: inputs(mapping({ title: mail() })),
    without: MINIMAL,
    at: (profile) => profile.identityAttributeConfig.attributeTransforms.map(({ identityAttributeName }) => identityAttributeName),
    values: [["email"], ["title"], ["title"]],
    elsewhere: [{ identityAttributeConfig: { enabled: true, attributeTransforms: [] } }],
  },
  attribute("rule", "digits", [4, 5], { name: RULE?.name }),
  attribute("static", "value", text, {}),
  attribute("static", "deep", [{ list: [1, { a: 2 }] }, { list: [{ a: 2 }] }], { value: "x" }),
];

/** Every place of a schema that holds a value: `priority`, `owner.id`. */
function placesOf(shape: Record<string, z.ZodType>): string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    if (key === "attributeTransforms") return placesOf(transformSchemas).map((place) => `${key}.${place}`);
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const goesDeeper = inner instanceof z.ZodObject && key !== "input";
    return goesDeeper ? placesOf(inner.shape).map((place) => `${key}.${place}`) : [key];
  });
}

test("every input has a story here, and every input a line in the field table", () => {
  const { fields } = identityProfileDefinition;
  const local = Object.keys(fields).filter((key) => fields[key]?.mutability !== "readWrite");
  expect(local.sort()).toEqual(["adopt", "changeSourceBy", "forceDelete", "renameBy"]);
  const places = placesOf(identityProfileInputs.shape).filter((place) => !place.endsWith(".type"));
  expect([...stories.map(({ path }) => path), ...local].sort()).toEqual(places.sort());
  expect(Object.keys(fields).sort()).toEqual(Object.keys(identityProfileInputs.shape).sort());
});

/** The one profile of the tenant. */
const only = () => {
  const [profile, ...others] = tenant.dump().profiles;
  if (!profile || others.length > 0) throw new Error("the tenant has not just one profile");
  return profile;
};

describe.each([...stories, ...further])("$path", ({ path, first, second, without, at, values, elsewhere }) => {
  test("is made, set, changed, healed and removed, and nothing is sent in between", async () => {
    const [property = ""] = path.split(".");
    const [valueOne, valueTwo, left] = values;
    const resource = host.resource();
    const quiet = async (declared: Props) => {
      tenant.clearRequests();
      expect(await resource.up(declared)).toBe("same");
      expect(calls(tenant)).toEqual([]);
      expect(await resource.refresh()).toBe("same");
      expect(await resource.preview(declared)).toEqual({ op: "same", changes: [], replaces: [] });
    };
    const changesTo = async (declared: Props) => {
      expect(await resource.preview(declared)).toEqual({ op: "update", changes: [property], replaces: [] });
      expect(await resource.up(declared)).toBe("update");
      await quiet(declared);
    };

    await resource.up(first);
    expect(at(only())).toEqual(valueOne);
    await quiet(first);

    await changesTo(second);
    expect(at(only())).toEqual(valueTwo);
    for (const change of elsewhere) {
      tenant.drift.changeProfile(only().id, change);
      expect(at(only()), "the change elsewhere is one").not.toEqual(valueTwo);
      expect(await resource.refresh()).toBe("update");
      await changesTo(second);
      expect(at(only())).toEqual(valueTwo);
    }
    if (!without) return;

    await changesTo(without);
    expect(at(only())).toEqual(left);
    // A removed value may be a default.
    if (left !== valueOne) await changesTo(first);
    expect(at(only())).toEqual(valueOne);
  });
});

test.each([
  ["renameBy", "replace", "update"],
  ["changeSourceBy", "replace", "update"],
  ["forceDelete", true, false],
])("%s is kept in state and never sent", async (key, first, second) => {
  const resource = host.resource();
  await resource.up(MINIMAL);
  tenant.clearRequests();
  for (const declared of [inputs({ [key]: first }), inputs({ [key]: second }), MINIMAL]) {
    expect(await resource.up(declared)).toBe("update");
    expect(kept(resource).outputs[key]).toBe((declared as Props)[key]);
    expect(await resource.up(declared)).toBe("same");
    expect(await resource.refresh()).toBe("same");
  }
  expect(tenant.requests.every(({ method }) => method === "GET")).toBe(true);
});

test("a profile that was removed elsewhere is made again as declared, and its destruction leaves the tenant as it was", async () => {
  const { tasks: _, ...before } = tenant.dump();
  const full = inputs({ description: "x", owner: { id: ADA.id }, priority: 40, ...mapping({ email: mail() }) });
  const resource = host.resource();
  await resource.up(full);
  const { id, created, modified, ...made } = only();
  tenant.drift.removeProfile(id);
  expect(await resource.refresh()).toBe("delete");
  expect(await resource.up(full)).toBe("create");
  expect(only()).toMatchObject(made);
  await resource.destroy();
  const { tasks, ...after } = tenant.dump();
  expect(after).toEqual(before);
  expect(tasks).toHaveLength(1);
});
