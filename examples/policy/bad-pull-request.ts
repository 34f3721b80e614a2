/**
 * A change that the policies refuse, line by line. Each comment names the policy.
 */
import * as pulumi from "@pulumi/pulumi";
import { ActivIdUser, accountAttribute, PingOneDirectMappedUser, SailPointIdentityProfile } from "pulumi-identity-as-code";

const config = new pulumi.Config();
const mapping = { uid: accountAttribute({ sourceName: "HR", attributeName: "login" }) };

// protected-production-objects: the option `protect` is gone.
// profile-owners: so is the owner.
new SailPointIdentityProfile("employees", {
  name: "Employees",
  authoritativeSource: { name: "HR" },
  priority: 10,
  // enabled-production-mappings
  identityAttributeConfig: { enabled: false, attributeTransforms: mapping },
  connection: "production",
});

new SailPointIdentityProfile(
  "contractors",
  {
    name: "Contractors",
    owner: { name: "Amira Mensah" },
    authoritativeSource: { name: "Contractor Registry" },
    // unique-priorities: the employees have it.
    priority: 10,
    connection: "production",
  },
  { protect: true },
);

new PingOneDirectMappedUser("ada", {
  environmentId: "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10",
  username: "a.lovelace",
  // mail-domains
  email: "a.lovelace@example.org",
  // no-plain-secrets: `pulumi config set initialPassword`, without --secret.
  password: config.require("initialPassword"),
});

new ActivIdUser("maria", {
  externalId: "mlopez",
  name: { givenName: "Maria", familyName: "Lopez" },
  emails: [{ value: "mlopez@mail.example.com" }],
  groups: [{ value: "USG_FTEMP" }],
  // no-plain-secrets
  attributes: { CARD_PIN: "4711" },
});
