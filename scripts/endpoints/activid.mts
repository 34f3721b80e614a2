import type { Endpoint } from "./endpoint.mts";

const USERS = "/scim/{tenant}/v2/Users";
const PAGE = "ActivID Appliance, Users REST API";
const USER = ["ActivIdUser"];

/** docs.hidglobal.com: ActivID Appliance, ActivID AS and HID Authentication Service. */
export const activid: Endpoint[] = [
  {
    method: "POST",
    path: "/idp/{tenant}/authn/token",
    source: "Authentication API, Token endpoint",
    api: ["fetchToken"],
    reach: [],
    test: ["test/activid/vendor.test.ts", "is asked for with encoded credentials in the header, once for all calls"],
  },
  {
    method: "POST",
    path: USERS,
    source: `${PAGE}, Create`,
    api: ["createUser"],
    reach: USER,
    test: ["test/activid/create.test.ts", "of the fewest inputs sends one request and nothing that the program does not say"],
  },
  {
    method: "GET",
    path: `${USERS}/{id}`,
    source: `${PAGE}, Read`,
    api: ["getUser"],
    reach: [...USER, "import", "drift"],
    test: ["test/activid/read.test.ts", "by externalId finds the exact one and its id"],
  },
  {
    method: "PUT",
    path: `${USERS}/{id}`,
    source: `${PAGE}, Replace`,
    api: ["replaceUser"],
    reach: USER,
    test: ["test/activid/update.test.ts", "a change of a core value sends the whole user and no extension"],
  },
  {
    method: "PATCH",
    path: `${USERS}/{id}`,
    source: `${PAGE}, SCIM federated users`,
    api: ["patchUser"],
    reach: USER,
    test: ["test/activid/update.test.ts", "is changed by PATCH as Entra ID sends it: %s"],
  },
  {
    method: "DELETE",
    path: `${USERS}/{id}`,
    source: `${PAGE}, Delete`,
    api: ["deleteUser"],
    reach: [...USER, "ActivIdUserImport"],
    test: ["test/activid/read.test.ts", "deletes the user"],
  },
  {
    method: "POST",
    path: `${USERS}/.search`,
    source: `${PAGE}, Search`,
    api: ["findUsers", "searchUsers", "searchRepositories", "users"],
    reach: [...USER, "ActivIdUserImport", "searchActivIdUsers", "activid search", "import", "drift"],
    test: ["test/activid/operations.test.ts", "gives all pages as one answer, in full but for authenticators, and nobody who is not bound"],
  },
  {
    method: "GET",
    path: `${USERS}/.search`,
    source: `${PAGE}, Search`,
    why: "The POST of the same name finds the same, and keeps the filter, which holds personal data, out of addresses and so out of logs.",
  },
  {
    method: "GET",
    path: USERS,
    source: `${PAGE}, Search`,
    why: "As above: a search by address; the POST finds the same.",
  },
  {
    method: "POST",
    path: `${USERS}/.forget`,
    source: `${PAGE}, Forget`,
    api: ["forgetUser"],
    reach: [...USER, "forgetActivIdUser", "activid forget"],
    test: ["test/activid/operations.test.ts", "is done once the user is deleted, and twice does no harm"],
  },
  {
    method: "POST",
    path: `${USERS}/.import`,
    source: `${PAGE}, Import users`,
    api: ["startImport"],
    reach: ["ActivIdUserImport"],
    test: [
      "test/activid/import.test.ts",
      "is started once, polled to its end about as often as the server works on it, and tells what became of each user",
    ],
  },
  {
    method: "GET",
    path: `${USERS}/.import/{correlationId}`,
    source: `${PAGE}, Import users`,
    api: ["getImport"],
    reach: ["ActivIdUserImport", "getActivIdUserImport", "activid import-status"],
    test: ["test/activid/operations.test.ts", "tells counts and what became of each user, while it runs and when it is done"],
  },
  {
    method: "GET",
    path: "/scim/{tenant}/v2/ServiceProviderConfig",
    source: "ServiceProviderConfig REST API",
    why: "It answers the same constants for every tenant, and this library is written for them.",
  },
  {
    method: "GET, POST, PUT, DELETE",
    path: "/scim/{tenant}/v2/Groups",
    source: "Groups REST API",
    why: "Groups are laid out with the appliance and seldom change; users name theirs by its code. They would be a resource of their own.",
  },
  {
    method: "GET, POST, PUT, DELETE",
    path: "/scim/{tenant}/v2/Device",
    source: "ActivID Appliance, SCIM overview (mentioned by Extend core SCIM user)",
    why: "Devices are things in people's hands, which come from enrolment and not from code. `ActivIdUser` binds known ones through the user.",
  },
  {
    method: "GET, POST, PUT, DELETE",
    path: "/scim/{tenant}/v2/Authenticator",
    source: "ActivID Appliance, SCIM overview (mentioned by Extend core SCIM user)",
    why: "Authenticators hold people's credentials, which come from enrolment and not from code; this library leaves them as they are.",
  },
  {
    method: "GET",
    path: "/configuration/{tenant}/v2/User/AttributeType",
    source: "User attribute types REST API",
    why: "It belongs to the configuration API, which needs other permissions; the server itself refuses an attribute that the group does not have.",
  },
  {
    method: "GET",
    path: "/idp/{tenant}/authn/.well-known/openid-configuration",
    source: "Authentication API, OpenID discovery",
    why: "It says where the token endpoint is, which follows from `activid:baseUrl` and `activid:tenant`.",
  },
];
