import { Answer } from "../kernel/answer.js";
import type { Failure } from "../kernel/server.js";

export type ScimType = "invalidFilter" | "invalidSyntax" | "invalidPath" | "invalidValue" | "mutability" | "noTarget" | "uniqueness";

const MEDIA_TYPE = { "content-type": "application/json+scim" };

/** A refusal in the vendor's terms. `errorCode` is the vendor's own number; 1292 is the only published one. */
export class Refusal extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    readonly scimType?: ScimType,
    readonly errorCode = 1000,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** The vendor's body for a failure; gateway failures are pages, as a proxy in front gives them. */
export function toAnswer(error: Failure, bodies: boolean): Answer {
  const status = error.statusCode ?? 500;
  if (status > 501)
    return new Answer(status, `<html><head><title>${status}</title></head><body>${status}</body></html>`, { "content-type": "text/html" });
  if (!bodies) return new Answer(status);
  const { scimType, errorCode = 1000 } = error instanceof Refusal ? error : {};
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  return new Answer(
    status,
    { schemas, detail: error.message, status: String(status), ...(scimType && { scimType }), errorCode },
    MEDIA_TYPE,
  );
}

export function throttled(seconds: number): Answer {
  return new Answer(429, undefined, { "retry-after": String(seconds) });
}
