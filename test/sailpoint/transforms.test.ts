import { expect, test } from "vitest";
import { accountAttribute, nested, reference, rule, transform } from "../../provider/src/sailpoint/transforms";

test("each function writes the type beside the attributes", () => {
  expect(accountAttribute({ attributeName: "mail", sourceName: "HR" })).toEqual({
    type: "accountAttribute",
    attributeName: "mail",
    sourceName: "HR",
  });
  expect(rule("Make uid", { digits: 4 })).toEqual({ type: "rule", name: "Make uid", digits: 4 });
  expect(rule("Make uid")).toEqual({ type: "rule", name: "Make uid" });
  expect(transform("static", { value: "x" })).toEqual({ type: "static", value: "x" });
  expect(transform("static")).toEqual({ type: "static" });
});

test("an inner transform has the vendor's own form", () => {
  const inner = accountAttribute({ attributeName: "mail", sourceId: "1" });
  expect(nested(inner)).toEqual({ type: "accountAttribute", attributes: { attributeName: "mail", sourceId: "1" } });
  expect(reference("Upper", inner)).toEqual({ type: "reference", id: "Upper", input: nested(inner) });
  expect(reference("Upper")).toEqual({ type: "reference", id: "Upper" });
});
