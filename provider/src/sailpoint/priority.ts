import { ConflictError } from "../core/errors";
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
  const set = (priority: number) => api.patchIdentityProfile(profile.id, [{ op: "add", path: "/priority", value: priority }]);
  const deadline = clock.now() + Math.min(PATIENCE_MS, context.timeoutMs ?? PATIENCE_MS);
  let parked = false;
  for (let attempt = 1; ; attempt += 1) {
    const others = (await api.listIdentityProfiles()).filter(({ id }) => id !== profile.id);
    const holder = others.find(({ priority }) => priority === wanted);
    try {
      if (!holder) return await set(wanted);
      if (!parked) {
        await set(Math.max(...others.map(({ priority }) => priority ?? 0), wanted) + 1 + Math.floor(clock.random() * 1000));
        parked = true;
      }
    } catch (error) {
      // Somebody else was faster; the next look tells where that leaves us.
      if (!(error instanceof ConflictError)) throw error;
    }
    if (clock.now() >= deadline) {
      if (parked && profile.priority) await set(profile.priority);
      throw new ConflictError(
        `Priority ${wanted} of identity profile "${profile.name}" (${profile.id}) is held by "${holder?.name}" (${holder?.id})`,
        "Give that profile another priority first; two that swap must be changed in the same run, with --parallel of 2 or more and without dependsOn between them",
      );
    }
    await clock.sleep(backoffMs(Math.min(attempt, 4), clock.random()), signal);
  }
}
