import type { ActivIdSimulator } from "./activid/simulator.js";
import type { MyIdSimulator } from "./myid/simulator.js";
import type { PingOneSimulator } from "./pingone/simulator.js";
import type { PlainIdSimulator } from "./plainid/simulator.js";
import type { SailPointSimulator } from "./sailpoint/simulator.js";

/** The environment variables that lead a program to a simulator, with the credentials of its first client. */
export const environmentOf = {
  sailpoint: ({ url, credentials: { clientId, clientSecret } }: SailPointSimulator) => ({
    SAIL_BASE_URL: url,
    SAIL_CLIENT_ID: clientId,
    SAIL_CLIENT_SECRET: clientSecret,
  }),
  plainid: ({ url, credentials: { clientId, clientSecret } }: PlainIdSimulator) => ({
    PLAINID_BASE_URL: url,
    PLAINID_CLIENT_ID: clientId,
    PLAINID_CLIENT_SECRET: clientSecret,
  }),
  pingone: ({ url, authUrl, credentials: { clientId, clientSecret, environmentId } }: PingOneSimulator) => ({
    PINGONE_SCIM_BASE_URL: url,
    PINGONE_AUTH_BASE_URL: authUrl,
    PINGONE_ENVIRONMENT_ID: environmentId,
    PINGONE_CLIENT_ID: clientId,
    PINGONE_CLIENT_SECRET: clientSecret,
  }),
  activid: (simulator: ActivIdSimulator) => ({
    ACTIVID_BASE_URL: simulator.url,
    ACTIVID_TENANT: simulator.dump().tenant,
    ACTIVID_CLIENT_ID: simulator.credentials.clientId,
    ACTIVID_CLIENT_SECRET: simulator.credentials.clientSecret,
  }),
  myid: ({ url, credentials: { clientId, clientSecret } }: MyIdSimulator) => ({
    MYID_BASE_URL: url,
    MYID_CLIENT_ID: clientId,
    MYID_CLIENT_SECRET: clientSecret,
  }),
};
