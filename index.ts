import { accountAttribute, reference, rule, SailPointIdentityProfile, type Transform } from "pulumi-identity-as-code";

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

/** The mapping all populations share. */
function mapping(sourceName: string): Record<string, Transform> {
  const account = (attributeName: string) => accountAttribute({ sourceName, attributeName });
  return {
    uid: account("login"),
    email: reference("Lower Case", account("mail")),
    displayName: reference("Display Name"),
    manager: rule("Manager Correlation"),
    ...Object.fromEntries(Object.entries(common).map(([attribute, from]) => [attribute, account(from)])),
  };
}

const populations = [
  { name: "Employees Canada", source: "Oracle HCM Canada", owner: "Bo Lindqvist", priority: 210 },
  { name: "Employees Brazil", source: "SuccessFactors Brazil", owner: "Dana Whitfield", priority: 220 },
  { name: "Retail Staff", source: "UKG Retail", owner: "Emre Yildiz", priority: 230 },
  { name: "Contractors Nordics", source: "Contractor HR Nordics", owner: "Freya Nakamura", priority: 240 },
];

for (const { name, source, owner, priority } of populations) {
  new SailPointIdentityProfile(name.toLowerCase().replaceAll(" ", "-"), {
    name,
    owner: { name: owner },
    priority,
    authoritativeSource: { name: source },
    identityAttributeConfig: { attributeTransforms: mapping(source) },
  });
}

new SailPointIdentityProfile("volunteers", {
  name: "Volunteers",
  description: "People who help without a contract",
  priority: 250,
  authoritativeSource: { name: "Volunteer Registry" },
  identityAttributeConfig: {
    attributeTransforms: {
      uid: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "login" }),
      email: accountAttribute({ sourceName: "Volunteer Registry", attributeName: "mail" }),
      displayName: reference("Display Name"),
    },
  },
});
