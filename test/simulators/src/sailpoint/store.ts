import { isDeepStrictEqual } from "node:util";
import { applyPatch, type Operation } from "rfc6902";
import type { Clock } from "../kernel/clock.js";
import { Refusal } from "./errors.js";
import { checkedConfig, defaultConfig, enabledByDefault, enriched, isObject, isText, isTimeBased } from "./mapping.js";
import { conflict, newId, nextPriority, stateFrom } from "./seed.js";
import type { SailPointSwitches } from "./switches.js";
import type { IdentityProfile, Reference, SailPointSeed, SailPointState, Source, Task, TaskOutcome, Version } from "./types.js";

/** Assumed: the vendor publishes no limits. */
const MAX_NAME = 255;
const MAX_DESCRIPTION = 4000;

const IMMUTABLE = ["id", "created", "modified", "identityCount", "identityRefreshRequired"];
/** What the server derives by itself: a PATCH of it is neither refused nor heeded. */
const DERIVED = ["hasTimeBasedAttr", "identityExceptionReportReference"];
const UPDATABLE = ["name", "description", "owner", "priority", "authoritativeSource", "identityAttributeConfig"];

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

  defaultMapping(id: string, version: Version) {
    return defaultConfig(this.state, this.sourceOf(this.stored(id)), enabledByDefault(version));
  }

  create(body: unknown, version: Version): IdentityProfile {
    if (!isObject(body)) throw new Refusal("400.1", "The body must be an identity profile.");
    const time = new Date(this.clock.now()).toISOString();
    const owner = body.owner ?? (this.switches.assignsOwner ? this.current.identities[0] : undefined);
    const profile = this.checked(
      {
        ...body,
        owner,
        priority: body.priority ?? nextPriority(this.current),
      },
      {
        id: newId(),
        identityRefreshRequired: true,
        identityCount: 0,
        identityExceptionReportReference: null,
        created: time,
        modified: time,
      },
      enabledByDefault(version),
    );
    if (body.identityAttributeConfig != null && this.switches.enrichOnWrite) {
      profile.identityAttributeConfig = enriched(this.state, profile.identityAttributeConfig);
    }
    this.state.profiles.push(profile);
    return this.view(profile);
  }

  /** RFC 6902, all or nothing. */
  patch(id: string, operations: unknown): IdentityProfile {
    const before = this.stored(id);
    const checkedOperations = this.checkedOperations(operations);
    if (checkedOperations.length === 0) return this.view(before);
    const document = this.view(before);
    for (const operation of checkedOperations) applyOne(document, operation);
    // The server keeps what it derives, whatever the document says now.
    const { identityCount, identityExceptionReportReference, created } = before;
    const after = this.checked(
      { ...document },
      {
        id,
        identityRefreshRequired: before.identityRefreshRequired,
        identityCount,
        identityExceptionReportReference,
        created,
        modified: this.laterThan(before.modified),
      },
      before.identityAttributeConfig.enabled,
      before,
    );
    if (after.authoritativeSource.id !== before.authoritativeSource.id) {
      after.identityRefreshRequired = true;
      if (this.switches.sourceChangeResetsMapping) {
        after.identityAttributeConfig = defaultConfig(this.state, this.sourceOf(after), after.identityAttributeConfig.enabled);
      }
    }
    if (!isDeepStrictEqual(after.identityAttributeConfig, before.identityAttributeConfig)) {
      after.identityRefreshRequired = true;
      if (this.switches.enrichOnWrite) after.identityAttributeConfig = enriched(this.state, after.identityAttributeConfig);
    }
    Object.assign(before, after);
    return this.view(before);
  }

  /** A time stamp for a change: always later than the previous one, however fast the changes come. */
  laterThan(previous: string): string {
    return new Date(Math.max(this.clock.now(), Date.parse(previous) + 1)).toISOString();
  }

  sourceOf(profile: IdentityProfile): Source {
    return this.source(profile.authoritativeSource.id);
  }

  /** Errors: Refusal 400.1.404. */
  source(id: string): Source {
    const source = this.state.sources.find((candidate) => candidate.id === id);
    if (!source) throw new Refusal("400.1.404", `Source ${id} was not found.`);
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

  // Checks and views

  private checkedOperations(operations: unknown): Operation[] {
    if (!Array.isArray(operations)) throw new Refusal("400.1", "The body must be an array of JSON Patch operations.");
    const writes = new Set<string>();
    for (const operation of operations) {
      const { op, path, from, value } = isObject(operation) ? operation : {};
      if (typeof path !== "string" || !path.startsWith("/"))
        throw new Refusal("400.1.3", `${path} is not a JSON Pointer below the profile.`);
      if (value === null && !this.switches.patchAllowsNull) throw new Refusal("400.1.3", `${op} ${path}: null is not a value.`);
      if (op !== "test") writes.add(field(path));
      if (op === "move") writes.add(field(String(from)));
    }
    for (const name of writes) {
      if (IMMUTABLE.includes(name) || (name === "name" && this.switches.seedStrictName)) {
        throw new Refusal("400.1.1", `${name} cannot be changed.`);
      }
      if (![...UPDATABLE, ...DERIVED].includes(name)) throw new Refusal("400.1.3", `${name} is not a field of an identity profile.`);
    }
    if (writes.has("authoritativeSource") && writes.has("identityAttributeConfig")) {
      throw new Refusal("400.1", "authoritativeSource and identityAttributeConfig cannot be changed in one request.");
    }
    return operations as Operation[];
  }

  /** The profile a document describes, with everything checked that a client may send. `before` is what is stored so far. */
  private checked(
    document: Record<string, unknown>,
    server: Omit<
      IdentityProfile,
      "name" | "description" | "owner" | "priority" | "authoritativeSource" | "identityAttributeConfig" | "hasTimeBasedAttr"
    >,
    enabled: boolean,
    before?: IdentityProfile,
  ): IdentityProfile {
    const { name, description, priority, identityAttributeConfig: config } = document;
    if (name == null || name === "") throw new Refusal("400.1.0", "name is required.");
    if (!isText(name)) throw new Refusal("400.1.3", "name must be a text.");
    if (name.length > MAX_NAME) throw new Refusal("400.1.2", `name must have at most ${MAX_NAME} characters.`);
    if (description != null && typeof description !== "string") throw new Refusal("400.1.3", "description must be a text.");
    if (description && description.length > MAX_DESCRIPTION)
      throw new Refusal("400.1.2", `description must have at most ${MAX_DESCRIPTION} characters.`);
    if (priority == null) throw new Refusal("400.1.0", "priority is required.");
    if (typeof priority !== "number" || !Number.isSafeInteger(priority) || priority < 1)
      throw new Refusal("400.1.3", "priority must be a positive integer.");
    if (!isObject(document.authoritativeSource)) throw new Refusal("400.1.0", "authoritativeSource is required.");
    const source = this.source(referenceId(document.authoritativeSource, "authoritativeSource", "SOURCE"));
    const { id, ...managed } = server;
    const profile: IdentityProfile = {
      id,
      name,
      description: description || null,
      owner: this.owner(document.owner),
      priority,
      authoritativeSource: { type: "SOURCE", id: source.id, name: source.name },
      // An untouched mapping is not checked again: it may have gone stale, as a renamed source makes it.
      identityAttributeConfig:
        config == null
          ? defaultConfig(this.state, source, enabled)
          : before && isDeepStrictEqual(config, before.identityAttributeConfig)
            ? before.identityAttributeConfig
            : structuredClone(checkedConfig(this.state, config, enabled)),
      hasTimeBasedAttr: false,
      ...managed,
    };
    const rival = conflict(this.state, profile);
    if (rival) throw new Refusal("400.1.409", rival);
    return profile;
  }

  private owner(owner: unknown): Reference | null {
    if (owner == null) return null;
    if (!isObject(owner)) throw new Refusal("400.1.3", "owner must be a reference.");
    const id = referenceId(owner, "owner", "IDENTITY");
    const identity = this.state.identities.find((candidate) => candidate.id === id);
    if (!identity) throw new Refusal("400.1.404", `Identity ${id} was not found.`);
    return { type: "IDENTITY", id, name: identity.name };
  }

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

/** Errors: Refusal 400.1.0 without an id, 400.1.3 for the wrong type. */
function referenceId(reference: Record<string, unknown>, name: string, type: string): string {
  if (!isText(reference.id)) throw new Refusal("400.1.0", `${name}.id is required.`);
  if (reference.type != null && reference.type !== type) throw new Refusal("400.1.3", `${name}.type must be ${type}.`);
  return reference.id;
}

const field = (pointer: string): string => pointer.split("/", 2)[1] ?? "";

/** Errors: Refusal 400.1 when the operation cannot be applied. */
function applyOne(document: object, operation: Operation): void {
  let problem: Error | null | undefined;
  try {
    [problem] = applyPatch(document, [operation]);
  } catch (error) {
    // The library throws instead of answering when a pointer is missing or malformed.
    problem = error as Error;
  }
  if (problem) throw new Refusal("400.1", `${operation.op} ${operation.path} failed: ${problem.message}.`);
}
