import { ConflictError, type LostAnswerError } from "../core/errors";
import { findLost } from "../core/lost";
import type { CreateRequest } from "../core/resource";
import { type ActivIdApi, ENTERPRISE_USER, type Key, USER_ATTRIBUTE, USER_AUTHENTICATOR, USER_DEVICE, type User } from "./api";
import { toPatch } from "./federated";
import { type Inputs, isFederated, sameCodes, toReplacement } from "./model";
import { keyOf } from "./observe";

/**
 * After a create that met a conflict: the user whom an interrupted run made just so is taken over, anything else is explained.
 *
 * Errors: ConflictError that names who holds what is wanted.
 */
export async function settleConflict(
  { api, inputs, log, takesOver }: CreateRequest<Inputs, ActivIdApi>,
  error: ConflictError,
): Promise<User> {
  const holder = await findUser(api, keyOf(inputs) as Key);
  if (!holder || !isWhatWasSent(holder, inputs, api.apiVersion)) throw explainConflict(holder, inputs, error);
  takesOver();
  log.warn(
    `User ${holder.id} is exactly what is declared and has neither device nor authenticator, as an interrupted run leaves it; it is taken over.`,
  );
  return holder;
}

/** The user that a create made whose answer was lost. */
export function settleLostCreate(request: CreateRequest<Inputs, ActivIdApi>, error: LostAnswerError): Promise<User> {
  const { api, inputs, takesOver } = request;
  return findLost(request, error, "No such user", async () => {
    const found = await findUser(api, keyOf(inputs) as Key);
    if (found && !isWhatWasSent(found, inputs, api.apiVersion)) {
      throw explainConflict(found, inputs, new ConflictError(error.what, undefined, error.facts));
    }
    if (found) takesOver();
    return found;
  });
}

/** The one user with exactly this key, read in full: a search may show less than there is. */
export async function findUser(api: ActivIdApi, key: Key): Promise<User | undefined> {
  const [id, ...more] = await api.findUsers(key);
  if (more.length > 0)
    throw new ConflictError(
      `${more.length + 1} users have the ${Object.keys(key)[0]} "${Object.values(key)[0]}": ${[id, ...more].join(", ")}`,
      "Give adopt: { id }",
    );
  return id === undefined ? undefined : api.getUser(id);
}

/** In: `adoptable`, whether the program could take the holder over. */
export function explainConflict(holder: User | undefined, inputs: Inputs, error: ConflictError, adoptable = true): ConflictError {
  if (!holder) return error;
  const key = inputs.externalId === undefined ? "userName" : "externalId";
  const sameKind = isFederated(holder) === isFederated(inputs);
  const facts = [
    `User ${holder.id} has that ${key}`,
    ...(holder.active === false ? ["is disabled"] : []),
    ...(sameKind ? [] : [`is ${isFederated(holder) ? "" : "not "}federated, which cannot be changed`]),
  ];
  const way =
    sameKind && adoptable
      ? "To take the user over, set adopt: true or adopt: { id }; if only the resource's name in the program changed, declare the old one in aliases"
      : `Delete that user at the server, or choose another ${key}`;
  return new ConflictError(error.what, `${facts.join(", and ")}. ${way}`, error.facts);
}

/**
 * Whether a user is what a create with these inputs makes: equal in everything declared, without anything else, and not equipped by anybody yet.
 * The declared devices may be bound already: that is the second half of a create, which may have been interrupted after it.
 */
function isWhatWasSent(user: User, inputs: Inputs, apiVersion: number): boolean {
  const devices = user[USER_DEVICE]?.devices ?? [];
  if (devices.length > 0 && !sameCodes(devices, inputs.devices ?? [])) return false;
  if ((user[USER_AUTHENTICATOR]?.authenticators?.length ?? 0) > 0) return false;
  // Nobody but a directory makes these.
  if (user[USER_ATTRIBUTE]?.attributes?.some(({ readOnly }) => readOnly)) return false;
  if (isFederated(user) !== isFederated(inputs)) return false;
  const made = { active: true, phoneNumbers: [], addresses: [], ...inputs, devices: undefined };
  // What the program does not declare would have to go. The enterprise extension may be there without being shown.
  const before = { title: "any", enterprise: user[ENTERPRISE_USER] ?? inputs.enterprise };
  if (isFederated(user))
    return toPatch(user, made, { ...before, name: { givenName: "any", familyName: "any" }, emails: [{ value: "any" }] }).length === 0;
  return toReplacement(user, { roles: [], ...made }, before, apiVersion) === undefined;
}
