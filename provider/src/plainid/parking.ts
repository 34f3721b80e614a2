import { createHash } from "node:crypto";

const MARK = "__parked_";

/**
 * The id that a source bears while another one takes over its own, as when two are exchanged.
 *
 * It tells whose source it is to whoever finds it, such as the next run after a crash: the id it had, and a digest of its resource's id.
 */
export function parkedId(owner: string, sourceId: string): string {
  return `${sourceId}${MARK}${createHash("sha256").update(`${owner} ${sourceId}`).digest("hex").slice(0, 8)}`;
}

/** Whether an id is a temporary one of this library. */
export function isParked(sourceId: string): boolean {
  return /__parked_[0-9a-f]{8}$/.test(sourceId);
}

/** The id that a parked source had before, or undefined for one that is not parked. */
export function idBeforeParking(sourceId: string): string | undefined {
  return isParked(sourceId) ? sourceId.slice(0, sourceId.lastIndexOf(MARK)) : undefined;
}
