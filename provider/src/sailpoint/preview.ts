import type { SailPointApi } from "./api";
import type { PreviewSailPointIdentityResult } from "./functions";
import { type Mapping, toVendorMapping } from "./mapping";
import { transformSchemas } from "./schema";

/**
 * What a mapping would give an identity, attribute by attribute in the mapping's order.
 *
 * Source: developer.sailpoint.com, Identity Profiles, Generate Identity Profile Preview, which takes transforms of three types alone.
 */
export async function previewMapping(api: SailPointApi, identityId: string, mapping: Mapping): Promise<PreviewSailPointIdentityResult> {
  const entries = Object.entries(mapping.attributeTransforms);
  // One that the vendor does not preview must not cost the others theirs.
  const sent = Object.fromEntries(entries.filter(([, { type }]) => Object.hasOwn(transformSchemas, type)));
  const isEmpty = Object.keys(sent).length === 0;
  const answer = isEmpty ? undefined : await api.previewIdentity(identityId, toVendorMapping({ ...mapping, attributeTransforms: sent }));
  const found = new Map((answer?.previewAttributes ?? []).map((attribute) => [attribute.name, attribute]));
  const attributes = entries.map(([name, { type }]) => {
    const { value, previousValue, errorMessages } = found.get(name) ?? {};
    const errors = (errorMessages ?? []).map(({ text }) => text ?? "SailPoint gives no reason");
    if (!(name in sent)) errors.push(`SailPoint previews no transforms of type "${type}"`);
    else if (!found.has(name)) errors.push("SailPoint's answer does not mention the attribute");
    return { name, value: value ?? undefined, previousValue: previousValue ?? undefined, errors };
  });
  return { identity: { id: identityId, name: answer?.identity?.name ?? undefined }, attributes };
}
