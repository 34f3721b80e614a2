import { Refusal } from "./errors.js";
import { checkedEntry, isObject, sourceOf } from "./mapping.js";
import type { Tenant } from "./store.js";
import type { AttributeTransform, Identity, IdentityProfile, SailPointState, Version } from "./types.js";

/** A profile as an export object. */
export function exported(object: IdentityProfile) {
  return { version: 1, self: { type: "IDENTITY_PROFILE", id: object.id, name: object.name }, object };
}

/**
 * Imports export objects: a profile whose name exists is updated, any other is created.
 * Always 200: what could not be imported is listed in `errors`.
 */
export function importProfiles(tenant: Tenant, body: unknown, version: Version) {
  if (!Array.isArray(body)) throw new Refusal("400.1", "The body must be an array of export objects.");
  const importedObjects: { type: string; id: string; name: string }[] = [];
  const errors: { key: string; text: string; details: object }[] = [];
  for (const entry of body) {
    try {
      const object = isObject(entry) && isObject(entry.object) ? entry.object : {};
      const { id, name } = importOne(tenant, object, version);
      importedObjects.push({ type: "IDENTITY_PROFILE", id, name });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const key = error.detailCode === "400.1.404" ? "UNKNOWN_REFERENCE_RESOLVER" : "INVALID_OBJECT";
      errors.push({ key, text: error.message, details: {} });
    }
  }
  return { infos: [], warnings: [], errors, importedObjects };
}

function importOne(tenant: Tenant, object: Record<string, unknown>, version: Version): IdentityProfile {
  const existing = tenant.current.profiles.find(({ name }) => name === object.name);
  if (!existing) return tenant.create(object, version);
  const fields = ["description", "owner", "priority", "identityAttributeConfig"].filter((field) => object[field] != null);
  return tenant.patch(
    existing.id,
    fields.map((field) => ({ op: "add", path: `/${field}`, value: object[field] })),
  );
}

/** What a mapping would give one identity. Nothing is stored, and a mapping that fails is an error of its attribute, not of the request. */
export function preview(state: SailPointState, body: unknown) {
  const { identityId, identityAttributeConfig } = isObject(body) ? body : {};
  const identity = state.identities.find(({ id }) => id === identityId);
  if (!identity) throw new Refusal("400.1.404", `Identity ${identityId} was not found.`);
  const entries = isObject(identityAttributeConfig) ? identityAttributeConfig.attributeTransforms : undefined;
  if (!Array.isArray(entries)) throw new Refusal("400.1.0", "identityAttributeConfig.attributeTransforms is required.");
  return {
    identity: { type: "IDENTITY", id: identity.id, name: identity.name },
    previewAttributes: entries.map((entry) => previewOne(state, identity, entry)),
  };
}

function previewOne(state: SailPointState, identity: Identity, entry: unknown) {
  const name = isObject(entry) ? String(entry.identityAttributeName) : "";
  const previousValue = identity.attributes[name] ?? null;
  try {
    return { name, value: previewValue(state, identity, checkedEntry(state, entry)), previousValue, errorMessages: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { name, value: null, previousValue, errorMessages: [{ locale: "en-US", localeOrigin: "DEFAULT", text: error.message }] };
  }
}

/** Account values are read from the seed; what a transform or rule computes is beyond a simulator, so the value stays as it is. */
function previewValue(
  state: SailPointState,
  identity: Identity,
  { identityAttributeName, transformDefinition }: AttributeTransform,
): unknown {
  const { type, attributes } = transformDefinition;
  if (type === "reference" || type === "rule") return identity.attributes[identityAttributeName] ?? null;
  if (type !== "accountAttribute")
    throw new Refusal("400.1.3", `${type} cannot be previewed; only accountAttribute, reference and rule can.`);
  const account = identity.accounts[sourceOf(state, attributes ?? {})?.id ?? ""] ?? {};
  return account[String(attributes?.attributeName)] ?? null;
}
