import ts from "typescript";
import { compiled, docOf, parse, table } from "./source.mts";

const { ForbiddenError } = compiled("core/errors");

/** A message with every part that a message can have, taken apart. */
function exampleOfAnError(): string {
  const what = "Reading identity profile 2c918083 failed";
  const next = "The client needs the scope idn:identity-profile:read (or sp:scopes:all), and its user the level ORG_ADMIN";
  const [vendorCode, words, trackingId, requestId] = ["403 Forbidden", "The request was denied.", "51e7c0", "51e7c0-2"];
  const { message, code } = new ForbiddenError(what, next, { status: 403, vendorCode, words, trackingId, requestId });
  const parts = [
    [what, "what was being done to which object"],
    [
      `HTTP 403, ${vendorCode}, ${words}`,
      "what the vendor answered: status, its own code, its words. Left out when it gave no answer, or was not asked",
    ],
    [next, "what to do next"],
    [code, "the code, in the table below. It is the same for every vendor and stays the same in later versions; the words may change"],
    [
      `tracking id ${trackingId}, request id ${requestId}`,
      "under which the vendor's support finds the call, as far as the vendor names any",
    ],
  ];
  return `\`\`\`text\n${message}\n\`\`\`\n\n${table(
    ["part", "what it is"],
    parts.map(([text = "", meaning = ""]) => [`\`${text}\``, meaning]),
  )}`;
}

/** The page about errors. */
export function errorsPage(): string {
  return `${[
    "# Errors",
    "Every message has the same order, whichever system it is about:",
    exampleOfAnError(),
    "A value that does not fit its property is no error of this kind: the engine names the property, before anything is sent. Secrets are masked in every message, also where a vendor repeats them.",
    `## By code\n\n${errorTable()}`,
    "`IDP_PARTIAL` repeats the words of the failure in the middle of a write and adds that what was done is kept in state. The object is in the stack then, with what is true of it; [the next `up` does the rest](operating.md#a-half-made-object).",
    "A message without a code comes from Pulumi, Node.js or your program, or is a bug of this library: then it has a stack trace, which belongs in the report.",
    "See also what to do [after an incident](operating.md#incidents), and what goes wrong first [with a new client](getting-started/README.md#the-pages).",
    "_Generated from the source by `npm run docs`._",
  ].join("\n\n")}\n`;
}

function errorTable(): string {
  const classes = parse("core/errors.ts").statements.filter(ts.isClassDeclaration);
  const rows = classes.flatMap((type) => {
    const code = type.members
      .filter(ts.isPropertyDeclaration)
      .find((member) => (member.name as ts.Identifier).text === "code" && member.initializer);
    const [meaning, advice] = docOf(type).text.split(/\s*Do: /);
    return code ? [[`\`${(code.initializer as ts.StringLiteral).text}\``, meaning ?? "", advice ?? ""]] : [];
  });
  return table(["code", "what happened", "what to do"], rows);
}
