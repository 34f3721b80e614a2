import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { DYNAMIC } from "../../provider/src/core/provider-source";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { blocksOf, ROOT } from "../engine/page";
import { StepClock } from "../reading/tenants";
import { AcmeDoor } from "./acme/door";
import { doorDefinition } from "./acme/door-definition";
import { type Site, startSite } from "./acme/site";

test("the page shows the files that are tested here, in the places where they would be", async () => {
  const files = ["vendor", "api", "door-definition", "door"].map(async (name) => {
    const text = await readFile(join(import.meta.dirname, "acme", `${name}.ts`), "utf8");
    return text.replaceAll("../../../provider/src/core/", "../core/");
  });
  expect((await blocksOf("docs/new-resource.md", "ts")).slice(0, 4)).toEqual(await Promise.all(files));
});

test("it lists the stories that every resource has to tell", async () => {
  const [page, coverage] = await Promise.all(
    ["docs/new-resource.md", "test/engine/coverage.test.ts"].map((file) => readFile(join(ROOT, file), "utf8")),
  );
  const [, list = ""] = /^const STORIES = \[\n([\s\S]*?)^\];/m.exec(coverage ?? "") ?? [];
  const stories = [...list.matchAll(/"(.*)"/g)].map(([, story]) => `- ${story}\n`);
  expect(stories.length).toBeGreaterThan(0);
  expect(page).toContain(stories.join(""));
});

test("a program declares the object", async () => {
  const declared: unknown[] = [];
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource({ type, inputs: { __provider, ...inputs } }) {
      declared.push([type, inputs]);
      return { id: "d1", state: inputs };
    },
  });
  const { building } = new AcmeDoor("lab", { name: "Lab", building: "North" });
  await new Promise((done) => building.apply(done));
  expect(declared).toEqual([[`${DYNAMIC}acme:Door`, { name: "Lab", building: "North" }]]);
});

describe("a door", () => {
  const LAB = { name: "Lab", building: "North" };
  let site: Site;
  let provider: ResourceProvider;
  const doors = () => [...site.doors.values()].map(({ id, ...door }) => door);

  beforeEach(async () => {
    site = await startSite();
    const settings: Record<string, string> = { "acme:baseUrl": site.url, "acme:clientId": "0123", "acme:clientSecret": "key" };
    const config = { get: (key: string) => settings[key], env: {} };
    provider = bind(doorDefinition, { config, clock: new StepClock(), log: { warn() {}, progress() {} } });
  });

  test("is made, changed, read and deleted", async () => {
    const { id, state } = await provider.create(LAB);
    expect(doors()).toEqual([{ ...LAB, note: null }]);
    const changed = await provider.update(id, state, { ...LAB, name: "Laboratory", note: "wet paint" });
    expect(await provider.read(id, changed)).toEqual({ inputs: changed, state: changed });
    expect(provider.diff(changed, { ...LAB, name: "Laboratory", note: "wet paint" }, id).changes).toBe(false);
    await provider.update(id, changed, { ...LAB, name: "Laboratory" });
    expect(doors()).toEqual([{ ...LAB, name: "Laboratory", note: null }]);
    await provider.delete(id, changed);
    expect(doors()).toEqual([]);
    expect(await provider.read(id, changed)).toBeUndefined();
    await provider.delete(id, changed);
    expect(site.requests.filter((request) => request.startsWith("DELETE"))).toHaveLength(1);
  });

  test("in another building is another door", () => {
    expect(provider.diff(LAB, { ...LAB, building: "South" })).toMatchObject({ replaces: ["building"], deleteBeforeReplace: true });
  });

  test("is made once although the answer is lost", async () => {
    site.losesAnswer = true;
    expect(await provider.create(LAB)).toMatchObject({ id: "d1", state: LAB });
    expect(doors()).toHaveLength(1);
    expect(site.requests).toEqual(["POST /doors", "GET /doors"]);
  });

  test("whose name is taken, and a wrong address, are explained", async () => {
    const { id, state } = await provider.create(LAB);
    await expect(provider.create(LAB)).rejects.toThrow(/^Creating door "Lab" failed: HTTP 409, NAME_TAKEN, The name is taken/);
    expect(provider.check({ name: "", building: "North", nota: "x" }).failures).toMatchObject([{ property: "name" }, { property: "nota" }]);
    site.doors.clear();
    await expect(provider.update(id, state, LAB)).rejects.toMatchObject({ code: "IDP_NOT_FOUND" });
    site.isElsewhere = true;
    await expect(provider.read(id, state)).rejects.toMatchObject({ code: "IDP_CONTRACT" });
  });
});
