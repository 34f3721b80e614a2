import { startSailPoint } from "identity-simulators";
import { expect, test } from "vitest";
import type { Result } from "../../harness/stack.js";
import { openScene, PAYROLL, SEED } from "./scene.js";

const errors = ({ diagnostics }: Result) =>
  diagnostics.filter(({ severity, urn }) => severity === "error" && urn.includes("IdentityProfile")).map(({ message }) => message);

test("finishes a half-made object: what is true is kept, and the next `up` sends only the rest", async () => {
  const profile = (source: string) => `
    new SailPointIdentityProfile("employees", {
      name: "Employees",
      authoritativeSource: { name: "${source}" },
      identityAttributeConfig: { attributeTransforms: { email: accountAttribute({ sourceName: "${source}", attributeName: "mail" }) } },
    });`;
  await using scene = await openScene(profile("HR"));
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  scene.sent();

  // The vendor takes a new source and a new mapping only one after the other; the second is refused here.
  tenant.faults.add({ method: "PATCH", skip: 1, when: "before", action: { status: 403 } });
  await scene.write(profile("Payroll"));
  const half = await stack.up();
  expect(half.code).not.toBe(0);
  expect(errors(half).join()).toContain("What was done before is kept in state; the next `pulumi up` finishes the rest");
  expect(scene.sent().slice(-3)).toEqual([
    "PATCH /beta/identity-profiles/{id} 200",
    "GET /beta/identity-profiles/{id} 200",
    "PATCH /beta/identity-profiles/{id} 403",
  ]);
  const [stored] = await stack.resources();
  expect(stored?.initErrors).toEqual([expect.stringContaining("HTTP 403")]);
  expect(stored?.outputs).toMatchObject({
    __provider: stored?.inputs.__provider,
    authoritativeSource: { name: "Payroll", id: PAYROLL.id },
    identityAttributeConfig: { attributeTransforms: { email: { sourceName: "HR" } } },
  });

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(scene.sent()).toEqual(["GET /beta/identity-profiles/{id} 200", "PATCH /beta/identity-profiles/{id} 200"]);
  expect(tenant.requests.at(-1)?.body).toMatchObject([{ path: "/identityAttributeConfig" }]);
  expect((await stack.resources())[0]).not.toHaveProperty("initErrors");
  expect(tenant.dump().profiles[0]).toMatchObject({
    authoritativeSource: { name: "Payroll" },
    identityAttributeConfig: { attributeTransforms: [{ transformDefinition: { attributes: { sourceName: "Payroll" } } }] },
  });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
});

test("missing or wrong credentials are one error that says what to do", async () => {
  await using scene = await openScene(
    `new SailPointIdentityProfile("employees", { name: "Employees", authoritativeSource: { name: "HR" } });`,
    { env: { SAIL_CLIENT_ID: "", SAIL_CLIENT_SECRET: "" } },
  );
  const { stack, tenant } = scene;
  await stack.preview({ expect: 0 });
  const missing = await stack.up();
  expect(missing.code).not.toBe(0);
  expect(errors(missing)).toEqual([expect.stringContaining("The configuration of sailpoint is not complete")]);
  const [message] = errors(missing);
  expect(message).toContain("pulumi config set 'sailpoint:clientId' 0123456789abcdef0123456789abcdef`, or set SAIL_CLIENT_ID");
  expect(message).toContain("pulumi config set --secret 'sailpoint:clientSecret' <secret>`, or set SAIL_CLIENT_SECRET");
  expect(tenant.requests).toEqual([]);

  const wrong = await stack.up({ env: { SAIL_CLIENT_ID: tenant.credentials.clientId, SAIL_CLIENT_SECRET: "not-the-secret" } });
  expect(wrong.code).not.toBe(0);
  expect(errors(wrong)).toEqual([
    expect.stringMatching(/Asking SailPoint for a token failed: HTTP 401.*Check sailpoint:clientId \(SAIL_CLIENT_ID\)/),
  ]);
  expect(wrong.stdout).not.toContain("not-the-secret");
  // A refused secret is not tried again: some vendors lock the client.
  expect(tenant.count({ path: /oauth/ })).toBe(1);
});

test("named connections lead to two tenants in one stack", async () => {
  await using other = await startSailPoint({
    rateLimit: false,
    seed: { ...SEED, org: "globex" },
    clients: [{ clientId: "globex-client", clientSecret: "globex-secret" }],
  });
  const profile = (connection: string) =>
    `new SailPointIdentityProfile("globex", { name: "Employees", authoritativeSource: { name: "HR" }, connection: "${connection}" });
     new SailPointIdentityProfile("acme", { name: "Employees", authoritativeSource: { name: "HR" } });`;
  await using scene = await openScene(profile("globbex"));
  const { stack, tenant } = scene;
  await stack.setConfig("sailpoint:connections.globex.baseUrl", other.url, { path: true });
  await stack.setConfig("sailpoint:connections.globex.clientId", "globex-client", { path: true });
  await stack.setConfig("sailpoint:connections.globex.clientSecret", "globex-secret", { path: true, secret: true });
  const mistyped = await stack.up();
  expect(mistyped.code).not.toBe(0);
  expect(errors(mistyped)).toEqual([expect.stringContaining('There is no connection "globbex" of sailpoint - did you mean "globex"?')]);
  expect(other.requests).toEqual([]);

  await scene.write(profile("globex"));
  await stack.up({ expect: 0 });
  expect(tenant.dump().profiles).toMatchObject([{ name: "Employees" }]);
  expect(other.dump().profiles).toMatchObject([{ name: "Employees" }]);
  const stored = await stack.resources();
  expect(Object.fromEntries(stored.map(({ name, outputs }) => [name, outputs.tenant]))).toEqual({ acme: "acme", globex: "globex" });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });

  await stack.destroy({ expect: 0 });
  expect([...tenant.dump().profiles, ...other.dump().profiles]).toEqual([]);
  expect(other.unknownRequests).toEqual([]);
});
