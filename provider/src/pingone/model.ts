import type { Adopt } from "../core/adopt-options";
import { prune } from "../core/normalize";
import type { DirectMappedUser, UserBody } from "./api";
import { type Attributes, attributesIn, attributesOf, differing, toBody, toNested } from "./attributes";

/** Inputs in normal form. */
export interface Inputs {
  environmentId: string;
  username: string;
  population?: { id: string };
  email?: string;
  name?: Record<string, string>;
  nickname?: string;
  title?: string;
  type?: string;
  address?: Record<string, string>;
  primaryPhone?: string;
  mobilePhone?: string;
  locale?: string;
  preferredLanguage?: string;
  timezone?: string;
  photo?: { href: string };
  externalId?: string;
  accountId?: string;
  customAttributes?: Record<string, unknown>;
  password?: string;
  ownership?: "managed" | "full";
  adopt?: Adopt;
  connection?: string;
}

/** Inputs as they are at the vendor, without the password, and what the vendor adds. */
export interface State extends Omit<Inputs, "password"> {
  population: { id: string };
  userId: string;
  region?: string;
  created?: string;
  enabled?: boolean;
  account?: { canAuthenticate?: boolean; status?: string };
  lifecycle?: { status?: string };
  mfaEnabled?: boolean;
  verifyStatus?: string;
  identityProvider?: { type?: string; id?: string };
  serverChosen?: string[];
  /** Attributes that a refresh found although the program owns everything and does not declare them: somebody else's. */
  foreign?: string[];
  /** Attributes that stayed although the program owns everything and does not declare them: the vendor's own. */
  unclearable?: string[];
}

const URN = "urn:pingidentity:schemas:2.0:DirectMappedUser";

// ---- towards the vendor

/** The whole body of a create or replace. A replace must name the population: what leaving it out means there is not documented. */
export function toRequest(attributes: Attributes, populationId: string | undefined): UserBody {
  return { schemas: [URN], ...toBody(attributes), ...(populationId !== undefined && { population: { id: populationId } }) };
}

/**
 * What a user is to have: what is declared; and of what it has, everything that is not the program's business.
 *
 * In:     what it has; inputs; state, whose attributes the program declared before and so may clear.
 */
export function wanted(existing: Attributes, inputs: Inputs, state: Partial<State> | undefined): Attributes {
  const before = new Set(declaredBefore(state));
  const kept = inputs.ownership === "full" ? [] : [...existing].filter(([path]) => !before.has(path));
  return new Map([...kept, ...attributesOf(inputs)]);
}

/** Places that the program declared when the state was made. What others had set is theirs, also when the program gives up to own everything. */
function declaredBefore(state: Partial<State> = {}): string[] {
  return [...attributesOf(state).keys()].filter((path) => !state.foreign?.includes(path));
}

/** Places that a refresh has found and the program never declared. */
export function foreignIn(found: Inputs, state: Partial<State>): string[] {
  const declared = declaredBefore(state);
  return [...attributesOf(found).keys()].filter((path) => !declared.includes(path)).sort();
}

/**
 * Places where a user is not what was sent, among those that the program declares or has just stopped declaring. With ownership `full` only the
 * former: of what is left over there, nobody knows whether the program or PingOne put it there.
 */
export function lostIn(user: DirectMappedUser, inputs: Inputs, state: Partial<State> | undefined): string[] {
  const declared = attributesOf(inputs);
  const dropped = inputs.ownership === "full" ? [] : declaredBefore(state);
  const managed = new Set([...declared.keys(), ...dropped]);
  const lost = differing(attributesIn(user), declared).filter((path) => managed.has(path));
  return inputs.population && user.population.id !== inputs.population.id ? [...lost, "population.id"] : lost;
}

// ---- towards state

/**
 * In:     inputs as declared; `unkept`, places that are still there although the program no longer declares them.
 */
export function toState(user: DirectMappedUser, inputs: Inputs, region: string | undefined, unkept: readonly string[] = []): State {
  const { environmentId, ownership, adopt, connection } = inputs;
  const found = attributesIn(user);
  const declared = [...attributesOf(inputs).keys(), ...unkept];
  const others = ownership === "full" ? [...found.keys()].filter((path) => !declared.includes(path)).sort() : [];
  const { account, lifecycle, identityProvider } = user;
  return prune({
    ...{ environmentId, ownership, adopt, connection },
    ...toNested(new Map([...found].filter(([path]) => declared.includes(path)))),
    population: { id: user.population.id },
    userId: user.id,
    region,
    created: user.meta?.created,
    enabled: user.enabled,
    // Only what stays the same between two reads: the seconds until a lock ends would change with each.
    account: account && { canAuthenticate: account.canAuthenticate, status: account.status },
    lifecycle: lifecycle && { status: lifecycle.status },
    mfaEnabled: user.mfaEnabled,
    verifyStatus: user.verifyStatus,
    identityProvider: identityProvider && { type: identityProvider.type, id: identityProvider.id },
    serverChosen: inputs.population === undefined ? ["population"] : undefined,
    unclearable: others.length > 0 ? others : undefined,
  }) as State;
}

/** A user as a refresh would find it, had it been made with these inputs. */
export function asDeclared(user: DirectMappedUser, inputs: Inputs, region: string | undefined): { inputs: Inputs; state: State } {
  const declared = { ...inputs, serverChosen: inputs.population === undefined ? ["population"] : undefined };
  const found = toInputs(user, inputs.environmentId, declared);
  return { inputs: found, state: toState(user, found, region) };
}

/** What a program would have to say to get this user, of the attributes that are its business: all, if nobody declared the user yet. */
export function toInputs(user: DirectMappedUser, environmentId: string, state: Partial<State>): Inputs {
  const managed = state.username !== undefined;
  const owned = attributesOf(state);
  const isOwned = (path: string) => {
    if (managed && state.ownership !== "full") return owned.has(path);
    return !state.unclearable?.includes(path);
  };
  const { ownership, adopt, connection } = state;
  const declaresPopulation = !managed || !state.serverChosen?.includes("population");
  return prune({
    environmentId,
    ...toNested(new Map([...attributesIn(user)].filter(([path]) => isOwned(path)))),
    population: declaresPopulation ? { id: user.population.id } : undefined,
    ...{ ownership, adopt, connection },
  }) as Inputs;
}
