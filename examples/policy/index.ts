import { PolicyPack } from "@pulumi/policy";
import { identityPolicies } from "pulumi-identity-as-code-policy";

new PolicyPack("identity", {
  policies: identityPolicies({
    production: { stacks: ["prod*"], connections: ["production"] },
    mailDomains: ["example.com", "*.example.com"],
  }),
});
