import { ConflictError, LostAnswerError, NotFoundError, PartialError } from "../core/errors";
import { Holdings } from "../core/holdings";
import type { Context } from "../core/resource";
import type { IdentityProfile, SailPointApi } from "./api";
import type { State } from "./model";

/** How long nothing may be learned about other profiles of this run before a priority that is taken counts as taken for good. */
const PATIENCE_MS = 5000;
/** What a profile wants that is being deleted. */
const NONE = "none";

/** What to do about a priority that another profile keeps. */
export const PRIORITY_ADVICE =
  "Choose another priority, or give that profile another one first. Profiles that exchange priorities must be changed in the same run, without dependsOn between them; if they are, raise --parallel. One that the vendor assigned to a profile without a declared priority can be in the way: declare it for all profiles of a program, or for none";

const tenants = new Map<string, Holdings>();

/** Which priorities the profiles of this run hold and want in one tenant. A tenant that the vendor does not name goes by its connection. */
export function prioritiesOf({ tenant, connection = "" }: { tenant?: string; connection?: string }): Holdings {
  const key = tenant === undefined ? `connection ${connection}` : `tenant ${tenant}`;
  const holdings = tenants.get(key) ?? new Holdings();
  tenants.set(key, holdings);
  return holdings;
}

/** Takes note of the priority that a profile has and of the one that it is to have; undefined when it is being deleted. */
export function expect(holdings: Holdings, id: string, has: number, wants: number | undefined): void {
  holdings.note(id, String(has), wants === undefined ? NONE : String(wants));
}

/** Another priority is in a profile's hands than was known. */
function nowHolds(holdings: Holdings, id: string, priority: number): void {
  for (const { owner, holds } of holdings.all()) if (owner === id) holdings.moved(id, holds, String(priority));
}

/** A profile, there or still to be made, and the priority that it wants and another one holds. */
export interface Claim {
  id?: string;
  wanted: number;
  /** The error for when the other one keeps it. */
  explain(holder: IdentityProfile): ConflictError;
}

/**
 * Sees to it that a priority is free, if the profile that holds it is known to want another one: it is moved aside, to a number nobody has,
 * and goes on from there when its own turn comes. So any exchange ends right, in whatever order profiles are handled. If nobody is known to
 * give the priority up, the others are waited for a little, because their turn to be compared may be yet to come. One that is being
 * deleted is waited for.
 *
 * A run that is killed in between leaves a profile aside; its state says that it wants to move, so the next run moves it on.
 * Out:    the profile that makes the claim, as it is now, if it is there.
 * Errors: that of the claim, before any write.
 */
export async function makeRoom(context: Context<SailPointApi>, holdings: Holdings, claim: Claim): Promise<IdentityProfile | undefined> {
  const { api, clock, signal, timeoutMs = Number.POSITIVE_INFINITY } = context;
  // A fifth of a shorter time is left for saying what is in the way.
  const patienceMs = Math.min(PATIENCE_MS, 0.8 * timeoutMs);
  const wanted = String(claim.wanted);
  for (let patient = true; ; ) {
    let version = holdings.version;
    const outcome = await holdings.exclusive(async () => {
      const profiles = await api.listIdentityProfiles();
      learn(holdings, profiles);
      version = holdings.version;
      const own = profiles.find(({ id }) => id === claim.id);
      const holder = profiles.find(({ id, priority }) => id !== claim.id && String(priority) === wanted);
      if (!holder) return { own };
      if (holdings.holders(wanted).some(({ wants }) => wants === NONE)) return undefined;
      const prospect = holdings.prospect(wanted, String(own?.priority), (value) =>
        profiles.some(({ priority }) => String(priority) === value),
      );
      if (prospect === "clear" || (prospect === "perhaps" && !patient)) {
        await moveAside(context, holdings, holder, profiles);
        return { own };
      }
      if (!patient) throw claim.explain(holder);
      return undefined;
    });
    if (outcome) return outcome.own;
    patient = await holdings.learned(version, patienceMs, clock, signal);
  }
}

/** Brings what is known in line with what the vendor says. */
function learn(holdings: Holdings, profiles: IdentityProfile[]): void {
  const priorities = new Map(profiles.map(({ id, priority }) => [id, priority]));
  for (const { owner, holds } of holdings.all()) {
    const priority = priorities.get(owner) ?? undefined;
    if (priority === undefined) holdings.forget(owner);
    else if (String(priority) !== holds) holdings.moved(owner, holds, String(priority));
  }
}

/** Moves a profile out of the way whose own turn is still to come, to below all others. */
async function moveAside(
  { api, log }: Context<SailPointApi>,
  holdings: Holdings,
  { id, name }: IdentityProfile,
  profiles: IdentityProfile[],
): Promise<void> {
  const free = Math.max(...profiles.map(({ priority }) => priority ?? 0)) + 1;
  log.progress(`Identity profile "${name}" makes room with priority ${free} until its own turn comes`);
  try {
    await api.patchIdentityProfile(id, [{ op: "add", path: "/priority", value: free }]);
    nowHolds(holdings, id, free);
  } catch (error) {
    // Somebody else took that number, the answer is lost, or the profile is gone: whoever asked for room tries again, and then looks again.
    if (!(error instanceof ConflictError || error instanceof LostAnswerError || error instanceof NotFoundError)) throw error;
  }
}

/**
 * What a change that failed ends with. A profile that had made room, in this run or in one that was killed, stays where it is, and its state
 * must know: otherwise a program that asks for its former priority again would find nothing to do.
 *
 * In:     the profile as it was when its change began; its state, unless it is being taken over.
 */
export function leftAside(
  { log }: Context<SailPointApi>,
  holdings: Holdings,
  { id, name, priority }: IdentityProfile,
  state: State | undefined,
  error: unknown,
): unknown {
  holdings.stays(id);
  const before = state ? state.priority : (priority ?? undefined);
  const known = holdings.all().find(({ owner }) => owner === id)?.holds;
  const now = known === undefined || known === String(before) ? priority : Number(known);
  if (error instanceof PartialError || !(error instanceof Error) || !now || now === before) return error;
  log.warn(`Identity profile "${name}" (${id}) has priority ${now} now; the next \`pulumi up\` gives it the one that is declared.`);
  return state ? new PartialError(id, { ...state, priority: now }, error) : error;
}
