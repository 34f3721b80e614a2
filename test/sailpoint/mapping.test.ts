import { describe, expect, test } from "vitest";
import { covers, type FlatTransform, type Mapping, mappingToSend, toMapping, toVendorMapping } from "../../provider/src/sailpoint/mapping";

const wanted = (attributeTransforms: Record<string, FlatTransform>, enabled = true): Mapping => ({ enabled, attributeTransforms });
const mail: FlatTransform = { type: "accountAttribute", attributeName: "mail", sourceName: "HR" };
const login: FlatTransform = { type: "accountAttribute", attributeName: "login", sourceId: "1" };

/** An entry as the vendor holds it. */
const entry = (identityAttributeName: string, type: string, attributes?: Record<string, unknown> | null) => ({
  identityAttributeName,
  transformDefinition: { type, attributes },
});
const actual = (attributeTransforms: ReturnType<typeof entry>[], enabled = true) => ({ enabled, attributeTransforms });
const email = entry("email", "accountAttribute", { attributeName: "mail", sourceName: "HR" });
const uid = entry("uid", "accountAttribute", { attributeName: "login", sourceId: "1" });

describe("the vendor's form", () => {
  test("is a list of entries with type and attributes apart", () => {
    expect(toVendorMapping(wanted({ email: mail, uid: { type: "rule", name: "Make uid" } }, false))).toEqual({
      enabled: false,
      attributeTransforms: [
        {
          identityAttributeName: "email",
          transformDefinition: { type: "accountAttribute", attributes: { attributeName: "mail", sourceName: "HR" } },
        },
        { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "Make uid" } } },
      ],
    });
  });

  test("has an attribute named type where the program writes $type, and comes back as it was", () => {
    const mapping = wanted({ email: { type: "custom", $type: "inner", other: 1 } });
    const vendor = toVendorMapping(mapping);
    expect(vendor).toMatchObject({
      attributeTransforms: [{ transformDefinition: { type: "custom", attributes: { type: "inner", other: 1 } } }],
    });
    expect(toMapping(vendor as ReturnType<typeof actual>)).toEqual(mapping);
  });

  test("survives the way there and back, nested values included", () => {
    const mapping = wanted({
      email: {
        type: "reference",
        id: "Upper",
        input: { type: "accountAttribute", attributes: { attributeName: "mail", list: [1, { a: 2 }] } },
      },
      uid: login,
    });
    expect(toMapping(toVendorMapping(mapping) as ReturnType<typeof actual>)).toEqual(mapping);
  });
});

describe("nothing is sent", () => {
  test.each<[string, Mapping, Mapping | undefined, ReturnType<typeof actual>]>([
    ["when the tenant has it", wanted({ email: mail, uid: login }), undefined, actual([email, uid])],
    ["for another order", wanted({ uid: login, email: mail }), undefined, actual([email, uid])],
    [
      "for keys that the server added",
      wanted({ email: mail }),
      wanted({ email: mail }),
      actual([entry("email", "accountAttribute", { attributeName: "mail", sourceName: "HR", sourceId: "1", other: null })]),
    ],
    [
      "for keys that the server added further in",
      wanted({ email: { type: "reference", id: "x", input: { type: "a", attributes: { b: 1 } } } }),
      undefined,
      actual([entry("email", "reference", { id: "x", input: { type: "a", attributes: { b: 1, c: 2 } } })]),
    ],
    [
      "for attributes that are null, if the program says none",
      wanted({ email: { type: "custom" } }),
      undefined,
      actual([entry("email", "custom", null)]),
    ],
  ])("%s", (_when, mapping, before, found) => {
    expect(mappingToSend(mapping, before, found)).toBeUndefined();
  });
});

describe("the whole mapping is sent", () => {
  test.each<[string, Mapping, ReturnType<typeof actual> | null | undefined]>([
    ["when there is none yet", wanted({ email: mail }), undefined],
    ["when it is null", wanted({ email: mail }), null],
    ["when it is switched on or off", wanted({ email: mail }), actual([email], false)],
    ["when an entry is missing", wanted({ email: mail, uid: login }), actual([email])],
    ["when there is one too many", wanted({ email: mail }), actual([email, uid])],
    ["when an entry is of another type", wanted({ email: { type: "rule", name: "x" } }), actual([email])],
    ["when a value differs", wanted({ email: { ...mail, attributeName: "workMail" } }), actual([email])],
    ["when a value is missing", wanted({ email: { ...mail, accountFilter: "x" } }), actual([email])],
    ["when a list differs", wanted({ email: { type: "c", list: [1, 2] } }), actual([entry("email", "c", { list: [1] })])],
    [
      "when text stands where an object is wanted",
      wanted({ email: { type: "c", a: { b: 1 } } }),
      actual([entry("email", "c", { a: "b" })]),
    ],
  ])("%s", (_when, mapping, found) => {
    expect(mappingToSend(mapping, undefined, found)).toEqual(toVendorMapping(mapping));
  });

  test("with entries that are as wanted just as they were found", () => {
    const enriched = entry("email", "accountAttribute", { attributeName: "mail", sourceName: "HR", sourceId: "1" });
    expect(mappingToSend(wanted({ email: mail, uid: login }), undefined, actual([enriched]))).toEqual(actual([enriched, uid]));
  });

  test("without what the server had added to an entry that changes, because it may belong to the old value", () => {
    const enriched = entry("email", "accountAttribute", { attributeName: "mail", sourceName: "HR", sourceId: "1" });
    const mapping = wanted({ email: { ...mail, sourceName: "Partners" } });
    expect(mappingToSend(mapping, wanted({ email: mail }), actual([enriched]))).toEqual(toVendorMapping(mapping));
  });

  test("when the program drops a key of a transform, which is then gone", () => {
    const before = wanted({ email: { ...mail, accountFilter: "x" } });
    const found = actual([entry("email", "accountAttribute", { attributeName: "mail", sourceName: "HR", accountFilter: "x" })]);
    expect(mappingToSend(wanted({ email: mail }), before, found)).toEqual(actual([email]));
  });

  test("when the program drops a key further in, which is then gone", () => {
    const nested = (attributes: object): FlatTransform => ({ type: "reference", id: "x", input: { type: "a", attributes } });
    const found = actual([entry("email", "reference", { id: "x", input: { type: "a", attributes: { b: 1, c: 2 } } })]);
    const mapping = wanted({ email: nested({ b: 1 }) });
    expect(mappingToSend(mapping, wanted({ email: nested({ b: 1, c: 2 }) }), found)).toEqual(toVendorMapping(mapping));
  });

  test("not again for a dropped key that is gone already", () => {
    const before = wanted({ email: { ...mail, accountFilter: "x" } });
    expect(mappingToSend(wanted({ email: mail }), before, actual([email]))).toBeUndefined();
  });
});

describe("what the tenant has, as inputs", () => {
  const declared = wanted({ email: mail });

  test("is what the program wrote when the server only added keys", () => {
    const enriched = entry("email", "accountAttribute", { attributeName: "mail", sourceName: "HR", sourceId: "1" });
    expect(toMapping(actual([enriched]), declared)).toEqual(declared);
  });

  test("shows a changed value and nothing beside it", () => {
    const changed = entry("email", "accountAttribute", { attributeName: "other", sourceName: "HR", sourceId: "1" });
    expect(toMapping(actual([changed]), declared)).toEqual(wanted({ email: { ...mail, attributeName: "other" } }));
  });

  test("shows a changed value further in and nothing beside it", () => {
    const nested = (attributes: object) => ({ id: "x", input: { type: "a", attributes } });
    const before = wanted({ email: { type: "reference", ...nested({ b: 1 }) } });
    const after = toMapping(actual([entry("email", "reference", nested({ b: 2, c: 3 }))]), before);
    expect(after).toEqual(wanted({ email: { type: "reference", ...nested({ b: 2 }) } }));
  });

  test("shows a removed key as missing", () => {
    const found = actual([entry("email", "accountAttribute", { attributeName: "mail", sourceId: "1" })]);
    expect(toMapping(found, declared)).toEqual(wanted({ email: { type: "accountAttribute", attributeName: "mail" } }));
  });

  test("shows a removed entry as missing and an added one in full", () => {
    expect(toMapping(actual([uid]), declared)).toEqual(wanted({ uid: login }));
  });

  test.each([null, undefined])("is an empty mapping that is switched off when there is none: %s", (nothing) => {
    expect(toMapping(nothing, declared)).toEqual(wanted({}, false));
  });

  test("leaves out what is null", () => {
    expect(toMapping(actual([entry("email", "a", { b: null, c: { d: null, e: 1 } })]))).toEqual(
      wanted({ email: { type: "a", c: { e: 1 } } }),
    );
  });

  test("accepts an entry without a definition", () => {
    expect(toMapping({ enabled: true, attributeTransforms: [{ identityAttributeName: "email" }] })).toEqual(
      wanted({ email: { type: "" } }),
    );
  });
});

describe("covers", () => {
  test.each<[unknown, unknown, boolean]>([
    [{}, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { b: 2 }, false],
    [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, true],
    [{ a: { b: 1 } }, { a: null }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: [1] }, { a: [1] }, true],
    [1, "1", false],
    [null, null, true],
    [{ a: 1 }, undefined, false],
  ])("%j by %j: %s", (part, whole, answer) => {
    expect(covers(part, whole)).toBe(answer);
  });
});
