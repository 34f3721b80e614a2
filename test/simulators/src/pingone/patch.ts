import { Refusal } from "./errors.js";

interface Operation {
  op: string;
  path?: string;
  value?: unknown;
}

/**
 * A copy of the attributes with SCIM operations applied in order. A failure leaves nothing applied, because the copy is thrown away.
 *
 * Errors: 400 with scimType invalidSyntax, invalidPath or noTarget.
 * Source: PingOne API, SCIM, Direct-mapped Users, Patch; RFC 7644 section 3.5.2.
 */
export function patched(attributes: Record<string, unknown>, operations: unknown): Record<string, unknown> {
  const result = structuredClone(attributes);
  if (!Array.isArray(operations)) throw bad("invalidSyntax", "Operations must be a list");
  for (const { op, path, value } of operations as Operation[]) {
    if (!["add", "replace", "remove"].includes(String(op).toLowerCase())) throw bad("invalidSyntax", `unknown op ${op}`);
    if (path === undefined) {
      if (op === "remove") throw bad("noTarget", "remove needs a path");
      Object.assign(result, value);
      continue;
    }
    const keys = path.split(".");
    if (keys.length > 2 || keys.some((key) => !/^[\w-]+$/.test(key))) throw bad("invalidPath", `${path} is no path`);
    const [outer = "", inner] = keys;
    if (inner !== undefined && result[outer] === undefined) result[outer] = {};
    const holder = inner === undefined ? result : (result[outer] as Record<string, unknown>);
    const key = inner ?? outer;
    if (op === "remove") delete holder[key];
    else holder[key] = value;
  }
  return result;
}

function bad(scimType: string, why: string): Refusal {
  return new Refusal(400, why, [{ code: "INVALID_VALUE", message: why }], scimType);
}
