import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as simulators from "identity-simulators";
import { expect, test } from "vitest";
import { definitions } from "../../provider/src/definitions";
import * as library from "../../provider/src/index";

const ROOT = dirname(dirname(import.meta.dirname));

/** What the tests of every resource tell with the real engine, by words of their names. */
const STORIES = [
  "creates with only the required fields",
  "a second `up` changes nothing",
  "minimal to full and back",
  "replaces when an immutable field changes",
  "sees a change made elsewhere",
  "sees a removal made elsewhere",
  "imports",
  "explains a conflict or a bad id",
  "keeps a secret secret",
  "accepts values unknown at preview",
  "waits as told when throttled",
  "finishes a half-made object",
  "after a kill of the provider",
];

const classes = Object.entries(library).flatMap(([name, value]) =>
  typeof value === "function" && value.prototype instanceof pulumi.CustomResource ? [name] : [],
);

/** `sailpoint:IdentityProfile` → its vendor, its class and the name of its page and folder, `sailpoint-identity-profile`. */
function namesOf(type: string) {
  const [vendor = "", noun = ""] = type.split(":");
  const sameLetters = (name: string) => name.toLowerCase() === (vendor + noun).toLowerCase();
  return { vendor, className: classes.find(sameLetters), slug: vendor + noun.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) };
}

async function textsOf(pattern: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const file of glob(pattern, { cwd: ROOT })) texts.push(await readFile(join(ROOT, file), "utf8"));
  return texts;
}

async function lacks(type: string): Promise<string[]> {
  const { vendor, className, slug } = namesOf(type);
  const examples = await textsOf(`examples/${vendor}-*/index.ts`);
  const tests = (await textsOf(`test/engine/${slug}/*.test.ts`)).join();
  const titles = [...tests.matchAll(/^\s*test(?:\.\w+)*(?:\(\w+\))?\(\s*(["'`])(.*)\1,/gm)].map(([, , title = ""]) => title);
  return [
    ...(examples.some((text) => text.includes(`new ${className}(`)) ? [] : ["example"]),
    ...(existsSync(join(ROOT, "docs", "resources", `${slug}.md`)) ? [] : ["page"]),
    ...(Object.keys(simulators).some((name) => name.toLowerCase() === `start${vendor}`) ? [] : ["simulator"]),
    ...STORIES.filter((story) => !titles.some((title) => title.includes(story))),
  ];
}

test("every resource that programs can use has a definition, and the other way round", () => {
  expect(
    Object.keys(definitions)
      .map((type) => namesOf(type).className)
      .sort(),
  ).toEqual([...classes].sort());
  expect(classes.length).toBeGreaterThan(0);
});

test.each(Object.keys(definitions))("%s has an example, a page, a simulator and its stories", async (type) => {
  expect(await lacks(type)).toEqual([]);
});

test.each(Object.keys(definitions))("every output of a %s can be read by programs, and has a type", async (type) => {
  const { vendor, slug } = namesOf(type);
  const source = await readFile(join(ROOT, "provider/src", vendor, `${slug.slice(vendor.length + 1)}.ts`), "utf8");
  const declared = [...source.matchAll(/^ {2}declare readonly (\w+):/gm)].map(([, name]) => name);
  const [, list = ""] = /^const outputs = \[([\s\S]*?)\n?\](?: as const)?;/m.exec(source) ?? [];
  const announced = [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  expect([...declared].sort()).toEqual([...announced].sort());
  const fields = Object.entries(definitions[type]?.fields ?? {});
  const managed = fields.filter(([, { mutability }]) => ["readWrite", "immutable"].includes(mutability)).map(([name]) => name);
  expect(managed.length).toBeGreaterThan(0);
  expect(announced).toEqual(expect.arrayContaining(managed));
});
