import { ConflictError, LostAnswerError } from "../core/errors";
import { findLost } from "../core/lost";
import type { CreateRequest } from "../core/resource";
import type { DirectMappedUser, PingOneApi } from "./api";
import { attributesIn, attributesOf, differing } from "./attributes";
import type { Inputs } from "./model";
import { findByUsername } from "./observe";

/** How old a user may be to pass for one that an interrupted run has just made, in milliseconds. */
const RECENT_MS = 3600_000;

type Request = CreateRequest<Inputs, PingOneApi>;

/** Users that this process made or took over: none of them can be the leftover of an interrupted run. */
const ours = new Set<string>();
/** Creates under way by environment and username: as long as there are several, none of them knows whose user it sees. */
const underWay = new Map<string, number>();

/**
 * Creates a user, or settles what became of the attempt.
 *
 * Errors: ConflictError that names who holds what is wanted; LostAnswerError when the answer is lost and no such user is there.
 */
export async function createOrSettle(request: Request, create: () => Promise<DirectMappedUser>): Promise<DirectMappedUser> {
  const { environmentId, username } = request.inputs;
  const key = `${environmentId} ${username.toLowerCase()}`;
  underWay.set(key, (underWay.get(key) ?? 0) + 1);
  try {
    const user = await create().catch((error: unknown) => {
      if (error instanceof LostAnswerError) return settleLostCreate(request, error);
      if (error instanceof ConflictError) return settleConflict(request, error, underWay.get(key) === 1);
      throw error;
    });
    ours.add(user.id);
    return user;
  } finally {
    underWay.set(key, (underWay.get(key) ?? 1) - 1);
  }
}

/** The user that a create made whose answer was lost. */
function settleLostCreate(request: Request, error: LostAnswerError): Promise<DirectMappedUser> {
  const { api, inputs, takesOver } = request;
  return findLost(request, error, "No user of that username", async () => {
    const found = await findByUsername(api, inputs.environmentId, inputs.username);
    if (found && !isLeftover(found, inputs)) throw heldBy(found, inputs, new ConflictError(error.what, undefined, error.facts));
    if (found) takesOver();
    return found;
  });
}

/** The user that an interrupted run made just so is taken over, anything else is explained. */
async function settleConflict(request: Request, error: ConflictError, alone: boolean): Promise<DirectMappedUser> {
  const { api, inputs, log, takesOver } = request;
  const found = await findByUsername(api, inputs.environmentId, inputs.username);
  if (!found || !alone || !isLeftover(found, inputs)) throw explain(found, inputs, error);
  takesOver();
  log.warn(
    `PingOne user "${found.username}" (${found.id}) is exactly what is declared and was made within the last hour, as an interrupted run leaves it; it is taken over.`,
  );
  return found;
}

/** Names the user that holds what is wanted, as far as it can be seen. */
export async function explainConflict(api: PingOneApi, inputs: Inputs, ownId: string, error: ConflictError): Promise<ConflictError> {
  const found = await findByUsername(api, inputs.environmentId, inputs.username);
  if (!found || found.id === ownId) return explain(undefined, inputs, error);
  return heldBy(found, inputs, error, "Choose another one; if the program gives that user another one too, run `pulumi up` again");
}

function explain(found: DirectMappedUser | undefined, inputs: Inputs, error: ConflictError): ConflictError {
  if (found) return heldBy(found, inputs, error);
  const next = `No user with the username "${inputs.username}" can be seen. Either another attribute that the environment marks unique is in use, or the username belongs to a user in a population that the worker cannot see: usernames are unique in the whole environment. Give the worker Identity Data Admin on the environment to see it, or choose another value`;
  return new ConflictError(error.what, next, error.facts);
}

function heldBy(found: DirectMappedUser, { username }: Inputs, error: ConflictError, next = adviceFor(found)): ConflictError {
  return new ConflictError(
    error.what,
    `The username "${username}" belongs to user ${found.id} in population ${found.population.id}. ${next}`,
    error.facts,
  );
}

function adviceFor({ id }: DirectMappedUser): string {
  return ours.has(id)
    ? "Another resource of this program declares the same username; keep one of them"
    : "To take it over, set adopt: true; if only the resource's name in the program changed, declare the old one in aliases; if another resource of the program gives it up, run `pulumi up` again";
}

/** Whether a user is what a create with these inputs makes: new, nobody's in this process, and equal in everything that can be declared. */
function isLeftover(user: DirectMappedUser, inputs: Inputs): boolean {
  const ageMs = Math.abs(Date.now() - Date.parse(user.meta?.created ?? ""));
  return (
    ageMs < RECENT_MS &&
    !ours.has(user.id) &&
    differing(attributesIn(user), attributesOf(inputs)).length === 0 &&
    (inputs.population === undefined || inputs.population.id === user.population.id)
  );
}
