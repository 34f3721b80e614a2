import type { Endpoint } from "./endpoint.mts";

const API = "/api/1.0";
const TEMPLATE = `${API}/identity-templates/{envId}/{identityTemplateId}`;
const PAGE = "Management APIs";
const SOURCE = ["PlainIdIdentitySource"];
const OTHER = "Another kind of object, not identity configuration; it would be a resource of its own.";

/** docs.plainid.io, Management APIs. */
export const plainid: Endpoint[] = [
  {
    method: "POST",
    path: `${API}/api-key/token`,
    source: `${PAGE}, Get Access Token`,
    api: ["fetchToken"],
    reach: [],
    test: ["test/plainid/life.test.ts", "one token serves many calls, is renewed once when refused, and no secret is in any address"],
  },
  {
    method: "PATCH",
    path: `${TEMPLATE}/identity-sources/{identitySourceId}`,
    source: `${PAGE}, Update Identity Source ID`,
    api: ["renameSource"],
    reach: SOURCE,
    test: ["test/plainid/life.test.ts", "of the id is one patch, guarded and read back"],
  },
  {
    method: "GET",
    path: `${TEMPLATE}/identity-sources`,
    source: `${PAGE}, Export Identity Sources`,
    api: ["exportSources"],
    reach: [...SOURCE, "exportPlainIdIdentitySources", "plainid export", "import", "drift"],
    test: [
      "test/plainid/operations.test.ts",
      "a program exports sources as they are, without those that no import takes unless it asks for them",
    ],
  },
  {
    method: "PUT",
    path: `${TEMPLATE}/identity-sources`,
    source: `${PAGE}, Import Identity Sources`,
    api: ["importSources"],
    reach: SOURCE,
    test: ["test/plainid/life.test.ts", "changes one source and nothing else"],
  },
  {
    method: "GET",
    path: `${TEMPLATE}/mapper-sets`,
    source: `${PAGE}, List Mapper Sets`,
    api: ["listMapperSets"],
    reach: [...SOURCE, "listPlainIdIdentitySourceReferences", "plainid references"],
    test: ["test/plainid/operations.test.ts", "a program lists what refers to a source"],
  },
  {
    method: "GET",
    path: `${API}/api-mapper-sets/{envId}`,
    source: `${PAGE}, Export API Mapper Set (assumed: sets can be listed beside the address of one)`,
    api: ["listApiMapperSets"],
    reach: [...SOURCE, "listPlainIdIdentitySourceReferences", "plainid references"],
    test: ["test/plainid/operations.test.ts", "a program lists what refers to a source"],
  },
  {
    method: "POST",
    path: `${TEMPLATE}/mapper-sets`,
    source: `${PAGE}, Import Mapper Set`,
    why: "Mapper sets would be a resource of their own. This library reads them, to say what refers to a source.",
  },
  {
    method: "GET, PATCH, DELETE",
    path: `${TEMPLATE}/mapper-sets/{identityMapperSetId}`,
    source: `${PAGE}, Export, Update ID and Delete Mapper Set`,
    why: "As above; the list says all that is asked of one.",
  },
  {
    method: "GET",
    path: TEMPLATE,
    source: `${PAGE}, Export Identity Template`,
    why: "Version 1, which the vendor retired in June 2026; the address of version 2 is not published.",
  },
  {
    method: "POST",
    path: `${API}/identity-templates/{envId}`,
    source: `${PAGE}, Import Identity Template`,
    why: "As above: version 1, retired.",
  },
  {
    method: "PATCH",
    path: TEMPLATE,
    source: `${PAGE}, Update Identity Template`,
    why: "It renames the template, and every address of its sources with it; what the vendor takes is not published in full.",
  },
  {
    method: "GET, PATCH",
    path: `${API}/api-mapper-sets/{envId}/{apiMapperSetId}`,
    source: `${PAGE}, Export API Mapper Set, Update API Mapper Set ID`,
    why: OTHER,
  },
  {
    method: "PATCH",
    path: `${API}/api-mapper-sets/{envId}/{apiMapperSetId}/mappers/{mapperId}`,
    source: `${PAGE}, Update API Mapper ID`,
    why: OTHER,
  },
  {
    method: "PATCH",
    path: `${API}/asset-templates/{envId}/{assetTemplateId}/actions/{actionId}`,
    source: `${PAGE}, Update Action ID`,
    why: OTHER,
  },
  { method: "PATCH", path: `${API}/applications/{envId}/{applicationId}`, source: `${PAGE}, Update Application ID`, why: OTHER },
  {
    method: "GET",
    path: `${API}/audit-admin`,
    source: `${PAGE}, Admin Audit API; also with the environment behind it`,
    why: "Who changed what is a question to PlainID's audit, which needs the rights of an environment's administrator. What differs, `drift` says.",
  },
  {
    method: "GET, POST, PUT, PATCH, DELETE",
    path: `${API}/paa-groups/{envId}/{paaGroupId}/sources/{sourceId}`,
    source: `${PAGE}, PAA Groups and Sources`,
    why: "Sources of another kind: data sources behind an agent, with ids of their own. They only share the name.",
  },
  { method: "POST", path: `${API}/policies-search/{envId}`, source: `${PAGE}, List Policies`, why: OTHER },
  { method: "POST", path: "/api/2.0/policies", source: `${PAGE}, Import Policy`, why: OTHER },
  {
    method: "GET, POST, PUT, DELETE",
    path: "/env-mgmt/1.0/api-key/clients/{id}",
    source: `${PAGE}, API Client Credentials`,
    why: "It makes and shows the credentials of API clients, secrets among them, which must not pass through a stack's state.",
  },
  {
    method: "POST",
    path: "/api/runtime",
    source: "Runtime APIs",
    why: "Decisions at run time, at the decision point's own host and with other credentials.",
  },
];
