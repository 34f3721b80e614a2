import { ForbiddenError, NotFoundError, TaskError } from "../core/errors";
import type { Context } from "../core/resource";
import type { IdentityProfile, SailPointApi, TaskStatus } from "./api";
import { observe } from "./observe";

/** How long a deletion may take unless customTimeouts says otherwise. A live one took about 11 s. */
const PATIENCE_MS = 5 * 60_000;
/** How much longer for each further one of the same task. */
const PATIENCE_EACH_MS = 15_000;
/** How long a profile may still be readable after its task says that it is done. */
const AFTERGLOW_MS = 30_000;

/**
 * Deletes profiles, several in one task, and waits until all are gone: the vendor only promises to begin, and keeps sources bound until the end.
 *
 * Errors: TaskError with the task's messages when it fails or outlasts the patience; what is left then stays in state.
 *         A profile that is already gone is a success.
 * Source: developer.sailpoint.com, Identity Profiles, Delete, Delete identity profiles; Task Management, Get Task Status.
 */
export async function awaitDeletion(context: Context<SailPointApi>, ...profiles: IdentityProfile[]): Promise<void> {
  const { api, clock, log, signal, timeoutMs } = context;
  // Of a time that is given, the last tenth is left for saying what happened.
  const patienceMs = timeoutMs === undefined ? PATIENCE_MS + (profiles.length - 1) * PATIENCE_EACH_MS : 0.9 * timeoutMs;
  const startedAt = clock.now();
  const taskId = await start(api, profiles);
  let watchable = taskId !== undefined && api.hasTaskStatus;
  let finishedAt: number | undefined;
  const left = [...profiles];

  for (let pauseMs = 1000; ; pauseMs = Math.min(10_000, pauseMs * 1.5)) {
    if (watchable && finishedAt === undefined) {
      const task = await api.getTaskStatus(taskId as string).catch((error: unknown) => {
        // Who may delete may not always watch, and records vanish: then only the profile itself tells.
        if (error instanceof ForbiddenError || error instanceof NotFoundError) return undefined;
        throw error;
      });
      if (task === undefined) watchable = false;
      else if (isFinished(task)) finishedAt = judge(task, profiles, clock.now());
      else if (task.percentComplete) log.progress(`Deleting identity ${named(profiles)}: ${task.percentComplete} %`);
    }
    if (!watchable || finishedAt !== undefined) {
      // One that is gone is not asked for again, and one that is there is reason enough to wait.
      while (left[0] && (await observe(api, left[0].id, {})) === undefined) left.shift();
      if (left.length === 0) return;
    }
    const waitedMs = clock.now() - startedAt;
    const outlasted = finishedAt === undefined ? waitedMs >= patienceMs : clock.now() - finishedAt >= AFTERGLOW_MS;
    if (outlasted) {
      throw new TaskError(
        `Identity ${named(left, true)} ${left.length === 1 ? "is" : "are"} still there ${Math.round(waitedMs / 1000)} s after ${left.length === 1 ? "its" : "their"} deletion began${taskId ? ` (task ${taskId})` : ""}`,
        "Run again to go on waiting; raise customTimeouts.delete if the tenant is only slow",
      );
    }
    await clock.sleep(finishedAt === undefined ? Math.min(pauseMs, patienceMs - waitedMs) : pauseMs, signal);
  }
}

async function start(api: SailPointApi, [profile, ...others]: IdentityProfile[]): Promise<string | undefined> {
  if (!profile) return undefined;
  if (others.length > 0) return api.deleteIdentityProfiles([profile, ...others].map(({ id }) => id));
  return api.deleteIdentityProfile(profile.id).catch((error: unknown) => {
    // Whether it is really gone, the profile itself tells.
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
}

/** Profiles for a message that begins with "Identity" or "identity". */
function named(profiles: IdentityProfile[], withIds = false): string {
  const each = profiles.map(({ id, name }) => `"${name}"${withIds ? ` (${id})` : ""}`);
  return `${profiles.length === 1 ? "profile" : "profiles"} ${each.join(", ")}`;
}

function isFinished(task: TaskStatus): boolean {
  return Boolean(task.completionStatus) || (task.completed !== null && task.completed !== undefined);
}

/** Takes note of a good end; a bad one is an error. The case of the status varies between the vendor's own endpoints. */
function judge(task: TaskStatus, profiles: IdentityProfile[], now: number): number {
  const status = (task.completionStatus ?? "SUCCESS").toUpperCase();
  if (status === "SUCCESS" || status === "WARNING") return now;
  const words = (task.messages ?? []).map(({ key, localizedText }) => localizedText?.message ?? key).filter(Boolean);
  throw new TaskError(
    `Deleting identity ${named(profiles, true)} ended with ${status}${words.length > 0 ? `: ${words.join(" ")}` : ""}`,
    "What is still there stays in state; remove what holds it and run again",
  );
}
