import { high, low, medium, member, type Review, takesOver } from "../core/review";

/** What changes of a user mean to the person. Source: PingOne API, Users; what goes with a deleted user: assumed. */
export const directMappedUserReview: Review = {
  kind: "PingOne user",
  called: ({ username }) => username,
  whole({ op, before, after }) {
    if (op === "create")
      return [
        after.adopt ? takesOver(after.adopt) : low`Lets a new person sign on`,
        ...(after.ownership === "full" ? [CLEARS_OTHERS] : []),
      ];
    const gone = high`Deletes the user: the person can no longer sign on; password, MFA devices, groups and roles are lost`;
    if (op === "delete") return [gone];
    const moved = before.environmentId !== after.environmentId;
    return [
      gone,
      moved
        ? high`Makes a new user in environment ${after.environmentId} instead of ${before.environmentId}`
        : high`Makes a new user afterwards`,
    ];
  },
  inputs: {
    username: ({ before, after }) => [high`The person signs on as ${after.username} instead of ${before.username}`],
    email: ({ before, after }) =>
      after.email === undefined
        ? [medium`The person has no e-mail address any more; it was ${before.email}`]
        : [
            before.email === undefined
              ? medium`Mail goes to ${after.email}`
              : medium`Mail goes to ${after.email} instead of ${before.email}`,
          ],
    population({ before, after, state }) {
      const [old, wanted] = [member(before.population ?? state.population, "id"), member(after.population, "id")];
      return wanted === undefined || old === wanted ? [] : [medium`Moves the person from population ${old} to ${wanted}`];
    },
    externalId: ({ before, after }) =>
      after.externalId === undefined || before.externalId === undefined
        ? []
        : [medium`Other systems know the person as ${after.externalId} instead of ${before.externalId}`],
    ownership: ({ after }) => (after.ownership === "full" ? [CLEARS_OTHERS] : [low`Leaves undeclared attributes alone from now on`]),
  },
};

const CLEARS_OTHERS = high`Clears every attribute that the program does not declare, also those that others set`;
