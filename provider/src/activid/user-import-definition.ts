import { isDeepStrictEqual } from "node:util";
import type { Report } from "../core/check";
import { ConfigError, IdentityError, NotFoundError, PartialError, TaskError, TimeoutError } from "../core/errors";
import { prune } from "../core/normalize";
import type { Context, ResourceDefinition } from "../core/resource";
import { isUnknown } from "../core/unknown";
import type { ActivIdApi } from "./api";
import { type ImportedUser, importUsers, type Progress, type Results, sameUsers } from "./import";
import { checkTenant } from "./observe";
import { userImportReview } from "./review";
import { userImportInputs } from "./schema";
import { activId, type settings } from "./vendor";

/** Inputs of an import in normal form. */
export interface ImportInputs {
  users: ImportedUser[];
  group: { value: string };
  authenticatorPolicy?: { value: string };
  onFailure?: "error" | "warn";
  onDelete?: "keep" | "delete";
  connection?: string;
}

export interface ImportState extends ImportInputs {
  results: Results;
  imported: number;
  alreadyExisted: number;
  failed: number;
  correlationId?: string;
  tenant: string;
}

/** Users that a message names at most. */
const MAX_NAMED = 10;

/** The lifecycle of an import: an event rather than an object. Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Import users. */
export const userImportDefinition: ResourceDefinition<ImportInputs, ImportState, ActivIdApi, typeof settings> = {
  type: "activid:UserImport",
  vendor: activId,
  schema: userImportInputs,
  fields: {
    users: { mutability: "readWrite", same: sameUsers },
    group: { mutability: "readWrite" },
    authenticatorPolicy: { mutability: "readWrite", whenDropped: "released" },
    onFailure: { mutability: "local" },
    onDelete: { mutability: "local" },
  },
  rules: (inputs, report) => checkDistinct(inputs, report),

  async create(request) {
    checkUserNames(request.api, request.inputs.users);
    const progress: Progress = { results: {} };
    const state = await run(request, undefined, progress);
    return { id: idOf(progress), state };
  },

  // The users' later life is nobody's drift: an import happens once.
  async read({ state }) {
    if (state.users === undefined) return undefined;
    const { users, group, authenticatorPolicy, onFailure, onDelete, connection } = state as ImportState;
    return {
      state: state as ImportState,
      inputs: prune({ users, group, authenticatorPolicy, onFailure, onDelete, connection }) as ImportInputs,
    };
  },

  async update(request) {
    const { api, id, inputs, state, log } = request;
    checkTenant(api, `Import ${id}`, state.tenant);
    checkUserNames(api, inputs.users);
    const wanted = new Map(inputs.users.map((user) => [user.externalId, user]));
    const entries = Object.entries(state.results);
    const kept = Object.fromEntries(entries.filter(([externalId]) => wanted.has(externalId)));
    const done = state.users.filter(({ externalId }) => kept[externalId]?.id !== undefined);
    const edited = done.filter((user) => !isDeepStrictEqual(user, wanted.get(user.externalId))).length;
    if (edited > 0)
      log.warn(`${edited} of the users were imported before with other values. An import changes nobody; manage them with ActivIdUser.`);
    if (inputs.onDelete === "delete")
      await deleteImported(
        request,
        Object.fromEntries(entries.filter(([externalId]) => !wanted.has(externalId))),
        state.correlationId ?? id,
      );
    return run(request, id, { results: kept, correlationId: state.correlationId });
  },

  async delete(request) {
    const { api, id, state } = request;
    if (state.onDelete !== "delete") return;
    checkTenant(api, `Import ${id}`, state.tenant);
    await deleteImported(request, state.results, state.correlationId ?? id);
  },
  review: userImportReview,
};

/** Two users of one externalId would be one user with either's values. */
function checkDistinct(inputs: ImportInputs, report: Report): void {
  if (!Array.isArray(inputs.users)) return;
  const seen = new Set<string>();
  inputs.users.forEach((user, index) => {
    const externalId = user?.externalId;
    if (typeof externalId !== "string" || isUnknown(externalId)) return;
    if (seen.has(externalId)) report(["users", index, "externalId"], `"${externalId}" is in the list twice`);
    seen.add(externalId);
  });
}

/** From version 4 on users have a userName of their own; before, it follows the externalId. Source: vendor, api-version. */
function checkUserNames({ apiVersion }: ActivIdApi, users: ImportedUser[]): void {
  const wrong = users.find(({ userName }) => (userName === undefined) === apiVersion >= 4);
  if (!wrong) return;
  const version = apiVersion === 0 ? "no activid:apiVersion" : `activid:apiVersion ${apiVersion}`;
  const [what, next] =
    apiVersion >= 4
      ? ["needs userName", "Give every user a userName"]
      : ["cannot have a userName of its own", "Remove userName, or set activid:apiVersion to 4 or more"];
  throw new ConfigError(`User "${wrong.externalId}" ${what} with ${version}`, next);
}

/** Imports what is to be imported. What is known when it fails is kept, so that the next run goes on from there. */
async function run(
  request: Context<ActivIdApi> & { inputs: ImportInputs },
  id: string | undefined,
  progress: Progress,
): Promise<ImportState> {
  const state = () => toState(request.inputs, progress, request.api.tenant);
  try {
    await importUsers(request, progress);
  } catch (error) {
    // Nothing was sent: there is nothing to remember.
    if (Object.keys(progress.results).length === 0) throw error;
    const cause =
      error instanceof IdentityError || !request.signal?.aborted
        ? (error as Error)
        : new TimeoutError(
            "The import was not finished when its time was over",
            "Run again: it looks who is there and imports only who is missing. Raise customTimeouts if the server is only slow",
          );
    throw new PartialError(id ?? idOf(progress), { ...state() }, cause);
  }
  const failed = Object.entries(progress.results).filter(([, { outcome }]) => outcome === "failed");
  if (failed.length === 0) return state();
  const named = failed.slice(0, MAX_NAMED).map(([externalId]) => externalId);
  const message = `${failed.length} of ${request.inputs.users.length} users were not imported: ${named.join(", ")}${failed.length > named.length ? ", …" : ""}`;
  if (request.inputs.onFailure === "warn") {
    request.log.warn(`${message}. The output results says more.`);
    return state();
  }
  const next = `${failed[0]?.[1].reason}. Correct those users, or take them out of the list; users who were imported are not sent again`;
  throw new PartialError(id ?? idOf(progress), { ...state() }, new TaskError(message, next));
}

/** An import is known by its first job; one that had nobody to import, by a word. */
function idOf({ correlationId }: Progress): string {
  return correlationId ?? "import";
}

function toState(inputs: ImportInputs, { results, correlationId }: Progress, tenant: string): ImportState {
  const count = (outcome: string) => Object.values(results).filter((result) => result.outcome === outcome).length;
  const counts = { imported: count("imported"), alreadyExisted: count("alreadyExisted"), failed: count("failed") };
  return prune({ ...inputs, results, ...counts, correlationId, tenant }) as ImportState;
}

/** Deletes users that the import made and that are still the same people. Who may be somebody else's stays. */
async function deleteImported({ api, log }: Context<ActivIdApi>, results: Results, job: string): Promise<void> {
  for (const [externalId, { outcome, id: known, reason }] of Object.entries(results)) {
    if (outcome !== "imported" && outcome !== "pending") continue;
    // Sent by a run that did not see the end: who is there now was made by it.
    const id = known ?? (await api.findUsers({ externalId }))[0];
    if (id === undefined) {
      log.warn(`User "${externalId}" is not there to be deleted; should import ${job} still make the user, delete it by hand.`);
      continue;
    }
    const user = await api.getUser(id).catch((error: unknown) => {
      if (error instanceof NotFoundError && error.facts.vendorCode !== undefined) return undefined;
      throw error;
    });
    if (!user) continue;
    if (reason !== undefined || user.externalId !== externalId) {
      log.warn(`User ${id} is not deleted: ${reason ?? `its externalId is not "${externalId}" any more`}.`);
      continue;
    }
    await api.deleteUser(id).catch((error: unknown) => {
      if (!(error instanceof NotFoundError) || error.facts.vendorCode === undefined) throw error;
    });
  }
}
