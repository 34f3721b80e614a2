import { accountAttribute, SailPointIdentityProfile } from "pulumi-identity-as-code";

// Each name is a connection: pulumi config set --path sailpoint:connections.<name>.<key> <value>
for (const connection of ["europe", "asia"]) {
  new SailPointIdentityProfile(`volunteers-${connection}`, {
    connection,
    name: "Volunteers",
    authoritativeSource: { name: "Volunteer Registry" },
    identityAttributeConfig: {
      attributeTransforms: { uid: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "login" }) },
    },
  });
}
