import { ContractError, GuardError, LostAnswerError, PartialError, RejectedError } from "../core/errors";
import { backoffMs } from "../core/http/timing";
import { warnOnce } from "../core/log";
import type { Context } from "../core/resource";
import type { MyIdApi, Person } from "./api";
import { formatId, type Inputs, type State, same, shown, toState } from "./model";

const MAX_ATTEMPTS = 4;

/**
 * Brings a person's slot to the declared value, and looks whether it arrived.
 *
 * In:     the person as just read; `known`, the value that state says is there.
 * Errors: GuardError when the slot holds a value that the program has not seen, ContractError when the server takes the value and does not
 *         keep it, PartialError when it was taken and looking failed.
 */
export async function setLink(
  context: Context<MyIdApi>,
  person: Person,
  inputs: Inputs,
  known?: string,
  takesOver = () => {},
): Promise<State> {
  const { api } = context;
  const { entraObjectId, slot } = inputs;
  const isSet = (fresh: Person) => same(shown(fresh, slot), entraObjectId);
  const settled = await put(context, person, entraObjectId, inputs, (fresh) => {
    if (isSet(fresh)) return false;
    guard(fresh, inputs, known);
    return true;
  });
  if (settled) {
    if (settled === person && known === undefined) {
      takesOver();
      context.log.warn(
        `External reference ${slot} of person ${person.id} of MyID holds ${entraObjectId} already; the link is taken over. If only the resource's name in the program changed, declare the old one in aliases.`,
      );
    }
    return toState(api, settled, inputs, true);
  }
  const now = await api.getPerson(person.id).catch((error: Error) => {
    throw new PartialError(formatId(person.id, slot), { ...toState(api, person, inputs, undefined) }, error);
  });
  if (isSet(now)) return toState(api, now, inputs, true);
  const value = shown(now, slot);
  if (value !== undefined) {
    throw new ContractError(
      `MyID took ${entraObjectId} for external reference ${slot} of person ${person.id}, but the reference ${value ? `holds ${value}` : "is empty"}`,
      "Check that the field may be edited on this server, and that nobody else writes it",
    );
  }
  tellHidden(context);
  return toState(api, now, inputs, false);
}

/**
 * Empties a person's slot if it still holds what this program put there.
 *
 * Errors: ContractError when the server keeps the value. Nothing is said about clearing in the documentation: `""` is tried, then null.
 */
export async function clearLink(context: Context<MyIdApi>, person: Person, state: State): Promise<void> {
  const { api, log } = context;
  const { slot, verified, declared: entraObjectId = state.entraObjectId } = state;
  // A server that showed the link before and shows no references now has none any more; another one may hide it.
  const held = (fresh: Person) => shown(fresh, slot) ?? (verified ? "" : undefined);
  const isOurs = (fresh: Person) => same(held(fresh) ?? entraObjectId, entraObjectId);
  if (!isOurs(person) && held(person)) {
    log.warn(
      `External reference ${slot} of person ${person.id} of MyID holds ${held(person)}, which is not what was linked here; it is left alone.`,
    );
  }
  if (!isOurs(person)) return;
  let refusal: RejectedError | undefined;
  for (const empty of ["", null]) {
    try {
      await put(context, person, empty, state, isOurs);
      refusal = undefined;
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      refusal = error;
    }
    const now = await api.getPerson(person.id);
    if (!isOurs(now)) return;
    if (held(now) === undefined && !refusal) return tellHidden(context);
  }
  throw (
    refusal ??
    new ContractError(
      `MyID took an empty external reference ${slot} for person ${person.id}, but the reference still holds ${entraObjectId}`,
      "Clear it in the Operator Client (Edit Person, Account tab), then run again",
    )
  );
}

/**
 * Sends a value, and after a lost answer looks before it sends again. A late arrival does no harm, because the value is absolute.
 *
 * In:     `wanted`, whether the value is to be sent, given what is there.
 * Out:    undefined after sending; the person when there was nothing to send.
 */
async function put(
  { api, clock, signal }: Context<MyIdApi>,
  person: Person,
  value: string | null,
  { slot, pivApplicant }: Inputs,
  wanted: (fresh: Person) => boolean,
): Promise<Person | undefined> {
  let fresh = person;
  for (let attempt = 1; wanted(fresh); attempt += 1) {
    try {
      await api.patchReference(person.id, slot, value, pivApplicant);
      return undefined;
    } catch (error) {
      if (!(error instanceof LostAnswerError) || attempt === MAX_ATTEMPTS) throw error;
    }
    await clock.sleep(backoffMs(attempt, clock.random()), signal);
    fresh = await api.getPerson(person.id);
  }
  return fresh;
}

/** Others write the same field: the Self-Service Request Portal, operators, scripts. What one of them put there is not lost by accident. */
function guard(person: Person, { slot, overwrite }: Inputs, known: string | undefined): void {
  const value = shown(person, slot);
  if (!value || overwrite || same(value, known)) return;
  throw new GuardError(
    `External reference ${slot} of person ${person.id} of MyID already holds ${value}`,
    known === undefined
      ? "If it is wrong, set overwrite: true; if the reference is used for something else, choose another slot"
      : "It was changed since it was last read. Run `pulumi refresh` to see the change, then `pulumi up`; or set overwrite: true",
  );
}

/** Says once per server that it does not show what this library writes. */
export function tellHidden({ api, log }: Context<MyIdApi>): void {
  warnOnce(
    log,
    `The MyID server ${api.server} does not return external references: what is declared is taken for true, and changes made elsewhere are not seen.`,
  );
}
