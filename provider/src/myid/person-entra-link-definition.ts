import { GuardError, NotFoundError } from "../core/errors";
import type { Log } from "../core/log";
import type { ResourceDefinition } from "../core/resource";
import type { MyIdApi } from "./api";
import { findLinks } from "./find";
import { clearLink, setLink, tellHidden } from "./link";
import { formatId, type Inputs, isOtherPerson, parseId, type State, same, samePerson, shown, toInputs, toState } from "./model";
import { findPerson, observe } from "./people";
import { personEntraLinkReview } from "./review";
import { personEntraLinkInputs } from "./schema";
import { myId, type settings } from "./vendor";

/** The lifecycle of a person's link to Entra. Source: MyID, Updating the Entra ID using the MyID Core API. */
export const personEntraLinkDefinition: ResourceDefinition<Inputs, State, MyIdApi, typeof settings> = {
  type: "myid:PersonEntraLink",
  vendor: myId,
  schema: personEntraLinkInputs,
  fields: {
    person: {
      mutability: "readWrite",
      same: samePerson,
      replaceWhen: (inputs, state) => isOtherPerson((inputs as unknown as Inputs).person, state as unknown as State),
    },
    entraObjectId: { mutability: "readWrite", same },
    slot: { mutability: "immutable" },
    pivApplicant: { mutability: "local" },
    overwrite: { mutability: "local" },
  },
  // False is what leaving out means; one form of both keeps previews quiet.
  complete: ({ slot = 1, pivApplicant, overwrite, ...inputs }) => ({
    ...inputs,
    slot,
    pivApplicant: pivApplicant || undefined,
    overwrite: overwrite || undefined,
  }),

  async create(request) {
    const { api, inputs } = request;
    const person = await findPerson(api, inputs.person);
    return { id: formatId(person.id, inputs.slot), state: await setLink(request, person, inputs, undefined, request.takesOver) };
  },

  async read(request) {
    const { api, id, state, log } = request;
    const { entraObjectId, verified, server } = state;
    const { personId, slot } = parseId(id);
    const person = await observe(api, personId, server);
    if (!person) {
      if (entraObjectId !== undefined) tellGone(log, personId);
      return undefined;
    }
    // A server that never showed the link may hide it. One that did, or one that is only asked, shows that there is none.
    const value = shown(person, slot) ?? (verified ? "" : entraObjectId);
    if (!value) return undefined;
    const isShown = shown(person, slot) !== undefined;
    if (!isShown) tellHidden(request);
    const inputs = toInputs(person, slot, value, state);
    // A value that somebody else put there is seen by a refresh, and still is not ours to clear.
    const { declared = entraObjectId } = state;
    const drift = declared === undefined || same(value, declared) ? {} : { declared };
    return { id: formatId(person.id, slot), inputs, state: { ...toState(api, person, inputs, isShown), ...drift } };
  },

  async update(request) {
    const { api, inputs, state } = request;
    const linked = state.person.id;
    const person = await observe(api, linked, state.server);
    if (!person)
      throw new NotFoundError(
        `Person ${linked} is not in MyID any more, or not in the scope of the client's role`,
        "Run `pulumi up --refresh`, which looks for the declared person again",
      );
    if (!samePerson(state.person, inputs.person)) {
      const { id } = await findPerson(api, inputs.person);
      if (!same(id, linked))
        throw new GuardError(
          `The link is on person ${linked}, and ${JSON.stringify(inputs.person)} is now person ${id}`,
          "Nothing was changed. Run `pulumi up --refresh` to move the link",
        );
    }
    return setLink(request, person, inputs, state.entraObjectId);
  },

  async delete(request) {
    const { api, state, log } = request;
    const { id } = state.person;
    const person = await observe(api, id, state.server);
    if (!person) return tellGone(log, id);
    await clearLink(request, person, state).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
      tellGone(log, id);
    });
  },

  find: findLinks,
  review: personEntraLinkReview,
};

/** A link goes with its person, but MyID answers the same for people whom the client's role no longer covers, and theirs stays. */
function tellGone(log: Log, personId: string): void {
  log.warn(`Person ${personId} is not in MyID any more, or no longer in the scope of the client's role; the link is forgotten.`);
}
