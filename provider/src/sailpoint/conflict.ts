import { isDeepStrictEqual } from "node:util";
import { ConflictError, type LostAnswerError } from "../core/errors";
import { findLost } from "../core/lost";
import type { CreateRequest } from "../core/resource";
import { type IdentityProfile, quote, type SailPointApi } from "./api";
import { covers } from "./mapping";
import { type Inputs, mappingOperations, type References, toRequest } from "./model";
import { PRIORITY_ADVICE } from "./priority";

/** Names the profile that holds what is wanted, and how to take it over. */
export function explainConflict(profiles: IdentityProfile[], wanted: Partial<IdentityProfile>, error: ConflictError): ConflictError {
  const holders = profiles.flatMap((profile) => {
    const held = [
      profile.name.toLowerCase() === wanted.name?.toLowerCase() && `the name "${profile.name}"`,
      profile.authoritativeSource.id === wanted.authoritativeSource?.id &&
        `the source ${profile.authoritativeSource.name ?? profile.authoritativeSource.id}`,
      wanted.priority !== undefined && profile.priority === wanted.priority && `the priority ${profile.priority}`,
    ].filter(Boolean);
    return held.length === 0 ? [] : [`identity profile "${profile.name}" (${profile.id}) holds ${held.join(" and ")}`];
  });
  if (holders.length === 0) return error;
  const onlyPriority = holders.every((holder) => / holds the priority \d+$/.test(holder));
  const sentence = holders.join("; ");
  const next = onlyPriority
    ? PRIORITY_ADVICE
    : "To take an existing profile over, set adopt: true or adopt: { id }; if only the resource's name in the program changed, declare the old one in aliases";
  return new ConflictError(error.what, `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}. ${next}`, error.facts);
}

/**
 * After a create that met a conflict: the profile that an interrupted run made just so is taken over.
 *
 * Out:    undefined when nothing but the priority can be in the way.
 * Errors: ConflictError that names who holds what is wanted.
 */
export async function settleConflict(
  { api, inputs, log, takesOver }: CreateRequest<Inputs, SailPointApi>,
  references: References,
  error: ConflictError,
): Promise<IdentityProfile | undefined> {
  const profiles = await api.listIdentityProfiles();
  const twin = profiles.find((profile) => isWhatWasSent(profile, inputs, references));
  if (!twin) {
    const { priority, ...rest } = toRequest(inputs, references);
    if (priority !== undefined && explainConflict(profiles, rest, error) === error) return undefined;
    throw explainConflict(profiles, { ...rest, priority }, error);
  }
  takesOver();
  log.warn(
    `Identity profile "${twin.name}" (${twin.id}) is exactly what is declared and has no identities, as an interrupted run leaves it; it is taken over.`,
  );
  return twin;
}

/** The profile that a create made whose answer was lost. */
export function settleLostCreate(request: CreateRequest<Inputs, SailPointApi>, references: References, error: LostAnswerError) {
  const { api, inputs, takesOver } = request;
  return findLost(request, error, "No profile of that name", async () => {
    const found = await api.listIdentityProfiles(`name eq ${quote(inputs.name)}`);
    const twin = found.find((profile) => isWhatWasSent(profile, inputs, references));
    if (twin) takesOver();
    else if (found.length > 0) {
      throw explainConflict(found, toRequest(inputs, references), new ConflictError(error.what, undefined, error.facts));
    }
    return twin;
  });
}

/** Whether a profile is what a create with these inputs makes: equal in everything declared, and without any identity yet. */
function isWhatWasSent(profile: IdentityProfile, inputs: Inputs, references: References): boolean {
  const { identityAttributeConfig, ...plain } = toRequest(inputs, references) as Record<string, unknown>;
  return (
    covers(plain, profile) &&
    isDeepStrictEqual(profile.description || undefined, inputs.description) &&
    mappingOperations(profile, inputs, undefined).length === 0 &&
    !profile.identityCount
  );
}
