const list = (Resources: object[]) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: Resources.length,
  Resources,
});

/** Source: PingOne API, SCIM Operations, Read Service Provider Configuration. */
export const SERVICE_PROVIDER_CONFIG = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 200 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: "oauthbearertoken", name: "OAuth Bearer Token", description: "OAuth 2.0 bearer token" }],
};

/** Source: PingOne API, SCIM Operations, Read Schemas; the last two ids are inferred. */
export const SCHEMAS = list([
  { id: "urn:ietf:params:scim:schemas:core:2.0:User", name: "User" },
  { id: "urn:pingidentity:schemas:extension:2.0:PingOneUser", name: "PingOneUser" },
  { id: "urn:pingidentity:schemas:2.0:DirectMappedUser", name: "DirectMappedUser" },
]);

/** Source: PingOne API, SCIM Operations, Read Resource Types. */
export const RESOURCE_TYPES = list([
  { id: "User", name: "User", endpoint: "/Users", schema: "urn:ietf:params:scim:schemas:core:2.0:User" },
  {
    id: "DirectMappedUser",
    name: "DirectMappedUser",
    endpoint: "/DirectMappedUsers",
    schema: "urn:pingidentity:schemas:2.0:DirectMappedUser",
  },
]);
