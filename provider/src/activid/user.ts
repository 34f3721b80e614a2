import type * as pulumi from "@pulumi/pulumi";
import type { AdoptOptions } from "../core/adopt-options";
import { DYNAMIC } from "../core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../core/shell";

/** A group or role by its code, or a device by its id. */
export interface ActivIdCode {
  /** The code, such as `USG_FTEMP` or `RL_AUDITV`, or the device's internal id. */
  value: pulumi.Input<string>;
}

/** The parts of a person's name. */
export interface ActivIdName {
  /** First name; the server also shows it as the attribute `FIRSTNAME`. */
  givenName?: pulumi.Input<string>;
  /** Last name; the server also shows it as the attribute `LASTNAME`. */
  familyName?: pulumi.Input<string>;
}

/** An e-mail address; the server also shows it as the attribute `ATR_EMAIL`. */
export interface ActivIdEmail {
  /** The address. */
  value: pulumi.Input<string>;
  /** Accepted because samples have it; the server drops it. */
  type?: pulumi.Input<string>;
}

/** A phone number. */
export interface ActivIdPhoneNumber {
  /** The number, in the form the server is to show. */
  value: pulumi.Input<string>;
  /** Such as `work`; left out, whatever the server has is right. */
  type?: pulumi.Input<string>;
}

/** A postal address in one text. */
export interface ActivIdAddress {
  /** The address; the server knows no other part of it. */
  formatted: pulumi.Input<string>;
  /** Such as `work`; left out, whatever the server has is right. */
  type?: pulumi.Input<string>;
}

/** Inputs of `ActivIdUser`. Source: vendor, Users REST API. */
export interface ActivIdUserArgs {
  /** The user's id at the caller's, unique in the tenant. Required, unless `activid:apiVersion` is 4 or more. Compared exactly; changed in place. */
  externalId?: pulumi.Input<string | undefined>;
  /** Logon name. Required when a user is created with `activid:apiVersion` 4 or more; before, the server makes it from the externalId, and it cannot be declared. */
  userName?: pulumi.Input<string | undefined>;
  /** `SCIM_FED` for a user of another identity provider, who is changed by PATCH as Entra ID does it and has no groups, roles, attributes, enterprise extension or devices here. */
  userType?: pulumi.Input<"SCIM_FED" | undefined>;
  /** Name. Required with both parts, unless the user is federated. */
  name?: pulumi.Input<pulumi.Unwrap<ActivIdName>> | ActivIdName;
  /** The e-mail address, at most 1. Required, unless the user is federated. */
  emails?: pulumi.Input<pulumi.Input<ActivIdEmail>[] | undefined>;
  /** The phone number, at most 1. */
  phoneNumbers?: pulumi.Input<pulumi.Input<ActivIdPhoneNumber>[] | undefined>;
  /** Addresses, at most 4; of a federated user, one of each type. */
  addresses?: pulumi.Input<pulumi.Input<ActivIdAddress>[] | undefined>;
  /** Title; empty is the same as none. */
  title?: pulumi.Input<string | undefined>;
  /** `false` disables the user. Left out, the server's value (enabled for a new user) is left alone: dropping `active: false` enables nobody. */
  active?: pulumi.Input<boolean | undefined>;
  /** The group, exactly 1, which is sent with every change. Required, unless the user is federated. */
  groups?: pulumi.Input<pulumi.Input<ActivIdCode>[] | undefined>;
  /** Roles, in any order. Declared, the list is owned as a whole; an empty one means none. Left out, roles are left alone. */
  roles?: pulumi.Input<pulumi.Input<ActivIdCode>[] | undefined>;
  /**
   * Attributes of the HID extension UserAttribute by name. Only the named ones are owned; all others stay as they are. A value is a text, or with
   * `activid:apiVersion` 9 or more a list of texts. The group decides which names exist. `FIRSTNAME`, `LASTNAME` and `ATR_EMAIL` are name and e-mail.
   */
  attributes?: pulumi.Input<Record<string, pulumi.Input<string | string[]>> | undefined>;
  /**
   * Members of the enterprise User extension of SCIM, such as `{ organization: "Example" }`, sent as they are. Only the named ones are owned. The
   * server is not known to show them: where it does not, a change made elsewhere is not seen.
   */
  enterprise?: pulumi.Input<Record<string, pulumi.Input<unknown>> | undefined>;
  /** Devices of the HID extension UserDevice. Declared, the list is owned as a whole, and others are unbound. Left out, devices are left alone. */
  devices?: pulumi.Input<pulumi.Input<ActivIdCode>[] | undefined>;
  /**
   * What deleting the resource does: deletes the user; deletes the user and then erases what ties the audit log to the user, which cannot be
   * undone and needs the permission "Forget User"; or only disables the user, who then keeps the externalId.
   * @default "delete"
   */
  onDelete?: pulumi.Input<"delete" | "deleteAndForget" | "disable" | undefined>;
  /**
   * Takes an existing user over instead of creating one, and brings it to what is declared: `true` for the one of the same externalId (userName, where no externalId is declared),
   * `{ id }` for the one of that id. With `mode: "match"` nothing is changed: `up` fails with all that differs. A preview says what will be
   * taken over. Afterwards `adopt` may be removed or stay: a replacement of the user is created all the same.
   */
  adopt?: pulumi.Input<true | AdoptOptions | undefined>;
  /** Name of the connection to use, from `activid:connections`; left out, the unnamed connection. */
  connection?: pulumi.Input<string | undefined>;
}

/** What is known of a user after an operation: the inputs as declared, and what the server adds. */
export interface ActivIdUserState extends pulumi.Unwrap<ActivIdUserArgs> {
  displayName?: string;
  tenant: string;
  serverChosen?: string[];
}

/** Names of all outputs: one that is not announced, and that the program does not declare, could not be read by the program. */
const outputs = [
  "externalId",
  "userName",
  "userType",
  "name",
  "emails",
  "phoneNumbers",
  "addresses",
  "title",
  "active",
  "groups",
  "roles",
  "attributes",
  "enterprise",
  "devices",
  "displayName",
  "tenant",
  "serverChosen",
] as const;

/**
 * A user of HID ActivID Appliance, ActivID AS or HID Authentication Service, with the attributes and devices of HID's extensions.
 *
 * One instance owns what it declares: the name, e-mail, group and other values, single attributes by name, and, if declared, the lists of roles
 * and devices. Everything else stays as it is. The vendor knows only one kind of change, which replaces the whole user and erases what it leaves
 * out; so every change starts from the user as just read, and authenticators and undeclared devices are never part of it.
 *
 * ```ts
 * import { ActivIdUser } from "pulumi-identity-as-code";
 *
 * new ActivIdUser("maria", {
 *   externalId: "mlopez",
 *   name: { givenName: "Maria", familyName: "Lopez" },
 *   emails: [{ value: "mlopez@example.org" }],
 *   groups: [{ value: "USG_FTEMP" }],
 *   attributes: { DOB: "1990-02-03" },
 * });
 * ```
 *
 * Import: `npx identity-as-code import activid`; or set `adopt` to `true` or `{ id }`. The id is the vendor's own, a number as text.
 */
export class ActivIdUser extends IdentityResource {
  /** What the engine calls the type. Policies find their resources by it, as by that of every generated class. */
  static readonly __pulumiType = `${DYNAMIC}activid:User`;
  /** The user's id at the caller's. */
  declare readonly externalId: pulumi.Output<string>;
  /** Logon name; follows the externalId unless it is declared. */
  declare readonly userName: pulumi.Output<string>;
  /** `FTRESS` (in the server's database), `FTRESS_LDAP` (also in a directory) or `SCIM_FED` (federated). */
  declare readonly userType: pulumi.Output<string | undefined>;
  /** Name as declared. */
  declare readonly name: pulumi.Output<{ givenName?: string; familyName?: string } | undefined>;
  /** E-mail address as declared. */
  declare readonly emails: pulumi.Output<{ value: string }[] | undefined>;
  /** Phone number as declared. */
  declare readonly phoneNumbers: pulumi.Output<{ value: string; type?: string }[] | undefined>;
  /** Addresses as declared. */
  declare readonly addresses: pulumi.Output<{ formatted: string; type?: string }[] | undefined>;
  /** Title as declared. */
  declare readonly title: pulumi.Output<string | undefined>;
  /** Whether the user is enabled, declared or not. */
  declare readonly active: pulumi.Output<boolean>;
  /** Group as declared. */
  declare readonly groups: pulumi.Output<{ value: string }[] | undefined>;
  /** Roles as declared. */
  declare readonly roles: pulumi.Output<{ value: string }[] | undefined>;
  /** Attributes as declared. */
  declare readonly attributes: pulumi.Output<Record<string, string | string[]> | undefined>;
  /** Members of the enterprise User extension as declared. */
  declare readonly enterprise: pulumi.Output<Record<string, unknown> | undefined>;
  /** Devices as declared. */
  declare readonly devices: pulumi.Output<{ value: string }[] | undefined>;
  /** First and last name, as the server joins them. */
  declare readonly displayName: pulumi.Output<string | undefined>;
  /** Digest of server and tenant that the user is in; the ids themselves are confidential. */
  declare readonly tenant: pulumi.Output<string>;
  /** Names of the outputs whose value the server chose because the program declares none. */
  declare readonly serverChosen: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: ActivIdUserArgs, options?: IdentityResourceOptions) {
    super("activid:User", name, args, outputs, options);
  }

  /**
   * Looks an existing user up without managing it.
   *
   * @param name name of the resource in the program
   * @param id the vendor's id of the user, or `externalId:` followed by the user's externalId
   * @param state the connection, if it is not the unnamed one
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: { connection?: pulumi.Input<string> } = {},
    options?: IdentityResourceOptions,
  ): ActivIdUser {
    return new ActivIdUser(name, state as ActivIdUserArgs, { ...options, id });
  }
}
