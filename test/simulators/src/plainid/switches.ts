/** Behaviour that the vendor does not document, or that is plain bad luck. All can be changed while the simulator runs. */
export interface PlainIdSwitches {
  /** Answer to a rename whose new id is taken. @default 400 */
  takenStatus: 400 | 409 | 422;
  /** Answer to a rename to the id the source has already; 400 refuses it as taken. @default 204 */
  sameIdStatus: 204 | 400;
  /** Answer to a body that is JSON but no single replacement of `/sourceId`. @default 422 */
  malformedStatus: 400 | 422;
  /** Answer to a PATCH or PUT whose content type is not `application/json`. @default 415 */
  contentTypeStatus: 415 | 422;
  /** Answer to token requests in JSON. @default 400 */
  jsonTokenStatus: 400 | 401;
  /** What an import does with sources that its body leaves out. @default "keeps" */
  importOmitted: "keeps" | "removes";
  /** Whether mapper sets and API mappers follow a rename. @default true */
  cascade: boolean;
  /** What the export does without `includeUnimportableSources`. @default false */
  includeUnimportableByDefault: boolean;
  /** Types that can be neither imported nor renamed. @default the three built-in ones */
  unimportableTypes: string[];
  /** Shape of the body of 403. @default "wrapped" */
  forbiddenBody: "wrapped" | "flat" | "empty";
  /** How long after a write the export still shows what was before, in milliseconds. @default 0 */
  staleReadsMs: number;
  /** Lifetime of new tokens. @default 86400 */
  tokenLifetimeSeconds: number;
}

export function defaultSwitches(): PlainIdSwitches {
  return {
    takenStatus: 400,
    sameIdStatus: 204,
    malformedStatus: 422,
    contentTypeStatus: 415,
    jsonTokenStatus: 400,
    importOmitted: "keeps",
    cascade: true,
    includeUnimportableByDefault: false,
    unimportableTypes: ["REQUEST_INPUT", "REQUEST_MAPPERS", "EXTERNAL_OUTPUT"],
    forbiddenBody: "wrapped",
    staleReadsMs: 0,
    tokenLifetimeSeconds: 86_400,
  };
}
