import { ConfigError, ConflictError, LostAnswerError, NotFoundError, PartialError, RejectedError } from "../core/errors";
import { backoffMs } from "../core/http/timing";
import type { Context, ResourceDefinition } from "../core/resource";
import type { ActivIdApi, Key, User } from "./api";
import { type Attributes, sameAttributes } from "./attributes";
import { explainConflict, findUser, settleConflict, settleLostCreate } from "./conflict";
import { toPatch } from "./federated";
import { findUsersToManage } from "./find";
import { asDeclared, type Inputs, isFederated, type State, sameCodes, toInputs, toReplacement, toRequest, toState } from "./model";
import { checkTenant, confirmed, keyOf, observe } from "./observe";
import { userReview } from "./review";
import { checkUser } from "./rules";
import { userInputs } from "./schema";
import { activId, type settings } from "./vendor";

/** How many PATCHes of one change are sent at most. */
const MAX_LOSSES = 4;

/** How `get` says that an id is an externalId. */
const BY_EXTERNAL_ID = "externalId:";

/** The lifecycle of a user. Source: docs.hidglobal.com, ActivID Appliance, Users REST API. */
export const userDefinition: ResourceDefinition<Inputs, State, ActivIdApi, typeof settings> = {
  type: "activid:User",
  vendor: activId,
  schema: userInputs,
  fields: {
    externalId: { mutability: "readWrite", serverChosen: true, whenDropped: "released" },
    userName: { mutability: "readWrite", serverChosen: true, whenDropped: "released" },
    userType: { mutability: "immutable", serverChosen: true },
    name: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    emails: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    phoneNumbers: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    addresses: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    title: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    active: { mutability: "readWrite", serverChosen: true, whenDropped: "released" },
    groups: { mutability: "readWrite" },
    roles: { mutability: "readWrite", whenDropped: "cleared", same: sameCodes },
    attributes: {
      mutability: "readWrite",
      emptyIsAbsent: true,
      whenDropped: "cleared",
      same: (before, after) => typeof after === "object" && sameAttributes(before as Attributes, after as Attributes),
    },
    enterprise: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
    devices: { mutability: "readWrite", whenDropped: "released", same: sameCodes },
    onDelete: { mutability: "local" },
    adopt: { mutability: "local", createOnly: true },
  },
  rules: (inputs, report) => checkUser(inputs, report),
  complete(inputs) {
    // The server accepts the type of an e-mail address and drops it: with and without it is the same.
    const { emails } = inputs;
    return Array.isArray(emails) ? { ...inputs, emails: emails.map((email) => (email?.value ? { value: email.value } : email)) } : inputs;
  },

  adoption: {
    describe: (inputs, id) => `user ${id ?? `with the ${inputs.externalId === undefined ? "userName" : "externalId"} "${nameOf(inputs)}"`}`,
    async find(request) {
      const { api, inputs } = request;
      checkVersion(api, inputs);
      const user = await findToAdopt(api, inputs, request.id);
      return (
        user && {
          id: user.id,
          observe: async () => asDeclared(user, inputs, api.tenant),
          converge: async () => toState(await converge(request, user, inputs, {}), inputs, api.tenant),
        }
      );
    },
  },

  async create(request) {
    const { api, inputs } = request;
    checkVersion(api, inputs, true);
    let user: User;
    try {
      user = await api.createUser(toRequest(inputs, api.apiVersion), nameOf(inputs));
    } catch (error) {
      if (error instanceof LostAnswerError) user = await settleLostCreate(request, error);
      else if (error instanceof ConflictError) user = await settleConflict(request, error);
      else throw error;
    }
    try {
      // Devices cannot be bound by a create, only by a change.
      if (inputs.devices?.length) user = await converge(request, await api.getUser(user.id), inputs, {});
      return { id: user.id, state: toState(user, inputs, api.tenant) };
    } catch (error) {
      throw new PartialError(user.id, { ...toState(user, { ...inputs, devices: undefined }, api.tenant) }, error as Error);
    }
  },

  async read({ api, id, state, log, together }) {
    checkTenant(api, `User ${id}`, state.tenant);
    const user = id.startsWith(BY_EXTERNAL_ID)
      ? await findUser(api, { externalId: id.slice(BY_EXTERNAL_ID.length) })
      : (confirmed(await together("", id, api.users), state) ?? (await observe(api, id, state)));
    if (!user) {
      if (state.onDelete === "deleteAndForget")
        log.warn(`User ${id} was deleted elsewhere and is not forgotten: what ties the audit log to "${state.externalId}" is still there.`);
      return undefined;
    }
    const inputs = toInputs(user, state);
    return { id: user.id, inputs, state: toState(user, inputs, api.tenant) };
  },

  async update(request) {
    const { api, id, inputs, state } = request;
    checkVersion(api, inputs);
    const user = await observe(api, id, state);
    if (!user) throw new NotFoundError(`User ${id} is gone from the tenant`, "Run `pulumi up --refresh` to create the user again");
    return toState(await converge(request, user, inputs, state), inputs, api.tenant);
  },

  async delete(request) {
    const { api, id, state } = request;
    const { onDelete = "delete" } = state;
    const user = await observe(api, id, state);
    if (onDelete === "disable") {
      if (user) await converge(request, user, { active: false }, {});
      return;
    }
    const externalId = user?.externalId ?? state.externalId;
    if (onDelete === "deleteAndForget" && externalId === undefined)
      throw new RejectedError(
        `User ${id} has no externalId, and the server forgets users by nothing else`,
        'Set onDelete: "delete", run `pulumi up`, and delete the user then',
      );
    if (user) await deleteUser(api, id, state);
    if (onDelete === "deleteAndForget") await forget(api, externalId as string);
  },

  find: findUsersToManage,
  review: userReview,
};

// ---- steps

/**
 * Brings a user to what is declared, sending nothing when that is so already.
 *
 * A conflict may mean that somebody changed the user meanwhile: then a second attempt over what is there now succeeds. After the lost answer to
 * a PATCH, what is there now tells what is left to do; a PUT is repeated by the client.
 */
async function converge(context: Context<ActivIdApi>, user: User, inputs: Inputs, state: Partial<State>): Promise<User> {
  const { api, clock, signal } = context;
  let fresh = user;
  for (let conflicts = 0, losses = 0; ; fresh = await api.getUser(user.id)) {
    try {
      return (await change(api, fresh, inputs, state)) ?? (await api.getUser(user.id));
    } catch (error) {
      if (error instanceof LostAnswerError && ++losses < MAX_LOSSES) await clock.sleep(backoffMs(losses, clock.random()), signal);
      else if (!(error instanceof ConflictError)) throw error;
      else if (++conflicts > 1) {
        const holder = keyOf(inputs) && (await findUser(api, keyOf(inputs) as Key));
        throw explainConflict(holder && holder.id !== user.id ? holder : undefined, inputs, error, false);
      }
    }
  }
}

/** Sends what differs, if anything does. Out: the user then; undefined where the answer does not say. */
async function change(api: ActivIdApi, fresh: User, inputs: Inputs, state: Partial<State>): Promise<User | undefined> {
  if (isFederated(fresh)) {
    const operations = toPatch(fresh, inputs, state);
    return operations.length === 0 ? fresh : api.patchUser(fresh.id, operations);
  }
  const body = toReplacement(fresh, inputs, state, api.apiVersion);
  return body ? api.replaceUser(fresh.id, body) : fresh;
}

/** A conflict may mean that somebody changed the user meanwhile, so it is tried once more. */
async function deleteUser(api: ActivIdApi, id: string, state: State): Promise<void> {
  try {
    await api.deleteUser(id).catch((error: unknown) => {
      if (!(error instanceof ConflictError)) throw error;
      return api.deleteUser(id);
    });
  } catch (error) {
    // Whether the user is really gone, as after a lost answer, only the user's own address tells.
    if (!(error instanceof NotFoundError) || (await observe(api, id, state))) throw error;
  }
}

async function forget(api: ActivIdApi, externalId: string): Promise<void> {
  const rights =
    'The user is deleted; what failed is the forgetting, which needs the explicit permission "Forget User". Grant it to the client and run again, or take the resource out of state with `pulumi state delete`';
  await api.forgetUser(externalId, rights).catch((error: unknown) => {
    if (!(error instanceof LostAnswerError)) throw error;
    throw new LostAnswerError(error.what, "The user is deleted; whether it is forgotten is not known. Run again to make sure", error.facts);
  });
}

/** What depends on the version of the API that the connection asks for, which is not known before. Source: vendor, api-version. */
function checkVersion({ apiVersion }: ActivIdApi, inputs: Inputs, creating = false): void {
  const version = apiVersion === 0 ? "no activid:apiVersion" : `activid:apiVersion ${apiVersion}`;
  const refuse = (what: string, next: string) => {
    throw new ConfigError(`User "${nameOf(inputs)}" ${what} with ${version}`, next);
  };
  if (apiVersion < 4 && inputs.externalId === undefined)
    refuse("needs externalId", "Declare externalId, or set activid:apiVersion to 4 or more");
  if (apiVersion < 4 && inputs.userName !== undefined)
    refuse("cannot have a userName of its own", "Remove userName, or set activid:apiVersion to 4 or more");
  if (apiVersion >= 4 && inputs.userName === undefined && creating) refuse("needs userName", "Declare userName");
  const list = Object.entries(inputs.attributes ?? {}).find(([, value]) => Array.isArray(value));
  if (apiVersion < 9 && list)
    refuse(`cannot have several values in attributes.${list[0]}`, "Give one value, or set activid:apiVersion to 9 or more");
}

async function findToAdopt(api: ActivIdApi, inputs: Inputs, id: string | undefined): Promise<User | undefined> {
  const found = id === undefined ? await findUser(api, keyOf(inputs) as Key) : await observe(api, id, {});
  if (found && isFederated(found) !== isFederated(inputs))
    throw new ConflictError(
      `User ${found.id} is ${isFederated(found) ? "federated" : "not federated"}, and that cannot be changed`,
      isFederated(found) ? 'Declare userType: "SCIM_FED"' : "Remove userType",
    );
  return found;
}

function nameOf({ externalId, userName }: Inputs): string {
  return externalId ?? userName ?? "";
}
