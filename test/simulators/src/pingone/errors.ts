import { randomUUID } from "node:crypto";
import { Answer } from "../kernel/answer.js";
import type { Failure } from "../kernel/server.js";
import type { PingOneSwitches } from "./switches.js";

/** Codes at the top of the vendor's own error body, by status. */
const CODE: Record<number, string> = {
  400: "INVALID_DATA",
  401: "ACCESS_FAILED",
  403: "ACCESS_FAILED",
  404: "NOT_FOUND",
  405: "INVALID_REQUEST",
  409: "INVALID_DATA",
  415: "INVALID_REQUEST",
  429: "REQUEST_LIMITED",
};

export interface Detail {
  code: string;
  target?: string;
  message: string;
  innerError?: Record<string, unknown>;
}

/** A refusal in the vendor's terms. */
export class Refusal extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
    readonly details: Detail[] = [],
    readonly scimType?: string,
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** A value that the vendor does not take. */
export function invalid(target: string, message: string, code = "INVALID_VALUE", scimType = "invalidValue"): Refusal {
  const words = "The request could not be completed. One or more validation errors were in the request.";
  return new Refusal(400, words, [{ code, target, message }], scimType);
}

/** A value that another user of the environment holds. */
export function taken(target: string, existingId: string, { uniqueness }: PingOneSwitches): Refusal {
  const detail = {
    code: "UNIQUENESS_VIOLATION",
    target,
    message: `is unique but a non-unique value is provided`,
    innerError: { existingId },
  };
  return new Refusal(uniqueness === "scim409" ? 409 : 400, "Validation errors were in the request.", [detail], "uniqueness");
}

export function throttled(seconds: number): Answer {
  const details = [{ code: "LIMIT_EXCEEDED", message: "The rate limit of the licence is used up." }];
  return new Answer(
    429,
    { id: randomUUID(), code: "REQUEST_LIMITED", message: "Too many requests.", details },
    { "retry-after": String(seconds) },
  );
}

/** The vendor's body for a failure, in whichever of its two shapes the status and the switches ask for. */
export function toAnswer(error: Failure, switches: PingOneSwitches): Answer {
  const status = error.statusCode ?? 500;
  const details = error instanceof Refusal ? error.details : [];
  const isUnique = error instanceof Refusal && error.scimType === "uniqueness";
  const scim = isUnique ? switches.uniqueness === "scim409" : switches.errorShape === "scim" && [400, 404, 409].includes(status);
  if (scim) {
    const words = details.map(({ target, message }) => `${target ? `${target} ` : ""}${message}`).join("; ");
    const scimType = error instanceof Refusal ? error.scimType : undefined;
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
    return new Answer(status, { schemas, status: String(status), ...(scimType && { scimType }), detail: words || error.message });
  }
  if (status === 429) return new Answer(429, throttled(0).body);
  const code = CODE[status] ?? "UNEXPECTED_ERROR";
  return new Answer(status, { id: randomUUID(), code, message: error.message, ...(details.length > 0 && { details }) });
}
