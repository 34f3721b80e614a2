import { z } from "zod";
import { AuthError, ContractError, NotFoundError, RejectedError } from "../errors";
import type { Token } from "./auth";
import type { Call, HttpClient } from "./client";

const tokenAnswer = z.looseObject({ access_token: z.string().trim().min(1), expires_in: z.number().positive() });

/**
 * Asks for a token with client credentials. A lost answer is asked for again: at worst a token is left unused.
 *
 * In:     the call, whose body or headers hold the credentials; what to tell the reader when they are refused, and when the answer holds no token.
 * Out:    the token, and the whole answer for what a vendor adds to it.
 * Errors: AuthError for refused credentials, which vendors answer with 400 or 401; ContractError for an answer without a token, and for a 404.
 * Source: RFC 6749 sections 4.4 and 5.
 */
export async function requestToken(
  client: HttpClient,
  call: Omit<Call, "method" | "repeatable">,
  advice: { refused: string; unreadable: string },
): Promise<{ token: Token; answer: Record<string, unknown> }> {
  const { body } = await client.sendAnonymous({ ...call, method: "POST", repeatable: true }).catch((error: unknown) => {
    if (error instanceof RejectedError || error instanceof AuthError)
      throw new AuthError(`${call.action} failed`, advice.refused, error.facts);
    // The address is wrong. Whoever waits for the token asks for an object, and must not take that for the object's absence.
    if (error instanceof NotFoundError) throw new ContractError(`${call.action} failed`, advice.unreadable, error.facts);
    throw error;
  });
  const parsed = tokenAnswer.safeParse(body);
  if (!parsed.success) throw new ContractError(`${call.action}: the answer holds no token`, advice.unreadable);
  return { token: { value: parsed.data.access_token, expiresInSeconds: parsed.data.expires_in }, answer: parsed.data };
}
