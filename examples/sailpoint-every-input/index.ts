import * as pulumi from "@pulumi/pulumi";
import { accountAttribute, nested, reference, rule, SailPointIdentityProfile, transform } from "pulumi-identity-as-code";

const source = "Alumni Office";
const mail = accountAttribute({ sourceName: source, attributeName: "mail" });

const alumni = new SailPointIdentityProfile(
  "alumni",
  {
    name: "Alumni",
    description: "People who studied here",
    owner: { name: "Hana Kowalska" },
    priority: 300,
    authoritativeSource: { name: source },
    identityAttributeConfig: {
      enabled: true,
      attributeTransforms: {
        // The value of an account's attribute.
        uid: accountAttribute({ sourceName: source, attributeName: "login" }),
        // A transform of the tenant, applied to such a value.
        email: reference("Lower Case", mail),
        // A rule of the tenant.
        manager: rule("Manager Correlation"),
        // Any other transform, as the vendor documents it.
        displayName: transform("firstValid", { values: [nested(mail), "unknown"] }),
      },
    },
    // What is declared above wins over what the tenant refuses: a new name or source is applied in place, which is also the default.
    renameBy: "update",
    changeSourceBy: "update",
    // Nobody belongs to the profile of a test; in production, leave this out.
    forceDelete: true,
  },
  { customTimeouts: { delete: "10m" } },
);

export const priority = alumni.priority;
export const sourceId = alumni.sourceId;
export const people = pulumi.interpolate`${alumni.name} has ${alumni.identityCount} identities`;
