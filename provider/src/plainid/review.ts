import { type Change, high, low, type Meaning, medium, type Review } from "../core/review";

/** What changes of an identity source mean. Source: docs.plainid.io, Managing Identity Sources: other objects refer to a source by its id. */
export const identitySourceReview: Review = {
  kind: "PlainID identity source",
  called: ({ sourceId }) => sourceId,
  staysOnDelete: ({ onDelete }) => onDelete !== "fail",
  whole({ op, before, after, state }) {
    const gone = givenUp(state);
    if (op === "delete") return [gone];
    if (op === "replace")
      return [
        gone,
        high`Takes over ${after.sourceId} of template ${after.identityTemplateId} instead of ${before.sourceId} of ${before.identityTemplateId}`,
      ];
    const { adoptFrom, sourceId } = after;
    if (adoptFrom !== undefined && adoptFrom !== sourceId) return [high`Takes over ${adoptFrom} and renames it to ${sourceId}`, FOLLOW];
    return after.displayName === undefined || after.sourceType === undefined
      ? [low`Takes over the source that is there already`]
      : [low`Takes over the source if it is there, and makes it otherwise`];
  },
  inputs: {
    sourceId: ({ before, after, referrers }) => [
      high`Renames the source from ${before.sourceId} to ${after.sourceId}`,
      FOLLOW,
      ...(referrers.length > 0 ? [medium`Resources of this program that take values from it: ${referrers}`] : []),
    ],
    onDelete: ({ after }) =>
      after.onDelete === "restoreOriginalId" ? [medium`Once removed from the program, it gets its first id back`] : [],
  },
};

const FOLLOW = high`Mapper sets, API mappers, policies and other environments that use the old id have to follow; identity-as-code plainid references lists them`;

function givenUp({ onDelete, sourceId, originalSourceId }: Change["state"]): Meaning {
  if (onDelete === "fail") return high`The run will refuse to give the source up: onDelete is set to fail`;
  return onDelete === "restoreOriginalId" && sourceId !== originalSourceId
    ? high`Gets its first id back: ${sourceId} becomes ${originalSourceId}, and whoever uses the id has to follow`
    : medium`Stays at PlainID as it is; the program only lets go of it`;
}
