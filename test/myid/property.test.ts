import fc from "fast-check";
import { expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { ADA, ENTRA, FOREIGN, GRACE, kept, OTHER, SEED, useStack } from "./fixture";

const { server, host } = await useStack();

const anyCase = (text: string) => fc.mixedCase(fc.constant(text));
const people = fc.constantFrom(ADA, GRACE);
const person = people.chain(({ id, logonName, employeeId, contact }) =>
  fc.oneof(
    fc.record({ id: anyCase(id) }),
    fc.record({ logonName: anyCase(logonName) }),
    fc.record({ employeeId: anyCase(employeeId) }),
    fc.record({ email: anyCase(contact.emailAddress) }),
  ),
);
const inputs: fc.Arbitrary<Props> = fc.record(
  {
    person,
    entraObjectId: fc.constantFrom(ENTRA, OTHER, FOREIGN).chain(anyCase),
    slot: fc.constantFrom(1, 2, 3),
    pivApplicant: fc.boolean(),
    overwrite: fc.boolean(),
  },
  { requiredKeys: ["person", "entraObjectId"] },
);
/** Servers differ; a server that hides references and also ignores `""` cannot be cleared by anybody who cannot see. */
const habits = fc.oneof(
  fc.record({
    emptyReferences: fc.constantFrom("absent", "null", "blank"),
    clearBy: fc.constantFrom("both", "blank", "null"),
    otherClear: fc.constantFrom("ignored", "refused"),
    upperCaseReferences: fc.boolean(),
    patchAnswer: fc.constantFrom("person", "nothing"),
  }),
  fc.record({ hideReferences: fc.constant(true), looseFilters: fc.boolean() }),
) as fc.Arbitrary<object>;

/** People and state after these ups, in one case: the case of ids is the program's own affair. */
async function after(programs: Props[], habit: object) {
  server.reset();
  server.load({ people: SEED.people?.map(({ externalReferences: _, ...rest }) => rest) });
  Object.assign(server.switches, habit);
  const resource = host.resource();
  for (const program of programs) await resource.up(program);
  server.clearRequests();
  expect(await resource.up(programs.at(-1) as Props)).toBe("same");
  expect(server.requests).toEqual([]);
  return JSON.parse(JSON.stringify({ outputs: kept(resource).outputs, people: server.dump().people }).toLowerCase());
}

test("whatever was declared before, what is declared now is what counts, and a third up is empty", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(inputs, inputs, habits, async (first, second, habit) => {
      expect(await after([first, second], habit)).toEqual(await after([second], habit));
    }),
    { numRuns: 500 },
  );
});
