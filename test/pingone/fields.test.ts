import { describe, expect, test } from "vitest";
import { z } from "zod";
import { directMappedUserDefinition } from "../../provider/src/pingone/direct-mapped-user-definition";
import { directMappedUserInputs } from "../../provider/src/pingone/schema";
import type { Props } from "../harness/rpc";
import { count, EMPLOYEES, ENV, FULL, HIDDEN, kept, MINIMAL, OTHER_ENV, PARTNERS, stored, useStack } from "./fixture";

const { tenant, host } = await useStack();

/**
 * For every attribute: a value, another one, and how the vendor holds it. The list is checked against the schema, so a new input cannot be
 * forgotten here.
 */
interface Story {
  path: string;
  first: unknown;
  second: unknown;
  /** What a removal leaves at the vendor. @default nothing */
  left?: unknown;
}
const text = (path: string): Story => ({ path, first: `first ${path} 1`, second: `second ${path} 2` });
const stories: Story[] = [
  { path: "username", first: "first", second: "second" },
  { path: "population.id", first: PARTNERS, second: HIDDEN, left: HIDDEN },
  ...["formatted", "given", "family", "middle", "honorificPrefix", "honorificSuffix"].map((part) => text(`name.${part}`)),
  ...["streetAddress", "locality", "region", "postalCode"].map((part) => text(`address.${part}`)),
  { path: "address.countryCode", first: "UK", second: "GB" },
  ...["email", "nickname", "title", "type", "primaryPhone", "mobilePhone", "locale", "preferredLanguage", "timezone"].map(text),
  ...["externalId", "accountId"].map(text),
  { path: "photo.href", first: "https://example.com/1.png", second: "http://example.com/2.png" },
  { path: "customAttributes.badge", first: "1", second: "2" },
  { path: "customAttributes.devices", first: ["a", "b"], second: ["b"] },
  { path: "customAttributes.settings", first: { a: { b: 1 } }, second: { a: { c: true } } },
];

/** Inputs with a value at one place. */
function withValue(path: string, value: unknown): Props {
  const [outer = "", inner] = path.split(".");
  return { ...MINIMAL, [outer]: inner === undefined ? value : { [inner]: value } };
}

/** The value that the vendor holds at a place. */
function vendorValue(path: string, username = MINIMAL.username): unknown {
  const user = stored(tenant, username);
  if (path === "population.id") return user.populationId;
  const [outer = "", inner] = path.replace("customAttributes.", "").split(".");
  const value = user.attributes[outer];
  return inner === undefined ? value : (value as Record<string, unknown> | undefined)?.[inner];
}

/** Changes the value at the vendor, as somebody else would. */
function drift(path: string, value: unknown): void {
  const { id, attributes } = stored(tenant);
  const [outer = "", inner] = path.replace("customAttributes.", "").split(".");
  if (path === "population.id") tenant.drift.movePopulation(id, String(value));
  else tenant.drift.changeUser(id, { [outer]: inner === undefined ? value : { ...(attributes[outer] as object), [inner]: value } });
}

/** Every place of a schema that holds a value: `username`, `name.given`. */
function placesOf(shape: Record<string, z.ZodType>): string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    return inner instanceof z.ZodObject ? placesOf(inner.shape).map((place) => `${key}.${place}`) : [key];
  });
}

test("every input has a story here, and every input a line in the field table", () => {
  const { fields } = directMappedUserDefinition;
  const local = Object.keys(fields).filter((key) => fields[key]?.mutability !== "readWrite");
  expect(local.sort()).toEqual(["adopt", "environmentId", "ownership", "password"]);
  // What a custom attribute holds is not in the schema.
  const told = new Set(stories.map(({ path }) => path.replace(/^customAttributes\..*/, "customAttributes")));
  expect([...told, ...local].sort()).toEqual(placesOf(directMappedUserInputs.shape).sort());
  expect(Object.keys(fields).sort()).toEqual(Object.keys(directMappedUserInputs.shape).sort());
});

describe.each(stories.filter(({ path }) => path !== "username"))("$path", ({ path, first, second, left }) => {
  test("is set, changed, healed, cleared, and silent in between", async () => {
    const resource = host.resource();
    const quiet = async (inputs: Props) => {
      tenant.clearRequests();
      expect(await resource.up(inputs)).toBe("same");
      expect(tenant.requests).toEqual([]);
      expect(await resource.refresh()).toBe("same");
      expect(await resource.up(inputs)).toBe("same");
    };
    const one = withValue(path, first);
    await resource.up(one);
    expect(vendorValue(path)).toEqual(first);
    await quiet(one);

    const two = withValue(path, second);
    const [outer = ""] = path.split(".");
    expect(await resource.preview(two)).toMatchObject({ op: "update", changes: [outer], replaces: [] });
    await resource.up(two);
    expect(vendorValue(path)).toEqual(second);
    await quiet(two);

    // A population is changed elsewhere, but never removed.
    for (const other of path === "population.id" ? [first] : [first, null]) {
      drift(path, other);
      expect(await resource.refresh()).toBe("update");
      expect(await resource.preview(two)).toMatchObject({ op: "update", changes: [outer] });
      await resource.up(two);
      expect(vendorValue(path)).toEqual(second);
    }

    expect(await resource.preview(MINIMAL)).toMatchObject({ op: "update", changes: [outer] });
    await resource.up(MINIMAL);
    expect(vendorValue(path)).toEqual(left);
    expect(kept(resource).outputs[path === "population.id" ? "" : outer]).toBeUndefined();
    await quiet(MINIMAL);
  });
});

test("the whole life: create, nothing, removal seen and healed, destroy leaves the organization as before", async () => {
  const before = tenant.dump();
  const resource = host.resource();
  await resource.up(FULL);
  tenant.clearRequests();
  expect(await resource.up(FULL)).toBe("same");
  expect(tenant.requests).toEqual([]);
  tenant.drift.removeUser(stored(tenant).id);
  expect(await resource.refresh()).toBe("delete");
  expect(await resource.up(FULL)).toBe("create");
  await resource.destroy();
  expect(tenant.dump()).toEqual(before);
});

test("another environment replaces the user, the old one first", async () => {
  const resource = host.resource();
  await resource.up(MINIMAL);
  tenant.clearRequests();
  expect(await resource.up({ ...MINIMAL, environmentId: OTHER_ENV })).toBe("replace");
  expect(tenant.requests.map(({ method, path }) => `${method} ${path.split("/")[2]}`)).toEqual([
    `GET ${ENV}`,
    `DELETE ${ENV}`,
    `POST ${OTHER_ENV}`,
  ]);
  expect(count(tenant)).toBe(1);
  expect(kept(resource).id).toMatch(new RegExp(`^${OTHER_ENV}/`));
});

test("a rename made elsewhere is seen and healed", async () => {
  const resource = host.resource();
  await resource.up(MINIMAL);
  tenant.drift.changeUser(stored(tenant).id, { username: "by.hand" });
  expect(await resource.refresh()).toBe("update");
  expect(await resource.preview(MINIMAL)).toMatchObject({ op: "update", changes: ["username"] });
  await resource.up(MINIMAL);
  expect(count(tenant)).toBe(1);
  expect(stored(tenant).attributes).toEqual({ username: MINIMAL.username });
});

test("a rename keeps everything else", async () => {
  const resource = host.resource();
  await resource.up(FULL);
  const { attributes } = stored(tenant);
  await resource.up({ ...FULL, username: "second" });
  expect(stored(tenant, "second").attributes).toEqual({ ...attributes, username: "second" });
  expect(EMPLOYEES).not.toBe(stored(tenant, "second").populationId);
});
