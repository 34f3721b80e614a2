import * as pulumi from "@pulumi/pulumi";
import { ActivIdUser, ActivIdUserImport } from "pulumi-identity-as-code";

const group = { value: "USG_FTEMP" };

// Attributes are owned one by one: those of others stay.
const maria = new ActivIdUser("maria", {
  externalId: "mlopez",
  name: { givenName: "Maria", familyName: "Lopez" },
  emails: [{ value: "mlopez@example.org" }],
  phoneNumbers: [{ value: "+34 600 000 001" }],
  title: "Engineer",
  groups: [group],
  roles: [{ value: "RL_AUDITV" }],
  attributes: { DOB: "1990-02-03", DEPARTMENT: "Operations" },
  enterprise: { organization: "Example" },
  devices: [{ value: "502" }],
});

// A user of another identity provider. In production, onDelete: "disable" keeps who once was there.
new ActivIdUser("ada", {
  userType: "SCIM_FED",
  externalId: "ada@example.org",
  name: { givenName: "Ada", familyName: "Byron" },
  active: true,
  onDelete: "deleteAndForget",
});

// In production the list comes from a file: users: readImportFile("summer.csv").
const summer = new ActivIdUserImport(
  "summer",
  {
    users: ["Lin", "Omar", "Zoe"].map((givenName) => ({
      externalId: `summer-${givenName.toLowerCase()}`,
      name: { givenName, familyName: "Summer" },
      emails: [{ value: `${givenName.toLowerCase()}@example.org` }],
    })),
    group,
    authenticatorPolicy: { value: "AT_EMPPWD" },
    // Nobody misses the users of a test; left out, they stay.
    onDelete: "delete",
  },
  { customTimeouts: { create: "10m" } },
);

export const who = pulumi.interpolate`${maria.displayName} logs on as ${maria.userName}`;
export const results = summer.results;
