import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "../core/errors";
import { prune } from "../core/normalize";
import type { IdentitySource, Place } from "./api";

/** Inputs in normal form. */
export interface Inputs extends Place {
  sourceId: string;
  adoptFrom?: string;
  displayName?: string;
  description?: string;
  sourceType?: string;
  sourceMetaData?: Record<string, unknown>;
  onDelete?: "retain" | "restoreOriginalId" | "fail";
  connection?: string;
}

export interface State extends Inputs {
  originalSourceId: string;
  serverChosen?: string[];
}

/** What a program may declare of a source besides its id. */
const OPTIONAL = ["displayName", "description", "sourceType", "sourceMetaData"] as const;

// ---- ids

/** `<envId>/<identityTemplateId>/<id of the source when it was taken over>`, each part percent-encoded. It never changes: the source's own id does. */
export function formatId({ envId, identityTemplateId }: Place, sourceId: string): string {
  return [envId, identityTemplateId, sourceId].map(encodeURIComponent).join("/");
}

/** Errors: ConfigError that shows the form. */
export function parseId(id: string): Place & { sourceId: string } {
  const [envId, identityTemplateId, sourceId, ...rest] = id.split("/").map(decode);
  if (!envId || !identityTemplateId || !sourceId || rest.length > 0)
    throw new ConfigError(
      `"${id}" is not the id of an identity source`,
      "Write <envId>/<identityTemplateId>/<sourceId>, each part percent-encoded",
    );
  return { envId, identityTemplateId, sourceId };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

// ---- towards the vendor

/** The source as it has to be for what is declared, or undefined when it is so already. Null and unknown keys of its metadata stay as they are. */
export function toRequest(source: IdentitySource, inputs: Inputs): IdentitySource | undefined {
  const wanted: IdentitySource = { ...source };
  if (inputs.displayName !== undefined) wanted.displayName = inputs.displayName;
  // The vendor's word for no description is null.
  if (inputs.description !== undefined && (source.description ?? "") !== inputs.description)
    wanted.description = inputs.description === "" ? null : inputs.description;
  if (inputs.sourceMetaData !== undefined) wanted.sourceMetaData = { ...source.sourceMetaData, ...inputs.sourceMetaData };
  return isDeepStrictEqual(wanted, source) ? undefined : wanted;
}

// ---- towards state

export function toState(source: IdentitySource, inputs: Inputs, originalSourceId: string): State {
  const found = plain(source);
  const chosen = OPTIONAL.filter((key) => inputs[key] === undefined && found[key] !== undefined);
  return prune({
    ...inputs,
    ...Object.fromEntries(chosen.map((key) => [key, found[key]])),
    ...declaredOf(source, inputs),
    sourceId: source.sourceId,
    originalSourceId,
    serverChosen: chosen.length > 0 ? chosen : undefined,
  }) as State;
}

/** What a program would have to say to get this source, in the words of the program that declared it, if one did. */
export function toInputs(source: IdentitySource, place: Place, state: Partial<State>): Inputs {
  const managed = state.sourceId !== undefined;
  const { adoptFrom, onDelete, connection } = state;
  const declared = Object.fromEntries(
    OPTIONAL.filter((key) => managed && state[key] !== undefined && !state.serverChosen?.includes(key)).map((key) => [key, state[key]]),
  ) as Partial<Inputs>;
  return prune({ ...place, sourceId: source.sourceId, ...declaredOf(source, declared), adoptFrom, onDelete, connection }) as Inputs;
}

/** The values that the vendor has for what is declared; of metadata, the declared keys only. */
function declaredOf(source: IdentitySource, declared: Partial<Inputs>): Partial<Inputs> {
  const found = plain(source);
  const metaData = Object.keys(declared.sourceMetaData ?? {}).flatMap((key) => {
    const value = found.sourceMetaData?.[key];
    return value === undefined ? [] : [[key, value]];
  });
  return {
    ...(declared.displayName !== undefined && { displayName: found.displayName }),
    ...(declared.description !== undefined && { description: found.description ?? "" }),
    ...(declared.sourceType !== undefined && { sourceType: found.sourceType }),
    ...(declared.sourceMetaData !== undefined && { sourceMetaData: Object.fromEntries(metaData) }),
  };
}

/** A source without nulls, which state cannot hold. */
function plain(source: IdentitySource): Pick<Inputs, (typeof OPTIONAL)[number]> {
  const { displayName, description, sourceType, sourceMetaData } = source;
  return prune({ displayName, description, sourceType, sourceMetaData }) as Pick<Inputs, (typeof OPTIONAL)[number]>;
}

/** Whether a source is, in everything but its id, what state remembers, or what an update to these inputs has made of that. */
export function looksLike(source: IdentitySource, state: State, inputs: Partial<Inputs>): boolean {
  const found = plain(source);
  const updated = { ...state, ...inputs, sourceMetaData: { ...state.sourceMetaData, ...inputs.sourceMetaData } };
  return [state, updated].some(
    ({ displayName, description, sourceType, sourceMetaData = {} }) =>
      found.displayName === displayName &&
      (found.description ?? "") === (description ?? "") &&
      found.sourceType === sourceType &&
      Object.entries(sourceMetaData).every(([key, value]) => isDeepStrictEqual(found.sourceMetaData?.[key], value)),
  );
}

/** Sources that the vendor makes and that nobody can rename or import. Source: PlainID, Export Identity Sources; Update Identity Source ID, EMIS-001. */
export function isBuiltIn({ sourceId, sourceType }: IdentitySource): boolean {
  return sourceType === sourceId || ["REQUEST_INPUT", "REQUEST_MAPPERS", "EXTERNAL_OUTPUT"].includes(sourceType ?? "");
}
