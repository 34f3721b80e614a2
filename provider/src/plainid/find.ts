import { ConfigError } from "../core/errors";
import { demandAll, type Found, type Selection, SHARED, SharedMembers } from "../core/find";
import type { Context } from "../core/resource";
import type { Place, PlainIdApi } from "./api";
import { formatId, type Inputs, isBuiltIn, type State, toInputs, toState } from "./model";

/**
 * Finds sources of an identity template that no program manages yet. Built-in ones are left out: nobody can change them.
 *
 * Errors: ConfigError when no template is given, which the vendor cannot list, and for a filter; NotFoundError that names every id that is
 *         not there.
 */
export async function findIdentitySources({
  api,
  selection: { all, names, ids, filter, within },
}: Context<PlainIdApi> & { selection: Selection }): Promise<Found<Inputs, State>[]> {
  const place = placeOf(within);
  if (filter !== undefined) throw new ConfigError("PlainID has no filter for identity sources", "Give their ids, or --all");
  const sources = (await api.exportSources(place)).filter((source) => !isBuiltIn(source));
  const wanted = [...names, ...ids];
  demandAll(
    `identity sources with the id`,
    wanted,
    sources.map(({ sourceId }) => sourceId),
  );
  return sources
    .filter(({ sourceId }) => all || wanted.includes(sourceId))
    .map((source) => {
      const inputs = toInputs(source, place, {});
      return { id: formatId(place, source.sourceId), name: source.sourceId, inputs, state: toState(source, inputs, source.sourceId) };
    });
}

/** Errors: ConfigError for anything but `<environment id>/<identity template id>`. */
export function placeOf(within: string | undefined): Place {
  const [envId, identityTemplateId, ...rest] = (within ?? "").split("/");
  if (envId && identityTemplateId && rest.length === 0) return { envId, identityTemplateId };
  throw new ConfigError(
    "It is not said in which identity template the sources are, and PlainID cannot list templates",
    "Give it: --within <environment id>/<identity template id>",
  );
}

/** A source's inputs as a person writes them: its place once for all sources. */
export function writeIdentitySource({ envId, identityTemplateId, ...inputs }: Inputs): object {
  return { [SHARED]: new SharedMembers(`${identityTemplateId} template`, { envId, identityTemplateId }), ...inputs };
}
