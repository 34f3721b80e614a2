import { readFileSync } from "node:fs";
import { Command } from "commander";
import { demoTenant, type SailPointOptions, startSailPoint } from "./index.js";

interface SailPointFlags {
  port: string;
  seedData?: string;
  demo?: true;
  switch: Record<string, unknown>;
  rateLimit: boolean;
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

async function sailpoint(flags: SailPointFlags): Promise<void> {
  const options: SailPointOptions = { port: Number(flags.port), latencyMs: Number(flags.latency), switches: flags.switch };
  if (flags.seedData) options.seed = JSON.parse(readFileSync(flags.seedData, "utf8"));
  else if (flags.demo) options.seed = demoTenant();
  if (!flags.rateLimit) options.rateLimit = false;
  const { url, credentials, close } = await startSailPoint(options);
  const environment = { SAIL_BASE_URL: url, SAIL_CLIENT_ID: credentials.clientId, SAIL_CLIENT_SECRET: credentials.clientSecret };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  console.log(`SailPoint simulator at ${url} - export ${assignments.join(" ")}`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void close());
}

const program = new Command("identity-simulators").description("Local stand-ins for identity systems, on loopback only");
program
  .command("sailpoint")
  .description("a SailPoint Identity Security Cloud tenant")
  .option("--port <number>", "port to listen on, 0 for a free one", "0")
  .option("--seed-data <file>", "JSON file with the tenant to start with, in the form that /_simulator/dump gives")
  .option("--demo", "start with a realistic tenant instead of an empty one")
  .option("--switch <key=value>", "set a switch; may be repeated", collectSwitch, {})
  .option("--no-rate-limit", "do not count requests")
  .option("--latency <ms>", "delay every request", "0")
  .action(sailpoint);

await program.parseAsync().catch((error: Error) => {
  console.error(`identity-simulators: ${error.message}`);
  process.exitCode = 1;
});
