/**
 * `npm run bench [-- --profiles 1000]`: figures of this machine, one JSON object a line on standard output; progress goes to standard error.
 *
 * Side by side in one run: the same number of objects made by a provider that does nothing (the floor the engine sets) and as identity profiles
 * with 20 mapped attributes against the simulated tenant. Times are for comparing within a run, never between machines.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COMMANDS, startTenants } from "../test/engine/import/tenants.ts";
import { startPostgres } from "../test/harness/postgres.ts";
import { startS3 } from "../test/harness/s3.ts";
import { createStack, type Result, type Stack } from "../test/harness/stack.ts";
import { environmentOf, startSailPoint } from "../test/simulators/dist/index.js";

/** `--only floor,profiles,limit,import,state` chooses parts. */
const { values } = parseArgs({
  options: { profiles: { type: "string", default: "1000" }, only: { type: "string", default: "floor,profiles,limit,import,state" } },
});
const count = Number(values.profiles);

function report(figure: string, values: Record<string, number | string>): void {
  console.log(JSON.stringify({ figure, ...values }));
}

async function timed(figure: string, what: string, run: () => Promise<Result>): Promise<void> {
  console.error(`${figure}: ${what} …`);
  const startedAt = performance.now();
  const { code, stderr, stdout } = await run();
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  report(figure, { step: what, seconds: Number(((performance.now() - startedAt) / 1000).toFixed(1)) });
}

/** The life of a stack, and how large its state is in between. */
async function life(figure: string, stack: Stack, calls: () => number): Promise<void> {
  const steps = {
    up: () => stack.up(),
    "up again, nothing changed": () => stack.up(),
    refresh: () => stack.refresh(),
    destroy: () => stack.destroy(),
  };
  for (const [step, run] of Object.entries(steps)) {
    const before = calls();
    await timed(figure, step, run);
    report(figure, { step, vendorCalls: calls() - before });
    if (step === "up") await reportState(figure, stack);
  }
}

async function reportState(figure: string, stack: Stack): Promise<void> {
  const state = await stack.export();
  const objects = (await stack.resources()).map((resource) => JSON.stringify(resource).length);
  const provider = String((await stack.resources())[0]?.inputs.__provider ?? "");
  report(figure, {
    stateBytes: JSON.stringify(state).length,
    bytesPerObject: Math.round(objects.reduce((sum, size) => sum + size, 0) / objects.length),
    providerTextBytes: provider.length,
  });
}

/** Objects of one input, made by a provider that answers at once. */
function nothings(size: number): string {
  const source =
    "exports.handler=()=>({create:async(i)=>({id:i.n,outs:i}),read:async(id,p)=>({id,props:p}),update:async(i,o,n)=>({outs:n}),delete:async()=>{},diff:async()=>({})})";
  return `import * as pulumi from "@pulumi/pulumi";
    class Nothing extends pulumi.CustomResource { constructor(n: string) { super("pulumi-nodejs:dynamic/bench:Nothing", n, { n, __provider: ${JSON.stringify(source)} }); } }
    for (let i = 0; i < ${size}; i++) new Nothing("object-" + i);`;
}

/** The engine alone. */
async function floor(): Promise<void> {
  await using stack = await createStack({ program: nothings(count) });
  await life("engine floor", stack, () => 0);
}

/** The engine alone, with its state in different places: a tenth of the objects, and all. */
async function state(): Promise<void> {
  await using postgres = await startPostgres();
  await using bucket = await startS3();
  for (const size of [Math.ceil(count / 10), count]) {
    for (const [place, env] of Object.entries({ file: {}, PostgreSQL: postgres.env, "S3 bucket": bucket.env })) {
      await using stack = await createStack({ program: nothings(size), env, name: `bench-${size}` });
      const figure = `state of ${size} objects in: ${place}`;
      await timed(figure, "up", () => stack.up());
      await timed(figure, "up again, nothing changed", () => stack.up());
      await timed(figure, "destroy", () => stack.destroy());
    }
  }
}

const sources = (size: number) =>
  Array.from({ length: size }, (_, index) => ({
    id: index.toString(16).padStart(32, "0"),
    name: `Source ${index}`,
    accountAttributes: null,
  }));

const profiles = (size: number, mapped: number) => `import { accountAttribute, SailPointIdentityProfile } from "pulumi-identity-as-code";
  for (let i = 0; i < ${size}; i++) {
    const sourceId = i.toString(16).padStart(32, "0");
    const mapped = Array.from({ length: ${mapped} }, (_, n) => ["attribute" + n, accountAttribute({ sourceId, attributeName: "column" + n })]);
    new SailPointIdentityProfile("profile-" + i, { name: "Profile " + i, authoritativeSource: { id: sourceId }, identityAttributeConfig: { attributeTransforms: Object.fromEntries(mapped) } });
  }`;

async function identityProfiles(): Promise<void> {
  await using tenant = await startSailPoint({ seed: { sources: sources(count) }, rateLimit: false, taskDelayMs: 500, latencyMs: 20 });
  const env = environmentOf.sailpoint(tenant);
  // The tenant has no limit here, so that the cost of the engine and of the calls themselves shows.
  await using stack = await createStack({ program: profiles(count, 20), env, config: { "sailpoint:requestsPer10Seconds": "10000" } });
  await life("identity profiles", stack, () => tenant.requests.length);
}

/** Creating 300 profiles at the vendor's limit of 100 calls per 10 s. */
async function atTheLimit(): Promise<void> {
  await using tenant = await startSailPoint({ seed: { sources: sources(300) } });
  const env = environmentOf.sailpoint(tenant);
  await using stack = await createStack({ program: profiles(300, 1), env });
  await timed("300 creates at 100 per 10 s", "up", () => stack.up());
  const creates = tenant.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/identity-profiles"));
  const first = creates[0]?.at ?? 0;
  report("300 creates at 100 per 10 s", {
    created: creates.filter(({ status }) => status === 201).length,
    tooManyRequests: tenant.requests.filter(({ status }) => status === 429).length,
    secondsFirstToLast: Number((((creates.at(-1)?.at ?? 0) - first) / 1000).toFixed(1)),
    secondsAtTheLimit: 30,
  });
}

/** Tenants of 1,468 objects in all five systems brought under code, and what a preview and a refresh of all cost then. */
async function importing(): Promise<void> {
  const { all, env, personIds } = await startTenants({ profiles: 250, users: 500, links: 200 });
  const config = { "sailpoint:requestsPer10Seconds": "10000", "pingone:concurrency": "16", "activid:concurrency": "16" };
  await using stack = await createStack({ program: "export {};\n", env, config });
  const cli = join(import.meta.dirname, "../provider/bin/identity-as-code.js");
  const steps: [string, () => Promise<Result>][] = [
    ...COMMANDS.map((command): [string, () => Promise<Result>] => [
      `import ${command[0]}`,
      () => stack.tool(process.execPath, [cli, "import", ...command, "--stack", "dev"]),
    ]),
    ["preview", () => stack.preview()],
    ["up --refresh", () => stack.up({ args: ["--refresh"] })],
  ];
  await writeFile(join(stack.project, "people.txt"), personIds.join("\n"));
  for (const [step, run] of steps) {
    for (const simulator of Object.values(all)) simulator.clearRequests();
    await timed("1,468 objects of five systems", step, run);
    const requests = Object.entries(all).map(([vendor, simulator]) => [vendor, simulator.requests.length]);
    report("1,468 objects of five systems", { step, ...Object.fromEntries(requests) });
  }
  for (const simulator of Object.values(all)) await simulator.close();
}

const { version } = JSON.parse(await readFile(join(import.meta.dirname, "../provider/package.json"), "utf8"));
report("run", { version, node: process.version, objects: count });
const parts: Record<string, () => Promise<void>> = { floor, profiles: identityProfiles, limit: atTheLimit, import: importing, state };
for (const part of values.only.split(",")) {
  if (!parts[part]) throw new Error(`There is no part "${part}"; choose among ${Object.keys(parts).join(", ")}`);
  await parts[part]();
}
