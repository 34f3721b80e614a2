import { PlainIdIdentitySource } from "pulumi-identity-as-code";

// Which environment a stack is about; the ids of sources are the same in all of them.
const place = { envId: "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70", identityTemplateId: "User" };

// Made by hand as "ds_users": it is taken over and renamed. Mapper sets that name it are listed in a warning.
const people = new PlainIdIdentitySource("people", {
  ...place,
  sourceId: "hr_db",
  adoptFrom: "ds_users",
  // The vendor's API cannot delete a source: it gets its first id back instead.
  onDelete: "restoreOriginalId",
});

// These two bear each other's ids; they are exchanged in one run.
new PlainIdIdentitySource("directory", { ...place, sourceId: "Entitlements", adoptFrom: "ldap-1", onDelete: "restoreOriginalId" });
new PlainIdIdentitySource("entitlements", { ...place, sourceId: "ldap-1", adoptFrom: "Entitlements", onDelete: "restoreOriginalId" });

export const sourceId = people.sourceId;
export const wasCalled = people.originalSourceId;
