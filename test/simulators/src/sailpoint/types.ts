import type { Client } from "../kernel/tokens.js";

/** `{ type, id, name }`; the server decides on `name`. */
export interface Reference {
  type: string;
  id: string;
  name?: string | null;
}

/** How one identity attribute gets its value. */
export interface AttributeTransform {
  identityAttributeName: string;
  transformDefinition: { type: string; attributes?: Record<string, unknown> | null };
}

/** The mapping of an identity profile. */
export interface IdentityAttributeConfig {
  enabled: boolean;
  attributeTransforms: AttributeTransform[];
}

/** An identity profile as the API answers it. */
export interface IdentityProfile {
  id: string;
  name: string;
  description?: string | null;
  owner?: Reference | null;
  priority: number;
  authoritativeSource: Reference;
  identityAttributeConfig: IdentityAttributeConfig;
  identityRefreshRequired: boolean;
  identityCount: number;
  identityExceptionReportReference?: { taskResultId: string; reportName: string } | null;
  hasTimeBasedAttr: boolean;
  created: string;
  modified: string;
}

/** A source, which is where accounts come from. */
export interface Source {
  id: string;
  name: string;
  description: string | null;
  type: string;
  owner: Reference | null;
  /** Attribute names of the account schema. Empty: a fresh source, which accepts no mapping. Null: not modelled, accepts every name. */
  accountAttributes: string[] | null;
}

/** A person. */
export interface Identity {
  id: string;
  name: string;
  alias: string;
  emailAddress: string | null;
  /** Current values by identity attribute; the preview's `previousValue`. */
  attributes: Record<string, unknown>;
  /** Account values by source id, then by account attribute; what the preview computes from. */
  accounts: Record<string, Record<string, unknown>>;
}

export interface IdentityAttribute {
  name: string;
  displayName: string;
  type: string;
  multi: boolean;
  searchable: boolean;
  standard: boolean;
  system: boolean;
}

export interface Transform {
  id: string;
  name: string;
  type: string;
  /** Its result changes with time alone; makes `hasTimeBasedAttr` true on profiles that use it. */
  requiresPeriodicRefresh: boolean;
}

export interface Rule {
  id: string;
  name: string;
}

/** A stage in the life of a profile's identities, such as active or terminated. */
export interface LifecycleState {
  id: string;
  /** The profile it belongs to; not shown. */
  profileId: string;
  name: string;
  technicalName: string;
  description: string | null;
  enabled: boolean;
  identityCount: number;
  created: string;
  modified: string;
}

export type TaskOutcome = "SUCCESS" | "WARNING" | "ERROR" | "TERMINATED" | "TEMPERROR";

/** A deletion under way or done. */
export interface Task {
  id: string;
  /** The profiles it removes when it ends well. */
  profileIds: string[];
  outcome: TaskOutcome;
  launchedAt: string;
  /** Null: it never ends. */
  endsAt: string | null;
  /** When the profiles vanish; later than `endsAt` with the switch `deleteLagMs`. Null when they do not. */
  removesAt: string | null;
}

/** The whole state of a tenant, as `dump()` gives it. */
export interface SailPointState {
  org: string;
  pod: string;
  tenantId: string;
  profiles: IdentityProfile[];
  sources: Source[];
  identities: Identity[];
  identityAttributes: IdentityAttribute[];
  transforms: Transform[];
  rules: Rule[];
  lifecycleStates: LifecycleState[];
  tasks: Task[];
}

type Sparse<T, Required extends keyof T> = Partial<T> & Pick<T, Required>;

/**
 * A tenant to start with. Only the named keys are needed; the rest is filled in as the server would.
 *
 * Ids may be left out where nothing refers to them. Without `identityAttributes` the tenant has the standard ones.
 */
export interface SailPointSeed {
  org?: string;
  pod?: string;
  tenantId?: string;
  profiles?: (Omit<Sparse<IdentityProfile, "name">, "authoritativeSource" | "owner"> & {
    authoritativeSource: Pick<Reference, "id"> & Partial<Reference>;
    owner?: (Pick<Reference, "id"> & Partial<Reference>) | null;
  })[];
  sources?: Sparse<Source, "name">[];
  identities?: Sparse<Identity, "name">[];
  identityAttributes?: Sparse<IdentityAttribute, "name">[];
  transforms?: Sparse<Transform, "name">[];
  rules?: Sparse<Rule, "name">[];
  lifecycleStates?: Sparse<LifecycleState, "name" | "profileId">[];
  tasks?: Task[];
}

/** A client of the tenant. */
export interface SailPointClient extends Client {
  /** User levels; a client without user context has `["API"]`. @default ["ORG_ADMIN"] */
  authorities?: string[];
  /** @default ["sp:scopes:all"] */
  scopes?: string[];
  /** Overrides the switch of the same name. */
  tokenLifetimeSeconds?: number;
}

/** The prefixes under which the tenant serves its one store; `v1` is the per-service layout with the version after the noun. */
export const VERSIONS = ["beta", "v3", "v2024", "v2025", "v2026", "v1"] as const;
export type Version = (typeof VERSIONS)[number];
