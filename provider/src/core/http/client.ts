import { type Dispatcher, request } from "undici";
import type { Clock } from "../clock";
import {
  AuthError,
  ConflictError,
  ContractError,
  ForbiddenError,
  type IdentityError,
  LostAnswerError,
  NotFoundError,
  RejectedError,
  UnavailableError,
  type VendorFacts,
} from "../errors";
import type { Log } from "../log";
import type { Token, TokenSource } from "./auth";
import { type Limiter, tooLong } from "./limits";
import { redact } from "./redact";
import { certificateTrouble, isRefusedCertificate, MAX_ATTEMPTS, wasNeverSent, wasPerhapsSent } from "./retry";
import { backoffMs, type Headers, retryAfterMs } from "./timing";

/** One call to a vendor. */
export interface Call {
  /** What the call does, in words that can begin an error message: "Reading identity profile 2c91". */
  action: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the base URL, percent-encoded. */
  path: string;
  query?: Record<string, string | number | boolean>;
  headers?: Record<string, string>;
  /** Sent as JSON, or as a form when it is URLSearchParams. */
  body?: unknown;
  /** Media type of a JSON body where the vendor wants another one than `application/json`. */
  contentType?: string;
  /** Whether the call may be sent again when nobody knows if the first one arrived. Default: true for everything but POST and PATCH. */
  repeatable?: boolean;
  /** What to tell the reader to do when the vendor forbids the call. */
  rights?: string;
  /** Secrets that the body holds: what the vendor repeats of them is masked. */
  secrets?: string[];
  /** Makes for each attempt anew what may be sent only once. */
  renew?(): Pick<Call, "body" | "secrets">;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed JSON; undefined when the answer was empty. */
  body: unknown;
}

/** How one vendor talks: where its answers keep ids and error texts. */
export interface Dialect {
  /** The vendor's name for people. */
  vendor: string;
  /** Name of the answer header with the vendor's id of the call, in lower case. */
  requestIdHeader: string;
  /** Media type of JSON bodies, and the one asked for in answers, where it is not `application/json`. */
  mediaType?: string;
  /** Whether a call that may be repeated is repeated after this status of 408, or of 500 or more. Default: after every one. */
  repeatsAfter?(status: number, call: Call): boolean;
  /** Finds code, words and tracking id in the body of a failure, whatever its shape. */
  readFailure(body: unknown): Pick<VendorFacts, "vendorCode" | "words" | "trackingId">;
  /** Whether a refusal means that another object holds what this one needs, where the vendor says so with another status than 409. */
  isConflict?(facts: VendorFacts): boolean;
}

export interface ClientOptions {
  /** Scheme, host and port, without a slash at the end. */
  baseUrl: string;
  dialect: Dialect;
  dispatcher: Dispatcher;
  limiter: Limiter;
  clock: Clock;
  log: Log;
  /** The longest one call waits in all for a throttling vendor, in milliseconds. */
  maxWaitMs: number;
  /** The largest answer accepted, in bytes. */
  maxAnswerBytes: number;
  headersTimeoutMs: number;
  bodyTimeoutMs: number;
  /** What never may appear in a message. */
  secrets: string[];
  /** Ends waiting and reading. */
  signal?: AbortSignal;
}

/** How many redirections of one call are followed: enough for a load balancer in front of another, few enough to notice a loop. */
const MAX_REDIRECTIONS = 3;

/** The longest text of a page, and of a vendor's error, that a message repeats, in characters. */
const MAX_PAGE_LENGTH = 200;
const MAX_WORDS_LENGTH = 1000;

/** What became of one attempt. */
type Outcome =
  | { kind: "answered"; answer: Answer }
  /** Refused for its rate and not processed; `pauseMs` is how long the vendor asks to be left alone. */
  | { kind: "throttled"; pauseMs?: number; facts: VendorFacts }
  /** `repeat`: whether the same call may be sent again, after `pauseMs` if the vendor names a time. */
  | { kind: "failed"; error: IdentityError; repeat: boolean; pauseMs?: number };

/**
 * Sends calls to one tenant: paced by its limit, with its token, repeated where that is safe, every failure a named error.
 *
 * Errors: those of errors.ts. A call that may not be repeated and whose answer is lost ends in LostAnswerError, after which the caller
 * has to look at the vendor's object before it writes again.
 */
export class HttpClient {
  constructor(private readonly options: ClientOptions) {}

  /** The same client for calls that end when the signal aborts: those that wait or read. A write under way is never given up half-known. */
  within(signal: AbortSignal): HttpClient {
    return new HttpClient({ ...this.options, signal });
  }

  /** Sends a call with the tenant's token. A token refused with 401 is replaced once. */
  async send(call: Call, tokens: TokenSource): Promise<Answer> {
    let renewed = false;
    for (;;) {
      let used: Token | undefined;
      try {
        return await this.persist(call, async () => {
          const release = await this.options.limiter.acquire(this.options.signal);
          let throttled = false;
          try {
            used = await tokens.get();
            const outcome = await this.attempt(call, used);
            throttled = outcome.kind === "throttled";
            return outcome;
          } finally {
            release({ throttled });
          }
        });
      } catch (error) {
        if (!(error instanceof AuthError) || used === undefined || renewed) throw error;
        await tokens.discard(used);
        renewed = true;
      }
    }
  }

  /**
   * Sends a call that needs no token, such as the request for one. It does not queue, because every other call waits for it.
   *
   * Errors: AuthError when the vendor answers 401.
   */
  sendAnonymous(call: Call): Promise<Answer> {
    return this.persist(call, () => {
      this.options.limiter.count();
      return this.attempt(call);
    });
  }

  /** Repeats attempts until one is final. Waits a vendor asked for count against `maxWaitMs`; failures count against MAX_ATTEMPTS. */
  private async persist(call: Call, attempt: () => Promise<Outcome>): Promise<Answer> {
    const { clock, limiter, log, maxWaitMs, signal } = this.options;
    let failures = 0;
    let refusals = 0;
    let waitedMs = 0;
    for (;;) {
      const outcome = await attempt();
      if (outcome.kind === "answered") return outcome.answer;
      if (outcome.kind === "throttled") {
        // Any method may be repeated, and the vendor's own time is waited for in full. "Now" from one that refuses is no time.
        refusals += 1;
        const pauseMs = outcome.pauseMs || backoffMs(refusals, clock.random());
        limiter.pause(pauseMs);
        waitedMs += pauseMs;
        if (waitedMs > maxWaitMs) throw tooLong(waitedMs, maxWaitMs, call.action, outcome.facts);
        log.progress(`${this.options.dialect.vendor} limits the rate of calls; resuming in ${Math.ceil(pauseMs / 1000)} s`);
        await clock.sleep(pauseMs, signal);
      } else {
        failures += 1;
        if (!outcome.repeat || failures >= MAX_ATTEMPTS) throw outcome.error;
        await clock.sleep(outcome.pauseMs ?? backoffMs(failures, clock.random()), signal);
      }
    }
  }

  /** One exchange over the wire. Only answers below 300 are handed back. */
  private async attempt(asked: Call, token?: Token): Promise<Outcome> {
    const call = { ...asked, ...asked.renew?.() };
    const repeatable = call.repeatable ?? !["POST", "PATCH"].includes(call.method);
    const secrets = [...this.options.secrets, ...(call.secrets ?? []), ...(token ? [token.value] : [])];
    let answer: Answer;
    try {
      answer = await this.exchange(call, token);
    } catch (error) {
      return this.networkFailure(call, error, repeatable, secrets);
    }
    if (answer.status === 429) {
      return { kind: "throttled", pauseMs: retryAfterMs(answer.headers, Date.now()), facts: this.facts(answer, secrets) };
    }
    if (answer.status < 300) {
      if (!(answer.body instanceof Unreadable)) return { kind: "answered", answer };
      const error = this.failure(call, answer, secrets, ContractError, answer.body.next);
      return { kind: "failed", error: repeatable ? error : this.lost(error), repeat: false };
    }
    // 501 is no accident: the server has no such function, and did nothing. 408 is one: the server, or a gateway, gave up waiting.
    if (answer.status === 408 || (answer.status >= 500 && answer.status !== 501)) {
      const next = "Try again later, and look at the vendor's status page if it goes on";
      const error = this.failure(call, answer, secrets, UnavailableError, next);
      const pauseMs = retryAfterMs(answer.headers, Date.now());
      const mayRepeat = repeatable && (this.options.dialect.repeatsAfter?.(answer.status, call) ?? true);
      const repeat = mayRepeat && (pauseMs ?? 0) <= this.options.maxWaitMs;
      return { kind: "failed", error: repeatable ? error : this.lost(error), repeat, pauseMs };
    }
    return { kind: "failed", error: this.refusal(call, answer, secrets, token), repeat: false };
  }

  /** Follows 307 and 308, which ask for the same call at another place and say that it was not processed at this one. */
  private async exchange(call: Call, token?: Token): Promise<Answer> {
    let url = `${this.options.baseUrl}${call.path}${queryString(call.query)}`;
    for (let redirections = 0; ; redirections += 1) {
      const answer = await this.exchangeAt(url, call, token);
      const target = [307, 308].includes(answer.status) ? redirection(answer.headers.location, url) : undefined;
      if (target === undefined || redirections >= MAX_REDIRECTIONS) return answer;
      url = target;
    }
  }

  private async exchangeAt(url: string, call: Call, token?: Token): Promise<Answer> {
    const { dialect, dispatcher, headersTimeoutMs, bodyTimeoutMs, signal } = this.options;
    const form = call.body instanceof URLSearchParams;
    const mediaType = dialect.mediaType ?? "application/json";
    const type = form ? "application/x-www-form-urlencoded" : (call.contentType ?? mediaType);
    const response = await request(url, {
      method: call.method,
      headers: {
        accept: mediaType,
        "accept-encoding": "identity",
        ...(call.body === undefined ? {} : { "content-type": type }),
        ...call.headers,
        ...(token && { authorization: `Bearer ${token.value}` }),
      },
      body: call.body === undefined ? undefined : form ? String(call.body) : JSON.stringify(call.body),
      dispatcher,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      signal: call.method === "GET" ? signal : undefined,
    });
    const headers = response.headers as Headers;
    return { status: response.statusCode, headers, body: await this.readBody(response.body, headers) };
  }

  /** Reads at most `maxAnswerBytes` and parses JSON; anything else becomes an Unreadable that says what came instead. */
  private async readBody(body: Dispatcher.ResponseData["body"], headers: Headers): Promise<unknown> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > this.options.maxAnswerBytes) {
        body.destroy();
        return new Unreadable(
          "",
          `The answer is larger than the ${this.options.maxAnswerBytes} bytes accepted; check that the base URL is the API's`,
        );
      }
      chunks.push(chunk);
    }
    if (size === 0) return undefined;
    const text = new TextDecoder().decode(Buffer.concat(chunks));
    try {
      // No coding was asked for, so Content-Encoding is not acted on: vendors also put a charset there.
      // The decoder drops a byte order mark, which some servers put first.
      return JSON.parse(text);
    } catch {
      const type = [headers["content-type"], headers["content-encoding"]].filter(Boolean).join(", ") || "no content type";
      return new Unreadable(text, `The answer is not JSON (${type}); check the base URL and any proxy in between`);
    }
  }

  private networkFailure(call: Call, thrown: unknown, repeatable: boolean, secrets: string[]): Outcome {
    const cause = thrown as Error & { code?: string };
    if (this.options.signal?.aborted) throw thrown;
    // Not every error of the parser has a code.
    const code = cause.code ?? cause.name;
    const words = redact(cause.message || code, secrets);
    const make = (next: string) => {
      const error = new UnavailableError(`${call.action} failed: ${this.options.baseUrl} gave no answer: ${words}`, next);
      error.cause = cause;
      return error;
    };
    if (isRefusedCertificate(code)) return { kind: "failed", error: make(certificateTrouble(code)), repeat: false };
    if (wasNeverSent(code)) return { kind: "failed", error: make("Check the address, the network and any proxy"), repeat: true };
    // An error nobody knows is a bug and must surface as it is.
    if (!wasPerhapsSent(code)) throw thrown;
    const error = make("Check the network, and raise requestTimeoutSeconds if the vendor is only slow");
    return { kind: "failed", error: repeatable ? error : this.lost(error), repeat: repeatable };
  }

  /** A 3xx or 4xx that means what it says. */
  private refusal(call: Call, answer: Answer, secrets: string[], token?: Token): IdentityError {
    if (answer.status < 400) {
      const next = `The server redirects to ${answer.headers.location ?? "nowhere"}; set the base URL to the API's own address`;
      return this.failure(call, answer, secrets, ContractError, next);
    }
    if (answer.status === 401) {
      const rights = call.rights ?? "Check the client's id and secret";
      const next = token ? `The client was disabled or lost its rights while this ran. ${rights}` : rights;
      return this.failure(call, answer, secrets, AuthError, next);
    }
    const facts = this.facts(answer, secrets);
    if (answer.status === 409 || this.options.dialect.isConflict?.(facts)) return this.failure(call, answer, secrets, ConflictError);
    if (answer.status === 403)
      return this.failure(call, answer, secrets, ForbiddenError, call.rights ?? "Give the client the right to do this");
    if (answer.status === 404) return this.failure(call, answer, secrets, NotFoundError);
    return this.failure(call, answer, secrets, RejectedError);
  }

  private lost(cause: IdentityError): LostAnswerError {
    const error = new LostAnswerError(cause.what, "It is not known whether the vendor did it", cause.facts);
    error.cause = cause;
    return error;
  }

  private failure<E extends IdentityError>(
    call: Call,
    answer: Answer,
    secrets: string[],
    Kind: new (what: string, next?: string, facts?: VendorFacts) => E,
    next?: string,
  ): E {
    return new Kind(`${call.action} failed`, next && redact(next, secrets), this.facts(answer, secrets));
  }

  private facts({ status, headers, body }: Answer, secrets: string[]): VendorFacts {
    const { dialect } = this.options;
    // Masked before anything is cut off: the half of a secret is not recognised any more.
    const clean = (text: string | undefined) => text && shorten(redact(text, secrets), MAX_WORDS_LENGTH);
    const found = body instanceof Unreadable ? { words: excerpt(redact(body.text, secrets)) } : dialect.readFailure(body);
    const requestId = headers[dialect.requestIdHeader];
    return {
      status,
      vendorCode: clean(found.vendorCode),
      words: clean(found.words),
      trackingId: clean(found.trackingId),
      requestId: typeof requestId === "string" ? requestId : undefined,
    };
  }
}

/** An answer that is not JSON. Kept apart from parsed bodies so that nobody mistakes one for the other. */
class Unreadable {
  constructor(
    readonly text: string,
    /** What to do about it. */
    readonly next: string,
  ) {}
}

/** The first words of a page without markup, for a person to recognise a proxy's or gateway's. */
function excerpt(page: string): string {
  const words = page
    .slice(0, 100 * MAX_PAGE_LENGTH)
    .replace(/<(style|script|head)[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/[\s\p{C}]+/gu, " ");
  return shorten(words, MAX_PAGE_LENGTH);
}

function shorten(text: string, length: number): string {
  const trimmed = text.trim();
  return trimmed.length > length ? `${trimmed.slice(0, length).trim()}…` : trimmed;
}

/** The address to repeat a call at; undefined when it is none, or at another server, which must never see the token. */
function redirection(location: string | string[] | undefined, from: string): string | undefined {
  if (typeof location !== "string" || !URL.canParse(location, from)) return undefined;
  const target = new URL(location, from);
  return target.origin === new URL(from).origin ? target.href : undefined;
}

function queryString(query: Call["query"]): string {
  if (!query) return "";
  return `?${Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join("&")}`;
}
