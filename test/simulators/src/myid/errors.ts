import { Answer } from "../kernel/answer.js";
import type { Failure } from "../kernel/server.js";

/** A refusal in the vendor's terms: `{ code, message }`. The codes are made up, because clients must not branch on them. */
export class Refusal extends Error {
  constructor(
    readonly statusCode: 400 | 403 | 404,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** The answer to a token that does not count has no body. */
export function unauthorized(): Answer {
  return new Answer(401, undefined, { "www-authenticate": "Bearer" });
}

/** Assumed: the vendor documents no limit, but a proxy may have one. */
export function throttled(seconds: number): Answer {
  return new Answer(429, html(429), { "retry-after": String(seconds), "content-type": "text/html" });
}

/** What the web server says of an address that it does not have. */
export function pageNotFound(): Answer {
  return new Answer(404, html(404), { "content-type": "text/html" });
}

/** The body of a failure: the application's own below 500, the web server's page from there on. */
export function toAnswer(error: Failure): Answer {
  const status = error.statusCode ?? 500;
  if (status === 401) return unauthorized();
  if (status === 429) return throttled(0);
  if (status >= 500) return new Answer(status, html(status), { "content-type": "text/html" });
  return new Answer(status, { code: `XX00${status}`, message: error.message });
}

function html(status: number): string {
  return `<!DOCTYPE html><html><head><title>IIS ${status} Error</title></head><body><h1>Server Error ${status}</h1></body></html>`;
}
