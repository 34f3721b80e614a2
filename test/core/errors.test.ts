import { describe, expect, test } from "vitest";
import * as errors from "../../provider/src/core/errors";

const { ConflictError, IdentityError, PartialError, RejectedError, UnavailableError } = errors;

describe("a message says", () => {
  test("what failed, the vendor's status, code and words, what to do, and the ids, in this order", () => {
    const error = new ConflictError('Creating widget "a" failed', "Choose another name", {
      status: 400,
      vendorCode: "400.1.409",
      words: "The name is in use.",
      trackingId: "t-1",
      requestId: "r-1",
    });
    expect(error.message).toBe(
      'Creating widget "a" failed: HTTP 400, 400.1.409, The name is in use. Choose another name (IDP_CONFLICT, tracking id t-1, request id r-1).',
    );
  });

  test("only what is known", () => {
    expect(new RejectedError("It failed").message).toBe("It failed (IDP_REJECTED).");
    expect(new RejectedError("It failed", undefined, { words: "No" }).message).toBe("It failed: No (IDP_REJECTED).");
    expect(new RejectedError("It failed", "Do this", { requestId: "r" }).message).toBe("It failed. Do this (IDP_REJECTED, request id r).");
    expect(new RejectedError("It failed", undefined, { vendorCode: "", words: "" }).message).toBe("It failed (IDP_REJECTED).");
  });

  test("nothing with two full stops", () => {
    const message = new RejectedError("It failed.", "Do this.", { words: "Too long..." }).message;
    expect(message).toBe("It failed: Too long. Do this (IDP_REJECTED).");
    expect(new RejectedError("It failed. ").message).toBe("It failed (IDP_REJECTED).");
  });
});

test("an error knows its parts, its code and its name", () => {
  const error = new UnavailableError("It failed", "Wait", { status: 503 });
  expect(error).toMatchObject({
    name: "UnavailableError",
    code: "IDP_UNAVAILABLE",
    what: "It failed",
    next: "Wait",
    facts: { status: 503 },
  });
  expect(error).toBeInstanceOf(IdentityError);
});

test("every error has a code of its own that begins with IDP_", () => {
  const kinds = Object.entries(errors).filter(([name]) => name !== "IdentityError") as [string, { code: string }][];
  const codes = kinds.map(([, { code }]) => code);
  expect(codes.length).toBeGreaterThan(10);
  for (const code of codes) expect(code).toMatch(/^IDP_[A-Z_]+$/);
  expect(new Set(codes).size).toBe(codes.length);
});

describe("a half-made object", () => {
  const cause = new ConflictError("Mapping failed", "Choose another", { status: 409, trackingId: "t-1" });
  const error = new PartialError("7", { name: "a" }, cause);

  test("keeps its id, its state and the cause", () => {
    expect(error).toMatchObject({ id: "7", state: { name: "a" }, code: "IDP_PARTIAL" });
    expect(error.cause).toBe(cause);
  });

  test("is reported with the words of the cause and what happens next", () => {
    expect(error.message).toBe(
      "Mapping failed: HTTP 409. Choose another. What was done before is kept in state; the next `pulumi up` finishes the rest (IDP_PARTIAL, tracking id t-1).",
    );
  });

  test("may have any cause", () => {
    expect(new PartialError("7", {}, new Error("Out of memory.")).message).toMatch(/^Out of memory\. What was done before/);
  });
});
