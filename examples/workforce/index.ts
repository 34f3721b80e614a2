import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  ActivIdUser,
  accountAttribute,
  MyIdPersonEntraLink,
  PingOneDirectMappedUser,
  PlainIdIdentitySource,
  reference,
  rule,
  SailPointIdentityProfile,
} from "pulumi-identity-as-code";
import { type PersonData, type Population, readWorkforce } from "./workforce";

/** Ids that differ from stack to stack; what stays the same is in workforce.yaml. */
const config = new pulumi.Config("workforce");
const environmentId = config.require("pingOneEnvironment");
const pingOnePopulations = config.requireObject<Record<string, string>>("pingOnePopulations");

const { populations, identitySource, people } = readWorkforce(join(__dirname, "workforce.yaml"));

function pingOnePopulation(name: string) {
  const id = pingOnePopulations[name];
  if (!id) throw new pulumi.RunError(`workforce:pingOnePopulations has no id for "${name}"`);
  return { id };
}

/** Identity attributes that every personnel system feeds from the account attribute of the same meaning. */
const common = {
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
};

/** SailPoint: where the identities of a population and their attributes come from. */
function identityProfile({ name, source, owner, priority, mailFrom }: Population) {
  const account = (attributeName: string) => accountAttribute({ sourceName: source, attributeName });
  return new SailPointIdentityProfile(name.toLowerCase().replaceAll(" ", "-"), {
    name,
    owner: { name: owner },
    priority,
    authoritativeSource: { name: source },
    identityAttributeConfig: {
      attributeTransforms: {
        uid: account("login"),
        email: reference("Lower Case", account(mailFrom)),
        displayName: reference("Display Name"),
        manager: rule("Manager Correlation"),
        ...Object.fromEntries(Object.entries(common).map(([attribute, from]) => [attribute, account(from)])),
      },
    },
  });
}

/** One person in all systems that people sign on with. What one system is told of another flows from it, so it is right and comes later. */
class Person extends pulumi.ComponentResource {
  constructor({ login, name, mail, title, costCenter, entraObjectId, pivApplicant, active }: PersonData, population: Population) {
    super("workforce:Person", login);
    const own = { parent: this };
    const account = new PingOneDirectMappedUser(
      login,
      {
        environmentId,
        population: pingOnePopulation(population.pingOnePopulation),
        username: login,
        email: mail,
        name: { ...name, formatted: `${name.given} ${name.family}` },
        title,
        externalId: entraObjectId,
        customAttributes: { costCenter },
      },
      own,
    );
    new ActivIdUser(
      login,
      {
        externalId: account.username,
        name: { givenName: name.given, familyName: name.family },
        emails: [{ value: mail }],
        title,
        active: active ?? true,
        groups: [{ value: population.activIdGroup }],
        attributes: { DEPARTMENT: population.name },
      },
      own,
    );
    // A passkey of Entra is only worth requesting once the account is there.
    new MyIdPersonEntraLink(
      login,
      { person: { logonName: login }, entraObjectId: pulumi.interpolate`${account.externalId}`, pivApplicant },
      own,
    );
  }
}

const profiles = populations.map(identityProfile);

// PlainID decides by what SailPoint says, so the agreed id goes to the source once the profiles are there.
new PlainIdIdentitySource(
  "people",
  {
    envId: config.require("plainIdEnvironment"),
    identityTemplateId: "User",
    ...identitySource,
    // The vendor's API cannot delete a source: it gets its first id back instead.
    onDelete: "restoreOriginalId",
  },
  { dependsOn: profiles },
);

for (const person of people) {
  const population = populations.find(({ name }) => name === person.population);
  if (population) new Person(person, population);
}
