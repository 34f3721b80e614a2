import { LostAnswerError } from "./errors";
import type { Context } from "./resource";

/**
 * Looks whether a create arrived whose answer was lost. It is never sent a second time: a late arrival would make a duplicate.
 *
 * In:     what is not there if nothing is found, such as "No user of that name"; `look`, which finds the object, and throws when another
 *         one is in its place. It is asked at once and after 1, 3 and 7 s, because the create may still be under way and searches may lag.
 * Out:    the object.
 * Errors: LostAnswerError when it does not show up; whatever `look` throws.
 */
export async function findLost<T>(
  { clock, signal }: Pick<Context<unknown>, "clock" | "signal">,
  error: LostAnswerError,
  absent: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (const waitMs of [0, 1000, 2000, 4000]) {
    await clock.sleep(waitMs, signal);
    const found = await look();
    if (found !== undefined) return found;
  }
  const next = `${absent} is there now. Run \`pulumi up\` again; should the first attempt still arrive, it is recognised`;
  throw new LostAnswerError(error.what, next, error.facts);
}
