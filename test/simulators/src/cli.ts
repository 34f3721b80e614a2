import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import {
  demoActivIdTenant,
  demoOrganization,
  demoPlainIdTenant,
  demoServer,
  demoTenant,
  environmentOf,
  startActivId,
  startMyId,
  startPingOne,
  startPlainId,
  startSailPoint,
} from "./index.js";

/** Options that every simulator has. */
interface Flags {
  port: string;
  seedData?: string;
  demo?: true;
  switch: Record<string, unknown>;
  latency: string;
}

/** `key=value`; a value that is no JSON is a text. */
function collectSwitch(text: string, sofar: Record<string, unknown>): Record<string, unknown> {
  const [, key, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new Error(`--switch takes key=value, not ${text}`);
  try {
    return { ...sofar, [key]: JSON.parse(value) };
  } catch {
    return { ...sofar, [key]: value };
  }
}

/** The part of a simulator's options that every vendor's command gives; `demo` makes the state of a demonstration. */
function common<Seed>({ port, seedData, demo, switch: switches, latency }: Flags, demoSeed: () => Seed) {
  const seed: Seed | undefined = seedData ? JSON.parse(readFileSync(seedData, "utf8")) : demo && demoSeed();
  return { port: Number(port), latencyMs: Number(latency), switches, ...(seed && { seed }) };
}

/** A running simulator and what to export to reach it. */
interface Started {
  name: string;
  simulator: { url: string; close(): Promise<void> };
  environment: Record<string, string>;
}

/** A value as a shell takes it. */
function quote(value: string): string {
  return /^[\w:/.-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Says where a simulator is, and lets it run until the process is told to stop. */
function announce({ name, simulator, environment }: Started): void {
  const assignments = Object.entries(environment).map(([key, value]) => `${key}=${quote(value)}`);
  console.log(`${name} simulator at ${simulator.url} - export ${assignments.join(" ")}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void simulator.close());
}

async function sailpoint(flags: Flags & { rateLimit?: boolean }): Promise<Started> {
  const simulator = await startSailPoint({ ...common(flags, demoTenant), ...(flags.rateLimit === false && { rateLimit: false }) });
  return { name: "SailPoint", simulator, environment: environmentOf.sailpoint(simulator) };
}

async function activid(flags: Flags): Promise<Started> {
  const simulator = await startActivId(common(flags, demoActivIdTenant));
  return { name: "ActivID", simulator, environment: environmentOf.activid(simulator) };
}

async function myid(flags: Flags & { https?: string }): Promise<Started> {
  const simulator = await startMyId({ ...common(flags, demoServer), https: flags.https !== undefined });
  if (flags.https && simulator.ca) writeFileSync(flags.https, simulator.ca);
  return { name: "MyID", simulator, environment: environmentOf.myid(simulator) };
}

async function pingone(flags: Flags): Promise<Started> {
  const simulator = await startPingOne(common(flags, demoOrganization));
  return { name: "PingOne", simulator, environment: environmentOf.pingone(simulator) };
}

async function plainid(flags: Flags): Promise<Started> {
  const simulator = await startPlainId(common(flags, demoPlainIdTenant));
  return { name: "PlainID", simulator, environment: environmentOf.plainid(simulator) };
}

/** All of them on free ports, announced together so that a reader of the output can tell when it has everything. */
async function all(flags: Pick<Flags, "demo" | "latency">): Promise<void> {
  const each = { ...flags, port: "0", switch: {} };
  for (const started of await Promise.all([sailpoint, plainid, pingone, activid, myid].map((start) => start(each)))) announce(started);
}

const DEMO = "start with a realistic state instead of an empty one";
const LATENCY = "delay every request";

const program = new Command("identity-simulators").description("Local stand-ins for identity systems, on loopback only");

/** A vendor's command with the options that all have. */
function command<More>(name: string, description: string, start: (flags: Flags & More) => Promise<Started>): Command {
  return program
    .command(name)
    .description(description)
    .option("--port <number>", "port to listen on, 0 for a free one", "0")
    .option("--seed-data <file>", "JSON file with the state to start with, in the form that /_simulator/dump gives")
    .option("--demo", DEMO)
    .option("--switch <key=value>", "set a switch; may be repeated", collectSwitch, {})
    .option("--latency <ms>", LATENCY, "0")
    .action(async (flags: Flags & More) => announce(await start(flags)));
}

command("sailpoint", "a SailPoint Identity Security Cloud tenant", sailpoint).option("--no-rate-limit", "do not count requests");
command("activid", "an HID ActivID tenant", activid);
command("myid", "an Intercede MyID server with its Core API", myid).option(
  "--https <file>",
  "speak HTTPS, and write the private authority that callers have to trust to this file",
);
command("pingone", "a PingOne organization, its SCIM host and its token host", pingone);
command("plainid", "a PlainID tenant with its environments", plainid);
program
  .command("all")
  .description("all of them, each on a free port")
  .option("--demo", DEMO)
  .option("--latency <ms>", LATENCY, "0")
  .action(all);

await program.parseAsync().catch((error: Error) => {
  console.error(`identity-simulators: ${error.message}`);
  process.exitCode = 1;
});
