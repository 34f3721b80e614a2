import { activid } from "./activid.mts";
import type { Endpoint } from "./endpoint.mts";
import { myid } from "./myid.mts";
import { pingone } from "./pingone.mts";
import { plainid } from "./plainid.mts";
import { sailpoint } from "./sailpoint.mts";

/** Every endpoint that the pages of the five vendors name, by vendor. test/coverage proves that the tables say what the code does. */
export const endpoints: Record<string, Endpoint[]> = { sailpoint, plainid, pingone, activid, myid };
