import { describe, expect, test } from "vitest";
import type { Props } from "../harness/rpc";
import { ADA, calls, failure, HR, kept, MINIMAL, mail, mapping, OPEN, PARTNERS, sent, stored, TWINS, useStack } from "./fixture";

const { tenant, host } = await useStack();

/** Creates a profile and returns what the engine keeps of it. */
async function up(inputs: Props) {
  const resource = host.resource();
  expect(await resource.up(inputs)).toBe("create");
  return kept(resource);
}

describe("a create", () => {
  test("of the fewest inputs sends one request and nothing that the program does not say", async () => {
    const { id, outputs } = await up(MINIMAL);
    expect(calls(tenant)).toEqual(["POST /identity-profiles 201"]);
    expect(sent(tenant, "POST")).toEqual([{ name: "Employees", authoritativeSource: { type: "SOURCE", id: HR.id } }]);
    expect(stored(tenant)).toMatchObject({ id, name: "Employees", priority: 10, owner: null });
    expect(outputs).toEqual({
      ...MINIMAL,
      sourceId: HR.id,
      priority: 10,
      serverChosen: ["priority"],
      identityCount: 0,
      created: expect.any(String),
      tenant: "acme",
    });
  });

  test("of everything sends it in the vendor's form", async () => {
    const inputs = {
      ...MINIMAL,
      description: "everything",
      owner: { id: ADA.id },
      priority: 40,
      renameBy: "replace",
      changeSourceBy: "replace",
      forceDelete: true,
      ...mapping(
        {
          email: mail({ sourceName: "HR" }),
          uid: { type: "rule", name: "Make uid", digits: 4 },
          displayName: {
            type: "reference",
            id: "Upper",
            input: { type: "accountAttribute", attributes: { attributeName: "sn", sourceId: HR.id } },
          },
        },
        { enabled: false },
      ),
    };
    const { outputs } = await up(inputs);
    const [body] = sent(tenant, "POST") as { identityAttributeConfig: { attributeTransforms: unknown[] } }[];
    expect(body).toEqual({
      name: "Employees",
      description: "everything",
      owner: { type: "IDENTITY", id: ADA.id },
      priority: 40,
      authoritativeSource: { type: "SOURCE", id: HR.id },
      identityAttributeConfig: { enabled: false, attributeTransforms: expect.any(Array) },
    });
    expect(body?.identityAttributeConfig.attributeTransforms).toHaveLength(3);
    expect(body?.identityAttributeConfig.attributeTransforms).toEqual(
      expect.arrayContaining([
        {
          identityAttributeName: "email",
          transformDefinition: { type: "accountAttribute", attributes: { attributeName: "mail", sourceId: HR.id, sourceName: "HR" } },
        },
        { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "Make uid", digits: 4 } } },
        {
          identityAttributeName: "displayName",
          transformDefinition: {
            type: "reference",
            attributes: { id: "Upper", input: { type: "accountAttribute", attributes: { attributeName: "sn", sourceId: HR.id } } },
          },
        },
      ]),
    );
    expect(outputs).toEqual({ ...inputs, sourceId: HR.id, ownerId: ADA.id, identityCount: 0, created: expect.any(String), tenant: "acme" });
  });

  test("says that the mapping is enabled, because the vendor's default depends on the version", async () => {
    await up({ ...MINIMAL, ...mapping({ email: mail() }) });
    expect(sent(tenant, "POST")).toMatchObject([{ identityAttributeConfig: { enabled: true } }]);
  });

  test("without a mapping leaves the vendor's default alone", async () => {
    const { outputs } = await up(MINIMAL);
    expect(stored(tenant).identityAttributeConfig.attributeTransforms).not.toHaveLength(0);
    expect(outputs).not.toHaveProperty("identityAttributeConfig");
  });

  test("marks an owner that the vendor chose", async () => {
    tenant.switches.assignsOwner = true;
    expect((await up(MINIMAL)).outputs).toMatchObject({ owner: { id: ADA.id }, serverChosen: ["owner", "priority"] });
  });

  test("ignores fields that no documentation names", async () => {
    tenant.switches.extraFields = true;
    expect((await up(MINIMAL)).outputs).not.toHaveProperty("somethingNew");
  });
});

describe("a reference by name", () => {
  test("is found without regard to case, and sent as id", async () => {
    const { outputs } = await up({ name: "Employees", authoritativeSource: { name: "hr" }, owner: { name: "ADA lovelace" } });
    expect(calls(tenant)).toEqual(["GET /sources 200", "GET /identities 200", "POST /identity-profiles 201"]);
    expect(sent(tenant, "POST")).toMatchObject([{ authoritativeSource: { id: HR.id }, owner: { id: ADA.id } }]);
    expect(outputs).toMatchObject({ authoritativeSource: { id: HR.id, name: "hr" }, owner: { id: ADA.id, name: "ADA lovelace" } });
  });

  test("may hold quotes, backslashes and number signs", async () => {
    expect((await up({ name: "x", authoritativeSource: { name: OPEN.name } })).outputs).toMatchObject({ authoritativeSource: OPEN });
  });

  test.each<[string, Props, string, string]>([
    [
      "source",
      { name: "x", authoritativeSource: { name: "SAP" } },
      'no source named "SAP"',
      "authoritativeSource.name, or give authoritativeSource.id",
    ],
    ["owner", { ...MINIMAL, owner: { name: "Nobody" } }, 'no identity named "Nobody"', "owner.name, or give owner.id"],
  ])("must lead to a %s", async (_kind, inputs, fact, advice) => {
    const message = await failure(host.resource().up(inputs));
    expect(message).toContain(fact);
    expect(message).toContain(advice);
    expect(tenant.count({ method: "POST", path: /identity-profiles/ })).toBe(0);
  });

  test("must lead to one object only, else all ids are named", async () => {
    const message = await failure(host.resource().up({ name: "x", authoritativeSource: { name: "Twins" } }));
    for (const { id } of TWINS) expect(message).toContain(id);
    expect(message).toContain("Give authoritativeSource.id instead of its name");
    expect(tenant.count({ method: "POST", path: /identity-profiles/ })).toBe(0);
  });

  test("is not replaced by whatever a filter that the vendor did not understand lets through", async () => {
    tenant.faults.add({
      path: /sources$/,
      when: "before",
      action: { status: 200, body: [{ id: PARTNERS.id, name: "Partners" }], headers: { "content-type": "application/json" } },
    });
    expect(await failure(host.resource().up({ name: "x", authoritativeSource: { name: "SAP" } }))).toContain('no source named "SAP"');
  });
});

describe("a refused create", () => {
  test.each<[string, Props, string]>([
    ["an unknown source", { ...MINIMAL, authoritativeSource: { id: "nowhere" } }, "400.1.404 Referenced object not found"],
    ["an attribute that the source lacks", { ...MINIMAL, ...mapping({ email: mail({ attributeName: "fax" }) }) }, "400.1.3 Illegal value"],
    ["a transform that is not there", { ...MINIMAL, ...mapping({ email: { type: "reference", id: "Nope" } }) }, "400.1.404"],
    ["a name that is too long", { ...MINIMAL, name: "x".repeat(300) }, "400.1.2 Value length out of range"],
  ])("shows the vendor's words and both of its ids: %s", async (_what, inputs, code) => {
    const message = await failure(host.resource().up(inputs));
    const request = tenant.requests.at(-1);
    expect(message).toMatch(/^Creating identity profile "[^"]+" failed: HTTP 400, 400\.1/);
    expect(message).toContain(code);
    expect(message).toContain("The request could not be processed.");
    expect(message).toContain(`(IDP_REJECTED, tracking id ${request?.requestId}, request id ${request?.requestId}).`);
    expect(tenant.dump().profiles).toEqual([]);
  });

  test("names the cause that the vendor puts behind the generic message", async () => {
    const inputs = { ...MINIMAL, ...mapping({ email: mail({ attributeName: "fax" }) }) };
    expect(await failure(host.resource().up(inputs))).toContain(
      "The request could not be processed. fax is not an account attribute of source HR",
    );
  });

  test("is readable whether or not the vendor labels plain JSON with a charset as its coding", async () => {
    tenant.switches.encodingHeaderOn4xx = false;
    expect(await failure(host.resource().up({ ...MINIMAL, authoritativeSource: { id: "x" } }))).toContain("Source x was not found");
    tenant.switches.encodingHeaderOn4xx = true;
    expect(await failure(host.resource().up({ ...MINIMAL, authoritativeSource: { id: "y" } }))).toContain("Source y was not found");
  });

  test("for want of a right says which", async () => {
    tenant.switches.scopes = ["idn:identity-profile:read"];
    const message = await failure(host.resource().up(MINIMAL));
    expect(message).toContain("HTTP 403");
    expect(message).toContain("idn:identity-profile:manage");
    expect(message).toContain("ORG_ADMIN");
  });

  test.each([
    ["a source", { name: "x", authoritativeSource: { name: "HR" } }, "idn:sources:read"],
    ["an identity", { ...MINIMAL, owner: { name: ADA.name } }, "idn:identity:read"],
  ])("for want of the right to look up %s says which", async (_what, inputs, scope) => {
    tenant.switches.scopes = ["idn:identity-profile:manage"];
    expect(await failure(host.resource().up(inputs))).toContain(`the scope ${scope} `);
    tenant.switches.scopes = ["idn:identity-profile:manage", scope];
    expect(await host.resource().up(inputs)).toBe("create");
  });

  test("leaves nothing behind in state", async () => {
    const resource = host.resource();
    await failure(resource.up({ ...MINIMAL, authoritativeSource: { id: "nowhere" } }));
    expect(resource.state).toBeUndefined();
    expect(await resource.up(MINIMAL)).toBe("create");
  });
});
