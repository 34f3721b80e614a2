import { describe, expect, test } from "vitest";
import { identityPolicies } from "../../policy/src/index";
import { definitions } from "../../provider/src/definitions";
import { configuration, type Declared, judge, secret, UNKNOWN } from "./pack";

const user = (props: object): Declared => ({ type: "pingone:DirectMappedUser", name: "ada", props: { username: "ada", ...props } });
const verdicts = async (...resources: Declared[]) => (await judge(identityPolicies(), resources)).map(({ message }) => message);
const settings = Object.values(definitions).flatMap(({ vendor }) =>
  Object.entries(vendor.settings).map(([key, setting]) => ({ key: `${vendor.name}:${key}`, isSecret: setting.secret === true })),
);

describe("the stack configuration", () => {
  test.each([...new Map(settings.map((setting) => [setting.key, setting])).values()])("$key", async ({ key, isSecret }) => {
    const shown = await verdicts(configuration({ [key]: "4711" }));
    expect(shown).toEqual(isSecret ? [expect.stringContaining(`The stack configuration holds \`${key}\` in clear. Set it anew with`)] : []);
    expect(await verdicts(configuration({ [key]: secret("4711") }))).toEqual([]);
  });

  test("is looked through in named connections, too", async () => {
    const connections = JSON.stringify({ europe: { tenant: "acme", clientSecret: "4711" } });
    expect(await verdicts(configuration({ "sailpoint:connections": connections }))).toEqual([
      expect.stringContaining("`sailpoint:connections.europe.clientSecret` in clear"),
    ]);
    expect(await verdicts(configuration({ "sailpoint:connections": secret(connections) }))).toEqual([]);
  });

  test("may hold what is no JSON", async () => {
    expect(await verdicts(configuration({ "project:text": "{ not JSON" }))).toEqual([]);
  });

  test("never comes with a value in what is said", async () => {
    const said = await verdicts(configuration({ "project:initialPassword": "hunter22" }), user({ password: secret("hunter22") }));
    expect(said).toHaveLength(2);
    expect(said.join()).not.toContain("hunter22");
  });
});

describe("an argument", () => {
  test.each([
    "pin",
    "CARD_PIN",
    "userPin",
    "apiKey",
    "private_key",
    "initialPassword",
    "passphrase",
    "accessToken",
    "credentials",
    "clientsecret",
  ])("that is called %s has to be a secret", async (name) => {
    expect(await verdicts(user({ customAttributes: { [name]: "4711" } }))).toEqual([
      `\`customAttributes.${name}\` of PingOneDirectMappedUser "ada" is not a secret, so state holds it in clear. Give \`config.requireSecret(...)\` or \`pulumi.secret(...)\`.`,
    ]);
    expect(await verdicts(user({ customAttributes: { [name]: secret("4711") } }))).toEqual([]);
    expect(await verdicts(user({ customAttributes: secret({ [name]: "4711" }) }))).toEqual([]);
  });

  test.each(["shipin", "tokenUrl", "passwordLastChanged", "secretary", "keyring", "publicKey"])(
    "that is called %s need not",
    async (name) => {
      expect(await verdicts(user({ customAttributes: { [name]: "4711" } }))).toEqual([]);
    },
  );

  test("is found in lists, and left alone while it is empty or not known yet", async () => {
    const source = { type: "plainid:IdentitySource", name: "hr" };
    const verdict = await verdicts({
      ...source,
      props: { sourceMetaData: { hosts: [{ password: "x" }], tokens: ["y"], secret: "", token: UNKNOWN } },
    });
    expect(verdict).toEqual([expect.stringContaining("`sourceMetaData.hosts.0.password` of PlainIdIdentitySource")]);
  });

  test("is no secret when its value stands in the stack configuration", async () => {
    const plain = configuration({ "project:initial": "hunter22" });
    expect(await verdicts(plain, user({ password: secret("hunter22") }))).toEqual([
      '`password` of PingOneDirectMappedUser "ada" is the value of `project:initial`, which the stack configuration holds in clear. Set it anew with `pulumi config set --secret`.',
    ]);
    expect(await verdicts(configuration({ "project:initial": secret("hunter22") }), user({ password: secret("hunter22") }))).toEqual([]);
    expect(await verdicts(plain, user({ password: secret("another") }))).toEqual([]);
  });
});

test("at a level that cannot see secrets, the policy says so instead of passing", async () => {
  const policies = identityPolicies().map((policy) => ({ ...policy, enforcementLevel: "mandatory" as const }));
  expect(await judge(policies, [user({})])).toMatchObject([
    { policy: "no-plain-secrets", message: expect.stringContaining('needs the enforcement level "remediate"') },
  ]);
});
