import { type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { SailPointIdentityProfile } from "pulumi-identity-as-code";
import { type IdentityResourceName, identityResourceNames, nameOfType } from "./resources";
import { matches, settingsOf, texts } from "./settings";

/** What counts as production: every object of these stacks, and in any stack every object of these connections. `*` stands for any characters. */
export interface Production {
  /**
   * Names of stacks, without project and organization.
   * @default ["prod*"]
   */
  stacks?: string[];
  /**
   * Names of connections, as in `<vendor>:connections`; an empty text means the unnamed one.
   * @default []
   */
  connections?: string[];
}

const schema = {
  stacks: texts("stacks that are production"),
  connections: texts("connections that lead to production"),
};

/**
 * Objects of production are protected, so that the engine refuses to delete or replace them until the program says otherwise in a change of its
 * own. A policy is not told of `retainOnDelete`, so only `protect` counts.
 */
export function protectedProductionObjects(production: Required<Production>, resources?: IdentityResourceName[]): ResourceValidationPolicy {
  return {
    name: "protected-production-objects",
    description: "Identity objects of production are protected against deletion.",
    configSchema: { properties: { ...schema, resources: texts("classes of resources that have to be protected", identityResourceNames) } },
    validateResource: (args, report) => {
      const settings = settingsOf(args, { ...production, resources: resources ?? identityResourceNames });
      const name = nameOfType(args.type);
      if (!name || !settings.resources.includes(name)) return args.notApplicable("Not a resource that has to be protected");
      const place = productionOf(args.urn, settings, () => args.props.connection);
      if (!place || args.opts.protect) return;
      report(
        `${name} "${args.name}" belongs to production (${place}) and its option \`protect\` is not true: taking it out of the program would delete it. ` +
          "Give it `{ protect: true }` as an option.",
      );
    },
  };
}

/** Profiles of production promote their mapping to the identities. */
export function enabledProductionMappings(production: Required<Production>): ResourceValidationPolicy {
  return {
    name: "enabled-production-mappings",
    description: "The attribute mapping of an identity profile of production is enabled.",
    configSchema: { properties: schema },
    validateResource: validateResourceOfType(SailPointIdentityProfile, (profile, args, report) => {
      const place = productionOf(args.urn, settingsOf(args, production), () => profile.connection);
      if (!place || profile.identityAttributeConfig?.enabled !== false) return;
      report(
        `SailPointIdentityProfile "${args.name}" belongs to production (${place}) and has \`identityAttributeConfig.enabled: false\`: its identities would ` +
          "keep old values. Remove that line, or try the mapping in another stack first.",
      );
    }),
  };
}

/** Why a resource counts as production; undefined when it does not. The connection is only asked for where the stack does not decide. */
function productionOf(
  urn: string,
  { stacks, connections }: Required<Production>,
  connection: () => string | undefined,
): string | undefined {
  const stack = urn.slice("urn:pulumi:".length, urn.indexOf("::"));
  if (matches(stacks, stack)) return `stack "${stack}"`;
  if (connections.length === 0) return undefined;
  const name = connection() ?? "";
  if (!matches(connections, name)) return undefined;
  return name === "" ? "unnamed connection" : `connection "${name}"`;
}
