import type { Report } from "../core/check";
import { hasUnknown, isUnknown } from "../core/unknown";
import { PROJECTIONS } from "./attributes";
import type { Inputs } from "./model";

/** What a normal user cannot be made without. Source: vendor, Users REST API, Create; that groups belong to it is assumed. */
const REQUIRED = ["name", "emails", "groups"] as const;
/** What no answer or request of a federated user shows. Source: vendor, Users REST API, SCIM federated users. */
const NOT_FEDERATED = ["groups", "roles", "attributes", "enterprise", "devices"] as const;

/** Rules between the inputs of a user that a schema cannot say. */
export function checkUser(inputs: Inputs, report: Report): void {
  if (inputs.externalId === undefined && inputs.userName === undefined) report(["externalId"], "is required");
  if (isUnknown(inputs.userType)) return;
  if (inputs.userType === "SCIM_FED") {
    for (const key of NOT_FEDERATED)
      if (inputs[key] !== undefined) report([key], "is nothing a federated user can be given; remove it, or remove userType");
    checkTypes(inputs, report);
    return;
  }
  for (const key of REQUIRED) {
    const value = inputs[key];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) report([key], "is required, unless userType is SCIM_FED");
  }
  if (inputs.name && !isUnknown(inputs.name))
    for (const part of ["givenName", "familyName"] as const) if (inputs.name[part] === undefined) report(["name", part], "is required");
  checkProjections(inputs, report);
}

/** Name and e-mail are attributes under other names: two values for one of them would fight. */
function checkProjections(inputs: Inputs, report: Report): void {
  for (const [attribute, { path, read }] of Object.entries(PROJECTIONS)) {
    const given = inputs.attributes?.[attribute];
    const core = hasUnknown([inputs.name, inputs.emails]) ? undefined : read(inputs);
    if (given !== undefined && core !== undefined && !isUnknown(given) && given !== core)
      report(["attributes", attribute], `is ${path} under another name and must be equal to it; remove it here`);
  }
}

/** Single values of a federated user are addressed by their type. */
function checkTypes(inputs: Inputs, report: Report): void {
  const addresses = Array.isArray(inputs.addresses) ? inputs.addresses : [];
  const types = addresses.map(({ type }) => type ?? "work");
  types.forEach((type, index) => {
    if (types.indexOf(type) < index)
      report(["addresses", index, "type"], `"${type}" is used twice; a federated user has one address of a type`);
  });
}
