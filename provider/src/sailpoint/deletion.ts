import { ForbiddenError, NotFoundError, TaskError } from "../core/errors";
import type { Context } from "../core/resource";
import type { IdentityProfile, SailPointApi, TaskStatus } from "./api";
import { observe } from "./observe";

/** How long a deletion may take unless customTimeouts says otherwise. A live one took about 11 s. */
const PATIENCE_MS = 5 * 60_000;
/** How long a profile may still be readable after its task says that it is done. */
const AFTERGLOW_MS = 30_000;

/**
 * Deletes a profile and waits until it is gone: the vendor only promises to begin, and keeps the source bound until the end.
 *
 * Errors: TaskError with the task's messages when it fails or outlasts the patience; the profile then stays in state.
 *         A profile that is already gone is a success.
 * Source: developer.sailpoint.com, Identity Profiles, Delete; Task Management, Get Task Status.
 */
export async function awaitDeletion(context: Context<SailPointApi>, profile: IdentityProfile): Promise<void> {
  const { api, clock, log, signal, timeoutMs } = context;
  // Of a time that is given, the last tenth is left for saying what happened.
  const patienceMs = timeoutMs === undefined ? PATIENCE_MS : 0.9 * timeoutMs;
  const startedAt = clock.now();
  const taskId = await api.deleteIdentityProfile(profile.id).catch((error: unknown) => {
    // Whether it is really gone, the profile itself tells below.
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  let watchable = taskId !== undefined && api.hasTaskStatus;
  let finishedAt: number | undefined;

  for (let pauseMs = 1000; ; pauseMs = Math.min(10_000, pauseMs * 1.5)) {
    if (watchable && finishedAt === undefined) {
      const task = await api.getTaskStatus(taskId as string).catch((error: unknown) => {
        // Who may delete may not always watch, and records vanish: then only the profile itself tells.
        if (error instanceof ForbiddenError || error instanceof NotFoundError) return undefined;
        throw error;
      });
      if (task === undefined) watchable = false;
      else if (isFinished(task)) finishedAt = judge(task, profile, clock.now());
      else if (task.percentComplete) log.progress(`Deleting identity profile "${profile.name}": ${task.percentComplete} %`);
    }
    if ((!watchable || finishedAt !== undefined) && (await observe(api, profile.id, {})) === undefined) return;
    const waitedMs = clock.now() - startedAt;
    const outlasted = finishedAt === undefined ? waitedMs >= patienceMs : clock.now() - finishedAt >= AFTERGLOW_MS;
    if (outlasted) {
      throw new TaskError(
        `Identity profile "${profile.name}" (${profile.id}) is still there ${Math.round(waitedMs / 1000)} s after its deletion began${taskId ? ` (task ${taskId})` : ""}`,
        "Run again to go on waiting; raise customTimeouts.delete if the tenant is only slow",
      );
    }
    await clock.sleep(finishedAt === undefined ? Math.min(pauseMs, patienceMs - waitedMs) : pauseMs, signal);
  }
}

function isFinished(task: TaskStatus): boolean {
  return Boolean(task.completionStatus) || (task.completed !== null && task.completed !== undefined);
}

/** Takes note of a good end; a bad one is an error. The case of the status varies between the vendor's own endpoints. */
function judge(task: TaskStatus, profile: IdentityProfile, now: number): number {
  const status = (task.completionStatus ?? "SUCCESS").toUpperCase();
  if (status === "SUCCESS" || status === "WARNING") return now;
  const words = (task.messages ?? []).map(({ key, localizedText }) => localizedText?.message ?? key).filter(Boolean);
  throw new TaskError(
    `Deleting identity profile "${profile.name}" (${profile.id}) ended with ${status}${words.length > 0 ? `: ${words.join(" ")}` : ""}`,
    "The profile is still there and stays in state; remove what holds it and run again",
  );
}
