import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import {
  demoActivIdTenant,
  demoOrganization,
  demoPlainIdTenant,
  demoServer,
  demoTenant,
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
  const { clientId, clientSecret } = simulator.credentials;
  const environment = { SAIL_BASE_URL: simulator.url, SAIL_CLIENT_ID: clientId, SAIL_CLIENT_SECRET: clientSecret };
  return { name: "SailPoint", simulator, environment };
}

async function activid(flags: Flags): Promise<Started> {
  const simulator = await startActivId(common(flags, demoActivIdTenant));
  const { clientId, clientSecret } = simulator.credentials;
  const environment = {
    ACTIVID_BASE_URL: simulator.url,
    ACTIVID_TENANT: simulator.dump().tenant,
    ACTIVID_CLIENT_ID: clientId,
    ACTIVID_CLIENT_SECRET: clientSecret,
  };
  return { name: "ActivID", simulator, environment };
}

async function myid(flags: Flags & { https?: string }): Promise<Started> {
  const simulator = await startMyId({ ...common(flags, demoServer), https: flags.https !== undefined });
  if (flags.https && simulator.ca) writeFileSync(flags.https, simulator.ca);
  const { clientId, clientSecret } = simulator.credentials;
  const environment = { MYID_BASE_URL: simulator.url, MYID_CLIENT_ID: clientId, MYID_CLIENT_SECRET: clientSecret };
  return { name: "MyID", simulator, environment };
}

async function pingone(flags: Flags): Promise<Started> {
  const simulator = await startPingOne(common(flags, demoOrganization));
  const { clientId, clientSecret, environmentId } = simulator.credentials;
  const environment = {
    PINGONE_SCIM_BASE_URL: simulator.url,
    PINGONE_AUTH_BASE_URL: simulator.authUrl,
    PINGONE_ENVIRONMENT_ID: environmentId,
    PINGONE_CLIENT_ID: clientId,
    PINGONE_CLIENT_SECRET: clientSecret,
  };
  return { name: "PingOne", simulator, environment };
}

async function plainid(flags: Flags): Promise<Started> {
  const simulator = await startPlainId(common(flags, demoPlainIdTenant));
  const { clientId, clientSecret } = simulator.credentials;
  const environment = { PLAINID_BASE_URL: simulator.url, PLAINID_CLIENT_ID: clientId, PLAINID_CLIENT_SECRET: clientSecret };
  return { name: "PlainID", simulator, environment };
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
