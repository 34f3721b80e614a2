import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readWorkforce } from "../../examples/workforce/workforce";

const DATA = join(import.meta.dirname, "../../examples/workforce/workforce.yaml");
const dir = mkdtempSync(join(tmpdir(), "workforce-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** What reading the example's data file says after one text in it is replaced. */
function complaint(from: string, to: string): string {
  const text = readFileSync(DATA, "utf8");
  expect(text).toContain(from);
  const file = join(dir, "workforce.yaml");
  writeFileSync(file, text.replace(from, to));
  try {
    readWorkforce(file);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("the data file of the workforce is right as it stands", () => {
  expect(complaint("people:", "people:")).toBe("");
  expect(readWorkforce(DATA).people.map(({ login }) => login)).toContain("gpetrov");
});

test.each([
  ["mail: goran.petrov@acme.example", "mail: goran.petrov", "at people[0].mail"],
  ["entraObjectId: 3c1a6f0e-", "entraObjectId: 3c1a6f0-", "at people[0].entraObjectId"],
  ["title: Dispatcher", "titel: Dispatcher", 'Unrecognized key: "titel"'],
  ['costCenter: "4100"', "costCenter: 4100", "at people[0].costCenter"],
  ["population: Retail Staff", "population: Retail", "there are only: Contractors Nordics, Retail Staff"],
  ["login: cokafor", "login: gpetrov", '"gpetrov" is in the list twice'],
  ["priority: 240", "priority: 0", "at populations[0].priority"],
])("%s instead of %s is refused with its place", (from, to, words) => {
  const message = complaint(from, to);
  expect(message).toContain("workforce.yaml is not right");
  expect(message).toContain(words);
});
