import type { Client } from "../kernel/tokens.js";

/** An identity source as the export gives it. */
export interface IdentitySource {
  sourceId: string;
  displayName: string;
  description: string | null;
  sourceType: string;
  sourceMetaData: Record<string, unknown>;
}

/** A set of mappers of a template; it names identity sources by their ids. */
export interface MapperSet {
  mappersSetId: string;
  linkedSources: { sourceId: string; sourceUsedAs: string }[];
}

/** A set of API mappers of an environment; they name identity sources by their ids. */
export interface ApiMapperSet {
  apiMappersSetId: string;
  apiMappers: { mapperId: string; identitySourceIds: string[] }[];
}

export interface IdentityTemplate {
  identityTemplateId: string;
  sources: IdentitySource[];
  mapperSets: MapperSet[];
}

export interface Environment {
  envId: string;
  templates: IdentityTemplate[];
  apiMapperSets: ApiMapperSet[];
}

/** The whole state of a tenant, as `dump()` gives it. */
export interface PlainIdState {
  environments: Environment[];
}

/** A tenant to start with. Every template gets the built-in sources it does not name. */
export interface PlainIdSeed {
  environments?: {
    envId: string;
    templates?: {
      identityTemplateId: string;
      sources?: (Pick<IdentitySource, "sourceId"> & Partial<IdentitySource>)[];
      mapperSets?: MapperSet[];
    }[];
    apiMapperSets?: ApiMapperSet[];
  }[];
}

/** A client of the tenant. */
export interface PlainIdClient extends Client {
  /** `ENVIRONMENT` clients reach one environment only. @default "TENANT" */
  owner?: "TENANT" | "ENVIRONMENT";
  /** The environment of an `ENVIRONMENT` client. */
  envId?: string;
  /** @default "ADMIN" */
  permission?: "ADMIN" | "VIEWER";
}
