import type * as pulumi from "@pulumi/pulumi";
import { IdentityResource, type IdentityResourceOptions } from "../../../provider/src/core/shell";

/** Inputs of `AcmeDoor`. */
export interface AcmeDoorArgs {
  /** Name of the door, unique in the site. */
  name: pulumi.Input<string>;
  /** Building that the door is in. */
  building: pulumi.Input<string>;
  /** Text for people; empty is the same as none. */
  note?: pulumi.Input<string | undefined>;
  /** Name of the connection to use, from `acme:connections`; left out, the unnamed connection. */
  connection?: pulumi.Input<string | undefined>;
}

const outputs = ["name", "building", "note"] as const;

/**
 * A door of an Acme site. One instance owns the door as a whole.
 *
 * Import: none; the id is the vendor's own.
 */
export class AcmeDoor extends IdentityResource {
  /** Name of the door. */
  declare readonly name: pulumi.Output<string>;
  /** Building that the door is in. */
  declare readonly building: pulumi.Output<string>;
  /** Text for people. */
  declare readonly note: pulumi.Output<string | undefined>;

  constructor(name: string, args: AcmeDoorArgs, options?: IdentityResourceOptions) {
    super("acme:Door", name, args, outputs, options);
  }
}
