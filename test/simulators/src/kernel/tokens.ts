import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.js";

/** A client that may ask for tokens. */
export interface Client {
  clientId: string;
  clientSecret: string;
}

/** What a token stands for. */
export interface Grant<C extends Client = Client> {
  client: C;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Issues bearer tokens and recognises its own. */
export class Tokens<C extends Client = Client> {
  private readonly grants = new Map<string, Grant<C>>();

  constructor(private readonly clock: Clock) {}

  /**
   * A new token in the shape of a JWT carrying `claims`, `iat` and `exp`.
   * The signature is random: recognition goes by what was issued here, not by cryptography.
   */
  issue(client: C, lifetimeSeconds: number, claims: Record<string, unknown>): string {
    const now = this.clock.now();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const times = { iat: Math.floor(now / 1000), exp: Math.floor(now / 1000) + lifetimeSeconds };
    const token = [part({ alg: "HS256", typ: "JWT" }), part({ ...claims, ...times }), randomBytes(32).toString("base64url")].join(".");
    this.grants.set(token, { client, expiresAt: now + lifetimeSeconds * 1000 });
    return token;
  }

  /** A new token that tells its holder nothing, with the characters of base64 that addresses and headers trip over. */
  issueOpaque(client: C, lifetimeSeconds: number): string {
    const token = `${randomBytes(24).toString("base64")}+/=`;
    this.grants.set(token, { client, expiresAt: this.clock.now() + lifetimeSeconds * 1000 });
    return token;
  }

  /** What the token of an Authorization header stands for, or why it does not count. */
  check(authorization: string | undefined): Grant<C> | "missing" | "unknown" | "expired" {
    const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    if (!token) return "missing";
    const grant = this.grants.get(token);
    if (!grant) return "unknown";
    return grant.expiresAt > this.clock.now() ? grant : "expired";
  }

  /** Forgets every token: their holders get 401 from now on. */
  revokeAll(): void {
    this.grants.clear();
  }
}
