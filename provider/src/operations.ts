import { forgetUser, getUserImport, searchUsers } from "./activid/operations";
import type { OperationDefinition } from "./core/operation";
import { findPeople } from "./myid/operations";
import { searchDirectMappedUsers } from "./pingone/operations";

/** Every operation of this library by its name. A new operation adds one line here and nothing to core. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
export const operations: Record<string, OperationDefinition<any, unknown, any, any>> = Object.fromEntries(
  [searchUsers, getUserImport, forgetUser, findPeople, searchDirectMappedUsers].map((operation) => [operation.name, operation]),
);
