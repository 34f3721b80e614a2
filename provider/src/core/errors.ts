/** What a vendor's answer says about a failure, already cut down to what may be shown. */
export interface VendorFacts {
  /** HTTP status of the answer; absent when there was none. */
  status?: number;
  /** The vendor's own error code, such as `400.1.409`. */
  vendorCode?: string;
  /** The vendor's own words. */
  words?: string;
  /** Ids under which the vendor's support finds the call. */
  trackingId?: string;
  requestId?: string;
}

/**
 * The base of every failure this library reports.
 *
 * Message: the action and the object; the vendor's status, code and words; what to do next; the vendor's ids of the call.
 * The code at its end is stable and the same for every vendor; everything else is for people.
 */
export abstract class IdentityError extends Error {
  static readonly code: string;

  /**
   * @param what what was being done to which object, and what went wrong
   * @param next what the reader can do about it
   * @param facts what the vendor answered
   */
  constructor(
    readonly what: string,
    readonly next?: string,
    readonly facts: VendorFacts = {},
  ) {
    super(layOut(what, next, new.target.code, facts));
    this.name = new.target.name;
  }

  /** The stable name of this kind of failure, such as `IDP_CONFLICT`. */
  get code(): string {
    return (this.constructor as typeof IdentityError).code;
  }
}

function layOut(what: string, next: string | undefined, code: string, facts: VendorFacts): string {
  const answer = [facts.status && `HTTP ${facts.status}`, facts.vendorCode, facts.words].filter(Boolean).join(", ");
  const ids = [code, facts.trackingId && `tracking id ${facts.trackingId}`, facts.requestId && `request id ${facts.requestId}`]
    .filter(Boolean)
    .join(", ");
  const sentences = [answer ? `${withoutFullStop(what)}: ${answer}` : what, next]
    .filter((part): part is string => Boolean(part))
    .map(withoutFullStop);
  return `${sentences.join(". ")} (${ids}).`;
}

function withoutFullStop(sentence: string): string {
  return sentence.trim().replace(/\.+$/, "");
}

/** A setting is missing or wrong. Do: set the key or the environment variable the message names. */
export class ConfigError extends IdentityError {
  static override readonly code = "IDP_CONFIG";
}

/** An argument of a function or command is missing or wrong. Do: correct what the message names; nothing was sent. */
export class InputError extends IdentityError {
  static override readonly code = "IDP_INPUT";
}

/** The vendor does not accept the credentials. Do: check the client id and secret, and that the client is still enabled. */
export class AuthError extends IdentityError {
  static override readonly code = "IDP_AUTH";
}

/** The credentials are good but may not do this. Do: give the client the right the message names. */
export class ForbiddenError extends IdentityError {
  static override readonly code = "IDP_FORBIDDEN";
}

/** The object, or one it refers to, is not in the tenant. Do: correct the reference, or run `pulumi refresh` if it was removed elsewhere. */
export class NotFoundError extends IdentityError {
  static override readonly code = "IDP_NOT_FOUND";
}

/** Another object holds what this one needs, such as its name. Do: take that object over, or choose another value. */
export class ConflictError extends IdentityError {
  static override readonly code = "IDP_CONFLICT";
}

/** The vendor refuses the values sent. Do: correct what its words name. */
export class RejectedError extends IdentityError {
  static override readonly code = "IDP_REJECTED";
}

/** The vendor asks to wait longer than the configured budget. Do: run again after the time it names, or raise `maxWaitSeconds`. */
export class ThrottledError extends IdentityError {
  static override readonly code = "IDP_THROTTLED";
}

/** The vendor cannot be reached or fails inside, and repeating did not help. Do: check address, proxy and the vendor's status page; run again. */
export class UnavailableError extends IdentityError {
  static override readonly code = "IDP_UNAVAILABLE";
}

/** A write was sent and its answer never came. Do: run `pulumi up` again; it looks at what is there before it writes. */
export class LostAnswerError extends IdentityError {
  static override readonly code = "IDP_LOST_ANSWER";
}

/** The answer is not what the vendor's API describes: not JSON, too large, or without a field that must be there. Do: check the base URL and any proxy. */
export class ContractError extends IdentityError {
  static override readonly code = "IDP_CONTRACT";
}

/** A safety rule of this library stopped the call. Do: read what would have been lost; the message names the switch that allows it. */
export class GuardError extends IdentityError {
  static override readonly code = "IDP_GUARD";
}

/** The credentials lead to another tenant than the one the object is in. Do: point the connection back, or move the resource on purpose. */
export class WrongTenantError extends IdentityError {
  static override readonly code = "IDP_WRONG_TENANT";
}

/** A job at the vendor ended badly or did not end in time. Do: read the job's messages; raise the timeout if it was only slow. */
export class TaskError extends IdentityError {
  static override readonly code = "IDP_TASK";
}

/** An operation took longer than customTimeouts allows. Do: give it more time, or find out what it waited for; `pulumi up` again goes on from what is there. */
export class TimeoutError extends IdentityError {
  static override readonly code = "IDP_TIMEOUT";
}

/**
 * A write got half-way. What is true now is kept in state, and the next `pulumi up` finishes the rest.
 * Do: mend the cause named in the message and run `pulumi up` again.
 */
export class PartialError extends IdentityError {
  static override readonly code = "IDP_PARTIAL";

  constructor(
    /** The object's id. */
    readonly id: string,
    /** The object's state as it is now. */
    readonly state: Record<string, unknown>,
    cause: Error,
  ) {
    const { what, next, facts } = cause instanceof IdentityError ? cause : { what: cause.message, next: undefined, facts: {} };
    const kept = "What was done before is kept in state; the next `pulumi up` finishes the rest";
    super(what, next ? `${withoutFullStop(next)}. ${kept}` : kept, facts);
    this.cause = cause;
  }
}
