import { type ActivIdOptions, type ActivIdSimulator, startActivId } from "identity-simulators";
import { expect, test } from "vitest";
import { createStack, type Stack } from "../../harness/stack.js";

const user = (rest = "") => `new ActivIdUser("maria", { externalId: "mlopez", name: { givenName: "Maria", familyName: "Lopez" },
  emails: [{ value: "mlopez@example.org" }], groups: [{ value: "USG_FTEMP" }], ${rest} });`;
const program = (resources: string) => `import { ActivIdUser, ActivIdUserImport } from "pulumi-identity-as-code";\n${resources}`;

interface Scene extends AsyncDisposable {
  tenant: ActivIdSimulator;
  stack: Stack;
  /** What the stack asked the tenant for since the last call, tokens left out. */
  sent(): string[];
}

async function openScene(resources: string, options: ActivIdOptions & { secret?: string } = {}): Promise<Scene> {
  const tenant = await startActivId(options);
  const { clientId, clientSecret } = tenant.credentials;
  const env = {
    ACTIVID_BASE_URL: tenant.url,
    ACTIVID_TENANT: "ACME",
    ACTIVID_CLIENT_ID: clientId,
    ACTIVID_CLIENT_SECRET: options.secret ?? clientSecret,
  };
  const stack = await createStack({ program: program(resources), env });
  let seen = 0;
  return {
    tenant,
    stack,
    sent() {
      const fresh = tenant.requests.slice(seen).filter(({ path }) => !path.endsWith("/token"));
      seen = tenant.requests.length;
      return fresh.map(({ method, path, status }) => `${method} ${path.replace("/scim/ACME/v2", "").replace(/\d+$/, "{id}")} ${status}`);
    },
    async [Symbol.asyncDispose]() {
      await stack.close();
      await tenant.close();
      expect(tenant.unknownRequests).toEqual([]);
    },
  };
}

test("a second `up` changes nothing, it sees a change made elsewhere, and a change loses nothing of what others did", async () => {
  await using scene = await openScene(user(`attributes: { DOB: "1990-02-03" }`));
  const { stack, tenant } = scene;
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.sent()).toEqual(["POST /Users 200"]);
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  expect(scene.sent()).toEqual([]);

  const id = tenant.dump().users[0]?.id ?? "";
  tenant.drift.addAuthenticator(id, "AT_EMPSMS");
  tenant.drift.setAttribute(id, "DOB", "2000-01-01");
  tenant.drift.setAttribute(id, "BADGE", "B-1");
  const drifted = await stack.preview({ args: ["--refresh", "--diff"], expect: 0 });
  expect(drifted.steps.find(({ op }) => op === "update")?.detailedDiff).toEqual({ "attributes.DOB": "update" });

  await stack.write(program(user(`attributes: { DOB: "1990-02-03" }, active: false`)));
  await stack.up({ args: ["--refresh"], expect: 0 });
  expect(tenant.dump().users).toMatchObject([{ id, active: false, authenticators: ["AT_EMPSMS"] }]);
  expect(Object.fromEntries(tenant.dump().users[0]?.attributes.map(({ name, value }) => [name, value]) ?? [])).toEqual({
    FIRSTNAME: "Maria",
    LASTNAME: "Lopez",
    ATR_EMAIL: "mlopez@example.org",
    BADGE: "B-1",
    DOB: "1990-02-03",
  });
  await stack.destroy({ expect: 0 });
  expect(tenant.dump().users).toEqual([]);
});

test("a refused secret is sent once per run, however many users wait for it, and is never shown", async () => {
  const three = [1, 2, 3].map((n) => user().replace('"maria"', `"maria${n}"`).replace('"mlopez"', `"mlopez${n}"`)).join("\n");
  await using scene = await openScene(three, { secret: "not-the-secret" });
  const result = await scene.stack.up();
  expect(result.code).not.toBe(0);
  expect(result.stdout).toContain("Asking HID ActivID for a token failed: HTTP 400");
  expect(result.stdout + result.stderr).not.toContain("not-the-secret");
  expect(scene.tenant.count({ path: /token$/ })).toBe(1);
});

test("a user is looked up by externalId without being managed", async () => {
  const lookup = `const found = ActivIdUser.get("found", "externalId:mlopez");
    export const name = found.displayName;`;
  const attributes = [{ name: "FIRSTNAME", value: "Maria", readOnly: false }];
  await using scene = await openScene(lookup, { seed: { users: [{ id: "300", externalId: "mlopez", attributes }] } });
  await scene.stack.up({ expect: 0 });
  expect(await scene.stack.resources()).toMatchObject([{ id: "300", outputs: { displayName: "Maria" } }]);
  expect(scene.sent()).toEqual(["POST /Users/.search 200", "GET /Users/{id} 200"]);
  await scene.stack.destroy({ expect: 0 });
  expect(scene.tenant.dump().users).toHaveLength(1);
});

test("an import that leaves somebody out is kept half made, and the next run imports only that user", async () => {
  const people = `new ActivIdUserImport("summer", { group: { value: "USG_FTEMP" }, users: ["a", "b"].map((externalId) => ({ externalId,
    name: { givenName: "Ann", familyName: externalId }, emails: [{ value: externalId + "@example.org" }] })) });`;
  await using scene = await openScene(people, { switches: { importTickMs: 50, importFails: ["b"] } });
  const { stack, tenant } = scene;
  const first = await stack.up();
  expect(first.code).not.toBe(0);
  expect(first.stdout).toContain("1 of 2 users were not imported: b");
  expect(await stack.resources()).toMatchObject([{ outputs: { imported: 1, failed: 1, results: { a: { outcome: "imported" } } } }]);
  tenant.switches.importFails = [];
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(
    tenant.requests
      .filter(({ path, method }) => method === "POST" && path.endsWith(".import"))
      .map(({ body }) => (body as { users: unknown[] }).users.length),
  ).toEqual([2, 1]);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
  await stack.destroy({ expect: 0 });
  expect(tenant.dump().users.map(({ externalId }) => externalId)).toEqual(["a", "b"]);
});
