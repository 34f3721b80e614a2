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
  signal?: AbortSignal;
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
}

/** What became of one attempt: an answer, or the error and whether the same call may be sent again. */
type Outcome = { answer: Answer } | { error: IdentityError; repeat: boolean };

/**
 * Sends calls to one tenant: paced by its limit, with its token, repeated where that is safe, every failure a named error.
 *
 * Errors: those of errors.ts. A call that may not be repeated and whose answer is lost ends in LostAnswerError, after which the caller
 * has to look at the vendor's object before it writes again.
 */
export class HttpClient {
  constructor(private readonly options: ClientOptions) {}

  /** Sends a call with the tenant's token. A token refused with 401 is replaced once. */
  async send(call: Call, tokens: TokenSource): Promise<Answer> {
    let renewed = false;
    for (;;) {
      let used: Token | undefined;
      const answer = await this.persist(call, async () => {
        const release = await this.options.limiter.acquire();
        let throttled = false;
        try {
          used = await tokens.get();
          const outcome = await this.attempt(call, { authorization: `Bearer ${used.value}` }, [used.value]);
          throttled = statusOf(outcome) === 429;
          return outcome;
        } finally {
          release({ throttled });
        }
      });
      if (answer.status !== 401) return answer;
      if (renewed) throw this.failure(call, answer, [], AuthError, "The client was disabled or lost its rights while this ran");
      if (used) await tokens.discard(used);
      renewed = true;
    }
  }

  /** Sends a call that needs no token, such as the request for one. It does not queue, because every other call waits for it. */
  sendAnonymous(call: Call): Promise<Answer> {
    return this.persist(call, () => {
      this.options.limiter.count();
      return this.attempt(call, {}, []);
    });
  }

  /** Repeats attempts until one is final. Waits a vendor asked for count against `maxWaitMs`; failures count against MAX_ATTEMPTS. */
  private async persist(call: Call, attempt: () => Promise<Outcome>): Promise<Answer> {
    const { clock, limiter, log, maxWaitMs } = this.options;
    let failures = 0;
    let refusals = 0;
    let waitedMs = 0;
    for (;;) {
      const outcome = await attempt();
      const status = statusOf(outcome);
      if (status === 429 && "answer" in outcome) {
        // A throttled call was not processed, so any method may be repeated, and the vendor's own time is waited for in full.
        refusals += 1;
        const pause = retryAfterMs(outcome.answer.headers, Date.now()) ?? backoffMs(refusals, clock.random());
        limiter.pause(pause);
        if (waitedMs + pause > maxWaitMs) throw tooLong(waitedMs + pause, maxWaitMs);
        log.progress(`${this.options.dialect.vendor} limits the rate of calls; resuming in ${Math.ceil(pause / 1000)} s`);
        waitedMs += pause;
        await clock.sleep(pause, call.signal);
      } else if ("answer" in outcome) {
        return outcome.answer;
      } else {
        failures += 1;
        if (!outcome.repeat || failures >= MAX_ATTEMPTS) throw outcome.error;
        await clock.sleep(backoffMs(failures, clock.random()), call.signal);
      }
    }
  }

  /** One exchange over the wire. Answers below 400, and 401 and 429, are handed back; everything else is an error. */
  private async attempt(call: Call, auth: Record<string, string>, secrets: string[]): Promise<Outcome> {
    const repeatable = call.repeatable ?? !["POST", "PATCH"].includes(call.method);
    let answer: Answer;
    try {
      answer = await this.exchange(call, auth);
    } catch (error) {
      return this.networkFailure(call, error, repeatable, secrets);
    }
    if (answer.status < 300 || answer.status === 401 || answer.status === 429) {
      if (!(answer.body instanceof Unreadable)) return { answer };
      const unreadable = this.failure(call, answer, secrets, ContractError, answer.body.next);
      if (answer.status < 300 && !repeatable) return { error: this.lost(unreadable), repeat: false };
      return answer.status < 300 ? { error: unreadable, repeat: false } : { answer: { ...answer, body: undefined } };
    }
    if (answer.status >= 500) {
      const error = this.failure(
        call,
        answer,
        secrets,
        UnavailableError,
        "Try again later, and look at the vendor's status page if it goes on",
      );
      return repeatable ? { error, repeat: true } : { error: this.lost(error), repeat: false };
    }
    return { error: this.refusal(call, answer, secrets), repeat: false };
  }

  private async exchange(call: Call, auth: Record<string, string>): Promise<Answer> {
    const { baseUrl, dispatcher, headersTimeoutMs, bodyTimeoutMs } = this.options;
    const form = call.body instanceof URLSearchParams;
    const type = form ? "application/x-www-form-urlencoded" : (call.contentType ?? "application/json");
    const response = await request(`${baseUrl}${call.path}${queryString(call.query)}`, {
      method: call.method,
      headers: {
        accept: "application/json",
        "accept-encoding": "identity",
        ...(call.body === undefined ? {} : { "content-type": type }),
        ...call.headers,
        ...auth,
      },
      body: call.body === undefined ? undefined : form ? String(call.body) : JSON.stringify(call.body),
      dispatcher,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
      signal: call.signal,
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
    const bytes = Buffer.concat(chunks);
    try {
      // No coding was asked for, so Content-Encoding is not acted on: vendors also put a charset there.
      return JSON.parse(bytes.toString("utf8"));
    } catch {
      const type = [headers["content-type"], headers["content-encoding"]].filter(Boolean).join(", ") || "no content type";
      return new Unreadable(bytes.toString("utf8"), `The answer is not JSON (${type}); check the base URL and any proxy in between`);
    }
  }

  private networkFailure(call: Call, thrown: unknown, repeatable: boolean, secrets: string[]): Outcome {
    const cause = thrown as Error & { code?: string };
    if (call.signal?.aborted) throw thrown;
    const words = redact(cause.message || String(cause.code), [...this.options.secrets, ...secrets]);
    const make = (next: string) => {
      const error = new UnavailableError(`${call.action} failed: ${this.options.baseUrl} gave no answer: ${words}`, next);
      error.cause = cause;
      return error;
    };
    if (isRefusedCertificate(cause.code)) return { error: make(certificateTrouble(cause.code)), repeat: false };
    if (wasNeverSent(cause.code)) return { error: make("Check the address, the network and any proxy"), repeat: true };
    // An error nobody knows is a bug and must surface as it is.
    if (!wasPerhapsSent(cause.code)) throw thrown;
    const error = make("Check the network, and raise requestTimeoutSeconds if the vendor is only slow");
    return repeatable ? { error, repeat: true } : { error: this.lost(error), repeat: false };
  }

  /** A 3xx or 4xx that means what it says. */
  private refusal(call: Call, answer: Answer, secrets: string[]): IdentityError {
    if (answer.status < 400) {
      const target = String(answer.headers.location ?? "nowhere");
      return this.failure(
        call,
        answer,
        secrets,
        ContractError,
        `The server redirects to ${target}; set the base URL to the API's own address`,
      );
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
    return new Kind(`${call.action} failed`, next && redact(next, this.options.secrets), this.facts(answer, secrets));
  }

  private facts(answer: Answer, secrets: string[]): VendorFacts {
    const { dialect } = this.options;
    const clean = (text: string | undefined) => text && redact(text, [...this.options.secrets, ...secrets]);
    const found = answer.body instanceof Unreadable ? { words: answer.body.excerpt() } : dialect.readFailure(answer.body);
    const requestId = answer.headers[dialect.requestIdHeader];
    return {
      status: answer.status,
      vendorCode: clean(found.vendorCode),
      words: clean(found.words),
      trackingId: "trackingId" in found ? clean(found.trackingId) : undefined,
      requestId: typeof requestId === "string" ? requestId : undefined,
    };
  }
}

/** An answer that is not JSON. Kept apart from parsed bodies so that nobody mistakes one for the other. */
class Unreadable {
  constructor(
    private readonly text: string,
    readonly next: string,
  ) {}

  /** The first words of the answer without markup, for a person to recognise a proxy's or gateway's page. */
  excerpt(): string {
    const words = this.text
      .replace(/<(style|script|head)[\s\S]*?<\/\1>/gi, " ")
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
    return words.length > 200 ? `${words.slice(0, 200)}…` : words;
  }
}

function statusOf(outcome: Outcome): number | undefined {
  return "answer" in outcome ? outcome.answer.status : outcome.error.facts.status;
}

function queryString(query: Call["query"]): string {
  if (!query) return "";
  return `?${Object.entries(query)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join("&")}`;
}
