import { z } from "zod";
import { ContractError, NotFoundError } from "../core/errors";
import type { TokenSource } from "../core/http/auth";
import type { Call, HttpClient } from "../core/http/client";

/** An identity source as the vendor answers; what is not named is passed on unchanged when sources are written back. */
const identitySource = z.looseObject({
  sourceId: z.string().min(1),
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  sourceType: z.string().nullish(),
  sourceMetaData: z.record(z.string(), z.unknown()).nullish(),
});
export type IdentitySource = z.output<typeof identitySource>;

const mapperSet = z.looseObject({
  mappersSetId: z.string().nullish(),
  linkedSources: z.array(z.looseObject({ sourceId: z.string(), sourceUsedAs: z.string().nullish() })).nullish(),
});
export type MapperSet = z.output<typeof mapperSet>;
const mapperSets = z.looseObject({ data: z.array(mapperSet) });

const apiMapperSet = z.looseObject({
  apiMappersSetId: z.string().nullish(),
  apiMappers: z.array(z.looseObject({ mapperId: z.string().nullish(), identitySourceIds: z.array(z.string()).nullish() })).nullish(),
});
export type ApiMapperSet = z.output<typeof apiMapperSet>;
const apiMapperSets = z.looseObject({ data: z.array(apiMapperSet) });

/** Where identity sources are: an environment, and an identity template in it. */
export interface Place {
  envId: string;
  identityTemplateId: string;
}

const VERSION = "/api/1.0";
const RIGHTS =
  "The client needs the permission ADMIN (VIEWER reads only), of the tenant or of this very environment; a right granted just now may take 15 minutes to count";

export type PlainIdApi = ReturnType<typeof makeApi>;

/**
 * The calls this library makes to PlainID's Management API, one function each.
 *
 * Errors: those of the HTTP client, and ContractError for an answer without what it must hold.
 * Source: docs.plainid.io, Management APIs: Update Identity Source ID, Export and Import Identity Sources, List Mapper Sets.
 */
export function makeApi(client: HttpClient, tokens: TokenSource, { allowImport }: { allowImport: boolean }) {
  const inTemplate = ({ envId, identityTemplateId }: Place, rest: string) =>
    `${VERSION}/identity-templates/${encodeURIComponent(envId)}/${encodeURIComponent(identityTemplateId)}/${rest}`;

  async function send<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S>> {
    const { body } = await client.send({ rights: RIGHTS, ...call }, tokens);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const fault = parsed.error.issues[0];
    throw new ContractError(
      `${call.action}: the answer lacks ${fault?.path.join(".") || "a body"} (${fault?.message})`,
      "Check that the base URL is that of the management API",
    );
  }

  return {
    /** Whether the stack allows `importSources`. */
    allowImport,

    /**
     * All sources of a template; the vendor has no way to read one of them, and no pages.
     *
     * @param includeUnimportable whether built-in sources are in the answer; always said, because the vendor's default is not documented
     * Errors: NotFoundError when environment or template are not there, which says nothing about any source.
     */
    async exportSources(place: Place, includeUnimportable = true): Promise<IdentitySource[]> {
      const { data } = await explainingPlace(place, () =>
        send(z.looseObject({ data: z.looseObject({ sources: z.array(identitySource) }) }), {
          action: `Listing the identity sources of template ${place.identityTemplateId}`,
          method: "GET",
          path: inTemplate(place, "identity-sources"),
          query: { includeUnimportableSources: includeUnimportable },
        }),
      );
      return data.sources;
    },

    /** Not repeated when its answer is lost: if it was carried out, the address is gone. */
    async renameSource(place: Place, from: string, to: string): Promise<void> {
      await explainingPlace(place, () =>
        send(z.unknown(), {
          action: `Renaming identity source "${from}" to "${to}"`,
          method: "PATCH",
          path: inTemplate(place, `identity-sources/${encodeURIComponent(from)}`),
          // Plain JSON, and exactly one operation: the vendor takes nothing else here.
          body: [{ op: "replace", path: "/sourceId", value: to }],
        }),
      );
    },

    /** Writes a list of sources. Not repeated when its answer is lost, so that it never undoes what others wrote meanwhile. */
    async importSources(place: Place, sources: IdentitySource[]): Promise<void> {
      await explainingPlace(place, () =>
        send(z.unknown(), {
          action: `Importing the identity sources of template ${place.identityTemplateId}`,
          method: "PUT",
          path: inTemplate(place, "identity-sources"),
          body: { sources },
          repeatable: false,
        }),
      );
    },

    /** The mapper sets of a template, with the sources that they link. `repeatable`: whether a failure is worth another try. */
    async listMapperSets(place: Place, repeatable = true): Promise<MapperSet[]> {
      const { data } = await explainingPlace(place, () =>
        send(mapperSets, {
          action: `Listing the mapper sets of template ${place.identityTemplateId}`,
          method: "GET",
          path: inTemplate(place, "mapper-sets"),
          query: { detailed: true },
          repeatable,
        }),
      );
      return data;
    },

    /** The API mapper sets of the place's environment, with the sources that they name. `repeatable`: as above. */
    async listApiMapperSets(place: Place, repeatable = true): Promise<ApiMapperSet[]> {
      const { data } = await explainingPlace(place, () =>
        send(apiMapperSets, {
          action: `Listing the API mapper sets of environment ${place.envId}`,
          method: "GET",
          // Assumed: the vendor documents the address of one set, and that sets can be exported.
          path: `${VERSION}/api-mapper-sets/${encodeURIComponent(place.envId)}`,
          repeatable,
        }),
      );
      return data;
    },
  };
}

/** Says what a 404 is about. One without the vendor's code comes from a proxy or another server. */
async function explainingPlace<T>({ envId, identityTemplateId }: Place, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof NotFoundError) || error.facts.vendorCode === "EMIS-007") throw error;
    if (error.facts.vendorCode === "EMIT-003")
      throw new NotFoundError(error.what, `Check envId ${envId}: it is on the Details tab of the environment's settings`, error.facts);
    if (error.facts.vendorCode === "EMIT-002") {
      const next = `Check identityTemplateId "${identityTemplateId}": it is on the Details tab of the identity workspace's settings, beside ids that look alike; it may also have been renamed`;
      throw new NotFoundError(error.what, next, error.facts);
    }
    throw new ContractError(error.what, "That is not how the API says that something is missing; check region and base URL", error.facts);
  }
}
