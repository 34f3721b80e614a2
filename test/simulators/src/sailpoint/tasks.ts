import type { Tenant } from "./store.js";
import type { SailPointSwitches } from "./switches.js";
import type { Task } from "./types.js";

const NAME = "Background Object Terminator";
const DESCRIPTION = "Deletes objects in the background.";

/** The TaskResultSimplified that answers a deletion. Its status is always null: nothing has ended yet. */
export function taskResult({ id, launchedAt }: Task) {
  const launched = shellDate(launchedAt);
  return {
    id,
    name: `${NAME} ${id.slice(0, 8)}`,
    description: DESCRIPTION,
    launcher: "support",
    launched,
    completed: null,
    completionStatus: null,
  };
}

/** The TaskStatus that polling sees, upper case and ISO 8601 where the answer to the deletion has neither. */
export function taskStatus(task: Task, tenant: Tenant, now: number, { taskStatusCase }: SailPointSwitches) {
  const { id, outcome, launchedAt, endsAt } = task;
  const ended = tenant.hasEnded(task);
  const failed = ["ERROR", "TERMINATED", "TEMPERROR"].includes(outcome);
  const completionStatus = taskStatusCase === "upper" ? outcome : TITLE_CASE[outcome];
  return {
    id,
    type: "QUARTZ",
    uniqueName: `${NAME} ${id.slice(0, 8)}`,
    description: DESCRIPTION,
    parentName: null,
    launcher: "support",
    target: null,
    created: launchedAt,
    modified: ended ? endsAt : launchedAt,
    launched: launchedAt,
    completed: ended ? endsAt : null,
    completionStatus: ended ? completionStatus : null,
    messages: ended && outcome !== "SUCCESS" ? [message(failed ? "ERROR" : "WARN", task)] : [],
    returns: [],
    attributes: {},
    progress: ended ? null : "Deleting",
    percentComplete: ended ? 100 : percent(Date.parse(launchedAt), endsAt, now),
  };
}

const TITLE_CASE = { SUCCESS: "Success", WARNING: "Warning", ERROR: "Error", TERMINATED: "Terminated", TEMPERROR: "TempError" } as const;

function message(type: "WARN" | "ERROR", { profileIds }: Task) {
  const text = type === "ERROR" ? `Identity profile ${profileIds.join(", ")} could not be deleted.` : "Some objects were not found.";
  return { type, key: "task_result_message", localizedText: { locale: "en-US", message: text }, parameters: profileIds };
}

function percent(launched: number, endsAt: string | null, now: number): number {
  if (endsAt === null) return 50;
  return Math.floor((99 * (now - launched)) / Math.max(1, Date.parse(endsAt) - launched));
}

/** Declared as date-time, yet answered in the form of the date command: clients must not parse it. */
function shellDate(time: string): string {
  return new Date(time).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/, "$1 $3 $2 $5 GMT $4");
}
