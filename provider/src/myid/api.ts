import { z } from "zod";
import { ContractError, NotFoundError, RejectedError } from "../core/errors";
import type { TokenSource } from "../core/http/auth";
import type { Answer, Call } from "../core/http/client";

const references = z.looseObject({ id1: z.string().nullish(), id2: z.string().nullish(), id3: z.string().nullish() });

/** A person as the vendor answers; only what is used is named. Installations add fields of their own. */
const person = z.looseObject({
  id: z.string().min(1),
  logonName: z.string().nullish(),
  employeeId: z.string().nullish(),
  name: z.looseObject({ first: z.string().nullish(), last: z.string().nullish(), fullName: z.string().nullish() }).nullish(),
  enabled: z.union([z.boolean(), z.number(), z.string()]).nullish(),
  contact: z.looseObject({ emailAddress: z.string().nullish() }).nullish(),
  externalReferences: references.nullish(),
});
export type Person = z.output<typeof person>;

/** A list has another shape; only the ids of its items are used. */
const people = z.looseObject({ results: z.array(z.looseObject({ id: z.string().min(1) })) });

/** How people are searched. */
export type PeopleQuery = { logonName: string } | { employeeId: string } | { "name.last": string } | { q: string };

/** Which of a person's three external references. */
export type Slot = 1 | 2 | 3;

/** The operation Edit PIV Applicant. Source: MyID, Updating the Entra ID using the MyID Core API. */
const EDIT_PIV_APPLICANT = 200103;

/** What this library sends to the Core API. Deleting is not among it: `DELETE /People/{id}` removes the person, not the link. */
type PeopleCall = Call & { method: "GET" | "PATCH" };
interface PeopleClient {
  send(call: PeopleCall, tokens: TokenSource): Promise<Answer>;
}

export type MyIdApi = ReturnType<typeof makeApi>;

/**
 * The calls this library makes to the MyID Core API, one function each.
 *
 * Errors: those of the HTTP client; ContractError for an answer without what it must hold, and for a 404 in other words than MyID's, which
 * a web server in front of it or a wrong address gives.
 * Source: MyID Core API guide; MyID, Updating the Entra ID using the MyID Core API.
 */
export function makeApi(client: PeopleClient, tokens: TokenSource, server: string) {
  async function send(call: PeopleCall): Promise<unknown> {
    try {
      return (await client.send({ ...call, headers: { "x-api-version": "1" } }, tokens)).body;
    } catch (error) {
      if (!(error instanceof NotFoundError) || error.facts.vendorCode) throw error;
      throw new ContractError(error.what, "That is not how MyID says that a person is missing; check the base URL", error.facts);
    }
  }

  async function get<S extends z.ZodType>(schema: S, call: Omit<PeopleCall, "method">): Promise<z.output<S>> {
    const parsed = schema.safeParse(await send({ ...call, method: "GET", rights: needs("View Person") }));
    if (parsed.success) return parsed.data;
    const fault = parsed.error.issues[0];
    throw new ContractError(
      `${call.action}: the answer lacks ${fault?.path.join(".") || "a body"} (${fault?.message})`,
      "Check that the base URL is the MyID server's",
    );
  }

  const personPath = (id: string) => `/rest.core/api/People/${encodeURIComponent(id)}`;

  return {
    /** Address of the server, for messages. */
    server,

    /** Errors: NotFoundError when MyID says so: the person does not exist, or is out of the scope of the client's role. */
    getPerson: (id: string): Promise<Person> => get(person, { action: `Reading person ${id} of MyID`, path: personPath(id) }),

    /** Ids of the people that a search finds. It matches loosely, so whoever asks has to compare. */
    async findPeople(query: PeopleQuery): Promise<string[]> {
      const action = `Looking up ${Object.values(query)[0]} in MyID`;
      return (await get(people, { action, path: "/rest.core/api/People", query: { ...query } })).results.map(({ id }) => id);
    },

    /**
     * Sets one external reference of a person and nothing else. Not repeated when its answer is lost.
     *
     * Errors: RejectedError, with a hint when a person may be one that only Edit PIV Applicant may change.
     */
    async patchReference(id: string, slot: Slot, value: string | null, pivApplicant = false): Promise<void> {
      // A link is cleared as state knows it, not as the program says.
      const beforehand = value ? "" : ", and run `pulumi up` before the link is removed or replaced";
      const hint = `If the person is a PIV applicant, set pivApplicant: true${beforehand}`;
      try {
        await send({
          action: `${value ? "Setting" : "Clearing"} external reference ${slot} of person ${id} of MyID`,
          method: "PATCH",
          path: personPath(id),
          // The "are you sure" of the interactive client. Source: assumed; every example of the vendor sends it.
          query: { confirm: false, ...(pivApplicant && { op: EDIT_PIV_APPLICANT }) },
          body: { externalReferences: { [`id${slot}`]: value } },
          rights: pivApplicant ? needs("Edit PIV Applicant") : `${needs("Edit Person")}. ${hint}`,
        });
      } catch (error) {
        if (error instanceof RejectedError && !pivApplicant) throw new RejectedError(error.what, hint, error.facts);
        throw error;
      }
    },
  };
}

function needs(operation: string): string {
  return `The role of the client's user needs the operation ${operation}, and a scope that includes the person`;
}
