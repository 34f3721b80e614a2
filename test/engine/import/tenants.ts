/** Tenants of a company of any size, with everything that taking them under code may meet. */
import { environmentOf, startActivId, startMyId, startPingOne, startPlainId, startSailPoint } from "../../simulators/dist/index.js";

export const ENV = "11111111-1111-4111-8111-111111111111";
export const TEMPLATES = ["User", "Target", "Device"];

const numbers = (size: number) => Array.from({ length: size }, (_, index) => index);
const hex = (index: number, length: number) => index.toString(16).padStart(length, "0");

/** What `identity-as-code import` is told to take all of it over; `people.txt` holds the ids of the people. */
export const COMMANDS = [
  ["sailpoint", "--all"],
  ["pingone", "--all", "--within", ENV],
  ["activid", "--all"],
  ...TEMPLATES.map((template) => ["plainid", "--all", "--within", `${ENV}/${template}`]),
  ["myid", "--ids", "people.txt"],
];

export interface Size {
  profiles: number;
  /** In PingOne, and as many in ActivID. */
  users: number;
  /** In MyID. */
  links: number;
}

/** Odd names, disabled mappings, sources by name and by id, partners and leavers among them. */
export async function startTenants(size: Size) {
  const sources = numbers(size.profiles).map((index) => ({ id: hex(index + 1, 32), name: `HR of unit ${index}` }));
  const account = (index: number, attributeName: string) => ({
    attributeName,
    sourceName: sources[index]?.name,
    ...(index % 2 && { sourceId: sources[index]?.id }),
  });
  const profiles = sources.map(({ id }, index) => ({
    id: hex(index + 1, 32),
    name: `People of unit ${index}${index % 10 === 0 ? ' / "extern" é' : ""}`,
    description: index % 3 ? `Unit ${index}` : null,
    owner: { id: "ann" },
    authoritativeSource: { id },
    identityCount: index,
    identityAttributeConfig: {
      enabled: index % 7 !== 0,
      attributeTransforms: numbers(20).map((attribute) => ({
        identityAttributeName: `attribute${attribute}`,
        transformDefinition:
          attribute === 0
            ? {
                type: "reference",
                attributes: { id: "Lower Case", input: { type: "accountAttribute", attributes: account(index, "mail") } },
              }
            : attribute === 1
              ? { type: "rule", attributes: { name: "Manager", depth: 2 } }
              : { type: "accountAttribute", attributes: account(index, `field${attribute}`) },
      })),
    },
  }));
  const identityAttributes = numbers(20).map((attribute) => ({ name: `attribute${attribute}` }));
  const seed = {
    sources,
    profiles,
    identityAttributes,
    identities: [{ id: "ann", name: "Ann Lee" }],
    transforms: [{ name: "Lower Case" }],
    rules: [{ name: "Manager" }],
  };
  const users = numbers(size.users).map((index) => ({
    id: `aaaaaaaa-aaaa-4aaa-8aaa-${hex(index, 12)}`,
    populationId: index % 2 ? ENV : "22222222-2222-4222-8222-222222222222",
    attributes: {
      username: `user.${index}@example.com`,
      name: { given: "Ann", family: `Lee ${index}` },
      badge: String(index),
      ...(index % 4 && { title: `Title ${index}` }),
    },
  }));
  const populations = [
    { id: ENV, name: "Employees" },
    { id: "22222222-2222-4222-8222-222222222222", name: "Partners" },
  ];
  const holders = numbers(size.users).map((index) => ({
    id: String(30_000 + index),
    externalId: `holder-${index}`,
    active: index % 9 !== 0,
    title: index % 2 ? `Title ${index}` : "",
    attributes: Object.entries({
      FIRSTNAME: "Ann",
      LASTNAME: `Lee ${index}`,
      ATR_EMAIL: `holder${index}@example.org`,
      DEPARTMENT: "R&D",
    }).map(([name, value]) => ({ name, value, readOnly: false })),
  }));
  const templates = TEMPLATES.map((identityTemplateId) => ({
    identityTemplateId,
    sources: numbers(6).map((index) => ({
      sourceId: `${identityTemplateId} source ${index}`,
      displayName: `Source ${index}`,
      sourceType: "EXTERNAL_INPUT",
    })),
  }));
  const people = numbers(size.links).map((index) => ({
    id: `cccccccc-cccc-4ccc-8ccc-${hex(index, 12)}`,
    logonName: `person${index}`,
    externalReferences: { id1: `dddddddd-dddd-4ddd-8ddd-${hex(index, 12)}` },
  }));
  const [sailpoint, pingone, activid, plainid, myid] = await Promise.all([
    startSailPoint({ seed, rateLimit: false }),
    startPingOne({ seed: { environments: [{ id: ENV, populations, customAttributes: [{ name: "badge" }], users }] } }),
    startActivId({ seed: { users: holders } }),
    startPlainId({ seed: { environments: [{ envId: ENV, templates }] } }),
    startMyId({ seed: { people } }),
  ]);
  const env = {
    ...environmentOf.sailpoint(sailpoint),
    ...environmentOf.pingone(pingone),
    ...environmentOf.activid(activid),
    ...environmentOf.plainid(plainid),
    ...environmentOf.myid(myid),
  };
  const total = size.profiles + 2 * size.users + 6 * TEMPLATES.length + size.links;
  return { sailpoint, total, all: { sailpoint, pingone, activid, plainid, myid }, env, personIds: people.map(({ id }) => id), profiles };
}
