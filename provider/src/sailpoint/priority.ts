import { ConflictError, LostAnswerError } from "../core/errors";
import { backoffMs } from "../core/http/timing";
import type { Context } from "../core/resource";
import type { IdentityProfile, SailPointApi } from "./api";

/** How long another profile may take to give up a priority that this one needs. */
const PATIENCE_MS = 60_000;

/**
 * Gives a profile a priority that another one holds, once that one gives it up, as when a program swaps two.
 *
 * The profile first moves to a priority nobody has, which frees its own for the other; any cycle of swaps resolves that way, in any order.
 * A run that is killed in between leaves the profile there, and the next one moves it on.
 * Errors: ConflictError when the other profile keeps it; the profile is then moved back to where it was.
 */
export async function takePriority(context: Context<SailPointApi>, profile: IdentityProfile, wanted: number): Promise<IdentityProfile> {
  const { api, clock, signal } = context;
  // A fifth of a shorter time is left for moving the profile back.
  const deadline = clock.now() + Math.min(PATIENCE_MS, 0.8 * (context.timeoutMs ?? Number.POSITIVE_INFINITY));
  for (let attempt = 1; ; attempt += 1) {
    const profiles = await api.listIdentityProfiles();
    const own = profiles.find(({ id }) => id === profile.id) ?? profile;
    if (own.priority === wanted) return own;
    const holder = profiles.find(({ priority }) => priority === wanted);
    if (attempt > 1 && clock.now() >= deadline) {
      const isBack = own.priority === profile.priority || (profile.priority && (await set(api, own, profile.priority)));
      const why = holder ? `held by "${holder.name}" (${holder.id})` : "refused";
      const left = isBack ? "" : `; it has ${own.priority} now, because its own was taken meanwhile`;
      throw new ConflictError(
        `Priority ${wanted} of identity profile "${profile.name}" (${profile.id}) is ${why}${left}`,
        "Give that profile another priority first; two that swap must be changed in the same run, with --parallel of 2 or more and without dependsOn between them",
      );
    }
    const done = holder ? undefined : await set(api, own, wanted);
    if (done) return done;
    if (holder && own.priority === profile.priority) await set(api, own, freePriority(profiles, clock.random()));
    const pauseMs = backoffMs(Math.min(attempt, 4), clock.random());
    await clock.sleep(Math.max(0, Math.min(pauseMs, deadline - clock.now())), signal);
  }
}

/** Out: undefined when somebody else was faster or the answer is lost: the next look tells where that leaves us. */
async function set(api: SailPointApi, { id }: IdentityProfile, priority: number): Promise<IdentityProfile | undefined> {
  try {
    return await api.patchIdentityProfile(id, [{ op: "add", path: "/priority", value: priority }]);
  } catch (error) {
    if (error instanceof ConflictError || error instanceof LostAnswerError) return undefined;
    throw error;
  }
}

/** Above all others, and left to chance, because several profiles may be looking for one at the same moment. */
function freePriority(profiles: IdentityProfile[], random: number): number {
  return Math.max(...profiles.map(({ priority }) => priority ?? 0)) + 1 + Math.floor(random * 1000);
}
