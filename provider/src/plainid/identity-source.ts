import * as pulumi from "@pulumi/pulumi";
import { DYNAMIC } from "../core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../core/shell";

/** Inputs of `PlainIdIdentitySource`. */
export interface PlainIdIdentitySourceArgs {
  /** Id of the environment, a UUID, from the Details tab of its settings. Source: PlainID, Update Identity Source ID, Environment ID. */
  envId: pulumi.Input<string>;
  /**
   * Id of the identity template, such as `User`, from the Details tab of the identity workspace's settings. It is no UUID.
   * Source: PlainID, Update Identity Source ID, Identity Template ID.
   */
  identityTemplateId: pulumi.Input<string>;
  /**
   * Id that the source is to have, unique in its template; upper and lower case count as different (assumed).
   * A new value renames the source in place, also when resources of one program exchange theirs; three or more that go round, and two that are
   * adopted in the same run, need a `--parallel` of at least their number.
   */
  sourceId: pulumi.Input<string>;
  /** Id that the source has now, if it is another one: it is taken over and renamed. */
  adoptFrom?: pulumi.Input<string | undefined>;
  /** Name for people. A change needs `plainid:allowImport`. */
  displayName?: pulumi.Input<string | undefined>;
  /** Text for people; empty removes it. A change needs `plainid:allowImport`. */
  description?: pulumi.Input<string | undefined>;
  /** Type of the source, as the vendor's export shows it. It cannot be changed; declared, it is verified. */
  sourceType?: pulumi.Input<string | undefined>;
  /** Settings of the source, by name. Those that are listed are managed, all others are left alone. A change needs `plainid:allowImport`. */
  sourceMetaData?: pulumi.Input<Record<string, unknown> | undefined>;
  /**
   * What happens to the source when the resource goes, since the vendor's API cannot delete one: it stays as it is; it gets the id back
   * that it was taken over with, unless that is taken; or the deletion fails.
   * @default "retain"
   */
  onDelete?: pulumi.Input<"retain" | "restoreOriginalId" | "fail" | undefined>;
  /** Name of the connection to use, from `plainid:connections`; left out, the unnamed connection. */
  connection?: pulumi.Input<string | undefined>;
}

/** What is known of a source after an operation: the inputs as declared, and what the vendor adds. */
export interface PlainIdIdentitySourceState extends pulumi.Unwrap<PlainIdIdentitySourceArgs> {
  originalSourceId: string;
  serverChosen?: string[];
}

/** Names of all outputs: one that is not announced, and that the program does not declare, could not be read by the program. */
const outputs = [
  "envId",
  "identityTemplateId",
  "sourceId",
  "originalSourceId",
  "displayName",
  "description",
  "sourceType",
  "sourceMetaData",
  "serverChosen",
] as const;

/**
 * An identity source of an identity template of PlainID: where the platform takes what it knows of identities from.
 *
 * The vendor's API neither creates nor deletes a source; it lists and renames them. So one instance takes an existing source over and owns
 * its id, which is what mapper sets, policies and other environments refer to it by. Name, description and metadata are managed if declared.
 *
 * ```ts
 * import { PlainIdIdentitySource } from "pulumi-identity-as-code";
 *
 * new PlainIdIdentitySource("hr", {
 *   envId: "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70",
 *   identityTemplateId: "User",
 *   sourceId: "hr_db",
 *   adoptFrom: "ds_users",
 * });
 * ```
 *
 * Import: `npx identity-as-code import plainid`; an existing source is always taken over in any case,
 * and `adoptFrom` names it if its id is to change. The resource's own id is
 * `<envId>/<identityTemplateId>/<id of the source when it was taken over>`, each part percent-encoded; it stays when the source is renamed.
 */
export class PlainIdIdentitySource extends IdentityResource {
  /** What the engine calls the type. Policies find their resources by it, as by that of every generated class. */
  static readonly __pulumiType = `${DYNAMIC}plainid:IdentitySource`;
  /** Id of the environment. */
  declare readonly envId: pulumi.Output<string>;
  /** Id of the identity template. */
  declare readonly identityTemplateId: pulumi.Output<string>;
  /** Id of the source. */
  declare readonly sourceId: pulumi.Output<string>;
  /** Id of the source when it was taken over. */
  declare readonly originalSourceId: pulumi.Output<string>;
  /** Name for people. */
  declare readonly displayName: pulumi.Output<string | undefined>;
  /** Text for people. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Type of the source. */
  declare readonly sourceType: pulumi.Output<string | undefined>;
  /** Settings of the source: those that are declared, or all when none is. Without those that are null. */
  declare readonly sourceMetaData: pulumi.Output<Record<string, unknown> | undefined>;
  /** Names of the outputs whose value the vendor chose because the program declares none. */
  declare readonly serverChosen: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: PlainIdIdentitySourceArgs, options?: IdentityResourceOptions) {
    super("plainid:IdentitySource", name, claimed(name, args), outputs, options);
  }

  /**
   * Looks an existing source up without managing it.
   *
   * @param name name of the resource in the program
   * @param id `<envId>/<identityTemplateId>/<sourceId>`, each part percent-encoded
   * @param state the connection, if it is not the unnamed one
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: { connection?: pulumi.Input<string> } = {},
    options?: IdentityResourceOptions,
  ): PlainIdIdentitySource {
    return new PlainIdIdentitySource(name, state as PlainIdIdentitySourceArgs, { ...options, id });
  }
}

/** Who claims which source, by program: one process may run several. */
const claims = new WeakMap<object, Map<string, string>>();
const noStack = {};

/**
 * The arguments, which fail as soon as they are known when an earlier resource of the program claims the same source.
 * Only the program sees all of its resources; the engine hands them to the provider one by one, and in a preview not even all.
 */
function claimed(name: string, args: PlainIdIdentitySourceArgs): PlainIdIdentitySourceArgs {
  if (args.sourceId === undefined) return args;
  const program = pulumi.runtime.getStackResource() ?? noStack;
  const claimants = claims.get(program) ?? new Map<string, string>();
  claims.set(program, claimants);
  const claim = (envId: string, template: string, property: string, id: string | undefined) => {
    if (id === undefined) return;
    const key = JSON.stringify([envId.toLowerCase(), template, property, id]);
    const other = claimants.get(key);
    if (other !== undefined)
      throw new Error(
        `"${name}" and "${other}" both have ${property} "${id}" in identity template "${template}"; a source belongs to one resource`,
      );
    claimants.set(key, name);
  };
  const sourceId = pulumi.all([args.envId, args.identityTemplateId, args.sourceId, args.adoptFrom]).apply(([envId, template, id, from]) => {
    claim(envId, template, "sourceId", id);
    claim(envId, template, "adoptFrom", from);
    return id;
  });
  return { ...args, sourceId };
}
