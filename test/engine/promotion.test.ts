import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { blocksOf, Desk, ROOT } from "./page";
import { startTenants } from "./promotion-tenants";

vi.setConfig({ testTimeout: 300_000 });

const EXAMPLE = "examples/promotion";
const STACKS = ["dev", "prod"] as const;
type StackName = (typeof STACKS)[number];
type Tenants = Awaited<ReturnType<typeof startTenants>>;

const [settingUp = "", firstUp = "", plan = "", toDev = "", toProd = "", ...more] = await blocksOf(`${EXAMPLE}/README.md`, "sh");
const changes = await blocksOf(`${EXAMPLE}/README.md`, "diff");
const [missingName = ""] = await blocksOf(`${EXAMPLE}/README.md`, "text");

const dumpOf = ({ sailpoint, pingone, plainid }: Tenants) => ({
  profiles: sailpoint.dump().profiles,
  users: pingone.dump().environments.flatMap(({ users }) => users),
  sources: plainid.dump().environments,
});
const requestsOf = ({ sailpoint, pingone, plainid }: Tenants) => [...sailpoint.requests, ...pingone.requests, ...plainid.requests];
/** What the tenants call the objects, and what they know them by. */
const objectsOf = ({ sailpoint, pingone, plainid }: Tenants) => {
  const [profile] = sailpoint.dump().profiles;
  const [user] = pingone.dump().environments[0]?.users ?? [];
  const source = plainid.dump().environments[0]?.templates[0]?.sources.find(({ sourceId }) => sourceId === "contractors");
  return {
    names: [profile?.name, profile?.authoritativeSource.name, user?.attributes.username, source?.sourceId],
    ids: [profile?.id, profile?.authoritativeSource.id, profile?.owner?.id, user?.id, user?.populationId],
    content: [profile?.identityAttributeConfig.attributeTransforms, user?.attributes.title],
  };
};

/** By resource, the inputs that a plan changes; those without a change are left out. */
async function planned(dir: string, stack: StackName): Promise<Record<string, string>> {
  const { resourcePlans } = JSON.parse(await readFile(join(dir, `${stack}.plan.json`), "utf8"));
  const changed = Object.entries<{ steps: string[]; goal: { inputDiff: Record<string, object> } }>(resourcePlans).flatMap(
    ([urn, { steps, goal }]) =>
      steps.includes("same") ? [] : [[urn.split("::").at(-1), `${steps}: ${Object.values(goal.inputDiff).flatMap(Object.keys)}`]],
  );
  return Object.fromEntries(changed);
}

/** The same of what an `up` says that it did. */
function done(stdout: string): Record<string, string> {
  const lines = [...stdout.matchAll(/^ ~ +\S+ (\S+) updated .*\[diff: ~(\S+)\]$/gm)];
  return Object.fromEntries(lines.map(([, name = "", keys = ""]) => [name, `update: ${keys}`]));
}

describe("a change on its way from dev to prod, by the commands of the example's page", () => {
  let desk: Desk;
  let tenants: Record<StackName, Tenants>;
  const file = (name: string) => join(desk.dir, name);
  const clearRequests = () => {
    for (const { sailpoint, pingone, plainid } of Object.values(tenants))
      for (const one of [sailpoint, pingone, plainid]) one.clearRequests();
  };
  /** Rewrites the program, and fails when it is not as expected. */
  const edit = async (from: string, to: string) => {
    const text = await readFile(file("index.ts"), "utf8");
    expect(text).toContain(from);
    await writeFile(file("index.ts"), text.replace(from, to));
  };

  beforeAll(async () => {
    tenants = { dev: await startTenants("dev"), prod: await startTenants("prod") };
    const secrets = STACKS.flatMap((stack) =>
      Object.entries(tenants[stack].secrets).map(([vendor, secret]) => [`${stack}_${vendor}`.toUpperCase(), secret]),
    );
    desk = await Desk.open(Object.fromEntries(secrets));
    for (const name of ["index.ts", "package.json", "tsconfig.json", "Pulumi.yaml"]) await cp(join(ROOT, EXAMPLE, name), file(name));
    // JSON is YAML.
    for (const stack of STACKS) await writeFile(file(`Pulumi.${stack}.yaml`), JSON.stringify({ config: tenants[stack].settings }));
  });
  afterAll(async () => {
    await desk?.[Symbol.asyncDispose]();
    for (const one of Object.values(tenants ?? {})) await one[Symbol.asyncDispose]();
  });

  test("the first version is the same in both tenants, under ids of their own", async () => {
    await desk.type(settingUp);
    for (const stack of STACKS) expect(await readFile(file(`Pulumi.${stack}.yaml`), "utf8")).not.toMatch(/secret-of/);
    await desk.type(firstUp);
    const [dev, prod] = [objectsOf(tenants.dev), objectsOf(tenants.prod)];
    expect(prod.names).toEqual(["Contractors", "Contractor HR", "svc-provisioning", "contractors"]);
    expect(prod.names).toEqual(dev.names);
    expect(prod.content).toEqual(dev.content);
    const ids = [...dev.ids, ...prod.ids];
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("it is planned for both before either is asked or changed", async () => {
    for (const change of changes) {
      const lines = (sign: string) => change.split("\n").flatMap((line) => (line.startsWith(sign) ? [line.slice(1)] : []));
      await edit(lines("-").join("\n"), lines("+").join("\n"));
    }
    const before = STACKS.map((stack) => dumpOf(tenants[stack]));
    clearRequests();
    const { stdout } = await desk.type(plan);
    expect(stdout.match(/~ attributeName: "mail" => "workMail"/g)).toHaveLength(2);
    expect(Object.values(tenants).flatMap(requestsOf)).toEqual([]);
    expect(STACKS.map((stack) => dumpOf(tenants[stack]))).toEqual(before);
    for (const stack of STACKS) {
      expect(await planned(desk.dir, stack)).toEqual({ contractors: "update: identityAttributeConfig", provisioning: "update: title" });
      expect(await readFile(file(`${stack}.plan.json`), "utf8")).not.toMatch(/secret-of/);
    }
  });

  test("dev gets it, prod is not touched", async () => {
    const before = dumpOf(tenants.prod);
    const { stdout } = await desk.type(toDev);
    expect(done(stdout)).toEqual(await planned(desk.dir, "dev"));
    expect(stdout).toContain("Code, state and systems say the same.");
    expect(requestsOf(tenants.dev)).not.toEqual([]);
    expect(requestsOf(tenants.prod)).toEqual([]);
    expect(dumpOf(tenants.prod)).toEqual(before);
    expect(objectsOf(tenants.dev).content).not.toEqual(objectsOf(tenants.prod).content);
  });

  test("prod's plan is refused for another program before anything is sent", async () => {
    clearRequests();
    await edit("Provisioning service", "What nobody reviewed");
    await expect(desk.type(toProd)).rejects.toMatchObject({ stdout: expect.stringMatching(/provisioning violates plan: .*title/) });
    await edit("What nobody reviewed", "Provisioning service");
    expect(Object.values(tenants).flatMap(requestsOf)).toEqual([]);
  });

  test("prod gets exactly what was planned before dev was touched", async () => {
    const before = dumpOf(tenants.dev);
    const { stdout } = await desk.type(toProd);
    expect(done(stdout)).toEqual(await planned(desk.dir, "prod"));
    expect(stdout).toContain("Code, state and systems say the same.");
    expect(requestsOf(tenants.dev)).toEqual([]);
    expect(dumpOf(tenants.dev)).toEqual(before);
    expect(objectsOf(tenants.prod).names).toEqual(objectsOf(tenants.dev).names);
    expect(objectsOf(tenants.prod).content).toEqual(objectsOf(tenants.dev).content);
  });

  test("a second run of both does nothing and asks nothing", async () => {
    clearRequests();
    for (const stack of STACKS) await desk.type(`pulumi up --yes --skip-preview --expect-no-changes --stack ${stack}`);
    expect(Object.values(tenants).flatMap(requestsOf)).toEqual([]);
    expect(more).toEqual([]);
  });

  test("another setting since the plan is refused too, and a name that the tenant lacks is told as the page says", async () => {
    const before = dumpOf(tenants.prod);
    await desk.type('pulumi config set --stack prod promotion:profileOwner "Nobody Here"');
    await expect(desk.type(toProd)).rejects.toMatchObject({ stdout: expect.stringMatching(/violates plan: .*profileOwner/) });
    expect(Object.values(tenants).flatMap(requestsOf)).toEqual([]);
    await expect(desk.type("pulumi up --yes --skip-preview --stack prod")).rejects.toMatchObject({
      stdout: expect.stringContaining(missingName.trim()),
    });
    expect(dumpOf(tenants.prod)).toEqual(before);
    expect(
      Object.values(tenants).flatMap(({ sailpoint, pingone, plainid }) =>
        [sailpoint, pingone, plainid].flatMap((one) => one.unknownRequests),
      ),
    ).toEqual([]);
  });
});
