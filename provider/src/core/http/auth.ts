import type { Clock } from "../clock";
import { AuthError } from "../errors";
import { renewBeforeMs } from "./timing";

export interface Token {
  /** The bearer token itself. */
  value: string;
  /** Lifetime in seconds as the vendor gave it. */
  expiresInSeconds: number;
  /** The tenant the vendor says the token belongs to, if it says so. */
  tenant?: string;
}

/**
 * The one token of a tenant and client, shared by every call.
 *
 * Calls that come while a token is being fetched wait for that same fetch. A refused secret is remembered and never sent again, because some
 * vendors lock a client after a few wrong attempts.
 */
export class TokenSource {
  private current: Promise<Token> | undefined;
  private renewAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly fetch: () => Promise<Token>,
    private readonly clock: Clock,
  ) {}

  /** Errors: AuthError for refused credentials; whatever `fetch` throws otherwise. */
  get(): Promise<Token> {
    if (this.current === undefined || this.clock.now() >= this.renewAt) this.current = this.renew();
    return this.current;
  }

  /** Forgets a token the vendor no longer accepts, unless it has been replaced meanwhile. */
  async discard(token: Token): Promise<void> {
    const asked = this.current;
    if (asked && (await asked) === token && this.current === asked) this.current = undefined;
  }

  private async renew(): Promise<Token> {
    this.renewAt = Number.POSITIVE_INFINITY;
    try {
      // Never at once, or a `fetch` that throws before it waits would be forgotten before `current` holds it, and remembered from then on.
      const token = await Promise.resolve().then(this.fetch);
      const lifetimeMs = token.expiresInSeconds * 1000;
      this.renewAt = this.clock.now() + lifetimeMs - renewBeforeMs(lifetimeMs);
      return token;
    } catch (error) {
      if (!(error instanceof AuthError)) this.current = undefined;
      throw error;
    }
  }
}
