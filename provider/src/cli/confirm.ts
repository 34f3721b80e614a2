import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import { GuardError } from "../core/errors";

/**
 * Asks a person before something is done that cannot be undone.
 *
 * In:     what, as an order; yes, whether the person has said so beforehand; input, where the answer comes from.
 * Errors: GuardError for any answer but yes, and where there is no terminal, so that no script waits for an answer for ever.
 */
export async function confirm(what: string, yes: boolean, input: Readable & { isTTY?: boolean } = process.stdin): Promise<void> {
  if (yes) return;
  if (!input.isTTY) throw new GuardError(`${what}: there is no terminal to ask at`, "Nothing was sent. Give --yes if it is meant");
  const lines = createInterface({ input, output: process.stderr });
  // At the end of the input nobody has said yes.
  const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question(`${what}? [y/N] `), closed]);
  lines.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new GuardError(`${what}: that was not confirmed`, "Nothing was sent");
}
