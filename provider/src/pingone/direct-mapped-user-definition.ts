import { ConflictError, ContractError, GuardError, LostAnswerError, NotFoundError, PartialError } from "../core/errors";
import type { Field } from "../core/fields";
import { backoffMs } from "../core/http/timing";
import type { Context, ResourceDefinition } from "../core/resource";
import type { DirectMappedUser, PingOneApi } from "./api";
import { attributesIn, attributesOf, differing } from "./attributes";
import { createOrSettle, explainConflict } from "./conflict";
import { checkCustomAttributes } from "./custom-attributes";
import { findUsers, writeUser } from "./find";
import { formatId, parseId } from "./ids";
import { asDeclared, foreignIn, type Inputs, lostIn, type State, toInputs, toRequest, toState, wanted } from "./model";
import { checkRegion, findByUsername, observe } from "./observe";
import { checkProfile } from "./profile";
import { directMappedUserReview } from "./review";
import { directMappedUserInputs } from "./schema";
import { pingOne, type settings } from "./vendor";

const attribute: Field = { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" };

/** The lifecycle of a user. Source: PingOne API, SCIM, Direct-mapped Users. */
export const directMappedUserDefinition: ResourceDefinition<Inputs, State, PingOneApi, typeof settings> = {
  type: "pingone:DirectMappedUser",
  vendor: pingOne,
  schema: directMappedUserInputs,
  fields: {
    environmentId: { mutability: "immutable" },
    username: { mutability: "readWrite" },
    population: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "released", serverChosen: true },
    email: attribute,
    name: attribute,
    nickname: attribute,
    title: attribute,
    type: attribute,
    address: attribute,
    primaryPhone: attribute,
    mobilePhone: attribute,
    locale: attribute,
    preferredLanguage: attribute,
    timezone: attribute,
    photo: attribute,
    externalId: attribute,
    accountId: attribute,
    customAttributes: attribute,
    password: { mutability: "writeOnly" },
    ownership: { mutability: "local" },
    adopt: { mutability: "local", createOnly: true },
  },
  rules(inputs, report, warn) {
    checkCustomAttributes(inputs.customAttributes, report);
    checkProfile(inputs, report);
    if (inputs.adopt && inputs.password !== undefined)
      report(["password"], "cannot be set for a user that is adopted: PingOne takes a password only while it creates a user");
    if (inputs.ownership === "full")
      warn(
        `ownership "full": of user "${inputs.username}", every attribute that the program does not declare is cleared, also those that others set.`,
      );
  },
  complete(inputs) {
    // The vendor answers ids in lower case; equal meaning has to be equal bytes.
    const { environmentId, population, adopt } = inputs;
    const lower = {
      ...(population?.id !== undefined && { population: { id: population.id.toLowerCase() } }),
      ...(typeof adopt === "object" && adopt.id !== undefined && { adopt: { ...adopt, id: adopt.id.toLowerCase() } }),
    };
    // The default is not worth a line in every preview.
    const ownership = inputs.ownership === "managed" ? undefined : inputs.ownership;
    return { ...inputs, environmentId: environmentId.toLowerCase(), ...lower, ownership };
  },

  adoption: {
    describe: ({ environmentId, username }, id) =>
      `PingOne user ${id ?? `with the username "${username}"`} in environment ${environmentId}`,
    async find(request) {
      const { api, inputs, id: userId } = request;
      const { environmentId, username } = inputs;
      const user =
        userId === undefined ? await findByUsername(api, environmentId, username) : await observe(request, { environmentId, userId }, {});
      return (
        user && {
          id: formatId({ environmentId, userId: user.id }),
          observe: async () => asDeclared(user, inputs, api.region),
          converge: () => converge(request, user),
        }
      );
    },
  },

  async create(request) {
    const { api, inputs } = request;
    const { environmentId } = inputs;
    const body = toRequest(attributesOf(inputs), inputs.population?.id);
    const user = await createOrSettle(request, () => api.createUser(environmentId, body, inputs.password));
    return { id: formatId({ environmentId, userId: user.id }), state: verified(request, user, "Creating") };
  },

  async read(request) {
    const { api, id, state, together } = request;
    const where = parseId(id);
    const { environmentId, userId } = where;
    checkRegion(api, userId, state);
    const user = (await together(environmentId, userId, api.users(environmentId))) ?? (await observe(request, where, state));
    if (!user) return undefined;
    const inputs = toInputs(user, where.environmentId, state);
    const foreign = state.ownership === "full" ? foreignIn(inputs, state) : [];
    return { inputs, state: { ...toState(user, inputs, api.region), ...(foreign.length > 0 && { foreign }) } };
  },

  async update(request) {
    const { id, state } = request;
    const user = await observe(request, parseId(id), state);
    if (!user) throw gone(request.inputs.username, id);
    return converge(request, user, state);
  },

  async delete(request) {
    const { api, id, state } = request;
    const { environmentId, userId } = parseId(id);
    if (!(await observe(request, { environmentId, userId }, state))) return;
    await api.deleteUser(environmentId, userId).catch((error: unknown) => {
      // Gone since it was read, or by an earlier attempt whose answer was lost.
      if (!(error instanceof NotFoundError)) throw error;
    });
  },

  find: findUsers,
  write: writeUser,
  review: directMappedUserReview,
};

// ---- steps

type Step = Context<PingOneApi> & { inputs: Inputs };

/** Brings a user to what is declared, replacing it only if it differs from what was just read. */
async function converge(step: Step, user: DirectMappedUser, state?: State): Promise<State> {
  const { api, clock, inputs, signal } = step;
  const { environmentId } = inputs;
  let fresh = user;
  for (let attempt = 1; ; attempt += 1) {
    const existing = attributesIn(fresh);
    const target = wanted(existing, inputs, state);
    const populationId = inputs.population?.id ?? fresh.population.id;
    const ignored = new Set(state?.unclearable);
    const changes = differing(existing, target).filter((path) => target.has(path) || !ignored.has(path));
    if (changes.length === 0 && populationId === fresh.population.id) return verified(step, fresh, "Reading", state);
    refuseFederated(fresh);
    warnOfStaleName(step, changes, target.get("name.formatted"));
    try {
      const answer = await api.replaceUser(environmentId, fresh.id, toRequest(target, populationId));
      return verified(step, answer, "Changing", state);
    } catch (error) {
      if (error instanceof ConflictError) throw await explainConflict(api, inputs, fresh.id, error);
      if (!(error instanceof LostAnswerError) || attempt === 4) throw error;
      // Whether it arrived, the user itself tells; and others may have changed it meanwhile, which the next attempt must not undo.
      await clock.sleep(backoffMs(attempt, clock.random()), signal);
      const found = await observe(step, { environmentId, userId: fresh.id }, {});
      if (!found) throw gone(inputs.username, fresh.id);
      fresh = found;
    }
  }
}

/**
 * The state after a write, once the vendor's answer proves that everything arrived: it takes attributes that it does not know, and values that
 * it will not change, with 200 and drops them.
 *
 * Errors: PartialError that names every attribute that is not as it was sent.
 */
function verified({ api, inputs, log }: Step, user: DirectMappedUser, doing: string, state?: State): State {
  const lost = lostIn(user, inputs, state);
  const now = toState(user, inputs, api.region, lost);
  const left = now.unclearable?.filter((path) => !state?.unclearable?.includes(path)) ?? [];
  if (left.length > 0)
    log.warn(
      `PingOne user "${user.username}" keeps ${left.join(", ")} although they were cleared; they count as PingOne's own from now on.`,
    );
  if (lost.length === 0) return now;
  const moved = lost.includes("population.id")
    ? `. The user is in population ${user.population.id}; if PingOne does not move it, an administrator can`
    : "";
  const cause = new ContractError(
    `${doing} PingOne user "${user.username}" (${user.id}): PingOne accepted the request, but these are not as declared: ${lost.join(", ")}`,
    `Custom attributes must be in the environment's user schema with exactly this name and case${moved}`,
  );
  throw new PartialError(formatId({ environmentId: inputs.environmentId, userId: user.id }), { ...now }, cause);
}

/** A PUT would hand a user of an external identity provider back to PingOne. Source: PingOne API, Users, Update User (Replace). */
function refuseFederated(user: DirectMappedUser): void {
  const { type, id } = user.identityProvider ?? {};
  if ((type ?? "PING_ONE") === "PING_ONE" && !id) return;
  throw new GuardError(
    `PingOne user "${user.username}" (${user.id}) is not changed: it signs on with an external identity provider (${[type, id].filter(Boolean).join(" ")})`,
    "Replacing its attributes could hand it back to PingOne. Change it there, or through the provider, and let the program say the same",
  );
}

/** The vendor keeps `name.formatted` as it was sent, so it goes stale when only the parts change. */
function warnOfStaleName({ inputs, log }: Step, changes: string[], formatted: unknown): void {
  if (formatted === undefined || changes.includes("name.formatted") || !changes.some((path) => path.startsWith("name."))) return;
  log.warn(`The name of PingOne user "${inputs.username}" changes, but name.formatted stays "${formatted}": PingOne does not derive it.`);
}

function gone(username: string, id: string): NotFoundError {
  return new NotFoundError(
    `PingOne user "${username}" (${id}) is gone from its environment`,
    "Run `pulumi up --refresh` to create it again",
  );
}
