import { expect, test } from "vitest";
import { chance } from "../../harness/chance.js";
import { HR, openScene, type Scene, SEED } from "./scene.js";

/** Rounds of three kills each, by the seed of their chance. They run side by side, because they mostly wait. */
const ROUNDS = [
  { rounds: 4, seed: 20_260_823 },
  { rounds: 3, seed: 20_261_124 },
];

const profile = (name: string, title: string, source: string, attribute: string) => `
new SailPointIdentityProfile("${name}", {
  name: "${title}",
  authoritativeSource: { name: "${source}" },
  identityAttributeConfig: { attributeTransforms: { email: accountAttribute({ sourceName: "${source}", attributeName: "${attribute}" }) } },
});`;
const FIRST =
  profile("one", "One", "HR", "mail") +
  profile("two", "Two", "Payroll", "mail") +
  `new SailPointIdentityProfile("three", { name: "Three", authoritativeSource: { name: "Vendors" } });`;
/** A new mapping; a new source with its mapping, which takes two calls; a new name, in place or by a new profile. */
const changed = (renameBy: "update" | "replace") =>
  profile("one", "One", "HR", "workMail") +
  profile("two", "Two", "Campus", "workMail") +
  `new SailPointIdentityProfile("three", { name: "Third", authoritativeSource: { name: "Vendors" }, renameBy: "${renameBy}" });`;

interface KillPoint {
  /** Which request from now on, counted from 1. */
  nth: number;
  /** Counts only those that change a profile. */
  writes: boolean;
  /** `received`: it has arrived and nothing was done yet; `applied`: everything was done and the answer has not left. */
  phase: "received" | "applied";
}

/** Kills the provider process at one request. Returns how to ask which one that was. */
function killAt({ tenant, stack }: Scene, { nth, writes, phase }: KillPoint): () => string {
  let seen = 0;
  let where = "";
  const stop = tenant.onRequest(async ({ record: { method, path }, phase: now }) => {
    if (now !== phase || (writes && (method === "GET" || path === "/oauth/token")) || ++seen !== nth) return;
    stop();
    where = `${method} ${path.replace(/[0-9a-f]{32}/, "{id}")}`;
    await stack.killProvider();
    // The request dies with its sender.
    if (phase === "received") tenant.faults.add({ method, path: new RegExp(`${path}$`), when: "before", action: "drop" });
  });
  return () => where;
}

/** State and tenant hold the same three profiles, and nothing else is there. */
async function expectAgreement({ tenant, stack }: Scene): Promise<void> {
  const stored = await stack.resources();
  const state = stored.map(({ id, outputs }) => [id, outputs.name, outputs.authoritativeSource.id, outputs.priority]);
  const actual = tenant.dump().profiles.map(({ id, name, authoritativeSource, priority }) => [id, name, authoritativeSource.id, priority]);
  expect(state.sort()).toEqual(actual.sort());
  expect(stored).toHaveLength(3);
  expect((await stack.export()).pending_operations).toEqual([]);
}

function expectMappings({ tenant }: Scene, attributeName: string, sources: string[]): void {
  const mapped = tenant.dump().profiles.filter(({ name }) => ["One", "Two"].includes(name));
  const entries = mapped.map(({ identityAttributeConfig }) => identityAttributeConfig.attributeTransforms);
  expect(entries.map(([entry]) => entry?.transformDefinition.attributes?.attributeName)).toEqual([attributeName, attributeName]);
  expect(entries.map(([entry]) => entry?.transformDefinition.attributes?.sourceName).sort()).toEqual(sources);
}

test.concurrent.for(ROUNDS)(
  "after a kill of the provider at any point the next run converges: $rounds rounds of three kills",
  {
    timeout: 600_000,
  },
  async ({ rounds, seed }, { onTestFailed, expect }) => {
    await using scene = await openScene(FIRST);
    const { stack, tenant } = scene;
    const random = chance(seed);
    const places: string[] = [];
    onTestFailed(() => console.log(`killed so far:\n${places.join("\n")}`));
    /** Runs a command that is killed at one of its requests, of which there are at least as many as given. */
    const killed = async (command: "up" | "destroy", requests: { all: number; writes: number }) => {
      const writes = random() < 0.7;
      const nth = 1 + Math.floor(random() * (writes ? requests.writes : requests.all));
      const phase = random() < 0.5 ? "received" : "applied";
      const where = killAt(scene, { nth, writes, phase });
      const result = await stack[command]();
      tenant.faults.clear();
      expect(where()).not.toBe("");
      expect(result.code).not.toBe(0);
      places.push(`${where()} ${phase}`);
    };

    for (let round = 1; round <= rounds; round += 1) {
      tenant.switches.taskDelayMs = random() < 0.5 ? 0 : 2500;
      await scene.write(FIRST);
      await killed("up", { all: 7, writes: 3 });
      await stack.up({ expect: 0 });
      await expectAgreement(scene);
      expectMappings(scene, "mail", ["HR", "Payroll"]);

      await scene.write(changed(random() < 0.5 ? "update" : "replace"));
      await killed("up", { all: 9, writes: 4 });
      await stack.up({ expect: 0 });
      await expectAgreement(scene);
      expectMappings(scene, "workMail", ["Campus", "HR"]);
      tenant.clearRequests();
      expect((await stack.up({ expect: 0 })).summary).toEqual({ create: 0, update: 0, delete: 0, replace: 0, same: 3 });
      expect(tenant.requests).toEqual([]);

      await killed("destroy", { all: 10, writes: 3 });
      await stack.destroy({ expect: 0 });
      expect(tenant.dump().profiles).toEqual([]);
      expect(await stack.resources()).toEqual([]);
    }
  },
);

test("a replacement that is killed after the deletion, and again after the creation, is finished by the next `up`, with `adopt` still set", async () => {
  const there = { id: "e".repeat(32), name: "One", authoritativeSource: { id: HR.id } };
  const named = (name: string) =>
    `new SailPointIdentityProfile("one", { name: "${name}", authoritativeSource: { name: "HR" }, renameBy: "replace", adopt: { id: "${there.id}" } });`;
  await using scene = await openScene(named("One"), { seed: { ...SEED, profiles: [there] } });
  const { stack, tenant } = scene;
  await stack.up({ expect: 0 });
  expect(await stack.resources()).toMatchObject([{ id: there.id }]);
  await scene.write(named("Uno"));
  const deletion = killAt(scene, { nth: 1, writes: true, phase: "applied" });
  expect((await stack.up()).code).not.toBe(0);
  expect(deletion()).toMatch(/^DELETE/);
  const creation = killAt(scene, { nth: 1, writes: true, phase: "applied" });
  expect((await stack.up()).code).not.toBe(0);
  expect(creation()).toMatch(/^POST/);
  expect(await stack.resources()).toMatchObject([{ outputs: { name: "One" }, pendingReplacement: true }]);

  await stack.up({ expect: 0 });
  const [profile] = tenant.dump().profiles;
  expect(tenant.dump().profiles).toMatchObject([{ name: "Uno", authoritativeSource: { name: "HR" } }]);
  expect(await stack.resources()).toMatchObject([{ id: profile?.id, outputs: { name: "Uno" } }]);
  await stack.preview({ args: ["--expect-no-changes"], expect: 0 });
});

test("after a kill of the engine itself the next `up` goes on once the stack is unlocked", async () => {
  await using scene = await openScene(FIRST);
  const { stack, tenant } = scene;
  const running = stack.start("up");
  const stop = tenant.onRequest(async ({ record: { method, path }, phase }) => {
    if (phase !== "applied" || method !== "POST" || path === "/oauth/token") return;
    stop();
    running.signal("SIGKILL");
    await running.done;
  });
  await running.done;
  const pending = (await stack.export()).pending_operations;
  expect(pending.length).toBeGreaterThan(0);
  expect(pending.every(({ type }) => type === "creating")).toBe(true);

  const locked = await stack.up();
  expect(locked.code).not.toBe(0);
  expect(locked.stdout + locked.stderr).toContain("pulumi cancel");
  await stack.pulumi(["cancel", "--yes"], { expect: 0 });

  const resumed = await stack.up({ expect: 0 });
  expect(resumed.summary).toMatchObject({ create: 3 });
  expect(resumed.stdout).toContain("as an interrupted run leaves it; it is taken over");
  expect(tenant.dump().profiles).toHaveLength(3);
  expect((await stack.up({ expect: 0 })).summary).toMatchObject({ same: 3 });
  // The engine keeps the interrupted creations in its books until it is told to strike them out.
  expect((await stack.export()).pending_operations).toHaveLength(pending.length);
  await stack.refresh({ args: ["--clear-pending-creates"], expect: 0 });
  await expectAgreement(scene);
});
