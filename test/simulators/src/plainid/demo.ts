import type { PlainIdSeed } from "./types.js";

export const DEMO_ENVIRONMENT = "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70";

/** A tenant of a mid-sized company: two environments, whose sources were named by hand and differ where they should not. Always the same. */
export function demoPlainIdTenant(): PlainIdSeed {
  const source = (sourceId: string, displayName: string, sourceType = "EXTERNAL_INPUT", viewName?: string) => ({
    sourceId,
    displayName,
    sourceType,
    sourceMetaData: { logoUrl: null, ...(viewName && { paaGroupId: "PAAG1042", viewName }) },
  });
  return {
    environments: [
      {
        envId: DEMO_ENVIRONMENT,
        templates: [
          {
            identityTemplateId: "User",
            sources: [
              source("ds_users", "users1", "EXTERNAL_INPUT", "hr_employees"),
              source("ldap-1", "Corporate directory", "EXTERNAL_INPUT", "ad_users"),
              source("Entitlements", "Entitlements", "EXTERNAL_INPUT", "entitlements"),
              source("EXTERNAL_OUTPUT", "Resolved user", "EXTERNAL_OUTPUT"),
            ],
            mapperSets: [
              {
                mappersSetId: "default",
                linkedSources: [
                  { sourceId: "ds_users", sourceUsedAs: "BASE" },
                  { sourceId: "ldap-1", sourceUsedAs: "ENRICHMENT" },
                ],
              },
            ],
          },
          { identityTemplateId: "Target", sources: [source("apps", "Applications", "EXTERNAL_INPUT", "cmdb_apps")] },
        ],
        apiMapperSets: [{ apiMappersSetId: "portal", apiMappers: [{ mapperId: "user-by-mail", identitySourceIds: ["ds_users"] }] }],
      },
      {
        envId: "1f6c7b20-5d4e-4a3b-8c2d-9e0f1a2b3c4d",
        templates: [{ identityTemplateId: "User", sources: [source("hr_db", "HR", "EXTERNAL_INPUT", "hr_employees")] }],
      },
    ],
  };
}
