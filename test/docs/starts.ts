/** For each system: how a newcomer's first settings lead to it, with the rights that the pages name, and with too few. */
import {
  demoActivIdTenant,
  demoOrganization,
  demoPlainIdTenant,
  demoServer,
  demoTenant,
  type MyIdSwitches,
  type PlainIdClient,
  startActivId,
  startMyId,
  startPingOne,
  startPlainId,
  startSailPoint,
} from "identity-simulators";
import type { Selection } from "../../provider/src/core/find";

const NOTHING: Selection = { all: false, names: [], ids: [] };
const ENVIRONMENT = "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10";
const TEMPLATE = { envId: "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70", identityTemplateId: "User" };

/** A client as the page says to make it for reading or writing, or one that may do nothing. */
export type Rights = "reading" | "writing" | "nothing";
const ALL_RIGHTS: Rights[] = ["reading", "writing", "nothing"];

export interface Start {
  type: string;
  /** Settings that lead to the system with such a client, without the namespace. */
  settings(rights: Rights): Record<string, string>;
  /** The setting with the address that tokens come from. */
  address: string;
  /** What the page takes over first. */
  selection: Selection;
  /** The least that a program declares. */
  inputs: Record<string, unknown>;
  /** A change of it, in place. */
  changed: Record<string, unknown>;
  /** A client that cannot make it. Where the simulator knows no rights but all and none, one that may do nothing. */
  lacking: Rights;
  simulator: { readonly requests: readonly { method: string; path: string; status?: number }[]; close(): Promise<void> };
}

const credentials = (rights: string) => ({ clientId: `client-for-${rights}`, clientSecret: `secret-for-${rights}` });

async function sailpoint(scopes: Record<Rights, string[]>): Promise<Start> {
  const clients = ALL_RIGHTS.map((rights) => ({ ...credentials(rights), scopes: scopes[rights] }));
  const simulator = await startSailPoint({ seed: demoTenant(), clients });
  const inputs = { name: "Volunteers", owner: { name: "Amira Haddad" }, authoritativeSource: { name: "Volunteer Registry" } };
  return {
    type: "sailpoint:IdentityProfile",
    settings: (rights) => ({ baseUrl: simulator.url, ...credentials(rights) }),
    address: "baseUrl",
    selection: { ...NOTHING, all: true },
    inputs,
    changed: { ...inputs, description: "Unpaid" },
    lacking: "reading",
    simulator,
  };
}

async function plainid(): Promise<Start> {
  const { envId } = TEMPLATE;
  const clients = [
    { ...credentials("reading"), owner: "ENVIRONMENT", envId, permission: "VIEWER" },
    { ...credentials("writing"), owner: "ENVIRONMENT", envId, permission: "ADMIN" },
    { ...credentials("nothing"), owner: "ENVIRONMENT", envId: "1f6c7b20-5d4e-4a3b-8c2d-9e0f1a2b3c4d", permission: "ADMIN" },
  ] satisfies PlainIdClient[];
  const simulator = await startPlainId({ seed: demoPlainIdTenant(), clients });
  const inputs = { ...TEMPLATE, sourceId: "hr_db", adoptFrom: "ds_users", onDelete: "restoreOriginalId" };
  return {
    type: "plainid:IdentitySource",
    settings: (rights) => ({ baseUrl: simulator.url, ...credentials(rights) }),
    address: "baseUrl",
    selection: { ...NOTHING, all: true, within: `${TEMPLATE.envId}/${TEMPLATE.identityTemplateId}` },
    inputs,
    changed: { ...inputs, sourceId: "people" },
    lacking: "reading",
    simulator,
  };
}

async function pingone(): Promise<Start> {
  const clients = [
    { ...credentials("reading"), roles: [{ environmentId: ENVIRONMENT }] },
    { ...credentials("writing"), roles: [{ environmentId: ENVIRONMENT }] },
    { ...credentials("nothing"), roles: [{ environmentId: "00000000-0000-4000-8000-000000000000" }] },
  ];
  const simulator = await startPingOne({ seed: demoOrganization(), clients });
  const inputs = { environmentId: ENVIRONMENT, username: "a.lovelace" };
  return {
    type: "pingone:DirectMappedUser",
    settings: (rights) => ({
      baseUrl: simulator.url,
      authBaseUrl: simulator.authUrl,
      environmentId: ENVIRONMENT,
      ...credentials(rights),
    }),
    address: "authBaseUrl",
    selection: { ...NOTHING, all: true, within: ENVIRONMENT },
    inputs,
    changed: { ...inputs, title: "Countess" },
    lacking: "nothing",
    simulator,
  };
}

async function activid(): Promise<Start> {
  const clients = ALL_RIGHTS.map((rights) => ({ ...credentials(rights), privileged: rights !== "nothing" }));
  const simulator = await startActivId({ seed: demoActivIdTenant(), clients });
  const inputs = {
    externalId: "mlopez",
    name: { givenName: "Maria", familyName: "Lopez" },
    emails: [{ value: "mlopez@example.org" }],
    groups: [{ value: "USG_FTEMP" }],
  };
  return {
    type: "activid:User",
    settings: (rights) => ({ baseUrl: simulator.url, tenant: simulator.dump().tenant, ...credentials(rights) }),
    address: "baseUrl",
    selection: { ...NOTHING, all: true },
    inputs,
    changed: { ...inputs, title: "Engineer" },
    lacking: "nothing",
    simulator,
  };
}

async function myid(): Promise<Start> {
  const clients = ALL_RIGHTS.map(credentials);
  const simulator = await startMyId({ seed: demoServer(), clients });
  const inputs = { person: { logonName: "ahaddad" }, entraObjectId: "0b9f6c1e-3f0d-4c55-9d1c-5a7e2f3b8c10" };
  return {
    type: "myid:PersonEntraLink",
    settings(rights) {
      // The rights are those of the user whom all clients act as.
      const held: Record<Rights, MyIdSwitches["rights"]> = { reading: ["viewPerson"], writing: ["viewPerson", "editPerson"], nothing: [] };
      simulator.switches.rights = held[rights];
      return { baseUrl: simulator.url, ...credentials(rights) };
    },
    address: "baseUrl",
    selection: { ...NOTHING, names: ["jadeyemi"] },
    inputs,
    changed: { ...inputs, entraObjectId: "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44" },
    lacking: "reading",
    simulator,
  };
}

/** By system. `scopes`: what the page names, for the system whose rights are scopes. */
export const starts: Record<string, (scopes: Record<Rights, string[]>) => Promise<Start>> = { sailpoint, plainid, pingone, activid, myid };
