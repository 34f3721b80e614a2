import * as pulumi from "@pulumi/pulumi";
import { DYNAMIC, providerSource } from "./provider-source";

/** Options of this library's resources: Pulumi's own, without `import`, which the engine cannot do for dynamic providers. */
export type IdentityResourceOptions = Omit<pulumi.CustomResourceOptions, "import">;

/** The common part of all resources as a program sees them. It loads nothing of the vendors' code. */
export abstract class IdentityResource extends pulumi.CustomResource {
  /**
   * @param type `<vendor>:<Noun>`
   * @param outputs names of all properties that the program may read
   * @param secrets names of the arguments that state holds encrypted only, whether or not the program marks them
   */
  protected constructor(
    type: string,
    name: string,
    args: object,
    outputs: readonly string[],
    options: IdentityResourceOptions = {},
    secrets: readonly string[] = [],
  ) {
    if ((options as pulumi.CustomResourceOptions).import !== undefined) {
      throw new pulumi.ResourceError(
        `"${name}" cannot use the option "import": the engine does not support it for dynamic providers. Run \`npx identity-as-code import\`, or set "adopt" in its arguments, instead.`,
        undefined,
        true,
      );
    }
    // Custom timeouts do not reach a dynamic provider by themselves, so they travel with the inputs.
    const { customTimeouts: timeouts } = options;
    const computed = Object.fromEntries(outputs.map((output) => [output, undefined]));
    const given = Object.entries(args).map(([key, value]) => [key, secrets.includes(key) && value != null ? pulumi.secret(value) : value]);
    super(
      DYNAMIC + type,
      name,
      { ...computed, ...Object.fromEntries(given), ...(timeouts && { timeouts }), __provider: providerSource(type) },
      secrets.length > 0 ? { ...options, additionalSecretOutputs: [...secrets, ...(options.additionalSecretOutputs ?? [])] } : options,
    );
  }
}
