import * as pulumi from "@pulumi/pulumi";
import { PingOneDirectMappedUser } from "pulumi-identity-as-code";

/** The environment of the users; the worker's own one is part of the connection's settings. */
const environmentId = "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10";
const partners = "0a6d7c52-1f3e-4a57-8b61-2b6f6b7d9c02";

// `pulumi config set --secret initialPassword ...`
const password = new pulumi.Config().getSecret("initialPassword");

const ada = new PingOneDirectMappedUser("ada", {
  environmentId,
  username: "a.lovelace",
  email: "a.lovelace@example.com",
  name: { given: "Ada", family: "Lovelace", formatted: "Ada Lovelace" },
  address: { locality: "London", countryCode: "GB" },
  customAttributes: { badgeNumber: "1815", devices: ["laptop", "phone"] },
  password,
});

new PingOneDirectMappedUser("charles", {
  environmentId,
  username: "c.babbage",
  name: { given: "Charles", family: "Babbage" },
  type: "Partner",
  population: { id: partners },
  // Everything about this user is here: what anybody else adds is cleared.
  ownership: "full",
});

export const adaId = ada.userId;
