import { createHash } from "node:crypto";
import { STANDARD_ATTRIBUTES } from "./seed.js";
import type { AttributeTransform, SailPointSeed } from "./types.js";

/** An id that depends on what it names alone, so that two demo tenants are equal. */
const idOf = (kind: string, name: string): string => createHash("md5").update(`${kind}:${name}`).digest("hex");

const STARTED = "2023-04-03T08:00:00.000Z";
const CHANGED = "2025-11-17T16:42:10.000Z";

const OWNERS = [
  "Amira Haddad",
  "Bo Lindqvist",
  "Chidi Okafor",
  "Dana Whitfield",
  "Emre Yildiz",
  "Freya Nakamura",
  "Goran Petrov",
  "Hana Kowalska",
];

/** Identity attributes beyond the standard ones. */
const CUSTOM_ATTRIBUTES = {
  employeeType: "Employee Type",
  company: "Company",
  division: "Division",
  country: "Country",
  city: "City",
  building: "Building",
  region: "Region",
  timeZone: "Time Zone",
  preferredName: "Preferred Name",
  mobilePhone: "Mobile Phone",
};

/** Which account attribute of a personnel system feeds an identity attribute. */
const ACCOUNT_ATTRIBUTES = {
  firstname: "givenName",
  lastname: "familyName",
  phone: "workPhone",
  personalEmail: "personalMail",
  identificationNumber: "employeeNumber",
  department: "department",
  title: "jobTitle",
  costCenter: "costCenter",
  location: "location",
  startDate: "hireDate",
  endDate: "terminationDate",
  employeeType: "workerType",
  company: "company",
  division: "division",
  country: "country",
  city: "city",
  building: "building",
  region: "region",
  timeZone: "timeZone",
  preferredName: "preferredName",
  mobilePhone: "mobilePhone",
};

const SCHEMA = [...Object.values(ACCOUNT_ATTRIBUTES), "login", "mail", "managerId", "status"];

/** Profile, its source, the source's type, priority, number of identities. The first is the one every tenant is born with. */
const PROFILES = [
  ["IdentityNow Admins", "IdentityNow", "IdentityNowConnector", 10, 9],
  ["Employees", "Workday", "Workday", 20, 8412],
  ["Contractors", "SAP Fieldglass", "DelimitedFile", 30, 1377],
  ["Employees Germany", "SAP HR Germany", "SAP HR", 40, 2210],
  ["Employees Japan", "COMPANY HR Japan", "JDBC", 50, 640],
  ["Physicians", "Cerner", "JDBC", 60, 318],
  ["Students", "Banner", "Banner", 70, 15240],
  ["Faculty", "PeopleSoft Campus", "PeopleSoft", 80, 1102],
  ["Retirees", "Pension Office", "DelimitedFile", 90, 4075],
  ["Partners", "Partner Portal", "Web Services", 100, 2933],
  ["Service Accounts", "Service Desk", "ServiceNow", 110, 451],
  ["Interns", "Greenhouse", "Web Services", 120, 187],
  ["Warehouse Staff", "Kronos", "DelimitedFile", 130, 3660],
] as const;

/** Sources that feed no profile yet. */
const FREE_SOURCES = [
  ["Contractor HR Nordics", "DelimitedFile"],
  ["Oracle HCM Canada", "Oracle HCM"],
  ["SuccessFactors Brazil", "SuccessFactors"],
  ["BambooHR Startups", "Web Services"],
  ["UKG Retail", "UKG"],
  ["ADP Payroll", "Web Services"],
  ["Volunteer Registry", "JDBC"],
  ["Alumni Office", "DelimitedFile"],
] as const;

function mapping(sourceName: string): AttributeTransform[] {
  const sourceId = idOf("source", sourceName);
  const account = (attributeName: string) => ({ type: "accountAttribute", attributes: { sourceName, attributeName, sourceId } });
  const entry = (identityAttributeName: string, transformDefinition: AttributeTransform["transformDefinition"]) => ({
    identityAttributeName,
    transformDefinition,
  });
  return [
    entry("uid", { type: "rule", attributes: { name: "Unique User Name", attributeName: "login", sourceId } }),
    entry("email", { type: "reference", attributes: { id: "Lower Case", input: account("mail") } }),
    entry("displayName", { type: "reference", attributes: { id: "Display Name" } }),
    entry("manager", { type: "rule", attributes: { name: "Manager Correlation", attributeName: "managerId", sourceId } }),
    entry("lifecycleState", { type: "reference", attributes: { id: "Lifecycle From Dates" } }),
    ...Object.entries(ACCOUNT_ATTRIBUTES).map(([name, attributeName]) => entry(name, account(attributeName))),
  ];
}

function person(name: string, index: number) {
  const [given = "", family = ""] = name.split(" ");
  const alias = `${given[0]}${family}`.toLowerCase();
  const employeeNumber = String(100_200 + index);
  return {
    id: idOf("identity", name),
    name,
    alias,
    emailAddress: `${alias}@acme.example`,
    attributes: {
      uid: alias,
      firstname: given,
      lastname: family,
      displayName: name,
      identificationNumber: employeeNumber,
      department: "IT",
    },
    accounts: {
      [idOf("source", "Workday")]: { givenName: given, familyName: family, employeeNumber, department: "Identity Services", login: alias },
    },
  };
}

/**
 * A tenant of a mid-sized company: 13 identity profiles with 26 mapped attributes each, 8 more sources that are still free,
 * owners, transforms and rules. Always the same.
 */
export function demoTenant(): SailPointSeed {
  const source = (name: string, type: string, index: number) => ({
    id: idOf("source", name),
    name,
    description: `Accounts from ${name}`,
    type,
    owner: { type: "IDENTITY", id: idOf("identity", ownerName(index)), name: ownerName(index) },
    accountAttributes: SCHEMA,
  });
  const ownerName = (index: number) => OWNERS[index % OWNERS.length] ?? "";
  return {
    org: "acme",
    pod: "stg01-useast1",
    tenantId: "7c1f6a52-3f0d-4b58-9a53-0d6f1b2f9a11",
    profiles: PROFILES.map(([name, sourceName, , priority, identityCount], index) => ({
      id: idOf("profile", name),
      name,
      description: `People known to ${sourceName}`,
      owner: { type: "IDENTITY", id: idOf("identity", ownerName(index)), name: ownerName(index) },
      priority,
      authoritativeSource: { type: "SOURCE", id: idOf("source", sourceName), name: sourceName },
      identityAttributeConfig: { enabled: true, attributeTransforms: mapping(sourceName) },
      identityRefreshRequired: false,
      identityCount,
      created: STARTED,
      modified: CHANGED,
    })),
    sources: [...PROFILES.map(([, name, type]) => [name, type] as const), ...FREE_SOURCES].map(([name, type], index) =>
      source(name, type, index),
    ),
    identities: OWNERS.map(person),
    identityAttributes: Object.entries({ ...STANDARD_ATTRIBUTES, ...CUSTOM_ATTRIBUTES }).map(([name, displayName]) => ({
      name,
      displayName,
    })),
    transforms: [
      { id: idOf("transform", "Lower Case"), name: "Lower Case", type: "lower" },
      { id: idOf("transform", "Display Name"), name: "Display Name", type: "concat" },
      { id: idOf("transform", "Lifecycle From Dates"), name: "Lifecycle From Dates", type: "dateCompare", requiresPeriodicRefresh: true },
      { id: idOf("transform", "E.164 Phone"), name: "E.164 Phone", type: "e164phone" },
      { id: idOf("transform", "Country Code"), name: "Country Code", type: "iso3166" },
    ],
    rules: ["Unique User Name", "Manager Correlation", "Cloud Promote Identity Attribute"].map((name) => ({
      id: idOf("rule", name),
      name,
    })),
  };
}
