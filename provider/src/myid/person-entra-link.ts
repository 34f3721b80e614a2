import type * as pulumi from "@pulumi/pulumi";
import { DYNAMIC } from "../core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../core/shell";

/** A person of MyID, by exactly one of these. All but the id are looked up, must lead to one person, and are compared without regard to case. */
export interface PersonReference {
  /** GUID of the person, the ObjectID of MyID. */
  id?: pulumi.Input<string | undefined>;
  /** Logon name. */
  logonName?: pulumi.Input<string | undefined>;
  /** Employee id. */
  employeeId?: pulumi.Input<string | undefined>;
  /** E-mail address. It is searched for, so it should be rare among names too. */
  email?: pulumi.Input<string | undefined>;
}

/** Inputs of `MyIdPersonEntraLink`. */
export interface MyIdPersonEntraLinkArgs {
  /**
   * The person. Another person replaces the link: the old one is cleared, then the new one is set. Other words for the same person change
   * nothing in MyID. A logon name keeps meaning the person that it led to when the link was made.
   */
  person: pulumi.Input<pulumi.Unwrap<PersonReference>> | PersonReference;
  /**
   * Object id of the user in Microsoft Entra, a GUID; upper and lower case count the same. MyID checks neither that it exists nor that it is
   * unique.
   */
  entraObjectId: pulumi.Input<string>;
  /**
   * Which of the person's three external references holds the link. It must be the one that the option External Entra Reference of the
   * workflow External Systems names: MyID takes another one too, and only fails when a passkey is requested.
   * @default 1
   */
  slot?: pulumi.Input<1 | 2 | 3 | undefined>;
  /**
   * Whether the person is a PIV applicant, whom MyID changes by the operation Edit PIV Applicant (200103) only.
   * @default false
   */
  pivApplicant?: pulumi.Input<boolean | undefined>;
  /**
   * Whether a value that somebody else put into the slot may be replaced. Without it such a value is an error, because the Self-Service
   * Request Portal and operators write the same field.
   * @default false
   */
  overwrite?: pulumi.Input<boolean | undefined>;
  /** Name of the connection to use, from `myid:connections`; left out, the unnamed connection. */
  connection?: pulumi.Input<string | undefined>;
}

/** Names of all outputs: one that is not announced, and that the program does not declare, could not be read by the program. */
const outputs = ["person", "entraObjectId", "slot", "logonName", "employeeId", "email", "verified", "server"] as const;

/**
 * The link of a person in Intercede MyID to a user of Microsoft Entra, which a request for a passkey of Entra needs.
 *
 * One instance owns one of the person's external references and nothing else: the person is never created, changed otherwise or deleted, and
 * clearing the link revokes no passkey. A slot that already holds the declared value is taken over without a write; deleting empties it,
 * unless somebody else put another value there, even one that a refresh has seen. A resource that gets another name in the program needs the
 * old one in `aliases`, or it would be deleted.
 *
 * ```ts
 * import { MyIdPersonEntraLink } from "pulumi-identity-as-code";
 *
 * new MyIdPersonEntraLink("ada", {
 *   person: { logonName: "alovelace" },
 *   entraObjectId: "0b9f6c1e-3f0d-4c55-9d1c-5a7e2f3b8c10",
 * });
 * ```
 *
 * Import: `npx identity-as-code import myid`; or declare the link as it is, and `up` takes it over. The id, for `get`, is
 * `{personId}/{slot}`, or `{personId}` for slot 1.
 *
 * The names of the environment variables are this library's own, because the vendor's tools have none. A server with a certificate of a private
 * authority is reached with `myid:caFile`, and web.oauth2 on a server of its own with `myid:authBaseUrl`.
 */
export class MyIdPersonEntraLink extends IdentityResource {
  /** What the engine calls the type. Policies find their resources by it, as by that of every generated class. */
  static readonly __pulumiType = `${DYNAMIC}myid:PersonEntraLink`;
  /** The person: as declared, and the id that was found. */
  declare readonly person: pulumi.Output<{ id: string; logonName?: string; employeeId?: string; email?: string }>;
  /** Object id of the user in Entra. */
  declare readonly entraObjectId: pulumi.Output<string>;
  /** Which external reference holds it. */
  declare readonly slot: pulumi.Output<1 | 2 | 3>;
  /** Logon name of the person when last read. */
  declare readonly logonName: pulumi.Output<string | undefined>;
  /** Employee id of the person when last read. */
  declare readonly employeeId: pulumi.Output<string | undefined>;
  /** E-mail address of the person when last read. */
  declare readonly email: pulumi.Output<string | undefined>;
  /** Whether the server returned the link. False: it does not return external references, so the value is as declared and changes are not seen. */
  declare readonly verified: pulumi.Output<boolean>;
  /** Address of the MyID server. */
  declare readonly server: pulumi.Output<string>;

  constructor(name: string, args: MyIdPersonEntraLinkArgs, options?: IdentityResourceOptions) {
    super("myid:PersonEntraLink", name, args, outputs, options);
  }

  /**
   * Looks an existing link up without managing it.
   *
   * @param name name of the resource in the program
   * @param id `{personId}/{slot}`, or `{personId}` for slot 1
   * @param state the connection, if it is not the unnamed one
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: { connection?: pulumi.Input<string> } = {},
    options?: IdentityResourceOptions,
  ): MyIdPersonEntraLink {
    return new MyIdPersonEntraLink(name, state as MyIdPersonEntraLinkArgs, { ...options, id });
  }
}
