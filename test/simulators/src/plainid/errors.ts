import { randomBytes } from "node:crypto";
import { Answer } from "../kernel/answer.js";
import type { Failure } from "../kernel/server.js";

/** One entry of the vendor's error body. Status is a text there, whatever its schema says. */
export function refusal(status: number, code: string, name: string, message: string): Answer {
  return new Answer(status, { errors: [{ code, id: incident(), status: String(status), name, message }] });
}

/** The short tag by which the vendor's support finds an error. */
const incident = (): string => randomBytes(3).toString("hex").toUpperCase();

export const environmentNotFound = (envId: string) =>
  refusal(404, "EMIT-003", "EnvironmentNotFoundError", `Environment: [${envId}] doesn't exist`);

export const templateNotFound = (id: string, envId: string, known: string[]) =>
  refusal(
    404,
    "EMIT-002",
    "IdentityTemplateNotFoundError",
    `Identity Template: [${id}] not found in Environment: [${envId}], Hint: did you mean [${hints(known)}]`,
  );

/** The vendor names this error after the template, and writes a colon after "mean" here only. */
export const sourceNotFound = (id: string, known: string[]) =>
  refusal(
    404,
    "EMIS-007",
    "IdentityTemplateEntityNotFoundError",
    `Identity Source: [${id}] not found, Hint: did you mean: [${hints(known)}]`,
  );

export const unimportable = (type: string) =>
  refusal(400, "EMIS-001", "UnimportableSourceTypeError", `Cannot import or modify source of unimportable type: [${type}]`);

/** Assumed: the vendor does not document this refusal. The code is none that it is known to use. */
export const taken = (id: string, status: number) =>
  refusal(status, "EMIS-900", "identitySourceIdUniquenessError", `Identity Source ID: [${id}] must be unique`);

export const mapperSetNotFound = (id: string, known: string[]) =>
  refusal(
    404,
    "EMTMS-001",
    "TemplateMapperSetNotFoundError",
    `Template Mapper Set: [${id}] not found, Hint: did you mean [${hints(known)}]`,
  );

/** Answers whose body the vendor does not document. */
export const undocumented = (status: number) => new Answer(status);

export function forbidden(shape: "wrapped" | "flat" | "empty", name: string, message: string): Answer {
  if (shape === "empty") return new Answer(403);
  if (shape === "flat") return new Answer(403, { id: incident(), status: 403, name, message });
  return refusal(403, "AUTH-403", name, message);
}

/** Existing ids; their order and number are nobody's promise. */
const hints = (known: string[]): string => known.slice(0, 3).join(", ");

/** The vendor's answer to a failure nobody foresaw: a gateway's page above 500, else an empty body. */
export function toAnswer(error: Failure): Answer {
  const status = error.statusCode ?? 500;
  if (status > 500)
    return new Answer(status, `<html><head><title>${status}</title></head><body><h1>${status} Bad Gateway</h1></body></html>`, {
      "content-type": "text/html",
    });
  return new Answer(status);
}
