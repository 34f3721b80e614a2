import { type Change, counted, high, low, type Meaning, medium, member, type Review, takesOver, without } from "../core/review";

/** What changes of a user mean to the person. Source: docs.hidglobal.com, ActivID Appliance, Users REST API. */
export const userReview: Review = {
  kind: "ActivID user",
  called: ({ externalId, userName }) => externalId ?? userName,
  staysOnDelete: ({ onDelete }) => onDelete === "disable",
  whole({ op, before, after, state }) {
    if (op === "create")
      return [
        after.adopt ? takesOver(after.adopt) : low`A new person`,
        ...(after.active === false ? [medium`The person cannot log on`] : []),
      ];
    const gone = removed(state);
    return op === "delete" || before.userType === after.userType ? [gone] : [gone, high`Makes a new user of another kind afterwards`];
  },
  inputs: {
    active({ after, state }) {
      if (after.active === undefined || after.active === state.active) return [];
      return after.active
        ? [medium`Enables the user: the person can log on again`]
        : [high`Disables the user: the person can no longer log on`];
    },
    externalId: ({ before, after, state }) => [
      high`The person is known as ${after.externalId} instead of ${before.externalId ?? state.externalId}`,
    ],
    userName: ({ before, after, state }) => [high`The person logs on as ${after.userName} instead of ${before.userName ?? state.userName}`],
    emails({ before, after }) {
      const [old, wanted] = [before.emails, after.emails].map((emails) => member(emails, 0, "value"));
      if (wanted === undefined) return [medium`The person has no e-mail address any more; it was ${old}`];
      return [old === undefined ? medium`Mail goes to ${wanted}` : medium`Mail goes to ${wanted} instead of ${old}`];
    },
    groups: ({ before, after }) => [medium`Moves the person from group ${codes(before.groups)} to ${codes(after.groups)}`],
    roles: (change) => [
      ...gained(change, "roles", (roles) => medium`Gives the person the roles ${roles}`),
      ...lost(change, "roles", (roles) => medium`Takes the roles ${roles} from the person`),
    ],
    devices: (change) => [
      ...gained(change, "devices", (devices) => medium`Binds the devices ${devices} to the person`),
      ...lost(change, "devices", (devices) => high`Unbinds the devices ${devices}: the person cannot authenticate with them any more`),
    ],
    onDelete: ({ after }) =>
      after.onDelete === "deleteAndForget" ? [medium`Once removed from the program, the person is erased from the audit log for good`] : [],
  },
};

function removed({ onDelete }: Change["state"]): Meaning {
  if (onDelete === "disable") return high`Disables the user, who stays there: the person can no longer log on`;
  return onDelete === "deleteAndForget"
    ? high`Deletes the user and erases for good what ties the audit log to the person`
    : high`Deletes the user: the person can no longer log on`;
}

function gained({ before, after }: Change, key: string, say: (values: unknown[]) => Meaning): Meaning[] {
  const values = without(codes(after[key]), codes(before[key]));
  return values.length > 0 ? [say(values)] : [];
}

function lost({ before, after }: Change, key: string, say: (values: unknown[]) => Meaning): Meaning[] {
  // A list that is not declared any more is left alone, if it is not said otherwise.
  return gained({ before: after, after: before } as Change, key, say);
}

/** The codes in a list; what is no list, such as a value that is not known yet, as it is. */
function codes(list: unknown): unknown {
  return Array.isArray(list) ? list.map((item) => member(item, "value") ?? item) : list;
}

/** What changes of an import mean. Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Import users. */
export const userImportReview: Review = {
  kind: "ActivID import of users",
  called: ({ group }) => member(group, "value"),
  staysOnDelete: ({ onDelete }) => onDelete !== "delete",
  whole({ op, after, state }) {
    if (op === "create")
      return [medium`Imports ${counted(sizeOf(after.users), "user", "users")} into group ${member(after.group, "value")}`];
    return state.onDelete === "delete"
      ? [high`Deletes ${counted(state.imported, "user", "users")} whom this import made`]
      : [medium`All users stay; the program only lets go of the import`];
  },
  inputs: {
    users({ before, after }) {
      const [old, wanted] = [before.users, after.users].map(externalIds);
      const [added, dropped] = [without(wanted, old), without(old, wanted)];
      const edited = without(after.users, before.users).length - added.length;
      return [
        ...(dropped.length === 0
          ? []
          : [after.onDelete === "delete" ? high`Deletes ${dropped}, if this import made them` : low`Lets go of ${dropped}, who stay`]),
        ...(added.length > 0 ? [medium`Imports ${added}, too`] : []),
        ...(edited > 0 ? [low`Says other values of ${counted(edited, "user", "users")}; an import changes nobody who is there`] : []),
      ];
    },
    group: ({ after }) => [low`Puts users who are added from now on into group ${member(after.group, "value")}`],
    onDelete: ({ after }) =>
      after.onDelete === "delete" ? [medium`Once removed from the program, the users of this import are deleted`] : [],
  },
};

function externalIds(users: unknown): unknown {
  return Array.isArray(users) ? users.map((user) => member(user, "externalId")) : users;
}

function sizeOf(list: unknown): unknown {
  return Array.isArray(list) ? list.length : list;
}
