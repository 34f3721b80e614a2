import { isDeepStrictEqual } from "node:util";
import { LostAnswerError, NotFoundError, TaskError } from "../core/errors";
import type { Context } from "../core/resource";
import type { ActivIdApi, ImportStatus } from "./api";

/** A user of an import; the base schema only. */
export interface ImportedUser {
  externalId: string;
  userName?: string;
  name: { givenName: string; familyName: string };
  emails: { value: string; type?: string }[];
  [member: string]: unknown;
}

/**
 * What became of one user. `pending`: was sent, and what became of it is not known yet. `id` where the user is there. `reason` says why a user
 * failed, or why it is not certain that an imported one was made by this import.
 */
export interface Result {
  outcome: "imported" | "alreadyExisted" | "failed" | "pending";
  id?: string;
  reason?: string;
}
export type Results = Record<string, Result>;

/** The server's worker looks at its queue this often. Source: vendor, Users REST API, Import. */
const TICK_MS = 10_000;
/** How long an import may take unless customTimeouts says otherwise. */
const PATIENCE_MS = 30 * 60_000;
/** How long a running count may stand still before the job counts as lost; nothing is published, and a tick is 10 s. */
const STALL_MS = 5 * 60_000;
/** How long to look for users of an import whose answer was lost. */
const SETTLE_MS = 60_000;

/** An import in the making: what is known so far, in a form that survives its failure. */
export interface Progress {
  results: Results;
  /** Of the last job that was started. */
  correlationId?: string;
}

type Request = Context<ActivIdApi> & {
  inputs: { users: ImportedUser[]; group: { value: string }; authenticatorPolicy?: { value: string } };
};

/**
 * Imports the users who are not there yet, and finds out what became of each.
 *
 * Only users without a result, or with a failed or open one, are looked at. Nothing tells the users of a job apart afterwards, so they are
 * searched before it and after it: who was missing before and is there after it was imported.
 *
 * In:     progress, changed as the work goes on, so that a failure half-way loses nothing.
 * Errors: TaskError when the patience ends; LostAnswerError when the start's answer is lost and no user appears; those of the HTTP client.
 * Source: docs.hidglobal.com, ActivID Appliance, Users REST API, Import users.
 */
export async function importUsers(request: Request, progress: Progress): Promise<void> {
  const { api, inputs } = request;
  const open = inputs.users.filter(
    ({ externalId }) => !["imported", "alreadyExisted"].includes(progress.results[externalId]?.outcome ?? ""),
  );
  const present = await locate(api, open);
  for (const [externalId, id] of present) {
    // Sent before and not awaited to the end, or nobody's but somebody else's.
    const ours = progress.results[externalId]?.outcome === "pending";
    progress.results[externalId] = { outcome: ours ? "imported" : "alreadyExisted", id };
  }
  const missing = open.filter(({ externalId }) => !present.has(externalId));
  if (missing.length === 0) return;
  const deadline = request.clock.now() + (request.timeoutMs ?? PATIENCE_MS);

  const submit = async (users: ImportedUser[]) => {
    const { group, authenticatorPolicy } = inputs;
    const before = { ...progress.results };
    for (const { externalId } of users) progress.results[externalId] = { outcome: "pending" };
    try {
      progress.correlationId = await api.startImport({ users, group, ...(authenticatorPolicy && { authenticatorPolicy }) });
    } catch (error) {
      // Refused is not sent: who is there one day was then not made by this import.
      if (!(error instanceof LostAnswerError)) progress.results = before;
      throw error;
    }
  };
  let end: ImportStatus | undefined;
  let resubmitted = false;
  try {
    await submit(missing);
    end = await awaitJob(request, progress.correlationId as string, deadline);
    if (end === undefined) {
      // The server lost the job, as it does when it restarts, and the vendor says to send it again: it skips whoever is there.
      const made = await locate(api, missing);
      resubmitted = true;
      request.log.warn(`The server does not go on with import ${progress.correlationId}; the users who are missing are imported again.`);
      await submit(missing.filter(({ externalId }) => !made.has(externalId)));
      end = await awaitJob(request, progress.correlationId as string, deadline);
      if (end === undefined)
        throw new TaskError(
          `The server does not go on with import ${progress.correlationId} either`,
          "Run again later; only users who are missing are imported then",
        );
    }
  } catch (error) {
    if (!(error instanceof LostAnswerError)) throw error;
    await settleLostStart(request, missing, error);
  }
  judge(progress, missing, await locateAll(request, missing, end), end, resubmitted);
}

/** Ids of the users who are there, by externalId. */
async function locate(api: ActivIdApi, users: ImportedUser[]): Promise<Map<string, string>> {
  const found = await Promise.all(users.map(async ({ externalId }) => [externalId, (await api.findUsers({ externalId }))[0]] as const));
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Like locate, with some patience when the job says that there are more: searches may lag behind. */
async function locateAll(
  { api, clock, signal }: Request,
  users: ImportedUser[],
  end: ImportStatus | undefined,
): Promise<Map<string, string>> {
  const expected = (end?.nbImported ?? 0) + (end?.nbAlreadyExisted ?? 0);
  let found = await locate(api, users);
  for (const waitMs of [1000, 2000, 4000]) {
    if (found.size >= Math.min(expected, users.length)) break;
    await clock.sleep(waitMs, signal);
    found = new Map([
      ...found,
      ...(await locate(
        api,
        users.filter(({ externalId }) => !found.has(externalId)),
      )),
    ]);
  }
  return found;
}

/** Polls a job to its end. Out: its last status; undefined when the server has lost it. Errors: TaskError when the patience ends. */
async function awaitJob({ api, clock, log, signal }: Request, correlationId: string, deadline: number): Promise<ImportStatus | undefined> {
  let processed = 0;
  let movedAt = clock.now();
  // Nobody knows when the next tick is, and small imports end with it: so the first looks come sooner.
  for (let pauseMs = 1000; ; pauseMs = Math.min(TICK_MS, pauseMs * 2)) {
    const status = await api.getImport(correlationId).catch((error: unknown) => {
      if (error instanceof NotFoundError && error.facts.vendorCode !== undefined) return undefined;
      throw error;
    });
    if (status === undefined || /^(done|failed)$/i.test(status.status)) return status;
    const now = clock.now();
    if ((status.nbProcessed ?? 0) !== processed) [processed, movedAt] = [status.nbProcessed ?? 0, now];
    // A count that stays at 0 may also mean that other imports are first, so the server is asked to go on only where it had begun.
    if (now - movedAt >= STALL_MS && processed > 0) return undefined;
    log.progress(`Import ${correlationId}: ${processed === 0 ? "queued" : `${processed} of ${status.importSize ?? "?"} users processed`}`);
    if (now >= deadline) {
      throw new TaskError(
        `Import ${correlationId} has not ended yet (${processed} of ${status.importSize ?? "?"} users processed)`,
        "Run again: it looks who is there and imports only who is missing. Raise customTimeouts if the server is only slow",
      );
    }
    await clock.sleep(pauseMs, signal);
  }
}

/** After the answer to the start was lost: users who appear show that it arrived, and it has ended when no more appear. */
async function settleLostStart({ api, clock, log, signal }: Request, users: ImportedUser[], error: LostAnswerError): Promise<void> {
  let found = 0;
  let movedAt = clock.now();
  while (clock.now() - movedAt < SETTLE_MS) {
    await clock.sleep(TICK_MS, signal);
    const { size } = await locate(api, users);
    if (size !== found) [found, movedAt] = [size, clock.now()];
    if (size === users.length) return;
    log.progress(`Nobody knows whether the import arrived; ${size} of ${users.length} users are there`);
  }
  if (found > 0) return;
  throw new LostAnswerError(
    error.what,
    "None of the users is there now. Run again; should the first attempt still arrive, its users are recognised",
    error.facts,
  );
}

/** Notes what became of each user that was sent. The server names nobody: it only counts. */
function judge(
  progress: Progress,
  sent: ImportedUser[],
  found: Map<string, string>,
  end: ImportStatus | undefined,
  resubmitted: boolean,
): void {
  const job = progress.correlationId === undefined ? "" : ` ${progress.correlationId}`;
  const existed = resubmitted ? 0 : (end?.nbAlreadyExisted ?? 0);
  const doubt = `${existed} of the users of import${job} were made by somebody else meanwhile, and the server does not say who`;
  const why = /^failed$/i.test(end?.status ?? "") ? `import${job} failed as a whole` : "the server does not say why";
  for (const { externalId } of sent) {
    const id = found.get(externalId);
    if (id === undefined) progress.results[externalId] = { outcome: "failed", reason: `${why}; look up import${job} in its audit log` };
    else if (existed >= found.size) progress.results[externalId] = { outcome: "alreadyExisted", id };
    else progress.results[externalId] = { outcome: "imported", id, ...(existed > 0 && { reason: doubt }) };
  }
}

/** Whether two lists hold the same users, in any order. */
export function sameUsers(before: unknown, after: unknown): boolean {
  const byId = (users: unknown) => (Array.isArray(users) ? Object.fromEntries(users.map((user) => [user?.externalId, user])) : users);
  return isDeepStrictEqual(byId(before), byId(after));
}
