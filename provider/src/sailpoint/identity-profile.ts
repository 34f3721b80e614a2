import type * as pulumi from "@pulumi/pulumi";
import type { AdoptOptions } from "../core/adopt-options";
import { DYNAMIC } from "../core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../core/shell";
import type { Transform } from "./transforms";

/** An object of the tenant, by id. */
export interface ReferenceById {
  /** Id of the object. */
  id: pulumi.Input<string>;
  name?: undefined;
}

/** An object of the tenant, by name; exactly one must have it when the program is applied. */
export interface ReferenceByName {
  /** Display name of the object; upper and lower case count the same. */
  name: pulumi.Input<string>;
  id?: undefined;
}

export type Reference = ReferenceById | ReferenceByName;

/** Where a profile's identity attributes come from. */
export interface IdentityAttributeConfigArgs {
  /**
   * Whether values are promoted to the identities.
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * One transform per identity attribute, by the attribute's name. Attributes that are not listed are not mapped. An attribute that the tenant
   * does not have must be made there first: the vendor may keep its transform without effect.
   */
  attributeTransforms: pulumi.Input<Record<string, pulumi.Input<Transform>>>;
}

/** Inputs of `SailPointIdentityProfile`. */
export interface SailPointIdentityProfileArgs {
  /** Name of the profile, unique in the tenant. Source: vendor, Identity Profiles, Create; uniqueness assumed. */
  name: pulumi.Input<string>;
  /** Text for people; empty is the same as none. */
  description?: pulumi.Input<string | undefined>;
  /** Identity that is responsible for the profile. Left out, the vendor may choose one. */
  owner?: pulumi.Input<pulumi.Unwrap<Reference>> | Reference;
  /**
   * Which profile wins when an identity fits several: the lowest number. A whole number, 1 or more, unique in the tenant. Profiles of a
   * program may exchange theirs in one run; while it lasts, some have a number that wins over none.
   * Left out, the vendor assigns the highest number in use plus 10, which may be one that another profile of the program declares: declare
   * it for all profiles of a program, or for none.
   */
  priority?: pulumi.Input<number | undefined>;
  /** Source whose accounts become the identities of the profile. A source has one profile at most. */
  authoritativeSource: pulumi.Input<pulumi.Unwrap<Reference>> | Reference;
  /**
   * Mapping of identity attributes. Declared, it is owned as a whole: attributes that others add are shown as drift and removed.
   * Left out, the vendor's default mapping, or what people configure, is left alone.
   */
  identityAttributeConfig?: pulumi.Input<pulumi.Unwrap<IdentityAttributeConfigArgs>> | IdentityAttributeConfigArgs;
  /**
   * How a new name is applied: in place, or, for a tenant that refuses that, by a new profile after the old one is deleted.
   * @default "update"
   */
  renameBy?: pulumi.Input<"update" | "replace" | undefined>;
  /**
   * How a new authoritative source is applied: in place, or by a new profile after the old one is deleted.
   * @default "update"
   */
  changeSourceBy?: pulumi.Input<"update" | "replace" | undefined>;
  /**
   * Whether the profile may be deleted, or replaced, while identities belong to it.
   * @default false
   */
  forceDelete?: pulumi.Input<boolean | undefined>;
  /**
   * Takes an existing profile over instead of creating one, and brings it to what is declared: `true` for the one of the same name,
   * `{ id }` for the one of that id. With `mode: "match"` nothing is changed: `up` fails with all that differs. A preview says what will be
   * taken over. Afterwards `adopt` may be removed or stay: a replacement of the profile is created all the same.
   */
  adopt?: pulumi.Input<true | AdoptOptions | undefined>;
  /** Name of the connection to use, from `sailpoint:connections`; left out, the unnamed connection. */
  connection?: pulumi.Input<string | undefined>;
}

/** What is known of a profile after an operation: the inputs as declared, and what the vendor adds. */
export interface SailPointIdentityProfileState
  extends pulumi.Unwrap<Omit<SailPointIdentityProfileArgs, "owner" | "authoritativeSource" | "priority">> {
  owner?: { id: string; name?: string };
  priority?: number;
  authoritativeSource: { id: string; name?: string };
  sourceId: string;
  ownerId?: string;
  created?: string;
  identityCount?: number;
  tenant?: string;
  serverChosen?: string[];
}

/** Names of all outputs: one that is not announced, and that the program does not declare, could not be read by the program. */
const outputs = [
  "name",
  "description",
  "owner",
  "priority",
  "authoritativeSource",
  "identityAttributeConfig",
  "sourceId",
  "ownerId",
  "created",
  "identityCount",
  "tenant",
  "serverChosen",
] as const;

/**
 * An identity profile of SailPoint Identity Security Cloud: which source makes identities, and where each of their attributes comes from.
 *
 * One instance owns the profile's name, description, owner, priority, source and, if declared, its whole attribute mapping. It leaves alone
 * lifecycle states, provisioning settings, and the sources, transforms and rules that the mapping refers to.
 *
 * ```ts
 * import { accountAttribute, SailPointIdentityProfile } from "pulumi-identity-as-code";
 *
 * new SailPointIdentityProfile("employees", {
 *   name: "Employees",
 *   authoritativeSource: { name: "HR" },
 *   identityAttributeConfig: {
 *     attributeTransforms: {
 *       uid: accountAttribute({ sourceName: "HR", attributeName: "login" }),
 *       email: accountAttribute({ sourceName: "HR", attributeName: "mail" }),
 *     },
 *   },
 * });
 * ```
 *
 * Import: `npx identity-as-code import sailpoint`; or set `adopt` to `true` or `{ id }`. The id is the vendor's own, 32 hexadecimal digits.
 */
export class SailPointIdentityProfile extends IdentityResource {
  /** What the engine calls the type. Policies find their resources by it, as by that of every generated class. */
  static readonly __pulumiType = `${DYNAMIC}sailpoint:IdentityProfile`;
  /** Name of the profile. */
  declare readonly name: pulumi.Output<string>;
  /** Text for people. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Identity that is responsible for the profile, as declared; its id is in `ownerId`. */
  declare readonly owner: pulumi.Output<{ id?: string; name?: string } | undefined>;
  /** Priority, declared or assigned by the vendor. */
  declare readonly priority: pulumi.Output<number>;
  /** Source of the identities, as declared; its id is in `sourceId`. */
  declare readonly authoritativeSource: pulumi.Output<{ id?: string; name?: string }>;
  /** Mapping as declared; undefined when none is. */
  declare readonly identityAttributeConfig: pulumi.Output<pulumi.Unwrap<IdentityAttributeConfigArgs> | undefined>;
  /** Id of the source; not known before the profile is made, where the source is declared by name. */
  declare readonly sourceId: pulumi.Output<string>;
  /** Id of the owner, declared or chosen by the vendor. */
  declare readonly ownerId: pulumi.Output<string | undefined>;
  /** When the vendor created the profile, ISO 8601, UTC. */
  declare readonly created: pulumi.Output<string>;
  /** How many identities belonged to the profile when it was last read. It is never a difference. */
  declare readonly identityCount: pulumi.Output<number | undefined>;
  /** Tenant the profile is in, as the vendor names it in its tokens. */
  declare readonly tenant: pulumi.Output<string | undefined>;
  /** Names of the outputs whose value the vendor chose because the program declares none. */
  declare readonly serverChosen: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: SailPointIdentityProfileArgs, options?: IdentityResourceOptions) {
    super("sailpoint:IdentityProfile", name, args, outputs, options);
  }

  /**
   * Looks an existing profile up without managing it.
   *
   * @param name name of the resource in the program
   * @param id the vendor's id of the profile
   * @param state the connection, if it is not the unnamed one
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: { connection?: pulumi.Input<string> } = {},
    options?: IdentityResourceOptions,
  ): SailPointIdentityProfile {
    return new SailPointIdentityProfile(name, state as SailPointIdentityProfileArgs, { ...options, id });
  }
}
