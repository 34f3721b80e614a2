import type { FastifyRequest } from "fastify";
import { Answer } from "../kernel/answer.js";
import type { Failure } from "../kernel/server.js";

/** The vendor's detail codes: number and words. The words vary between services, so clients must match on the number alone. */
const DETAIL = {
  "400.1": "Bad Request Content",
  "400.1.0": "Required Data Missing Or Empty",
  "400.1.1": "Illegal update attempt",
  "400.1.2": "Value length out of range",
  "400.1.3": "Illegal value",
  "400.1.404": "Referenced object not found",
  "400.1.409": "Reference conflict",
  "403": "Forbidden",
  "404": "Not found",
  "405": "Method not allowed",
  "415": "Unsupported media type",
  "500.0": "Internal Fault",
} as const;

export type DetailCode = keyof typeof DETAIL;

/** A refusal in the vendor's terms. Becomes an ErrorResponseDto whose `causes` carry `message`. */
export class Refusal extends Error {
  readonly statusCode: number;
  constructor(
    readonly detailCode: DetailCode,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
    this.statusCode = Number.parseInt(detailCode, 10);
  }
}

/** The gateway's answer over the limit; the spaces are the vendor's. */
export function throttled(seconds: number): Answer {
  return new Answer(429, { message: " Rate Limit Exceeded " }, { "retry-after": String(seconds) });
}

/** The gateway's answer to a token that does not count. */
export function unauthorized(why: string): Answer {
  return new Answer(401, { error: why });
}

/**
 * The vendor's body for a failure.
 *
 * `messages` stays generic and the useful text is in `causes`. A language asked for is answered in a second entry, whose text
 * differs on purpose: clients must not branch on texts.
 */
export function toAnswer(error: Failure, request: FastifyRequest, conflictStatus: number): Answer {
  const status = error.statusCode ?? 500;
  // These come from in front of the application, each in a form of its own.
  if (status === 401) return unauthorized("JWT validation failed: JWT is expired");
  if (status === 429) return new Answer(429, throttled(0).body);
  if (status > 500) {
    const html = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
    return new Answer(status, html, { "content-type": "text/html" });
  }
  const code = error instanceof Refusal ? error.detailCode : (CODE_OF_STATUS[status] ?? "400.1");
  const locale = /^[a-zA-Z-]+/.exec(request.headers["accept-language"] ?? "")?.[0];
  const texts = (text: string) => [
    { locale: "en-US", localeOrigin: "DEFAULT", text },
    ...(locale ? [{ locale, localeOrigin: "REQUEST", text: `[${locale}] ${text}` }] : []),
  ];
  const body = {
    detailCode: `${code} ${DETAIL[code]}`,
    trackingId: request.id,
    messages: texts(status >= 500 ? "An internal fault occurred." : "The request could not be processed."),
    causes: texts(error.message),
  };
  return new Answer(code === "400.1.409" ? conflictStatus : status, body);
}

/** For failures that name no detail code: those of the server itself, and injected ones. */
const CODE_OF_STATUS: Record<number, DetailCode> = { 403: "403", 404: "404", 405: "405", 415: "415", 500: "500.0" };
