import { afterEach, describe, expect, test } from "vitest";
import { type Props, UNKNOWN } from "../harness/rpc";
import { bindTo, useStack } from "./fixture";

const { tenant, host } = await useStack();
const MINIMAL = { envId: "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70", identityTemplateId: "User", sourceId: "hr_db" };
const FULL = {
  ...MINIMAL,
  displayName: "HR",
  description: "people",
  sourceType: "EXTERNAL_INPUT",
  sourceMetaData: { viewName: "hr" },
  onDelete: "fail",
};

afterEach(() => expect(tenant.requests, "check and diff work offline").toEqual([]));

const failures = async (inputs: Props) => (await host.check(undefined, inputs)).failures;

test.each<[string, Props, string, string]>([
  ["an unknown property", { ...MINIMAL, sourceid: "x" }, "sourceid", 'did you mean "sourceId"?'],
  ["an unknown property of unknown value", { ...MINIMAL, adoptfrom: UNKNOWN }, "adoptfrom", 'did you mean "adoptFrom"?'],
  ["no environment", { identityTemplateId: "User", sourceId: "x" }, "envId", "is required"],
  ["an environment by name", { ...MINIMAL, envId: "production" }, "envId", "must be a UUID"],
  ["an empty template", { ...MINIMAL, identityTemplateId: "" }, "identityTemplateId", "must not be empty"],
  ["no id", { ...MINIMAL, sourceId: null }, "sourceId", "is required"],
  ["an empty id", { ...MINIMAL, sourceId: "" }, "sourceId", "must not be empty"],
  ["an id that ends with a space", { ...MINIMAL, sourceId: "hr " }, "sourceId", "must not begin or end with a space"],
  ["a temporary id", { ...MINIMAL, sourceId: "hr__parked_0123abcd" }, "sourceId", "must not look like the temporary id"],
  ["an id to adopt that begins with a space", { ...MINIMAL, adoptFrom: " hr" }, "adoptFrom", "must not begin or end with a space"],
  ["a name that is a number", { ...MINIMAL, displayName: 7 }, "displayName", "expected string"],
  ["metadata as text", { ...MINIMAL, sourceMetaData: "x" }, "sourceMetaData", "expected record"],
  ["another fate", { ...MINIMAL, onDelete: "delete" }, "onDelete", "restoreOriginalId"],
])("%s is refused", async (_what, inputs, property, reason) => {
  expect(await failures(inputs)).toContainEqual({ property, reason: expect.stringContaining(reason) });
});

test.each<[string, Props]>([
  ["the fewest inputs", MINIMAL],
  ["all inputs", FULL],
  ["nothing known yet", { envId: UNKNOWN, identityTemplateId: UNKNOWN, sourceId: UNKNOWN, adoptFrom: UNKNOWN, sourceMetaData: UNKNOWN }],
  ["metadata not known yet", { ...MINIMAL, sourceMetaData: { viewName: UNKNOWN, more: { deep: UNKNOWN } } }],
  ["an environment in upper case", { ...MINIMAL, envId: MINIMAL.envId.toUpperCase() }],
])("%s are accepted", async (_what, inputs) => {
  expect(await failures(inputs)).toEqual([]);
});

test("an id of unusual characters is accepted with a warning", () => {
  const { provider } = bindTo(tenant);
  expect(provider.check({ ...MINIMAL, sourceId: "hr db/ä" }).warnings).toEqual([
    expect.stringContaining('sourceId "hr db/ä" has characters'),
  ]);
  for (const sourceId of ["hr_db-2.X", UNKNOWN]) expect(provider.check({ ...MINIMAL, sourceId }).warnings).toEqual([]);
});

describe("a difference", () => {
  async function plan(before: Props, after: Props, made: Props = {}) {
    const resource = host.resource();
    const { inputs } = await host.check(undefined, before);
    resource.state = { id: "x", inputs, outputs: { ...inputs, originalSourceId: "hr_db", ...made }, initErrors: [] };
    return resource.preview(after);
  }

  test.each<[string, Props, Props, Props?]>([
    ["the same", FULL, FULL],
    ["the environment in other case", FULL, { ...FULL, envId: FULL.envId.toUpperCase() }],
    ["null for nothing", MINIMAL, { ...MINIMAL, displayName: null, description: null, sourceMetaData: null, adoptFrom: null }],
    ["empty metadata for none", MINIMAL, { ...MINIMAL, sourceMetaData: {} }],
    ["adoptFrom once it has served its purpose", { ...MINIMAL, adoptFrom: "old" }, MINIMAL],
    [
      "values of the vendor",
      MINIMAL,
      MINIMAL,
      { displayName: "x", sourceMetaData: { a: 1 }, serverChosen: ["displayName", "sourceMetaData"] },
    ],
  ])("is none: %s", async (_what, before, after, made) => {
    expect(await plan(before, after, made)).toMatchObject({ op: "same", replaces: [] });
  });

  test.each<[string, Props]>([
    ["sourceId", { sourceId: "hr" }],
    ["sourceId", { sourceId: "HR_DB" }],
    ["sourceId", { sourceId: UNKNOWN }],
    ["displayName", { displayName: "People" }],
    ["displayName", { displayName: null }],
    ["description", { description: "" }],
    ["sourceType", { sourceType: "COMPUTED" }],
    ["sourceMetaData", { sourceMetaData: { viewName: "people" } }],
    ["onDelete", { onDelete: "retain" }],
  ])("of %s is made in place: %j", async (key, change) => {
    expect(await plan(FULL, { ...FULL, ...change })).toEqual({ op: "update", changes: [key], replaces: [] });
  });

  test.each<[string, Props]>([
    ["envId", { envId: "00000000-0000-4000-8000-000000000000" }],
    ["envId", { envId: UNKNOWN }],
    ["identityTemplateId", { identityTemplateId: "user" }],
    ["connection", { connection: "other" }],
  ])("of %s needs a new object: %j", async (key, change) => {
    expect(await plan(FULL, { ...FULL, ...change })).toMatchObject({ op: "replace", replaces: [key] });
  });
});
