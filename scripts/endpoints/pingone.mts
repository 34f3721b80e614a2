import type { Endpoint } from "./endpoint.mts";

const SCIM = "/environments/{environmentId}/v2";
const USERS = `${SCIM}/DirectMappedUsers`;
const PAGE = "PingOne API, SCIM, Direct-mapped Users";
const USER = ["PingOneDirectMappedUser"];

/** PingOne: the SCIM host, and the token host of the same region. */
export const pingone: Endpoint[] = [
  {
    method: "POST",
    path: "/{environmentId}/as/token",
    source: "PingOne API, Foundations, Access tokens",
    api: ["fetchToken"],
    reach: [],
    test: ["test/pingone/create.test.ts", "asks the worker's environment for a token, and the user's for the user"],
  },
  {
    method: "POST",
    path: USERS,
    source: `${PAGE}, Create`,
    api: ["createUser"],
    reach: USER,
    test: ["test/pingone/create.test.ts", "of the fewest inputs sends one request, with schemas and nothing that the program does not say"],
  },
  {
    method: "GET",
    path: `${USERS}/{userId}`,
    source: `${PAGE}, Read one`,
    api: ["getUser"],
    reach: [...USER, "drift"],
    test: ["test/pingone/update.test.ts", "reads, merges and replaces: what the program never declared survives"],
  },
  {
    method: "PUT",
    path: `${USERS}/{userId}`,
    source: `${PAGE}, Update`,
    api: ["replaceUser"],
    reach: USER,
    test: ["test/pingone/update.test.ts", "clears what the program declared before and dropped, and only that"],
  },
  {
    method: "PATCH",
    path: `${USERS}/{userId}`,
    source: `${PAGE}, Update (PATCH)`,
    why: "A PUT of what was just read with the declared values over it does the same, and also serves programs that own a user in full.",
  },
  {
    method: "DELETE",
    path: `${USERS}/{userId}`,
    source: `${PAGE}, Delete`,
    api: ["deleteUser"],
    reach: USER,
    test: ["test/pingone/trouble.test.ts", "frees the username"],
  },
  {
    method: "POST",
    path: `${USERS}/.search`,
    source: `${PAGE}, Search`,
    api: ["searchUsers", "users"],
    reach: [...USER, "searchPingOneDirectMappedUsers", "pingone search", "import", "drift"],
    test: ["test/pingone/operations.test.ts", "a program finds users by filter, with the stack's configuration"],
  },
  {
    method: "GET",
    path: USERS,
    source: `${PAGE}, Read all`,
    why: "The search finds the same, no more and no fewer, and keeps the filter, which holds personal data, out of addresses. The vendor prefers it.",
  },
  {
    method: "GET",
    path: `${SCIM}/ServiceProviderConfig`,
    source: "PingOne API, SCIM, SCIM Operations",
    why: "It answers the same constants for every environment, and this library is written for them.",
  },
  {
    method: "GET",
    path: `${SCIM}/Schemas`,
    source: "PingOne API, SCIM, SCIM Operations",
    why: "It names the kinds of users. Which custom attributes an environment has is in the management API only.",
  },
  {
    method: "GET",
    path: `${SCIM}/ResourceTypes`,
    source: "PingOne API, SCIM, SCIM Operations",
    why: "It names the kinds of users, which are the same in every environment.",
  },
  {
    method: "GET, POST, PUT, PATCH, DELETE",
    path: `${SCIM}/Users`,
    source: "PingOne API, SCIM, SCIM Users",
    why: "The same users in the names of SCIM's core schema, which cannot say all that PingOne knows of a user; managing one user in two forms would have the two undo each other.",
  },
  {
    method: "GET, POST, PUT, PATCH, DELETE",
    path: `${SCIM}/Groups`,
    source: "PingOne API, SCIM, SCIM overview",
    why: "PingOne does not serve it (501).",
  },
  {
    method: "POST",
    path: `${SCIM}/Bulk`,
    source: "PingOne API, SCIM, SCIM Operations",
    why: "PingOne does not serve it (`bulk.supported` is false).",
  },
  {
    method: "GET, POST, PUT, PATCH, DELETE",
    path: "/v1/environments/{environmentId}/users",
    source: "PingOne Platform API, Users; enabled, population, import",
    why: "The management API, on another host. PingOne's own provider covers it; this library is about what SCIM offers.",
  },
];
