/** A role assignment of a worker: Identity Data Admin on an environment, or on some of its populations. */
export interface PingOneRole {
  environmentId: string;
  /** @default every population */
  populationIds?: string[];
}

/** A worker application. */
export interface PingOneClient {
  clientId: string;
  clientSecret: string;
  /** Environment the application belongs to, thus the one that issues its tokens. @default the first environment */
  environmentId?: string;
  /** The one way in which the application may authenticate. @default "CLIENT_SECRET_BASIC" */
  tokenEndpointAuthMethod?: "CLIENT_SECRET_BASIC" | "CLIENT_SECRET_POST";
  /** None at all: no token is issued. @default every environment */
  roles?: PingOneRole[];
}

export interface PingOnePopulation {
  id: string;
  name: string;
}

/** An attribute that an environment's user schema has beside the standard ones. */
export interface PingOneCustomAttribute {
  name: string;
  unique?: boolean;
}

/** A user as stored. `attributes` holds everything writable in the vendor's own shape, custom attributes beside the standard ones. */
export interface PingOneUser {
  id: string;
  populationId: string;
  attributes: Record<string, unknown> & { username: string };
  /** Never answered. */
  password?: string;
  enabled: boolean;
  lockedAt?: string;
  mfaEnabled: boolean;
  lifecycleStatus: "ACCOUNT_OK" | "VERIFICATION_REQUIRED";
  verifyStatus: "NOT_INITIATED" | "ENABLED" | "DISABLED";
  identityProvider: { type: string; id?: string };
  created: string;
  lastModified: string;
}

export interface PingOneEnvironment {
  id: string;
  populations: PingOnePopulation[];
  defaultPopulationId: string;
  customAttributes: PingOneCustomAttribute[];
  /** What `mfaEnabled` of new users is. */
  mfaEnabled: boolean;
  users: PingOneUser[];
}

/** The whole state: the environments of one organization. */
export interface PingOneState {
  environments: PingOneEnvironment[];
}

/** What is left out is made up: ids, an environment with one population, an empty directory. */
export interface PingOneSeed {
  environments?: (Partial<Omit<PingOneEnvironment, "users">> & {
    users?: (Partial<Omit<PingOneUser, "attributes">> & Pick<PingOneUser, "attributes">)[];
  })[];
}
