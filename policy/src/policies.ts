import type { EnforcementLevel, Policies } from "@pulumi/policy";
import { mailDomains } from "./mail";
import { enabledProductionMappings, type Production, protectedProductionObjects } from "./production";
import { profileOwners, uniquePriorities } from "./profiles";
import type { IdentityResourceName } from "./resources";
import { noPlainSecrets } from "./secrets";

/** What `identityPolicies` goes by, unless the policy configuration of a run says otherwise. */
export interface IdentityPolicyOptions {
  /**
   * What a violation does: ends the run, is only shown, or is not looked for.
   * @default "mandatory"
   */
  enforcementLevel?: Exclude<EnforcementLevel, "remediate">;
  /** What counts as production. */
  production?: Production;
  /** Which resources have to be protected in production; left out, all of the library. */
  protectedResources?: IdentityResourceName[];
  /** Domains of e-mail addresses that are allowed, such as `example.com` or `*.example.com`; left out, all. */
  mailDomains?: string[];
}

/**
 * Policies for programs that use the library. Other resources of a program are left aside.
 *
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 * import { identityPolicies } from "pulumi-identity-as-code-policy";
 *
 * new PolicyPack("identity", { policies: identityPolicies({ mailDomains: ["example.com"] }) });
 * ```
 *
 * In:     options, for all policies.
 * Out:    policies for a pack, each of which a run's policy configuration may change or disable by its name.
 * Errors: none.
 * Source: Pulumi, Policy as Code, Policy authoring.
 */
export function identityPolicies(options: IdentityPolicyOptions = {}): Policies {
  const { enforcementLevel = "mandatory" } = options;
  const production = { stacks: ["prod*"], connections: [], ...options.production };
  return [
    { ...protectedProductionObjects(production, options.protectedResources), enforcementLevel },
    { ...enabledProductionMappings(production), enforcementLevel },
    { ...profileOwners(), enforcementLevel },
    { ...uniquePriorities(), enforcementLevel },
    { ...mailDomains(options.mailDomains ?? []), enforcementLevel },
    { ...noPlainSecrets(), enforcementLevel: enforcementLevel === "mandatory" ? "remediate" : enforcementLevel },
  ];
}
