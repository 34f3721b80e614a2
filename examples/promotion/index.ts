import * as pulumi from "@pulumi/pulumi";
import {
  accountAttribute,
  PingOneDirectMappedUser,
  PlainIdIdentitySource,
  reference,
  SailPointIdentityProfile,
} from "pulumi-identity-as-code";

/** What differs between the tenants on purpose is a setting of the stack. Everything else is this program, which is the same for all of them. */
const config = new pulumi.Config("promotion");

/** Names are looked up in the tenant of the stack, so no id of one tenant is ever sent to another. */
const source = "Contractor HR";
const account = (attributeName: string) => accountAttribute({ sourceName: source, attributeName });

const contractors = new SailPointIdentityProfile("contractors", {
  name: "Contractors",
  owner: { name: config.require("profileOwner") },
  authoritativeSource: { name: source },
  identityAttributeConfig: {
    attributeTransforms: {
      uid: account("login"),
      email: reference("Lower Case", account("mail")),
      displayName: account("fullName"),
    },
  },
});

new PingOneDirectMappedUser("provisioning", {
  environmentId: config.require("pingOneEnvironment"),
  population: { id: config.require("pingOnePopulation") },
  username: "svc-provisioning",
  email: `svc-provisioning@${config.require("mailDomain")}`,
  name: { given: "Provisioning", family: "Service" },
  title: "Service account",
});

// Made by hand, under another id in each tenant; from here on they agree.
new PlainIdIdentitySource(
  "contractors",
  {
    envId: config.require("plainIdEnvironment"),
    identityTemplateId: config.require("plainIdTemplate"),
    sourceId: "contractors",
    adoptFrom: config.require("plainIdSource"),
    // The vendor's API cannot delete a source: it gets its first id back instead.
    onDelete: "restoreOriginalId",
  },
  { dependsOn: contractors },
);
