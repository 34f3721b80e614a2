import { randomUUID } from "node:crypto";
import type { Clock } from "../kernel/clock.js";
import { accepted } from "./attributes.js";
import { invalid, Refusal, taken } from "./errors.js";
import type { PingOneSwitches } from "./switches.js";
import type { PingOneEnvironment, PingOneSeed, PingOneState, PingOneUser } from "./types.js";

/** Answers whether a caller's role covers a population. */
export type Sees = (populationId: string) => boolean;

const URN = "urn:pingidentity:schemas:2.0:DirectMappedUser";

/** The environments of one organization and what may be done with their users. */
export class Organization {
  current: PingOneState = { environments: [] };

  constructor(
    seed: PingOneSeed,
    private readonly switches: PingOneSwitches,
    private readonly clock: Clock,
  ) {
    this.load(seed);
  }

  dump(): PingOneState {
    return structuredClone(this.current);
  }

  load(seed: PingOneSeed): void {
    const now = new Date(this.clock.now()).toISOString();
    const environments = (structuredClone(seed).environments ?? [{}]).map((given): PingOneEnvironment => {
      const populations = given.populations ?? [{ id: randomUUID(), name: "Default" }];
      const defaultPopulationId = given.defaultPopulationId ?? populations[0]?.id ?? "";
      const users = (given.users ?? []).map(
        (user): PingOneUser => ({
          id: randomUUID(),
          populationId: defaultPopulationId,
          enabled: true,
          mfaEnabled: given.mfaEnabled ?? false,
          lifecycleStatus: "ACCOUNT_OK",
          verifyStatus: "NOT_INITIATED",
          identityProvider: { type: "PING_ONE" },
          created: now,
          lastModified: now,
          ...user,
        }),
      );
      return { id: randomUUID(), customAttributes: [], mfaEnabled: false, ...given, populations, defaultPopulationId, users };
    });
    this.current = { environments };
  }

  environment(id: string): PingOneEnvironment {
    const found = this.current.environments.find((environment) => environment.id === id);
    if (!found) throw new Refusal(404, `Unable to find environment with ID: '${id}'.`);
    return found;
  }

  /** A user by id alone, for hooks. */
  stored(id: string): PingOneUser {
    const found = this.current.environments.flatMap(({ users }) => users).find((user) => user.id === id);
    if (!found) throw new Error(`no user ${id}`);
    return found;
  }

  user(environment: PingOneEnvironment, id: string, sees: Sees): PingOneUser {
    const user = environment.users.find((candidate) => candidate.id === id);
    if (!user || !this.isVisible(user)) throw new Refusal(404, `Resource ${id} not found.`);
    if (sees(user.populationId)) return user;
    throw this.switches.invisibleStatus === 403 ? forbidden() : new Refusal(404, `Resource ${id} not found.`);
  }

  visible(environment: PingOneEnvironment, sees: Sees): PingOneUser[] {
    return environment.users.filter((user) => sees(user.populationId) && this.isVisible(user));
  }

  create(environment: PingOneEnvironment, body: Record<string, unknown>, sees: Sees): PingOneUser {
    const populationId = this.population(environment, body) ?? environment.defaultPopulationId;
    if (!sees(populationId)) throw forbidden();
    const attributes = this.attributesOf(environment, body);
    const now = new Date(this.clock.now()).toISOString();
    const user: PingOneUser = {
      id: randomUUID(),
      populationId,
      attributes,
      ...(typeof body.password === "string" && { password: body.password }),
      enabled: true,
      mfaEnabled: environment.mfaEnabled,
      lifecycleStatus: "ACCOUNT_OK",
      verifyStatus: "NOT_INITIATED",
      identityProvider: { type: "PING_ONE" },
      created: now,
      lastModified: now,
    };
    environment.users.push(user);
    return user;
  }

  /** Replaces everything writable; what the body leaves out is gone. */
  replace(environment: PingOneEnvironment, user: PingOneUser, body: Record<string, unknown>, sees: Sees): void {
    const { populationOnPut } = this.switches;
    const wanted = this.population(environment, body) ?? environment.defaultPopulationId;
    const moves = wanted !== user.populationId;
    if (moves && !sees(wanted)) throw forbidden();
    if (moves && populationOnPut === "reject") throw invalid("population", "cannot be changed here");
    const attributes = this.attributesOf(environment, body, user);
    if (populationOnPut === "move") user.populationId = wanted;
    user.attributes = attributes;
    // The vendor's own management API resets a user of an external identity provider that a PUT does not name.
    user.identityProvider = { type: "PING_ONE" };
    this.touch(user);
  }

  touch(user: PingOneUser): void {
    user.lastModified = new Date(Math.max(this.clock.now(), Date.parse(user.lastModified) + 1)).toISOString();
  }

  /** A user as the vendor answers it. Absent attributes are left out, never null. */
  present(environment: PingOneEnvironment, user: PingOneUser, host: string): Record<string, unknown> {
    const locked = user.lockedAt !== undefined;
    return {
      schemas: [URN],
      id: user.id,
      meta: {
        resourceType: "User",
        created: user.created,
        lastModified: user.lastModified,
        location: `${host}/environments/${environment.id}/v2/DirectMappedUsers/${user.id}`,
      },
      environment: { id: environment.id },
      population: { id: user.populationId },
      enabled: user.enabled,
      account: {
        canAuthenticate: user.enabled && !locked,
        status: locked ? "LOCKED" : "OK",
        ...(locked && { lockedAt: user.lockedAt, secondsUntilUnlock: 900 }),
      },
      lifecycle: { status: user.lifecycleStatus },
      mfaEnabled: user.mfaEnabled,
      verifyStatus: user.verifyStatus,
      identityProvider: user.identityProvider,
      ...(this.switches.extraFields && { lastSignOn: { at: user.lastModified } }),
      ...structuredClone(user.attributes),
    };
  }

  private isVisible(user: PingOneUser): boolean {
    return this.switches.createLagMs === 0 || this.clock.now() >= Date.parse(user.created) + this.switches.createLagMs;
  }

  private population(environment: PingOneEnvironment, body: Record<string, unknown>): string | undefined {
    const id = (body.population as { id?: string } | null | undefined)?.id;
    if (id === undefined) return undefined;
    if (environment.populations.some((population) => population.id === id)) return id;
    throw invalid("population", `population ${id} was not found`);
  }

  /** What is kept of a body, once nobody else holds what must be unique: in the whole environment, whatever the caller may see. */
  private attributesOf(environment: PingOneEnvironment, body: Record<string, unknown>, self?: PingOneUser) {
    const { customAttributes, users } = environment;
    const attributes = accepted(
      body,
      customAttributes.map(({ name }) => name),
    );
    if (this.switches.usernameCase === "lower") attributes.username = attributes.username.toLowerCase();
    const fold = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : JSON.stringify(value));
    for (const name of ["username", ...customAttributes.filter(({ unique }) => unique).map((attribute) => attribute.name)]) {
      if (attributes[name] === undefined) continue;
      const rival = users.find((other) => other !== self && fold(other.attributes[name]) === fold(attributes[name]));
      if (rival) throw taken(name, rival.id, this.switches);
    }
    return attributes;
  }
}

export function forbidden(): Refusal {
  const words = "You do not have permissions or are not licensed to make this request.";
  return new Refusal(403, words, [{ code: "INSUFFICIENT_PERMISSIONS", message: "The worker lacks a role." }]);
}
