import { demandAll, type Found, HelperCall, type Selection, SHARED, SharedMembers } from "../core/find";
import type { Context } from "../core/resource";
import type { IdentityProfile, SailPointApi } from "./api";
import { profilesWith } from "./look-up";
import type { FlatTransform } from "./mapping";
import { type Inputs, type Ref, type State, toInputs, toState } from "./model";

/**
 * Finds profiles that no program manages yet. Sources and owners are declared by name, which reads better and holds in other tenants too.
 *
 * Errors: NotFoundError that names every name and id that is not there.
 */
export async function findIdentityProfiles({
  api,
  selection,
}: Context<SailPointApi> & { selection: Selection }): Promise<Found<Inputs, State>[]> {
  const profiles = await select(api, selection);
  const tenant = await api.tenant();
  return profiles.map((profile) => {
    const { identityAttributeConfig: mapping, ...rest } = toInputs(profile, {});
    const inputs = {
      ...rest,
      // A mapping of nothing is left to the vendor and to people.
      ...(mapping && Object.keys(mapping.attributeTransforms).length > 0 && { identityAttributeConfig: mapping }),
      authoritativeSource: byName(profile.authoritativeSource),
      ...(profile.owner && { owner: byName(profile.owner) }),
    };
    return { id: profile.id, name: profile.name, inputs, state: toState(profile, inputs, tenant) };
  });
}

function byName({ id, name }: { id: string; name?: string | null }): Ref {
  return name ? { name } : { id };
}

async function select(api: SailPointApi, { all, names, ids, filter }: Selection): Promise<IdentityProfile[]> {
  if (all || filter !== undefined) return api.listIdentityProfiles(filter);
  const [key, wanted] = names.length > 0 ? (["name", names] as const) : (["id", ids] as const);
  const found = await profilesWith(api, key, wanted);
  demandAll(
    `identity profiles with the ${key}`,
    wanted,
    found.map((profile) => profile[key]),
  );
  return found;
}

/** A profile's inputs as a person writes them: transforms by the helpers of transforms.ts, and no value that is the default. */
export function writeIdentityProfile({ identityAttributeConfig, ...inputs }: Inputs): object {
  const { enabled, attributeTransforms = {} } = identityAttributeConfig ?? {};
  const transforms = Object.entries(attributeTransforms).map(([name, transform]) => [name, writeTransform(transform)]);
  if (transforms.length === 0) return inputs;
  return {
    ...inputs,
    identityAttributeConfig: { ...(enabled === false && { enabled }), attributeTransforms: Object.fromEntries(transforms) },
  };
}

function writeTransform(transform: FlatTransform): unknown {
  const { type, ...attributes } = transform;
  if (type === "accountAttribute") return new HelperCall("accountAttribute", [shareSource(attributes)]);
  if (type === "reference") {
    const { id, input, ...others } = attributes;
    // The helper takes nothing else.
    if (Object.keys(others).length > 0) return transform;
    const inner = input as { type: string; attributes?: Record<string, unknown> } | undefined;
    return new HelperCall("reference", [id, ...(inner ? [writeTransform({ type: inner.type, ...inner.attributes })] : [])]);
  }
  if (type === "rule" && attributes.name !== undefined) {
    const { name, ...variables } = attributes;
    return new HelperCall("rule", [name, ...(Object.keys(variables).length > 0 ? [variables] : [])]);
  }
  return type === "rule" ? transform : new HelperCall("transform", [type, ...(Object.keys(attributes).length > 0 ? [attributes] : [])]);
}

/** A source stands in most transforms of a mapping, by name and by id; a program says it once. */
function shareSource({ sourceName, sourceId, ...attributes }: Record<string, unknown>): Record<string, unknown> {
  const members = Object.fromEntries(Object.entries({ sourceName, sourceId }).filter(([, value]) => value !== undefined));
  const about = `${sourceName ?? sourceId ?? ""}`;
  return Object.keys(members).length === 0 ? attributes : { [SHARED]: new SharedMembers(about, members), ...attributes };
}
