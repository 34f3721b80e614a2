import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const text = z.string().min(1);

const population = z.strictObject({
  name: text,
  source: text,
  owner: text,
  priority: z.int().min(1),
  /** Account attribute that becomes the e-mail address of an identity. */
  mailFrom: text,
  pingOnePopulation: text,
  activIdGroup: text,
});

const person = z.strictObject({
  login: z.string().regex(/^[a-z][a-z0-9]*$/, "must be lower-case letters and digits"),
  population: text,
  name: z.strictObject({ given: text, family: text }),
  mail: z.email(),
  title: text,
  costCenter: text,
  /** Object id of the person's user in Microsoft Entra. */
  entraObjectId: z.guid(),
  pivApplicant: z.boolean().optional(),
  /** False locks the person out of ActivID without forgetting anything. */
  active: z.boolean().optional(),
});

const workforce = z
  .strictObject({
    populations: z.array(population).min(1),
    identitySource: z.strictObject({ sourceId: text, adoptFrom: text.optional() }),
    people: z.array(person),
  })
  .superRefine(({ populations, people }, context) => {
    const known = populations.map(({ name }) => name);
    people.forEach(({ login, population }, index) => {
      if (!known.includes(population))
        context.addIssue({ code: "custom", path: ["people", index, "population"], message: `there are only: ${known.join(", ")}` });
      if (people.findIndex((other) => other.login === login) < index)
        context.addIssue({ code: "custom", path: ["people", index, "login"], message: `"${login}" is in the list twice` });
    });
  });

export type Population = z.infer<typeof population>;
export type PersonData = z.infer<typeof person>;

/** Reads the data file. Errors: one that names every fault by its place in the file. */
export function readWorkforce(file: string): z.infer<typeof workforce> {
  const read = workforce.safeParse(parse(readFileSync(file, "utf8")));
  if (!read.success) throw new Error(`${file} is not right:\n${z.prettifyError(read.error)}`);
  return read.data;
}
