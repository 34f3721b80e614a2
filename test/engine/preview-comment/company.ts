/** A company in five systems, and two programs: what it declares today, and a change of nearly every kind that a reviewer may meet. */
import { environmentOf, startActivId, startMyId, startPingOne, startPlainId, startSailPoint } from "../../simulators/dist/index.js";

const ENV = "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10";
const EMPLOYEES = "0a6d7c52-1f3e-4a57-8b61-2b6f6b7d9c01";
const PARTNERS = "0a6d7c52-1f3e-4a57-8b61-2b6f6b7d9c02";
const ENTRA_A = "0b9f6c1e-3f0d-4c55-9d1c-5a7e2f3b8c10";
const ENTRA_B = "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44";
const guid = (digit: string) => `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;
const hex = (index: number) => index.toString(16).padStart(32, "0");

const SOURCES = [
  "Fieldglass",
  "Pension Office",
  "Partner Portal",
  "Greenhouse",
  "Workday",
  "Kronos",
  "Banner",
  "Cerner",
  "Volunteer Registry",
];
/** Name, its source, priority and number of identities of the profiles that are there already. */
const PROFILES = [
  ["Contractors", "Fieldglass", 30, 1204],
  ["Retirees", "Pension Office", 40, 52],
  ["Partners", "Partner Portal", 50, 310],
  ["Interns", "Greenhouse", 60, 187],
  ["Employees", "Workday", 20, 8412],
  ["Warehouse Staff", "Kronos", 70, 3660],
  ["Students", "Banner", 80, 15_240],
] as const;

/** Systems with stable ids wherever a comment may name one. */
export async function startCompany() {
  const sources = SOURCES.map((name, index) => ({ id: hex(index + 1), name, accountAttributes: ["login", "mail", "workMail", "title"] }));
  const idOf = (name: string) => sources.find((source) => source.name === name)?.id ?? "";
  const profiles = PROFILES.map(([name, source, priority, identityCount], index) => ({
    ...{ id: hex(index + 100), name, priority, identityCount, authoritativeSource: { id: idOf(source) } },
    identityAttributeConfig: { enabled: true, attributeTransforms: [] },
  }));
  const sourceOf = (sourceId: string) => ({ sourceId, displayName: sourceId, sourceType: "EXTERNAL_INPUT" });
  const templates = [{ identityTemplateId: "User", sources: ["hr_feed", "badge_db", "ldap_old", "crm"].map(sourceOf) }];
  const person = (digit: string, logonName: string) => ({ id: guid(digit), logonName });
  const [sailpoint, pingone, activid, plainid, myid] = await Promise.all([
    startSailPoint({ seed: { sources, profiles, identities: [{ id: hex(900), name: "Amira Haddad" }] }, rateLimit: false }),
    startPingOne({
      seed: {
        environments: [
          {
            id: ENV,
            populations: [
              { id: EMPLOYEES, name: "Employees" },
              { id: PARTNERS, name: "Partners" },
            ],
            customAttributes: [{ name: "badgeNumber" }, { name: "doorPin" }, { name: "feed" }],
          },
        ],
      },
    }),
    startActivId({ seed: {}, switches: { importTickMs: 50 } }),
    startPlainId({ seed: { environments: [{ envId: ENV, templates }] } }),
    startMyId({ seed: { people: [person("1", "ada"), person("2", "grace"), person("3", "katherine"), person("4", "mary")] } }),
  ]);
  const all = [sailpoint, pingone, activid, plainid, myid];
  const env = {
    ...environmentOf.sailpoint(sailpoint),
    ...environmentOf.pingone(pingone),
    ...environmentOf.activid(activid),
    ...environmentOf.plainid(plainid),
    ...environmentOf.myid(myid),
  };
  return {
    env,
    requests: () => all.reduce((sum, { requests }) => sum + requests.length, 0),
    close: () => Promise.all(all.map((simulator) => simulator.close())),
  };
}

const head = `
import * as pulumi from "@pulumi/pulumi";
import * as iac from "pulumi-identity-as-code";
const { accountAttribute, reference } = iac;
const from = (sourceName: string, attributeName: string) => accountAttribute({ sourceName, attributeName });
const profile = (name: string, args: any, options?: any) => new iac.SailPointIdentityProfile(name, args, options);
const source = (name: string, sourceId: string, args: any = {}) =>
  new iac.PlainIdIdentitySource(name, { envId: "${ENV}", identityTemplateId: "User", sourceId, ...args });
const user = (name: string, args: any) => new iac.PingOneDirectMappedUser(name, { environmentId: "${ENV}", username: name, ...args });
const holder = (externalId: string, args: any = {}) =>
  new iac.ActivIdUser(externalId, {
    externalId,
    name: { givenName: "Maria", familyName: "Lopez" },
    emails: [{ value: externalId + "@example.org" }],
    groups: [{ value: "USG_FTEMP" }],
    ...args,
  });
const guest = (externalId: string) => ({ externalId, name: { givenName: "Ann", familyName: externalId }, emails: [{ value: externalId + "@example.org" }] });
const link = (name: string, logonName: string, entraObjectId: string, args: any = {}) =>
  new iac.MyIdPersonEntraLink(name, { person: { logonName }, entraObjectId, ...args });
`;

/** What the company declares. */
export const TODAY = `${head}
profile("contractors", { name: "Contractors", adopt: true, forceDelete: true, authoritativeSource: { name: "Fieldglass" } });
profile("retirees", { name: "Retirees", adopt: true, authoritativeSource: { name: "Pension Office" } });
profile("partners", { name: "Partners", adopt: true, forceDelete: true, authoritativeSource: { name: "Partner Portal" } });
profile("interns", { name: "Interns", adopt: true, authoritativeSource: { name: "Greenhouse" } });
profile("employees", {
  name: "Employees",
  adopt: true,
  priority: 20,
  description: pulumi.secret("first secret"),
  authoritativeSource: { name: "Workday" },
  identityAttributeConfig: {
    attributeTransforms: { uid: from("Workday", "login"), email: from("Workday", "mail"), title: from("Workday", "title") },
  },
});
profile("warehouse", { name: "Warehouse Staff", adopt: true, authoritativeSource: { name: "Kronos" } }, { retainOnDelete: true });
profile("students", { name: "Students", adopt: true, description: "People of Banner", authoritativeSource: { name: "Banner" } });
source("people", "hr_feed");
source("badges", "badge_db");
source("directory", "ldap_new", { adoptFrom: "ldap_old", onDelete: "restoreOriginalId" });
user("a.lovelace", { email: "a.lovelace@example.com", title: "Analyst", nickname: "Ada", name: { given: "Ada", family: "Lovelace" } });
user("g.hopper", { email: "g.hopper@example.com", name: { given: "Grace", family: "Hopper" } });
user("k.johnson", { population: { id: "${EMPLOYEES}" }, customAttributes: { badgeNumber: "7", doorPin: "1111", feed: "hr_feed" } });
holder("mlopez", { title: "Nurse", roles: [{ value: "RL_AUDITV" }] });
holder("nokafor", { onDelete: "deleteAndForget" });
holder("iduarte", { devices: [{ value: "501" }] });
holder("tsmith", { onDelete: "disable" });
new iac.ActivIdUserImport("summer", { users: [guest("s1"), guest("s2"), guest("s3")], group: { value: "USG_FTEMP" }, onDelete: "delete" });
link("ada", "ada", "${ENTRA_A}");
link("grace", "grace", "${ENTRA_A}");
link("katherine", "katherine", "${ENTRA_A}");
`;

/** What a change of it would declare. */
export const CHANGED = `${head}
const partners = profile("partners", { name: "Partners", adopt: true, forceDelete: true, authoritativeSource: { name: "Cerner" }, changeSourceBy: "replace" });
profile("interns", { name: "Interns", adopt: true, authoritativeSource: { name: "Volunteer Registry" } });
profile("employees", {
  name: "Employees",
  adopt: true,
  priority: 10,
  owner: { name: "Amira Haddad" },
  description: pulumi.secret("second secret"),
  authoritativeSource: { name: "Workday" },
  identityAttributeConfig: {
    attributeTransforms: { uid: from("Workday", "login"), email: reference("Lower Case", from("Workday", "workMail")), displayName: from("Workday", "login") },
  },
});
profile("students", {
  name: "Students",
  adopt: true,
  description: "Hi @octocat and @acme/admins, see #1 | \`\`\`<b>bold</b><!-- \\n\\n## Approved \\u202e [x](https://evil.example) ![i](https://evil.example/i.png)",
  authoritativeSource: { name: "Banner" },
});
profile("nurses", { name: "Nurses", description: pulumi.interpolate\`after \${partners.created}\`, authoritativeSource: { name: "Fieldglass" } });
const people = source("people", "people_feed", { displayName: "hr_feed" });
source("crm", "customers", { adoptFrom: "crm" });
user("a.lovelace", {
  username: "ada.king",
  email: "ada.king@example.com",
  population: { id: "${PARTNERS}" },
  name: { given: "Ada", family: "King" },
});
user("k.johnson", { ownership: "full", population: { id: "${EMPLOYEES}" }, customAttributes: { badgeNumber: "7", doorPin: "2222", feed: people.sourceId } });
user("m.jackson", { email: "m.jackson@example.com", password: "Winter-is-2026!" });
holder("mlopez", { active: false, groups: [{ value: "USG_CONTR" }], roles: [{ value: "RL_HELPDESK" }], emails: [{ value: "maria.lopez@example.org" }] });
holder("iduarte", { devices: [] });
new iac.ActivIdUserImport("summer", { users: [guest("s2"), guest("s3"), guest("s4"), guest("s5")], group: { value: "USG_FTEMP" }, onDelete: "delete" });
link("ada", "ada", "${ENTRA_B}");
link("grace", "mary", "${ENTRA_A}");
`;

/** A program that the library refuses. */
export const REFUSED = `${head}
user("a.lovelace", { username: "" });
`;
