import { Refusal } from "./errors.js";
import type { AttributeTransform, IdentityAttributeConfig, SailPointState, Source, Version } from "./types.js";

type References = Pick<SailPointState, "sources" | "transforms" | "rules">;
type Attributes = Record<string, unknown>;

/** Account attributes that commonly feed an identity attribute, best first. */
const COMMON_NAMES: Record<string, string[]> = {
  uid: ["uid", "login", "userName", "sAMAccountName", "employeeNumber", "id"],
  email: ["email", "mail", "workEmail"],
  firstname: ["firstname", "givenName", "first_name"],
  lastname: ["lastname", "sn", "familyName", "last_name"],
  displayName: ["displayName", "cn", "fullName"],
};

/** Mappings are promoted by default in beta and stay off in every other version. */
export const enabledByDefault = (version: Version): boolean => version === "beta";

/** The mapping the server gives a profile that comes without one: every identity attribute that the source's schema seems to have. */
export function defaultConfig(state: SailPointState, source: Source, enabled: boolean): IdentityAttributeConfig {
  const schema = source.accountAttributes ?? [];
  const attributeTransforms = state.identityAttributes.flatMap(({ name }): AttributeTransform[] => {
    const candidates = [...(COMMON_NAMES[name] ?? []), name].map((candidate) => candidate.toLowerCase());
    const attributeName = candidates.flatMap((candidate) => schema.filter((attribute) => attribute.toLowerCase() === candidate))[0];
    if (!attributeName) return [];
    const attributes = { sourceName: source.name, attributeName, sourceId: source.id };
    return [{ identityAttributeName: name, transformDefinition: { type: "accountAttribute", attributes } }];
  });
  return { enabled, attributeTransforms };
}

/**
 * Checks a mapping sent by a client and gives it its stored form.
 *
 * Errors: Refusal 400.1.0 for missing parts, 400.1.3 for wrong shapes and for an attribute that the source's schema does not have,
 *         400.1.404 for an unknown source, transform or rule.
 */
export function checkedConfig(state: References, config: unknown, enabled: boolean): IdentityAttributeConfig {
  if (!isObject(config)) throw new Refusal("400.1.3", "identityAttributeConfig must be an object.");
  const { enabled: sent = enabled, attributeTransforms } = config;
  if (typeof sent !== "boolean") throw new Refusal("400.1.3", "identityAttributeConfig.enabled must be a boolean.");
  const entries = attributeTransforms ?? [];
  if (!Array.isArray(entries)) throw new Refusal("400.1.3", "attributeTransforms must be an array.");
  return { enabled: sent, attributeTransforms: entries.map((entry) => checkedEntry(state, entry)) };
}

/** The same for one entry of a mapping. */
export function checkedEntry(state: References, entry: unknown): AttributeTransform {
  const { identityAttributeName, transformDefinition } = isObject(entry) ? entry : {};
  if (!isText(identityAttributeName)) throw new Refusal("400.1.0", "identityAttributeName is required.");
  if (!isObject(transformDefinition) || !isText(transformDefinition.type)) {
    throw new Refusal("400.1.0", `transformDefinition.type is required for ${identityAttributeName}.`);
  }
  checkDefinition(state, transformDefinition);
  // A mapping for an identity attribute that does not exist is stored all the same; it has no effect.
  return { identityAttributeName, transformDefinition: transformDefinition as AttributeTransform["transformDefinition"] };
}

/** Only these three types refer to something; other types are stored unseen. */
function checkDefinition(state: References, { type, attributes }: Attributes): void {
  const given = isObject(attributes) ? attributes : {};
  if (type === "accountAttribute") checkAccountAttribute(state, given);
  if (type === "rule" && !state.rules.some(({ id, name }) => (given.name ? name === given.name : id === given.id))) {
    throw new Refusal("400.1.404", `Rule ${given.name ?? given.id} was not found.`);
  }
  if (type === "reference") {
    // The id of a reference is the transform's name, not its UUID.
    if (!state.transforms.some(({ name }) => name === given.id)) throw new Refusal("400.1.404", `Transform ${given.id} was not found.`);
    if (isObject(given.input)) checkDefinition(state, given.input);
  }
}

function checkAccountAttribute(state: References, attributes: Attributes): void {
  const { attributeName } = attributes;
  if (!isText(attributeName)) throw new Refusal("400.1.0", "attributeName is required.");
  const source = sourceOf(state, attributes);
  if (!source) {
    const wanted = attributes.sourceId ?? attributes.sourceName ?? attributes.applicationId ?? attributes.applicationName;
    if (wanted == null) throw new Refusal("400.1.0", `sourceName or sourceId is required for ${attributeName}.`);
    throw new Refusal("400.1.404", `Source ${wanted} was not found.`);
  }
  if (source.accountAttributes && !source.accountAttributes.includes(attributeName)) {
    throw new Refusal("400.1.3", `${attributeName} is not an account attribute of source ${source.name}.`);
  }
}

/** The source an accountAttribute means. An id counts more than a name, which is only a display name. */
export function sourceOf({ sources }: Pick<References, "sources">, attributes: Attributes): Source | undefined {
  const id = attributes.sourceId ?? attributes.applicationId;
  const name = attributes.sourceName ?? attributes.applicationName;
  return sources.find((source) => (id == null ? source.name === name : source.id === id));
}

/** The same mapping with the missing one of `sourceId` and `sourceName` filled in. */
export function enriched(state: References, config: IdentityAttributeConfig): IdentityAttributeConfig {
  const result = structuredClone(config);
  for (const { transformDefinition } of result.attributeTransforms) {
    const source = transformDefinition.type === "accountAttribute" && sourceOf(state, transformDefinition.attributes ?? {});
    if (source) transformDefinition.attributes = { sourceId: source.id, sourceName: source.name, ...transformDefinition.attributes };
  }
  return result;
}

/** Whether a value of the mapping changes with time alone. */
export function isTimeBased(state: References, config: IdentityAttributeConfig): boolean {
  return config.attributeTransforms.some(({ transformDefinition: { type, attributes } }) => {
    if (attributes?.requiresPeriodicRefresh === true) return true;
    return (
      type === "reference" &&
      state.transforms.some(({ name, requiresPeriodicRefresh }) => name === attributes?.id && requiresPeriodicRefresh)
    );
  });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}
