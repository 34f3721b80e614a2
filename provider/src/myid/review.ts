import { high, medium, member, type Review } from "../core/review";

/** What changes of a link mean to the person. Source: MyID, Updating the Entra ID using the MyID Core API. */
export const personEntraLinkReview: Review = {
  kind: "MyID link to Entra of person",
  called: ({ person }) => nameOf(person),
  whole({ op, before, after }) {
    const made = medium`Links ${nameOf(after.person)} to Entra user ${after.entraObjectId}`;
    if (op === "create") return [made, ...(after.overwrite === true ? [OVERWRITES] : [])];
    const gone = high`Removes the Entra link of ${nameOf(before.person)}, who cannot request a passkey of Entra any more; passkeys that exist stay`;
    return op === "replace" ? [gone, made] : [gone];
  },
  inputs: {
    entraObjectId: ({ before, after }) => [
      high`Links the person to another Entra user: ${after.entraObjectId} instead of ${before.entraObjectId}`,
    ],
    person: ({ after }) => [medium`Names the person in other words: ${nameOf(after.person)}`],
    overwrite: ({ after }) => (after.overwrite === true ? [OVERWRITES] : []),
  },
};

const OVERWRITES = medium`May replace a value that somebody else put there`;

function nameOf(person: unknown): unknown {
  return member(person, "logonName") ?? member(person, "employeeId") ?? member(person, "email") ?? member(person, "id") ?? person;
}
