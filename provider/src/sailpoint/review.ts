import {
  type Change,
  counted,
  high,
  low,
  type Meaning,
  medium,
  member,
  type Review,
  takesOver,
  type Words,
  without,
  words,
} from "../core/review";

/** What changes of an identity profile mean. Source: developer.sailpoint.com, API reference, Identity Profiles; what goes with a profile: assumed. */
export const identityProfileReview: Review = {
  kind: "SailPoint identity profile",
  called: ({ name }) => name,
  whole({ op, before, after, state }) {
    const source = nameOf(after.authoritativeSource);
    if (op === "create") return after.adopt ? [takesOver(after.adopt)] : [medium`Makes identities of the accounts of source ${source}`];
    const loss = lossOf(op === "delete" ? "remove" : "replace", state);
    if (op === "delete") return [loss];
    const old = nameOf(before.authoritativeSource);
    return [
      loss,
      old === source ? medium`Makes a new profile afterwards` : high`Makes a new profile of source ${source} instead of ${old}`,
    ];
  },
  inputs: {
    authoritativeSource({ before, after, state }) {
      const [old, wanted] = [before.authoritativeSource, after.authoritativeSource];
      const same = member(wanted, "id") !== undefined && member(wanted, "id") === state.sourceId;
      return same
        ? [low`Names the same authoritative source in other words`]
        : [
            high`Changes the authoritative source from ${nameOf(old)} to ${nameOf(wanted)}: other accounts decide who the ${countOf(state)} are`,
          ];
    },
    identityAttributeConfig: mapping,
    name: ({ before, after }) => [medium`Renames the profile from ${before.name} to ${after.name}`],
    priority({ before, after, state }) {
      const [old, wanted] = [before.priority ?? state.priority, after.priority].map(String);
      return after.priority === undefined
        ? []
        : [medium`Changes which profile wins for identities that fit several: priority ${old} becomes ${wanted}`];
    },
    owner: ({ after }) => (after.owner === undefined ? [] : [medium`Makes ${nameOf(after.owner)} responsible for the profile`]),
    forceDelete: ({ after }) =>
      after.forceDelete === true ? [medium`Allows a later delete although identities belong to the profile`] : [],
  },
};

/** What goes with the old profile. */
function lossOf(verb: string, state: Change["state"]): Meaning {
  const { identityCount: people, forceDelete } = state;
  const [done, refused] = [
    words([`${verb === "remove" ? "Removes" : "Deletes"} the profile`]),
    words([`The run will refuse to ${verb} the profile`]),
  ];
  if (people === 0) return medium`${done}, to which no identity belonged when it was last read`;
  if (forceDelete !== true)
    return typeof people === "number"
      ? high`${refused} of ${countOf(state)}: forceDelete is not set`
      : high`${refused} if identities belong to it: forceDelete is not set, and their number is not known`;
  return typeof people === "number"
    ? high`${done} of ${countOf(state)}, with its lifecycle states and provisioning settings`
    : high`${done}, with its lifecycle states and provisioning settings; how many identities belong to it is not known`;
}

/** Identity attributes that people sign on with or are written to. Source: vendor, standard identity attributes User Name and Work Email. */
const SIGN_ON = ["uid", "email"];

function mapping({ before, after, state }: Change): Meaning[] {
  const [old, wanted] = [before.identityAttributeConfig, after.identityAttributeConfig].map((config) =>
    member(config, "attributeTransforms"),
  );
  // Not all of it can be seen, or it is only managed from now on or no longer.
  if (typeof old !== "object" || old === null || typeof wanted !== "object" || wanted === null) return [];
  const [were, are] = [Object.keys(old), Object.keys(wanted)];
  const moved = are.filter((name) => were.includes(name) && JSON.stringify(member(old, name)) !== JSON.stringify(member(wanted, name)));
  const [added, removed] = [without(are, were), without(were, are)];
  const [signOn, lost] = [moved, removed].map((names) => names.filter((name) => SIGN_ON.includes(String(name)))) as [unknown[], unknown[]];
  const enabled = member(after.identityAttributeConfig, "enabled");
  const switched = member(before.identityAttributeConfig, "enabled") !== enabled;
  const people = countOf(state);
  return [
    ...(switched && enabled === false ? [high`Stops all mapped values from reaching the ${people}`] : []),
    ...(switched && enabled === true ? [medium`Lets mapped values reach the ${people}`] : []),
    ...(signOn.length > 0 ? [high`Takes ${signOn} of the ${people} from elsewhere: their user names or e-mail addresses may change`] : []),
    ...(lost.length > 0 ? [high`No longer maps ${lost} of the ${people}: their user names or e-mail addresses come from nowhere`] : []),
    ...(moved.length > signOn.length ? [medium`Takes ${without(moved, signOn)} of the ${people} from elsewhere`] : []),
    ...(added.length > 0 ? [medium`Maps ${added} of the ${people}, too`] : []),
    ...(removed.length > lost.length ? [medium`No longer maps ${without(removed, lost)} of the ${people}`] : []),
  ];
}

function nameOf(reference: unknown): unknown {
  return member(reference, "name") ?? member(reference, "id") ?? reference;
}

function countOf({ identityCount }: Change["state"]): Words {
  return typeof identityCount === "number" ? counted(identityCount, "identity", "identities") : words`identities`;
}
