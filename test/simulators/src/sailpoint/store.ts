import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../kernel/clock.js";
import { Refusal } from "./errors.js";
import { defaultConfig, enabledByDefault, enriched, isObject, isTimeBased } from "./mapping.js";
import { applyOperations, checkedProfile } from "./rules.js";
import { newId, nextPriority, stateFrom } from "./seed.js";
import type { SailPointSwitches } from "./switches.js";
import type {
  IdentityAttributeConfig,
  IdentityProfile,
  Reference,
  SailPointSeed,
  SailPointState,
  Source,
  Task,
  TaskOutcome,
  Version,
} from "./types.js";

/** How a task ends when the switch says so; the other courses end well. */
const OUTCOMES: Partial<Record<SailPointSwitches["task"], TaskOutcome>> = {
  warning: "WARNING",
  error: "ERROR",
  temperror: "TEMPERROR",
  terminated: "TERMINATED",
};

/** One tenant's objects and the rules for changing them. Knows nothing of HTTP but the refusals it throws. */
export class Tenant {
  private state: SailPointState;

  constructor(
    seed: SailPointSeed,
    private readonly switches: SailPointSwitches,
    private readonly clock: Clock,
  ) {
    this.state = stateFrom(seed, clock.now());
  }

  load(seed: SailPointSeed): void {
    this.state = stateFrom(seed, this.clock.now());
  }

  dump(): SailPointState {
    this.settle();
    return { ...structuredClone(this.state), profiles: this.state.profiles.map((profile) => this.resolved(profile)) };
  }

  /** The live state, with every deletion carried out that is due. */
  get current(): SailPointState {
    this.settle();
    return this.state;
  }

  // Profiles

  profiles(): IdentityProfile[] {
    return this.current.profiles.map((profile) => this.view(profile));
  }

  profile(id: string): IdentityProfile {
    return this.view(this.stored(id));
  }

  /** Errors: Refusal 404. */
  stored(id: string): IdentityProfile {
    const profile = this.current.profiles.find((candidate) => candidate.id === id);
    if (!profile) throw new Refusal("404", `Identity profile ${id} was not found.`);
    return profile;
  }

  defaultMapping(id: string, version: Version): IdentityAttributeConfig {
    return defaultConfig(this.state, this.sourceOf(this.stored(id)), enabledByDefault(version));
  }

  create(body: unknown, version: Version): IdentityProfile {
    if (!isObject(body)) throw new Refusal("400.1", "The body must be an identity profile.");
    const state = this.current;
    const document = {
      ...body,
      owner: body.owner ?? (this.switches.assignsOwner ? state.identities[0] : null),
      priority: body.priority ?? nextPriority(state),
    };
    const time = new Date(this.clock.now()).toISOString();
    const untouched = { identityCount: 0, identityExceptionReportReference: null, created: time, modified: time };
    const profile = checkedProfile(
      state,
      document,
      { id: newId(), identityRefreshRequired: true, ...untouched },
      enabledByDefault(version),
    );
    this.enrich(profile);
    state.profiles.push(profile);
    return this.view(profile);
  }

  /** RFC 6902, all or nothing. */
  patch(id: string, operations: unknown): IdentityProfile {
    const before = this.stored(id);
    const document = this.view(before);
    applyOperations(document, operations, this.switches);
    if (isDeepStrictEqual(operations, [])) return this.view(before);
    const { identityCount, identityExceptionReportReference, created, identityAttributeConfig: mapping } = before;
    const modified = this.laterThan(before.modified);
    const managed = { id, identityRefreshRequired: false, identityCount, identityExceptionReportReference, created, modified };
    const after = checkedProfile(this.state, document, managed, mapping.enabled, before);

    const hasNewSource = after.authoritativeSource.id !== before.authoritativeSource.id;
    if (hasNewSource && this.switches.sourceChangeResetsMapping) {
      after.identityAttributeConfig = defaultConfig(this.state, this.sourceOf(after), mapping.enabled);
    }
    const hasNewMapping = !isDeepStrictEqual(after.identityAttributeConfig, mapping);
    if (hasNewMapping) this.enrich(after);
    after.identityRefreshRequired = before.identityRefreshRequired || hasNewSource || hasNewMapping;
    Object.assign(before, after);
    return this.view(before);
  }

  private enrich(profile: IdentityProfile): void {
    if (this.switches.enrichOnWrite) profile.identityAttributeConfig = enriched(this.state, profile.identityAttributeConfig);
  }

  /** A time stamp for a change: always later than the previous one, however fast the changes come. */
  laterThan(previous: string): string {
    return new Date(Math.max(this.clock.now(), Date.parse(previous) + 1)).toISOString();
  }

  sourceOf({ authoritativeSource: { id } }: IdentityProfile): Source {
    const source = this.state.sources.find((candidate) => candidate.id === id);
    if (!source) throw new Error(`a profile names the source ${id}, which does not exist`);
    return source;
  }

  // Deletions

  /**
   * Starts to delete profiles in the background, as the switches say the task will go. `known` is false when an id is not one of a profile.
   * A profile that a running task is already removing keeps that task.
   */
  startDeletion(ids: string[], known: boolean): Task {
    const running = this.current.tasks.find(
      (task) => task.endsAt !== null && !this.hasEnded(task) && isDeepStrictEqual(task.profileIds, ids),
    );
    if (running) return running;
    const { task: course, taskDelayMs, deleteLagMs } = this.switches;
    const outcome = OUTCOMES[course] ?? (known ? "SUCCESS" : "WARNING");
    const now = this.clock.now();
    const endsAt = course === "never" ? null : new Date(now + taskDelayMs).toISOString();
    const succeeds = outcome === "SUCCESS" || outcome === "WARNING";
    const removesAt = endsAt && succeeds ? new Date(now + taskDelayMs + deleteLagMs).toISOString() : null;
    const task: Task = { id: newId(), profileIds: ids, outcome, launchedAt: new Date(now).toISOString(), endsAt, removesAt };
    this.state.tasks.push(task);
    return task;
  }

  hasEnded(task: Task): boolean {
    return task.endsAt !== null && Date.parse(task.endsAt) <= this.clock.now();
  }

  /** Deletions are carried out when somebody next looks, so no timers run and a skipped clock takes effect at once. */
  private settle(): void {
    const now = this.clock.now();
    for (const task of this.state.tasks) {
      if (task.removesAt === null || Date.parse(task.removesAt) > now) continue;
      this.state.profiles = this.state.profiles.filter(({ id }) => !task.profileIds.includes(id));
      task.removesAt = null;
    }
  }

  // Views

  /** A copy with the names that referenced objects have now. */
  private resolved(profile: IdentityProfile): IdentityProfile {
    const copy = structuredClone(profile);
    const name = (reference: Reference, objects: { id: string; name: string }[]) =>
      objects.find(({ id }) => id === reference.id)?.name ?? reference.name ?? null;
    if (copy.owner) copy.owner.name = name(copy.owner, this.state.identities);
    copy.authoritativeSource.name = name(copy.authoritativeSource, this.state.sources);
    copy.hasTimeBasedAttr = isTimeBased(this.state, copy.identityAttributeConfig);
    return copy;
  }

  /** A profile as the API answers it. */
  private view(profile: IdentityProfile): IdentityProfile {
    const view = this.resolved(profile);
    if (this.switches.emptyFields === "absent") {
      if (view.description == null) delete view.description;
      if (view.owner == null) delete view.owner;
    }
    return this.switches.extraFields ? Object.assign(view, { somethingNew: { enabled: true } }) : view;
  }
}
