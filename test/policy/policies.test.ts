import { describe, expect, test } from "vitest";
import { type IdentityPolicyOptions, identityPolicies, identityResources, nameOfType } from "../../policy/src/index";
import { DYNAMIC } from "../../provider/src/core/provider-source";
import { definitions } from "../../provider/src/definitions";
import { configured, type Declared, judge, UNKNOWN } from "./pack";

const PRODUCTION = { production: { connections: ["production"] } };
const mapping = (enabled?: boolean) => ({
  ...(enabled !== undefined && { enabled }),
  attributeTransforms: { uid: { type: "accountAttribute", attributeName: "login" } },
});

/** A profile that keeps to every rule. */
function profile(name: string, props: Record<string, unknown> = {}, protect = true): Declared {
  const given = { name, owner: { name: "Amira" }, authoritativeSource: { name: "HR" }, ...props };
  return {
    type: "sailpoint:IdentityProfile",
    name,
    props: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    protect,
  };
}
const user = (name: string, props: object): Declared => ({ type: "pingone:DirectMappedUser", name, props: { username: name, ...props } });

/** What one policy says of resources, under its default options or others. */
async function verdicts(policy: string, resources: Declared[], options: IdentityPolicyOptions = {}, stack?: string) {
  const violations = await judge(identityPolicies(options), resources, stack);
  return violations.filter((violation) => violation.policy === policy).map(({ resource, message }) => `${resource}: ${message}`);
}

test("policies know every resource of the library by the type that the engine knows it by", () => {
  const types = Object.values(identityResources).map(({ __pulumiType }) => __pulumiType);
  expect(types.sort()).toEqual(
    Object.keys(definitions)
      .map((type) => DYNAMIC + type)
      .sort(),
  );
  for (const [name, { __pulumiType }] of Object.entries(identityResources)) {
    expect(nameOfType(__pulumiType)).toBe(name);
    expect(name.toLowerCase()).toBe(__pulumiType.slice(DYNAMIC.length).replace(":", "").toLowerCase());
  }
  expect(nameOfType("aws:s3/bucket:Bucket")).toBeUndefined();
});

test("a program that keeps to the rules has no violation, and other vendors' resources are left aside", async () => {
  const options = { ...PRODUCTION, mailDomains: ["example.com"] };
  const resources: Declared[] = [
    profile("a", { priority: 10, identityAttributeConfig: mapping(true), connection: "production" }),
    profile("b", { priority: 20 }, false),
    user("ada", { email: "ada@example.com" }),
    {
      type: "acme:index:Profile",
      name: "x",
      props: { password: "in clear", email: "x@nowhere.net", priority: 10, connection: "production" },
    },
    { type: "acme:index:Profile", name: "y", props: { priority: 10 } },
    { type: `${DYNAMIC}acme:IdentityProfile`, name: "z", props: { priority: 10, connection: "production" } },
  ];
  expect(await judge(identityPolicies(options), resources, "prod")).toEqual(
    ["b", "ada"].map((resource) => expect.objectContaining({ policy: "protected-production-objects", resource })),
  );
  expect(await judge(identityPolicies(options), resources)).toEqual([]);
});

describe("protected-production-objects", () => {
  const policy = "protected-production-objects";

  test("says which object, why it is production, and what to do", async () => {
    expect(await verdicts(policy, [profile("a", {}, false)], {}, "prod-eu")).toEqual([
      'a: SailPointIdentityProfile "a" belongs to production (stack "prod-eu") and its option `protect` is not true: taking it out of the program would delete it. Give it `{ protect: true }` as an option.',
    ]);
  });

  test.each([
    ["a stack of another name", {}, "dev", undefined, 0],
    ["a stack that only contains the name", {}, "preprod", undefined, 0],
    ["a connection of production in any stack", PRODUCTION, "dev", "production", 1],
    ["another connection", PRODUCTION, "dev", "sandbox", 0],
    ["the unnamed connection, where that is another", PRODUCTION, "dev", undefined, 0],
    ["the unnamed connection, where that is production", { production: { connections: [""] } }, "dev", undefined, 1],
    ["no stack at all", { production: { stacks: [] } }, "prod", undefined, 0],
    ["another stack's name, in other case", { production: { stacks: ["LIVE.eu"] } }, "live.EU", undefined, 1],
    ["a name that only a pattern's full stop would be", { production: { stacks: ["live.eu"] } }, "live-eu", undefined, 0],
  ])("counts %s", async (_, options, stack, connection, count) => {
    expect(await verdicts(policy, [profile("a", { connection }, false)], options, stack)).toHaveLength(count);
  });

  test("can be for some resources only", async () => {
    const resources = [profile("a", {}, false), user("ada", {})];
    expect(await verdicts(policy, resources, { protectedResources: ["SailPointIdentityProfile"] }, "prod")).toHaveLength(1);
  });

  test("goes by the run's policy configuration before the pack's options", async () => {
    const policies = configured(identityPolicies({ production: { stacks: ["prod"] } }), policy, {
      stacks: ["live"],
      resources: ["ActivIdUser"],
    });
    const resources: Declared[] = [profile("a", {}, false), { type: "activid:User", name: "maria", props: {} }];
    expect(await judge(policies, resources, "prod")).toEqual([]);
    expect(await judge(policies, resources, "live")).toMatchObject([{ policy, resource: "maria" }]);
  });

  test("says that it cannot tell while a preview does not know the connection", async () => {
    const violations = await judge(identityPolicies(PRODUCTION), [profile("a", { connection: UNKNOWN }, false)]);
    expect(violations.filter((violation) => violation.policy === policy)).toMatchObject([
      { level: "advisory", message: expect.stringContaining(".connection can't be known during preview") },
    ]);
  });
});

describe("enabled-production-mappings", () => {
  const policy = "enabled-production-mappings";

  test("refuses a disabled mapping of production only", async () => {
    const disabled = profile("a", { identityAttributeConfig: mapping(false) });
    expect(await verdicts(policy, [disabled])).toEqual([]);
    expect(await verdicts(policy, [disabled], {}, "production")).toEqual([
      'a: SailPointIdentityProfile "a" belongs to production (stack "production") and has `identityAttributeConfig.enabled: false`: its identities would keep old values. Remove that line, or try the mapping in another stack first.',
    ]);
  });

  test.each([[undefined], [mapping()], [mapping(true)]])("takes %j", async (identityAttributeConfig) => {
    expect(await verdicts(policy, [profile("a", { identityAttributeConfig })], {}, "prod")).toEqual([]);
  });
});

test("profile-owners refuses a profile without an owner, and takes one whose name is not known yet", async () => {
  const resources = [profile("a", { owner: undefined }), profile("b", { owner: { name: UNKNOWN } }), profile("c", { owner: { id: "1" } })];
  expect(await verdicts("profile-owners", resources)).toEqual([
    'a: SailPointIdentityProfile "a" has no `owner`: whom SailPoint chooses is not known before. Add `owner: { name: "..." }` or `owner: { id: "..." }`.',
  ]);
});

describe("unique-priorities", () => {
  const policy = "unique-priorities";

  test("names the second profile of a tenant, the number and who has it", async () => {
    const resources = [
      profile("a", { priority: 10 }),
      profile("b", { priority: 20 }),
      profile("c", { priority: 10 }),
      profile("d", { priority: 10 }),
    ];
    const violation = (name: string) =>
      `${name}: SailPointIdentityProfile "${name}" has priority 10, and so has "a" (unnamed connection): which one wins would be left to chance. Give one of them another number.`;
    expect(await verdicts(policy, resources)).toEqual([violation("c"), violation("d")]);
  });

  test("counts every connection on its own", async () => {
    const of = (name: string, connection?: string) => profile(name, { priority: 10, connection });
    expect(await verdicts(policy, [of("a"), of("b", "europe"), of("c", "asia")])).toEqual([]);
    expect(await verdicts(policy, [of("a"), of("b", "europe"), of("c", "europe")])).toEqual([
      expect.stringContaining('and so has "b" (connection "europe")'),
    ]);
  });

  test("compares what is known, beside what is not", async () => {
    const resources = [
      profile("a", { priority: UNKNOWN }),
      profile("b", { priority: 10, connection: UNKNOWN }),
      profile("c", { priority: undefined }),
      profile("d", { priority: undefined }),
      profile("e", { priority: 10 }),
      profile("f", { priority: 10 }),
    ];
    expect(await verdicts(policy, resources)).toEqual([expect.stringMatching(/^f: .*and so has "e"/)]);
  });

  test("does not take a profile that the program also looks up for another one", async () => {
    const lookedUp = { ...profile("lookup", { priority: 10 }), props: { ...profile("a").props, priority: 10 } };
    expect(await verdicts(policy, [profile("a", { priority: 10 }), lookedUp])).toEqual([]);
  });
});

describe("mail-domains", () => {
  const policy = "mail-domains";
  const options = { mailDomains: ["example.com", "*.example.org"] };
  const says = (who: string, address: string) =>
    `${who} has the e-mail address "${address}"; allowed are example.com, *.example.org. Correct the address, or have the domain added to the policy.`;

  test("looks at the users of PingOne and ActivID, one by one and imported", async () => {
    const mail = (value: string) => ({ emails: [{ value }] });
    const users = [
      { externalId: "1", ...mail("a@example.com") },
      { externalId: "2", ...mail("b@nowhere.net") },
    ];
    const resources: Declared[] = [
      user("ada", { email: "ada@evil-example.com" }),
      user("none", {}),
      { type: "activid:User", name: "maria", props: mail("m@example.org") },
      { type: "activid:User", name: "federated", props: {} },
      { type: "activid:UserImport", name: "summer", props: { users } },
    ];
    expect(await verdicts(policy, resources, options)).toEqual([
      `ada: ${says('PingOneDirectMappedUser "ada"', "ada@evil-example.com")}`,
      `maria: ${says('ActivIdUser "maria"', "m@example.org")}`,
      `summer: ${says('User "2" of ActivIdUserImport "summer"', "b@nowhere.net")}`,
    ]);
    expect(await verdicts(policy, resources)).toEqual([]);
  });

  test.each(["a@EXAMPLE.com", "a@mail.example.org", "a@b.c.example.org", '"a@nowhere.net"@example.com'])("takes %s", async (email) => {
    expect(await verdicts(policy, [user("ada", { email })], options)).toEqual([]);
  });

  test.each(["a@sub.example.com", "a@examplexcom", "a@example.com.nowhere.net", "a@nowhere.net\n@example.com.org"])(
    "refuses %j",
    async (email) => {
      expect(await verdicts(policy, [user("ada", { email })], options)).toHaveLength(1);
    },
  );

  test("takes domains that are written with an @, and those of the run's policy configuration", async () => {
    expect(await verdicts(policy, [user("ada", { email: "a@example.com" })], { mailDomains: ["@example.com"] })).toEqual([]);
    const policies = configured(identityPolicies(options), policy, { domains: ["other.com"] });
    expect(await judge(policies, [user("ada", { email: "a@other.com" })])).toEqual([]);
  });

  test("says that it cannot tell while a preview does not know the address", async () => {
    expect(await judge(identityPolicies(options), [user("ada", { email: UNKNOWN })])).toMatchObject([{ policy, level: "advisory" }]);
  });
});

test("all policies count as the options say", async () => {
  const bad = [profile("a", { owner: undefined }), user("ada", { customAttributes: { secret: "x" } })];
  const levels = async (enforcementLevel?: "advisory" | "mandatory" | "disabled") =>
    (await judge(identityPolicies({ enforcementLevel }), bad)).map(({ level }) => level);
  expect(await levels()).toEqual(["mandatory", "mandatory"]);
  expect(await levels("disabled")).toEqual([]);
  expect(new Set(await levels("advisory"))).toEqual(new Set(["advisory"]));
});

test("every policy has a name of its own, a description, and a schema of what can be configured", () => {
  const policies = identityPolicies();
  expect(new Set(policies.map(({ name }) => name)).size).toBe(policies.length);
  expect(policies.map(({ name, configSchema }) => [name, Object.keys(configSchema?.properties ?? {})])).toEqual([
    ["protected-production-objects", ["stacks", "connections", "resources"]],
    ["enabled-production-mappings", ["stacks", "connections"]],
    ["profile-owners", []],
    ["unique-priorities", []],
    ["mail-domains", ["domains"]],
    ["no-plain-secrets", []],
  ]);
  for (const { description } of policies) expect(description).toMatch(/^[A-Z].*\.$/);
});
