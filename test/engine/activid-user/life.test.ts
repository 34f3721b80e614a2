import { expect, test } from "vitest";
import { userInputs } from "../../../provider/src/activid/schema.js";
import { FULL, MINIMAL } from "../../activid/fixture.js";
import { openScene, resource } from "./scene.js";

const maria = (args: object) => resource("ActivIdUser", "maria", args);
/** Every input that a user who is not federated can have without an api-version. */
const EVERY = { ...FULL, active: false, onDelete: "delete", adopt: true };
const NEVER = ["userName", "userType"];

test("a user's life: creates with only the required fields, a second `up` changes nothing, it sees a change made elsewhere, minimal to full and back, sees a removal made elsewhere, and loses nothing of what others did", {
  timeout: 300_000,
}, async () => {
  expect([...Object.keys(EVERY), ...NEVER].sort()).toEqual(Object.keys(userInputs.shape).sort());
  await using scene = await openScene(maria(MINIMAL));
  const { stack, tenant } = scene;
  const before = tenant.dump();
  const user = () => tenant.dump().users[0];
  const attributes = () => Object.fromEntries(user()?.attributes.map(({ name, value }) => [name, value]) ?? []);
  const names = { FIRSTNAME: "Maria", LASTNAME: "Lopez", ATR_EMAIL: "mlopez@example.org" };

  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(scene.sent()).toEqual(["POST /Users 200"]);
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 1, update: 0 });
  expect(scene.sent()).toEqual([]);

  const id = user()?.id ?? "";
  tenant.drift.addAuthenticator(id, "AT_EMPSMS");
  tenant.drift.setAttribute(id, "BADGE", "B-1");
  tenant.drift.setAttribute(id, "FIRSTNAME", "Mary");
  const drifted = await stack.preview({ args: ["--refresh", "--diff"], expect: 0 });
  expect(drifted.steps.find(({ op }) => op === "update")?.detailedDiff).toEqual({ "name.givenName": "update" });

  await scene.write(maria(EVERY));
  expect((await stack.up({ args: ["--refresh"], expect: 0 })).summary).toMatchObject({ update: 1 });
  expect(user()).toMatchObject({
    id,
    active: false,
    authenticators: ["AT_EMPSMS"],
    title: FULL.title,
    phoneNumbers: FULL.phoneNumbers,
    addresses: FULL.addresses,
    roles: ["RL_AUDITV", "RL_HELPDESK"],
    devices: ["501"],
    enterprise: FULL.enterprise,
  });
  expect(attributes()).toEqual({ ...names, BADGE: "B-1", ...FULL.attributes });
  scene.sent();
  await stack.preview({ args: ["--refresh", "--expect-no-changes"], expect: 0 });
  expect(scene.sent()).toEqual(["GET /Users/{id} 200"]);

  await scene.write(maria(MINIMAL));
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ update: 1 });
  // Whether the user is enabled and which devices are bound is released, and everything else that was declared is gone.
  expect(user()).toMatchObject({
    id,
    active: false,
    devices: ["501"],
    authenticators: ["AT_EMPSMS"],
    phoneNumbers: [],
    addresses: [],
    roles: [],
  });
  expect([user()?.title, user()?.enterprise]).toEqual([undefined, undefined]);
  expect(attributes()).toEqual({ ...names, BADGE: "B-1" });

  tenant.drift.removeUser(id);
  expect((await stack.up({ args: ["--refresh"], expect: 0 })).summary).toMatchObject({ create: 1 });
  expect(user()).toMatchObject({ active: true, authenticators: [] });
  await stack.destroy({ expect: 0 });
  expect({ ...tenant.dump(), nextId: 0 }).toEqual({ ...before, nextId: 0 });
});

test("imports a user who is there by adoption, accepts values unknown at preview, replaces when an immutable field changes", async () => {
  const attributes = Object.entries({ FIRSTNAME: "Maria", LASTNAME: "Lopez", ATR_EMAIL: "mlopez@example.org", BADGE: "B-1" });
  const seeded = {
    id: "300",
    externalId: "mlopez",
    title: "Director",
    roles: ["RL_AUDITV"],
    devices: ["501"],
    authenticators: ["AT_EMPSMS"],
    attributes: attributes.map(([name, value]) => ({ name, value, readOnly: false })),
  };
  const program = (twin: string) => `const maria = ${maria({ ...MINIMAL, adopt: true, onDelete: "disable" })}
    new ActivIdUser("twin", { externalId: pulumi.interpolate\`twin-of-\${maria.id}\`, name: { givenName: maria.displayName, familyName: maria.userName }, ${twin} });`;
  const LOCAL = `emails: [{ value: maria.userName }], groups: [{ value: maria.userType.apply(() => "USG_CONTR") }], active: maria.active,
    attributes: { DEPARTMENT: maria.userType.apply(String) }, devices: maria.active.apply(() => [{ value: "502" }]),
    roles: maria.tenant.apply(() => []), title: maria.displayName, enterprise: { organization: maria.displayName }`;
  await using scene = await openScene(program(LOCAL), { seed: { users: [seeded] } });
  const { stack, tenant } = scene;
  const existing = tenant.dump().users[0];
  expect((await stack.preview({ expect: 0 })).summary).toMatchObject({ create: 2 });
  expect(tenant.requests).toEqual([]);
  await stack.up({ expect: 0 });
  expect(scene.sent().slice(0, 2)).toEqual(["POST /Users/.search 200", "GET /Users/{id} 200"]);
  const twin = tenant.dump().users[1];
  expect(tenant.dump().users[0]).toEqual(existing);
  expect(twin).toMatchObject({ externalId: "twin-of-300", title: "Maria Lopez", group: "USG_CONTR", devices: ["502"] });
  expect((await stack.resources()).map(({ id }) => id).sort()).toEqual(["300", twin?.id].sort());
  await stack.preview({ args: ["--refresh", "--expect-no-changes"], expect: 0 });

  await scene.write(program(`userType: "SCIM_FED"`));
  const replaced = await stack.up({ expect: 0 });
  expect(replaced.summary).toMatchObject({ same: 1, replace: 1 });
  const federated = tenant.dump().users[1];
  expect(federated).toMatchObject({ externalId: "twin-of-300", userType: "SCIM_FED" });
  expect(federated?.id).not.toBe(twin?.id);
  await stack.destroy({ expect: 0 });
  // The order of attributes means nothing.
  expect(tenant.dump().users).toEqual([{ ...existing, active: false, attributes: expect.arrayContaining(existing?.attributes ?? []) }]);
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
