import type * as pulumi from "@pulumi/pulumi";
import { DYNAMIC } from "../core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../core/shell";
import type { ActivIdCode } from "./user";

/** A user of an import. An import takes no groups, roles, attributes or devices per user. */
export interface ActivIdImportedUser {
  /** The user's id at the caller's, unique in the tenant and in the list. */
  externalId: string;
  /** Logon name. Required with `activid:apiVersion` 4 or more; before, the server makes it from the externalId, and it cannot be given. */
  userName?: string;
  /** First and last name. */
  name: { givenName: string; familyName: string };
  /** The e-mail address, exactly 1. */
  emails: { value: string; type?: string }[];
  /** The phone number, at most 1. */
  phoneNumbers?: { value: string; type?: string }[];
  /** Addresses, at most 4. */
  addresses?: { formatted: string; type?: string }[];
  /** Title. */
  title?: string;
  /** Whether the user may log on; left out, yes. */
  active?: boolean;
}

/** Inputs of `ActivIdUserImport`. Source: vendor, Users REST API, Import users. */
export interface ActivIdUserImportArgs {
  /** Users to import, at least 1, in any order; written down, or read from a file by `readImportFile`. A user who is added to the list later is imported then. */
  users: pulumi.Input<pulumi.Input<ActivIdImportedUser>[]>;
  /** Group of all users. A change is for users who are added from then on. */
  group: pulumi.Input<ActivIdCode>;
  /** Login policy by which every user gets an authenticator with a random password, for "forgotten password" to reset. A change is for users who are added from then on. */
  authenticatorPolicy?: pulumi.Input<ActivIdCode | undefined>;
  /**
   * Whether users whom the server does not manage to import make `pulumi up` fail, so that the next one tries them again, or are only warned of.
   * @default "error"
   */
  onFailure?: pulumi.Input<"error" | "warn" | undefined>;
  /**
   * What deleting the resource, or taking a user out of the list, does to users: nothing, or deletes those whom this import made. Who existed before always stays.
   * @default "keep"
   */
  onDelete?: pulumi.Input<"keep" | "delete" | undefined>;
  /** Name of the connection to use, from `activid:connections`; left out, the unnamed connection. */
  connection?: pulumi.Input<string | undefined>;
}

/** What became of one user. */
export interface ActivIdImportResult {
  /** Imported by this resource; there already and left as it was; not imported; or not known yet, because a run ended too soon. */
  outcome: "imported" | "alreadyExisted" | "failed" | "pending";
  /** The vendor's id of the user, if there is one. */
  id?: string;
  /** Why the user failed, as far as the server tells, or why it is not certain who made the user. */
  reason?: string;
}

/** Names of all outputs: one that is not announced, and that the program does not declare, could not be read by the program. */
const outputs = ["users", "group", "authenticatorPolicy", "results", "imported", "alreadyExisted", "failed", "correlationId"] as const;

/**
 * A bulk creation of users at HID ActivID, as a job of the server that is started once and awaited to its end.
 *
 * It is an event rather than an object: users who are there already are left as they are, and what happens to a user afterwards (a change, a
 * deletion) is no difference. To manage a user for good, use `ActivIdUser`. Running again imports only who is missing of those who were not
 * imported before: users added to the list, users who failed, and users of a run that was cut off. Deleting the resource leaves all users
 * there unless `onDelete` says otherwise. The server tells nobody who made a user: users whom a run had sent that was killed before it
 * noted so count as there already, and are never deleted.
 *
 * ```ts
 * import { ActivIdUserImport, readImportFile } from "pulumi-identity-as-code";
 *
 * const summer = new ActivIdUserImport("summer", {
 *   users: readImportFile("summer.csv"),
 *   group: { value: "USG_FTEMP" },
 * }, { customTimeouts: { create: "1h" } });
 *
 * export const results = summer.results;
 * ```
 *
 * The file has one user per line below a line with the columns' names: `externalId`, `givenName`, `familyName`, `email`, and optionally
 * `userName`, `phoneNumber`, `title`, `active`; or it is JSON, a list of users as in `users`.
 *
 * The server's worker looks at its queue every 10 s, and one import runs at a time. A wait of up to 30 minutes is accepted unless
 * `customTimeouts` says otherwise. The server counts failures without naming users or reasons: whoever is not found afterwards counts as
 * failed, and the correlation id leads to the events in the server's audit log.
 */
export class ActivIdUserImport extends IdentityResource {
  /** What the engine calls the type. Policies find their resources by it, as by that of every generated class. */
  static readonly __pulumiType = `${DYNAMIC}activid:UserImport`;
  /** Users as declared. */
  declare readonly users: pulumi.Output<ActivIdImportedUser[]>;
  /** Group as declared. */
  declare readonly group: pulumi.Output<{ value: string }>;
  /** Login policy as declared. */
  declare readonly authenticatorPolicy: pulumi.Output<{ value: string } | undefined>;
  /** What became of each user, by externalId. */
  declare readonly results: pulumi.Output<Record<string, ActivIdImportResult>>;
  /** How many users this resource imported. */
  declare readonly imported: pulumi.Output<number>;
  /** How many users were there already. */
  declare readonly alreadyExisted: pulumi.Output<number>;
  /** How many users the server did not manage to import. */
  declare readonly failed: pulumi.Output<number>;
  /** The server's id of the last job, which also finds its events in the audit log; undefined when nobody had to be imported. */
  declare readonly correlationId: pulumi.Output<string | undefined>;

  constructor(name: string, args: ActivIdUserImportArgs, options?: IdentityResourceOptions) {
    super("activid:UserImport", name, args, outputs, options);
  }
}
