import { accountAttribute, SailPointIdentityProfile } from "pulumi-identity-as-code";

new SailPointIdentityProfile("volunteers", {
  name: "Volunteers",
  authoritativeSource: { name: "Volunteer Registry" },
  identityAttributeConfig: {
    attributeTransforms: {
      uid: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "login" }),
      email: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "mail" }),
    },
  },
});
