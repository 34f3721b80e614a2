/** What each system's objects are found by, when they are to come under code. */
import { demoActivIdTenant, startActivId, startMyId, startPingOne, startPlainId, startSailPoint } from "identity-simulators";
import { afterEach, describe, expect, test } from "vitest";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { definitions } from "../../provider/src/definitions";
import { StepClock, tenants } from "../reading/tenants";

const open: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((simulator) => simulator.close())));

const ENV = "11111111-1111-4111-8111-111111111111";
const NOTHING = { all: false, names: [], ids: [] };

function provider(type: string, settings: Record<string, string>): { provider: ResourceProvider; warnings: string[] } {
  const warnings: string[] = [];
  const definition = definitions[type];
  if (!definition) throw new Error(`no definition of ${type}`);
  const vendor = type.split(":")[0];
  const config = { get: (key: string) => settings[key.replace(`${vendor}:`, "")], env: {} };
  const log = { warn: (message: string) => void warnings.push(message), progress: () => {} };
  return { provider: bind(definition, { config, clock: new StepClock(), log }), warnings };
}

/** What is found can be declared, and declaring it changes nothing. */
function expectDeclarable(of: ResourceProvider, found: { id: string; inputs: Record<string, unknown>; state: Record<string, unknown> }[]) {
  for (const { id, inputs, state } of found) {
    const { failures, inputs: checked } = of.check(inputs);
    expect(failures).toEqual([]);
    expect(of.diff(state, checked, id).changes).toBe(false);
  }
}

describe("identity profiles", () => {
  const uid = {
    identityAttributeName: "uid",
    transformDefinition: { type: "accountAttribute", attributes: { sourceName: "HR", attributeName: "login" } },
  };
  const profiles = Array.from({ length: 120 }, (_, index) => ({
    id: String(index).padStart(32, "0"),
    name: index === 7 ? 'The "odd" \\ one, #7' : `Profile ${index}`,
    authoritativeSource: { id: String(index).padStart(32, "a") },
    identityAttributeConfig: { enabled: index % 2 === 0, attributeTransforms: index < 2 ? [uid] : [] },
  }));
  const sources = profiles.map(({ authoritativeSource: { id } }, index) => ({ id, name: `Source ${index}` }));

  test("are found by name, whatever is in it and whatever its case, by many ids, by filter, and all", async () => {
    const tenant = await startSailPoint({ seed: { profiles, sources }, rateLimit: false });
    open.push(tenant);
    const { clientId, clientSecret } = tenant.credentials;
    const { provider: of } = provider("sailpoint:IdentityProfile", { baseUrl: tenant.url, clientId, clientSecret });
    const names = async (selection: object) => (await of.find({ ...NOTHING, ...selection })).map(({ name }) => name);

    expect(await names({ names: ['The "odd" \\ one, #7', "PROFILE 3"] })).toEqual(["Profile 3", 'The "odd" \\ one, #7']);
    expect(await names({ filter: 'name sw "Profile 11"' })).toHaveLength(11);
    expect(await names({ ids: profiles.map(({ id }) => id) })).toHaveLength(120);
    const all = await of.find({ ...NOTHING, all: true });
    expect(all).toHaveLength(120);
    expectDeclarable(of, all);
    // The default is not worth a line, the opposite is, and neither is a mapping of nothing.
    const mappings = all.slice(0, 3).map(({ inputs }) => of.write(inputs).identityAttributeConfig);
    expect(mappings[0]).not.toHaveProperty("enabled");
    expect(mappings[1]).toMatchObject({ enabled: false });
    expect(mappings[2]).toBeUndefined();
    expect(all[0]?.inputs).toMatchObject({ authoritativeSource: { name: "Source 0" } });
    await expect(of.find({ ...NOTHING, names: ["Profile 1", "Nobody", "No one"] })).rejects.toThrow(
      'There are no identity profiles with the name "Nobody", "No one"',
    );
  });

  test("are written with the library's helpers, and what these cannot say as it is", () => {
    const { provider: of } = provider("sailpoint:IdentityProfile", {});
    const source = { sourceName: "HR", sourceId: "1" };
    const account = { type: "accountAttribute", attributes: { ...source, attributeName: "mail" } };
    const attributeTransforms = {
      direct: { type: "accountAttribute", ...source, attributeName: "mail" },
      nested: { type: "reference", id: "Lower", input: account },
      periodic: { type: "reference", id: "Lower", requiresPeriodicRefresh: true },
      named: { type: "rule", name: "Uid", length: 4 },
      byId: { type: "rule", id: "r1" },
      other: { type: "static", value: "x" },
    };
    const written = of.write({ name: "A", identityAttributeConfig: { enabled: false, attributeTransforms } });
    expect(JSON.parse(JSON.stringify(written))).toEqual({
      name: "A",
      identityAttributeConfig: {
        enabled: false,
        attributeTransforms: {
          direct: { helper: "accountAttribute", args: [{ "...": { about: "HR", members: source }, attributeName: "mail" }] },
          nested: {
            helper: "reference",
            args: ["Lower", { helper: "accountAttribute", args: [{ "...": { about: "HR", members: source }, attributeName: "mail" }] }],
          },
          periodic: attributeTransforms.periodic,
          named: { helper: "rule", args: ["Uid", { length: 4 }] },
          byId: attributeTransforms.byId,
          other: { helper: "transform", args: ["static", { value: "x" }] },
        },
      },
    });
  });
});

describe("PingOne users", () => {
  test("are all found although one answer holds 200 at most, and a filter that may have cut some off says so", async () => {
    const tenant = await tenants.pingone?.(450, new StepClock());
    if (!tenant) throw new Error("no tenant");
    open.push(tenant.simulator);
    const all = await tenant.provider.find({ ...NOTHING, all: true, within: ENV.toUpperCase() });
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(tenant.ids));
    expectDeclarable(tenant.provider, all);
    expect((await tenant.provider.find({ ...NOTHING, names: ["USER-7", "user-8"], within: ENV })).map(({ name }) => name)).toEqual([
      "user-7",
      "user-8",
    ]);
    await expect(tenant.provider.find({ ...NOTHING, names: ["user-7", "nobody"], within: ENV })).rejects.toThrow('username "nobody"');
    await expect(tenant.provider.find({ ...NOTHING, all: true })).rejects.toThrow("Give the environment's id: --within <environmentId>");
  });

  test("of a filter that fits too many are named as perhaps not all", async () => {
    const users = Array.from({ length: 200 }, (_, index) => ({
      id: `aaaaaaaa-aaaa-4aaa-8aaa-${String(index).padStart(12, "0")}`,
      attributes: { username: `u${index}` },
    }));
    const organization = await startPingOne({ seed: { environments: [{ id: ENV, populations: [{ id: ENV, name: "All" }], users }] } });
    open.push(organization);
    const { clientId, clientSecret, environmentId } = organization.credentials;
    const { provider: of, warnings } = provider("pingone:DirectMappedUser", {
      ...{ baseUrl: organization.url, authBaseUrl: organization.authUrl, environmentId, clientId, clientSecret },
    });
    expect(await of.find({ ...NOTHING, filter: 'username sw "u"', within: ENV })).toHaveLength(200);
    expect(warnings.join()).toContain("there may be more that fit the filter");
  });
});

test("ActivID users are found by exact externalId, although * is a wildcard there, and with everything a program can declare", async () => {
  const tenant = await startActivId({ seed: demoActivIdTenant() });
  open.push(tenant);
  const { clientId, clientSecret } = tenant.credentials;
  const { provider: of } = provider("activid:User", { baseUrl: tenant.url, tenant: "ACME", clientId, clientSecret });
  const all = await of.find({ ...NOTHING, all: true });
  expect(all).toHaveLength(5);
  expectDeclarable(of, all);
  expect((await of.find({ ...NOTHING, filter: 'groups.value eq "USG_CONTR"' })).map(({ name }) => name)).toEqual(["nokafor", "iduarte"]);
  expect(await of.find({ ...NOTHING, names: ["hkowalska"] })).toMatchObject([{ name: "hkowalska" }]);
  await expect(of.find({ ...NOTHING, names: ["h*"] })).rejects.toThrow('There are no users with the externalId "h*"');
});

test("PlainID sources are found in the template that is named, without those that nobody can change", async () => {
  const source = (sourceId: string, sourceType = "EXTERNAL_INPUT") => ({ sourceId, sourceType, displayName: sourceId });
  const templates = [{ identityTemplateId: "User", sources: [source("hr_db"), source("ldap"), source("REQUEST_INPUT", "REQUEST_INPUT")] }];
  const tenant = await startPlainId({ seed: { environments: [{ envId: ENV, templates }] } });
  open.push(tenant);
  const { provider: of } = provider("plainid:IdentitySource", { baseUrl: tenant.url, ...tenant.credentials });
  const within = `${ENV}/User`;
  const all = await of.find({ ...NOTHING, all: true, within });
  expect(all.map(({ name }) => name)).toEqual(["hr_db", "ldap"]);
  expectDeclarable(of, all);
  expect(await of.find({ ...NOTHING, names: ["ldap"], within })).toHaveLength(1);
  await expect(of.find({ ...NOTHING, names: ["REQUEST_INPUT"], within })).rejects.toThrow('"REQUEST_INPUT"');
  await expect(of.find({ ...NOTHING, all: true })).rejects.toThrow("PlainID cannot list templates");
  await expect(of.find({ ...NOTHING, filter: "x", within })).rejects.toThrow("PlainID has no filter");
});

test("MyID links are found by people's names and ids; a reference that is no GUID is something else, and all cannot be listed", async () => {
  const guid = (digit: string) => `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;
  const people = [
    { id: guid("1"), logonName: "ada", externalReferences: { id1: guid("a"), id2: "badge-77", id3: guid("b") } },
    { id: guid("2"), logonName: "bob", externalReferences: { id2: "badge-78" } },
  ];
  const server = await startMyId({ seed: { people } });
  open.push(server);
  const { clientId, clientSecret } = server.credentials;
  const { provider: of } = provider("myid:PersonEntraLink", { baseUrl: server.url, clientId, clientSecret });
  const links = await of.find({ ...NOTHING, names: ["ada"] });
  expect(links).toMatchObject([
    { id: `${guid("1")}/1`, name: "ada", inputs: { person: { logonName: "ada" }, entraObjectId: guid("a"), slot: 1 } },
    { id: `${guid("1")}/3`, name: "ada slot 3", inputs: { entraObjectId: guid("b"), slot: 3 } },
  ]);
  expectDeclarable(of, links);
  expect(await of.find({ ...NOTHING, ids: [`${guid("1")}/3`] })).toHaveLength(1);
  await expect(of.find({ ...NOTHING, names: ["bob"] })).rejects.toThrow("Person bob of MyID has no link in slot 1, 2, 3");
  await expect(of.find({ ...NOTHING, all: true })).rejects.toThrow("MyID cannot list who is linked");
});
