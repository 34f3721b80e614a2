import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readImportFile } from "../../provider/src/activid/import-file";

const folder = mkdtempSync(join(tmpdir(), "import-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const HEAD = "externalId,givenName,familyName,email";
const ANN = { externalId: "a", name: { givenName: "Ann", familyName: "Ray" }, emails: [{ value: "ann@example.org" }] };

describe("readImportFile", () => {
  test.each<[string, string]>([
    ["plain lines", `${HEAD}\na,Ann,Ray,ann@example.org\n`],
    ["no line end at the end", `${HEAD}\na,Ann,Ray,ann@example.org`],
    ["line ends of Windows, a mark at the front, and empty lines", `\uFEFF${HEAD}\r\n\r\na,Ann,Ray,ann@example.org\r\n\r\n`],
    ["quotes", `${HEAD}\n"a","Ann",Ray,"ann@example.org"\n`],
    ["semicolons", `${HEAD.replaceAll(",", ";")}\na;Ann;Ray;ann@example.org\n`],
    ["columns in another order", "email,familyName,givenName,externalId\nann@example.org,Ray,Ann,a\n"],
    ["optional columns left empty", `${HEAD},title,phoneNumber,active\na,Ann,Ray,ann@example.org,,,\n`],
  ])("reads %s", (_what, text) => {
    expect(readImportFile(file("a.csv", text))).toEqual([ANN]);
  });

  test("reads values with separators, quotes and line ends in them, and every column", () => {
    const text = `${HEAD},title,phoneNumber,active,userName\na,Ann,"Ray, ""the\nRay""",ann@example.org,Boss,+1 2,FALSE,ann\n`;
    expect(readImportFile(file("b.csv", text))).toEqual([
      {
        ...ANN,
        userName: "ann",
        name: { givenName: "Ann", familyName: 'Ray, "the\nRay"' },
        title: "Boss",
        phoneNumbers: [{ value: "+1 2" }],
        active: false,
      },
    ]);
  });

  test("reads JSON as it is", () => {
    expect(readImportFile(file("a.json", JSON.stringify([ANN])))).toEqual([ANN]);
  });

  test.each<[string, string, RegExp]>([
    ["an unknown column", `${HEAD},mail\n`, /unknown column "mail"; there are: externalId/],
    ["a missing column", "externalId,givenName,familyName\n", /lacks the column "email"/],
    ["a line of another length", `${HEAD}\n"a\nb",Ann,Ray,x\na,Ann,Ray\n`, /c\.csv, line 4: 3 values for 4 columns/],
    ["a stray quote", `${HEAD}\na,"Ann,Ray,x\n`, /line 2: a quote/],
    ["a wrong boolean", `${HEAD},active\na,Ann,Ray,x,yes\n`, /line 2: active must be true or false, not "yes"/],
  ])("says where it finds %s", (_what, text, message) => {
    expect(() => readImportFile(file("c.csv", text))).toThrow(message);
  });

  test("takes nothing but a list from JSON", () => {
    expect(() => readImportFile(file("c.json", "[{]"))).toThrow(/c\.json is not JSON: .*position 2/);
    expect(() => readImportFile(file("b.json", "{}"))).toThrow("holds no list of users");
  });
});
