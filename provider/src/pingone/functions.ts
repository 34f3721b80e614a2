import type * as pulumi from "@pulumi/pulumi";
import { call, callOutput, type OutputArgs } from "../core/call";
import type { ConnectionArgs } from "../core/operation";

/** A user of PingOne as the vendor answers; attributes that are not named here, custom ones too, are there under their own names. */
export interface PingOneUser {
  id: string;
  username: string;
  population: { id: string };
  [attribute: string]: unknown;
}

/** Arguments of `searchPingOneDirectMappedUsers`. */
export interface SearchPingOneDirectMappedUsersArgs extends ConnectionArgs {
  /** Id of the environment, a UUID. */
  environmentId: string;
  /** Expression in SCIM's filter language with PingOne's attribute names, such as `username sw "svc-"`; left out, any user fits. Source: PingOne admin guide, SCIM filter language. */
  filter?: string;
}

/** What `searchPingOneDirectMappedUsers` found. */
export interface SearchPingOneDirectMappedUsersResult {
  /** At most 200, which the vendor does not go beyond. */
  users: PingOneUser[];
  /** Whether there may be more that fit: the vendor gives no second page. Narrow the filter to reach them. */
  mayBeMore: boolean;
}

/**
 * Searches the users of a PingOne environment, whoever made them.
 *
 * Errors: InputError, ConfigError, and those of the vendor: a filter that it does not understand is IDP_REJECTED.
 * Source: PingOne API, SCIM, Direct-mapped Users, search.
 * Command: pingone search
 */
export function searchPingOneDirectMappedUsers(args: SearchPingOneDirectMappedUsersArgs): Promise<SearchPingOneDirectMappedUsersResult> {
  return call("pingone:searchDirectMappedUsers", args);
}

/** The same for arguments that are outputs. */
export function searchPingOneDirectMappedUsersOutput(
  args: OutputArgs<SearchPingOneDirectMappedUsersArgs>,
): pulumi.Output<SearchPingOneDirectMappedUsersResult> {
  return callOutput("pingone:searchDirectMappedUsers", args);
}
