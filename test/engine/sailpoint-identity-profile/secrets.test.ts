import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Stack } from "../../harness/stack.js";
import { AMIRA, HR, openScene, VENDORS } from "./scene.js";

const CLIENT_SECRET = "client-secret-nobody-may-see";
const NOTE = "note-nobody-may-see";
const clients = [{ clientId: "client-of-the-stack", clientSecret: CLIENT_SECRET }];
/** What a token of the tenant looks like. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/;

const profile = (description: string) =>
  `new SailPointIdentityProfile("employees", { name: "Employees", description: ${description}, authoritativeSource: { name: "HR" } });`;

/** Everything the engine has written so far, state, backups, history and event logs, by file. */
async function written(stack: Stack): Promise<[file: string, text: string][]> {
  const dir = dirname(stack.project);
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules") && entry.name !== "index.ts");
  return Promise.all(
    files.map(async ({ parentPath, name }): Promise<[string, string]> => [name, await readFile(join(parentPath, name), "utf8")]),
  );
}

test("keeps a secret secret, in state, output and logs, also when something fails", async () => {
  await using scene = await openScene(profile(`pulumi.secret("${NOTE}")`), {
    clients,
    config: { "sailpoint:clientSecret": { secret: CLIENT_SECRET } },
    env: { SAIL_CLIENT_SECRET: "" },
  });
  const { stack, tenant } = scene;
  const results = [await stack.up({ expect: 0 })];
  expect(tenant.dump().profiles).toMatchObject([{ description: NOTE }]);
  const [stored] = await stack.resources();
  // This key marks a secret in a state file; its text is encrypted.
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: expect.any(String) };
  expect(stored).toMatchObject({ inputs: { description: secret }, outputs: { description: secret, name: "Employees" } });

  // The vendor repeats the secrets in its answer.
  tenant.faults.add({
    method: "PATCH",
    when: "before",
    action: { status: 400, body: { detailCode: "400.1", messages: [{ text: `client ${CLIENT_SECRET} may not do that` }] } },
  });
  await scene.write(profile(`pulumi.secret("${NOTE}-2")`));
  const refused = await stack.up();
  expect(refused.code).not.toBe(0);
  expect(refused.stdout).toContain("may not do that");
  tenant.faults.add({ path: /oauth/, times: 9, when: "before", action: { status: 401, body: { error: `no ${CLIENT_SECRET}` } } });
  const locked = await stack.up();
  expect(locked.code).not.toBe(0);
  tenant.faults.clear();
  results.push(
    refused,
    locked,
    await stack.preview({ args: ["--diff"] }),
    await stack.refresh({ expect: 0 }),
    await stack.destroy({ expect: 0 }),
  );

  const files = await written(stack);
  expect(files.map(([file]) => file)).toEqual(expect.arrayContaining(["dev.json", "events-1.jsonl", "events-3.jsonl"]));
  const texts = [...files, ...results.map(({ stdout, stderr }, index): [string, string] => [`command ${index + 1}`, stdout + stderr])];
  const leaks = texts.filter(([, text]) => text.includes(CLIENT_SECRET) || TOKEN.test(text));
  expect(leaks.map(([file]) => file)).toEqual([]);
  // The SDK's own debug lines, which only an event log holds, show secret properties.
  const notes = texts.filter(([file, text]) => !file.startsWith("events-") && text.includes(NOTE));
  expect(notes.map(([file]) => file)).toEqual([]);
});

test("accepts values unknown at preview", async () => {
  await using scene = await openScene(
    `const employees = new SailPointIdentityProfile("employees", { name: "Employees", authoritativeSource: { name: "HR" } });
     new SailPointIdentityProfile("vendors", {
       name: "Vendors",
       description: pulumi.interpolate\`second to \${employees.id}\`,
       priority: employees.priority.apply((priority) => priority + 1),
       owner: { id: employees.created.apply(() => "${AMIRA.id}") },
       authoritativeSource: { id: employees.created.apply(() => "${VENDORS.id}") },
       identityAttributeConfig: {
         enabled: employees.created.apply(() => true),
         attributeTransforms: {
           email: accountAttribute({ attributeName: "mail", sourceId: employees.sourceId }),
           uid: employees.created.apply(() => rule("Unique User Name")),
         },
       },
     });`,
  );
  const { stack, tenant } = scene;
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 2 });
  expect(tenant.requests).toEqual([]);

  await stack.up({ expect: 0 });
  const [employees, vendors] = tenant.dump().profiles;
  expect(vendors).toMatchObject({
    name: "Vendors",
    description: `second to ${employees?.id}`,
    priority: 11,
    owner: { id: AMIRA.id },
    authoritativeSource: { id: VENDORS.id },
    identityAttributeConfig: {
      enabled: true,
      attributeTransforms: [
        { identityAttributeName: "email", transformDefinition: { attributes: { attributeName: "mail", sourceId: HR.id } } },
        { identityAttributeName: "uid", transformDefinition: { type: "rule", attributes: { name: "Unique User Name" } } },
      ],
    },
  });
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
});

test("what state keeps to reach the library is short and the same for every profile", async () => {
  const COUNT = 20;
  const seed = { sources: Array.from({ length: COUNT }, (_, index) => ({ id: String(index).padStart(32, "0"), name: `Source ${index}` })) };
  await using scene = await openScene(
    `for (let index = 0; index < ${COUNT}; index += 1)
       new SailPointIdentityProfile(\`profile-\${index}\`, { name: \`Profile \${index}\`, authoritativeSource: { id: String(index).padStart(32, "0") } });`,
    { seed },
  );
  const { stack, tenant } = scene;
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: COUNT });
  const stored = await stack.resources();
  expect(stored).toHaveLength(COUNT);
  const texts = new Set(stored.flatMap(({ inputs, outputs }) => [inputs.__provider, outputs.__provider]));
  expect([...texts]).toEqual([expect.stringContaining('handler("sailpoint:IdentityProfile")')]);
  expect(Buffer.byteLength([...texts][0])).toBeLessThanOrEqual(150);
  const leaks = (await written(stack)).filter(([, text]) => text.includes(tenant.credentials.clientSecret) || TOKEN.test(text));
  expect(leaks.map(([file]) => file)).toEqual([]);
  // One token serves the whole run.
  expect(tenant.count({ path: /oauth/ })).toBe(1);
});
