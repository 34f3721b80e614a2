import type * as pulumi from "@pulumi/pulumi";
import type { AdoptOptions } from "../core/adopt-options";
import { DYNAMIC } from "../core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../core/shell";

/** Parts of a user's name. Each is set and cleared on its own. */
export interface NameArgs {
  /** The whole name as it is shown; 1 to 256 characters. PingOne keeps it as it is and never derives it from the parts. */
  formatted?: pulumi.Input<string | undefined>;
  /** Given name; 1 to 256 characters. The attribute is `given`, not SCIM's `givenName`, which PingOne would drop without a word. */
  given?: pulumi.Input<string | undefined>;
  /** Family name; 1 to 256 characters. */
  family?: pulumi.Input<string | undefined>;
  /** Middle name; 1 to 256 characters. */
  middle?: pulumi.Input<string | undefined>;
  /** Title before the name, such as `Dr.` */
  honorificPrefix?: pulumi.Input<string | undefined>;
  /** Title behind the name, such as `PhD`. */
  honorificSuffix?: pulumi.Input<string | undefined>;
}

/** Postal address. Each part is set and cleared on its own. */
export interface AddressArgs {
  /** Street, house number, building; 1 to 256 characters, line breaks allowed. */
  streetAddress?: pulumi.Input<string | undefined>;
  /** City; 1 to 256 characters. */
  locality?: pulumi.Input<string | undefined>;
  /** State or province; 1 to 256 characters. */
  region?: pulumi.Input<string | undefined>;
  /** Postal code; 1 to 40 characters. */
  postalCode?: pulumi.Input<string | undefined>;
  /** Country as two capital letters. */
  countryCode?: pulumi.Input<string | undefined>;
}

/** Population of a user. */
export interface PopulationArgs {
  /** Id of the population, a UUID. */
  id: pulumi.Input<string>;
}

/** Picture of a user. */
export interface PhotoArgs {
  /** http or https address of an image file. */
  href: pulumi.Input<string>;
}

/** Inputs of `PingOneDirectMappedUser`. */
export interface PingOneDirectMappedUserArgs {
  /** Id of the environment the user is in, a UUID. It need not be the one that the worker application belongs to. */
  environmentId: pulumi.Input<string>;
  /** Name to sign on with; 1 to 128 characters, unique in the environment across all populations, whatever its case (assumed). */
  username: pulumi.Input<string>;
  /** Population of the user. Left out, the environment's default one when the user is created, and wherever the user is after that. */
  population?: pulumi.Input<pulumi.Unwrap<PopulationArgs> | undefined> | PopulationArgs;
  /** Email address. */
  email?: pulumi.Input<string | undefined>;
  /** Name of the person. */
  name?: pulumi.Input<pulumi.Unwrap<NameArgs> | undefined> | NameArgs;
  /** Name the person is called; 1 to 256 characters. */
  nickname?: pulumi.Input<string | undefined>;
  /** Job title; 1 to 256 characters. */
  title?: pulumi.Input<string | undefined>;
  /** Kind of user, such as `Contractor`; 1 to 256 characters, without a meaning to PingOne. */
  type?: pulumi.Input<string | undefined>;
  /** Postal address. */
  address?: pulumi.Input<pulumi.Unwrap<AddressArgs> | undefined> | AddressArgs;
  /** Main phone number; at most 32 characters with a digit among them. */
  primaryPhone?: pulumi.Input<string | undefined>;
  /** Mobile phone number; at most 32 characters with a digit among them. */
  mobilePhone?: pulumi.Input<string | undefined>;
  /** Where the person is, as a language tag such as `en-GB`; at most 256 characters. */
  locale?: pulumi.Input<string | undefined>;
  /** Languages in the form of the Accept-Language header, such as `en-gb;q=0.8, en;q=0.7`. */
  preferredLanguage?: pulumi.Input<string | undefined>;
  /** Time zone by its IANA name, such as `Europe/Paris`. */
  timezone?: pulumi.Input<string | undefined>;
  /** Picture. */
  photo?: pulumi.Input<pulumi.Unwrap<PhotoArgs> | undefined> | PhotoArgs;
  /** Id of the user in another system; 1 to 1024 characters. */
  externalId?: pulumi.Input<string | undefined>;
  /** Id of the user's account; without a meaning to PingOne. */
  accountId?: pulumi.Input<string | undefined>;
  /**
   * Attributes that the environment's user schema adds, by their exact name and case: texts, whole numbers, or JSON. A list is replaced as a
   * whole. A map of its own, so that no name collides with an input and previews name the one that changes. At most 200 of texts and 200 of
   * JSON; all attributes of a user together take at most 16 KB as JSON.
   */
  customAttributes?: pulumi.Input<Record<string, unknown> | undefined>;
  /** Initial password. PingOne takes one only when the user is created (assumed) and never returns it. */
  password?: pulumi.Input<string | undefined>;
  /**
   * What happens to attributes that the program does not declare: `managed` leaves them alone unless the program declared them before;
   * `full` clears them all, custom attributes of others included, and shows new ones as drift.
   * @default "managed"
   */
  ownership?: pulumi.Input<"managed" | "full" | undefined>;
  /**
   * Takes an existing user over instead of creating one, and brings it to what is declared: `true` for the one of the same username,
   * `{ id }` for the one of that id. With `mode: "match"` nothing is changed: `up` fails with all that differs. A preview says what will be
   * taken over. Afterwards `adopt` may be removed or stay: a replacement of the user is created all the same.
   */
  adopt?: pulumi.Input<true | AdoptOptions | undefined>;
  /** Name of the connection to use, from `pingone:connections`; left out, the unnamed connection. Another region is another connection. */
  connection?: pulumi.Input<string | undefined>;
}

/** Names of all outputs: one that is not announced, and that the program does not declare, could not be read by the program. */
const outputs = [
  ...["environmentId", "username", "population", "email", "name", "nickname", "title", "type", "address", "primaryPhone", "mobilePhone"],
  ...["locale", "preferredLanguage", "timezone", "photo", "externalId", "accountId", "customAttributes"],
  ...["userId", "region", "created", "enabled", "account", "lifecycle", "mfaEnabled", "verifyStatus", "identityProvider"],
  ...["serverChosen", "foreign", "unclearable"],
];

/**
 * A user of a PingOne environment, in PingOne's own attribute names (`username`, `email`, `name.given`), through the SCIM endpoint for
 * direct-mapped users.
 *
 * One instance owns the attributes that the program declares; `ownership: "full"` makes it own all. It leaves alone whether the user is
 * enabled, its account, lifecycle, MFA and verification, its groups and roles, and its password once the user exists.
 *
 * ```ts
 * import { PingOneDirectMappedUser } from "pulumi-identity-as-code";
 *
 * new PingOneDirectMappedUser("ada", {
 *   environmentId: "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10",
 *   username: "a.lovelace",
 *   email: "a.lovelace@example.com",
 *   name: { given: "Ada", family: "Lovelace" },
 *   customAttributes: { badgeNumber: "1815" },
 * });
 * ```
 *
 * Import: `npx identity-as-code import pingone`; or set `adopt` to `true` or `{ id }`. The resource's id is
 * `<environmentId>/<userId>`, two UUIDs.
 */
export class PingOneDirectMappedUser extends IdentityResource {
  /** What the engine calls the type. Policies find their resources by it, as by that of every generated class. */
  static readonly __pulumiType = `${DYNAMIC}pingone:DirectMappedUser`;
  /** Environment the user is in. */
  declare readonly environmentId: pulumi.Output<string>;
  /** Name to sign on with. */
  declare readonly username: pulumi.Output<string>;
  /** Population, declared or chosen by PingOne. */
  declare readonly population: pulumi.Output<{ id: string }>;
  /** Email address as declared. */
  declare readonly email: pulumi.Output<string | undefined>;
  /** Name as declared. */
  declare readonly name: pulumi.Output<pulumi.Unwrap<NameArgs> | undefined>;
  /** Short name as declared. */
  declare readonly nickname: pulumi.Output<string | undefined>;
  /** Job title as declared. */
  declare readonly title: pulumi.Output<string | undefined>;
  /** Kind of user as declared. */
  declare readonly type: pulumi.Output<string | undefined>;
  /** Postal address as declared. */
  declare readonly address: pulumi.Output<pulumi.Unwrap<AddressArgs> | undefined>;
  /** Main phone number as declared. */
  declare readonly primaryPhone: pulumi.Output<string | undefined>;
  /** Mobile phone number as declared. */
  declare readonly mobilePhone: pulumi.Output<string | undefined>;
  /** Language tag as declared. */
  declare readonly locale: pulumi.Output<string | undefined>;
  /** Languages as declared. */
  declare readonly preferredLanguage: pulumi.Output<string | undefined>;
  /** Time zone as declared. */
  declare readonly timezone: pulumi.Output<string | undefined>;
  /** Picture as declared. */
  declare readonly photo: pulumi.Output<pulumi.Unwrap<PhotoArgs> | undefined>;
  /** Id of the user in another system, as declared. */
  declare readonly externalId: pulumi.Output<string | undefined>;
  /** Id of the user's account as declared. */
  declare readonly accountId: pulumi.Output<string | undefined>;
  /** Custom attributes as declared. */
  declare readonly customAttributes: pulumi.Output<Record<string, unknown> | undefined>;
  /** PingOne's id of the user, a UUID. */
  declare readonly userId: pulumi.Output<string>;
  /** Region the user is in, as the connection names it. */
  declare readonly region: pulumi.Output<string | undefined>;
  /** When PingOne created the user, ISO 8601, UTC. */
  declare readonly created: pulumi.Output<string>;
  /** Whether the user is enabled. This and all further outputs are as they were when the user was last read, and never a difference. */
  declare readonly enabled: pulumi.Output<boolean | undefined>;
  /** Whether the user can sign on, and `OK` or `LOCKED`. */
  declare readonly account: pulumi.Output<{ canAuthenticate?: boolean; status?: string } | undefined>;
  /** `ACCOUNT_OK` or `VERIFICATION_REQUIRED`. */
  declare readonly lifecycle: pulumi.Output<{ status?: string } | undefined>;
  /** Whether the user has to use MFA. */
  declare readonly mfaEnabled: pulumi.Output<boolean | undefined>;
  /** `NOT_INITIATED`, `ENABLED` or `DISABLED`. */
  declare readonly verifyStatus: pulumi.Output<string | undefined>;
  /** What the user signs on with; a user of another provider than `PING_ONE` is not changed. */
  declare readonly identityProvider: pulumi.Output<{ type?: string; id?: string } | undefined>;
  /** Names of the outputs whose value PingOne chose because the program declares none. */
  declare readonly serverChosen: pulumi.Output<string[] | undefined>;
  /** With ownership `full`: undeclared attributes that the last refresh found. The next `up` clears them, unless ownership is given up. */
  declare readonly foreign: pulumi.Output<string[] | undefined>;
  /** With ownership `full`: undeclared attributes that PingOne keeps all the same, and that count as its own. */
  declare readonly unclearable: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: PingOneDirectMappedUserArgs, options?: IdentityResourceOptions) {
    super("pingone:DirectMappedUser", name, args, outputs, options, ["password"]);
  }

  /**
   * Looks an existing user up without managing it.
   *
   * @param name name of the resource in the program
   * @param id `<environmentId>/<userId>`
   * @param state the connection, if it is not the unnamed one
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: { connection?: pulumi.Input<string> } = {},
    options?: IdentityResourceOptions,
  ): PingOneDirectMappedUser {
    return new PingOneDirectMappedUser(name, state as PingOneDirectMappedUserArgs, { ...options, id });
  }
}
