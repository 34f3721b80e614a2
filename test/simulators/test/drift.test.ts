import { expect, test } from "vitest";
import { call, EMPLOYEES } from "./support.js";

const path = `/beta/identity-profiles/${EMPLOYEES}`;

test("a field changes, by value or by function, and modified with it", async () => {
  const { tenant, get } = await call();
  const before = (await get(path)).body;
  tenant.drift.changeProfile(EMPLOYEES, { description: "by hand", priority: 3 });
  tenant.drift.changeProfile(EMPLOYEES, (profile) => {
    profile.name += " (old)";
  });
  const after = (await get(path)).body;
  expect(after).toMatchObject({ description: "by hand", priority: 3, name: "Employees (old)" });
  expect(after.modified > before.modified).toBe(true);
});

test("a mapping gets the missing one of source id and name", async () => {
  const { tenant, get } = await call();
  const map = (attributes: object) => ({
    identityAttributeName: "uid",
    transformDefinition: { type: "accountAttribute", attributes: { attributeName: "login", ...attributes } },
  });
  tenant.drift.changeProfile(EMPLOYEES, {
    identityAttributeConfig: { enabled: true, attributeTransforms: [map({ sourceName: "HR" }), map({ sourceId: "hr" })] },
  });
  tenant.drift.enrichMapping(EMPLOYEES);
  const both = map({ sourceId: "hr", sourceName: "HR" });
  expect((await get(path)).body.identityAttributeConfig.attributeTransforms).toEqual([both, both]);
});

test("a mapping goes back to the default one", async () => {
  const { tenant, get } = await call();
  tenant.drift.changeProfile(EMPLOYEES, { identityAttributeConfig: { enabled: true, attributeTransforms: [] } });
  tenant.drift.resetMapping(EMPLOYEES);
  expect((await get(path)).body.identityAttributeConfig.attributeTransforms.length).toBeGreaterThan(1);
});

test("renamed sources and identities show in references, while names inside mappings go stale", async () => {
  const { tenant, get } = await call();
  tenant.drift.renameSource("hr", "Human Resources");
  tenant.drift.renameIdentity("ann", "Ann Smith");
  const { body } = await get(path);
  expect(body).toMatchObject({ authoritativeSource: { id: "hr", name: "Human Resources" }, owner: { id: "ann", name: "Ann Smith" } });
  expect(body.identityAttributeConfig.attributeTransforms[0].transformDefinition.attributes.sourceName).toBe("HR");
  expect(() => tenant.drift.renameSource("none", "x")).toThrow("none");
});

test("identities arrive", async () => {
  const { tenant, get } = await call();
  tenant.drift.setIdentityCount(EMPLOYEES, 123);
  expect((await get(path)).body.identityCount).toBe(123);
});

test("a profile vanishes without a task", async () => {
  const { tenant, get } = await call();
  tenant.drift.removeProfile(EMPLOYEES);
  expect((await get(path)).status).toBe(404);
  expect(tenant.dump().tasks).toEqual([]);
});
