import { activId } from "../../provider/src/activid/vendor";
import type { Settings, SettingTable } from "../../provider/src/core/config";
import type { Bulk } from "../../provider/src/core/gather";
import type { TokenSource } from "../../provider/src/core/http/auth";
import type { Call, HttpClient } from "../../provider/src/core/http/client";
import type { Vendor } from "../../provider/src/core/vendor";
import { myId } from "../../provider/src/myid/vendor";
import { pingOne } from "../../provider/src/pingone/vendor";
import { plainId } from "../../provider/src/plainid/vendor";
import { sailPoint } from "../../provider/src/sailpoint/vendor";

/** A call of each function of an API. One that is missing, or is there no more, does not compile. */
type Calls<Api> = {
  [K in keyof Api as Api[K] extends ((...args: never[]) => unknown) | Bulk<unknown> ? K : never]: (api: Api) => unknown;
};

/**
 * What each function of a vendor's API sends: `METHOD /path`, by function, and for `fetchToken`.
 *
 * Nothing is answered. Arguments are named as the tables of endpoints name what differs in a path.
 */
async function requestsOf<T extends SettingTable, Api>(
  vendor: Vendor<T, Api>,
  settings: Partial<Settings<T>>,
  calls: Calls<Api>,
): Promise<Map<string, Set<string>>> {
  const given = settings as Settings<T>;
  const functions = { fetchToken: undefined, ...calls } as Record<string, ((api: Api) => unknown) | undefined>;
  const requests = new Map<string, Set<string>>();
  for (const [name, call] of Object.entries(functions)) {
    const sent = new Set<string>();
    const send = async ({ method, path }: Call) => {
      sent.add(`${method} ${decodeURIComponent(path)}`);
      throw new Error("nothing is answered");
    };
    const client = { send, sendAnonymous: send } as unknown as HttpClient;
    const tokens = { get: async () => ({ value: "token" }) } as unknown as TokenSource;
    const run = async () => (call ? call(vendor.api(client, tokens, given)) : vendor.fetchToken(client, given));
    await run().catch((error: Error) => {
      if (error.message !== "nothing is answered") throw error;
    });
    requests.set(name, sent);
  }
  return requests;
}

/** Both ways to read several objects at once, as far as there are any. */
const both = ({ some, page }: Bulk<unknown>) =>
  Promise.allSettled([some?.get(["1"]), page?.(0)].map((reading) => Promise.resolve(reading)));

const place = { envId: "{envId}", identityTemplateId: "{identityTemplateId}" };
const environment = "{environmentId}";

/** By vendor. */
export const requests: Record<string, Map<string, Set<string>>> = {
  sailpoint: await requestsOf(
    sailPoint,
    { apiVersion: "beta" },
    {
      tenant: (api) => api.tenant(),
      getIdentityProfile: (api) => api.getIdentityProfile("{id}"),
      listIdentityProfiles: (api) => api.listIdentityProfiles(),
      identityProfiles: (api) => both(api.identityProfiles),
      createIdentityProfile: (api) => api.createIdentityProfile({ name: "A" }),
      patchIdentityProfile: (api) => api.patchIdentityProfile("{id}", []),
      deleteIdentityProfile: (api) => api.deleteIdentityProfile("{id}"),
      deleteIdentityProfiles: (api) => api.deleteIdentityProfiles(["1"]),
      getDefaultMapping: (api) => api.getDefaultMapping("{id}"),
      previewIdentity: (api) => api.previewIdentity("1", {}),
      processIdentities: (api) => api.processIdentities("{id}"),
      exportIdentityProfiles: (api) => api.exportIdentityProfiles({}),
      importIdentityProfiles: (api) => api.importIdentityProfiles([]),
      listLifecycleStates: (api) => api.listLifecycleStates("{id}"),
      getTaskStatus: (api) => api.getTaskStatus("{id}"),
      findSources: (api) => api.findSources("HR"),
      findIdentities: (api) => api.findIdentities("Ann"),
    },
  ),
  plainid: await requestsOf(
    plainId,
    {},
    {
      exportSources: (api) => api.exportSources(place),
      renameSource: (api) => api.renameSource(place, "{identitySourceId}", "new"),
      importSources: (api) => api.importSources(place, []),
      listMapperSets: (api) => api.listMapperSets(place),
      listApiMapperSets: (api) => api.listApiMapperSets(place),
    },
  ),
  pingone: await requestsOf(
    pingOne,
    { environmentId: environment },
    {
      getUser: (api) => api.getUser(environment, "{userId}"),
      users: (api) => both(api.users(environment)),
      searchUsers: (api) => api.searchUsers(environment),
      createUser: (api) => api.createUser(environment, { username: "ann" }),
      replaceUser: (api) => api.replaceUser(environment, "{userId}", { username: "ann" }),
      deleteUser: (api) => api.deleteUser(environment, "{userId}"),
    },
  ),
  activid: await requestsOf(
    activId,
    { baseUrl: "https://activid.example.com", tenant: "{tenant}" },
    {
      getUser: (api) => api.getUser("{id}"),
      createUser: (api) => api.createUser({}, "ann"),
      replaceUser: (api) => api.replaceUser("{id}", {}),
      patchUser: (api) => api.patchUser("{id}", []),
      deleteUser: (api) => api.deleteUser("{id}"),
      forgetUser: (api) => api.forgetUser("ann"),
      findUsers: (api) => api.findUsers({ externalId: "ann" }),
      searchUsers: (api) => api.searchUsers("userName pr"),
      searchRepositories: (api) => api.searchRepositories("userName pr"),
      users: (api) => both(api.users),
      startImport: (api) => api.startImport({ users: [], group: { value: "USG_FTEMP" } }),
      getImport: (api) => api.getImport("{correlationId}"),
    },
  ),
  myid: await requestsOf(
    myId,
    { baseUrl: "https://myid.example.com" },
    {
      getPerson: (api) => api.getPerson("{id}"),
      findPeople: (api) => api.findPeople({ q: "ann" }),
      patchReference: (api) => api.patchReference("{id}", 1, "new"),
    },
  ),
};
