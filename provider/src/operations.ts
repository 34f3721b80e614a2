import * as activid from "./activid/operations";
import type { OperationDefinition } from "./core/operation";
import * as myid from "./myid/operations";
import * as pingone from "./pingone/operations";
import * as plainid from "./plainid/operations";
import * as sailpoint from "./sailpoint/operations";

/** Every operation of this library by its name: whatever a vendor's operations.ts exports. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
export const operations: Record<string, OperationDefinition<any, unknown, any, any>> = Object.fromEntries(
  [activid, myid, pingone, plainid, sailpoint].flatMap((vendor) => Object.values(vendor).map((operation) => [operation.name, operation])),
);
