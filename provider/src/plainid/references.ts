import type { Place, PlainIdApi } from "./api";

/** What names an identity source by its id. */
export interface References {
  /** Mapper sets of the template that link the source, and what they use it as, such as `BASE`. */
  mapperSets: { mappersSetId: string; sourceUsedAs?: string }[];
  /** API mappers of the environment that name a source of this id. */
  apiMappers: { apiMappersSetId: string; mapperId: string }[];
}

/** Finds what names a source. `repeatable`: whether a failure is worth another try. */
export async function findReferences(api: PlainIdApi, place: Place, sourceId: string, repeatable = true): Promise<References> {
  const mapperSets = await api.listMapperSets(place, repeatable);
  const apiMapperSets = await api.listApiMapperSets(place, repeatable);
  return {
    mapperSets: mapperSets.flatMap(({ mappersSetId, linkedSources }) =>
      (linkedSources ?? [])
        .filter((link) => link.sourceId === sourceId)
        .map(({ sourceUsedAs }) => ({ mappersSetId: mappersSetId ?? "", ...(sourceUsedAs && { sourceUsedAs }) })),
    ),
    apiMappers: apiMapperSets.flatMap(({ apiMappersSetId, apiMappers }) =>
      (apiMappers ?? [])
        .filter(({ identitySourceIds }) => identitySourceIds?.includes(sourceId))
        .map(({ mapperId }) => ({ apiMappersSetId: apiMappersSetId ?? "", mapperId: mapperId ?? "" })),
    ),
  };
}
