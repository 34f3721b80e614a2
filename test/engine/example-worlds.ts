import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { StackOptions } from "../harness/stack";
import {
  demoActivIdTenant,
  demoOrganization,
  demoPlainIdTenant,
  demoServer,
  demoTenant,
  environmentOf,
  type FaultRule,
  startActivId,
  startMyId,
  startPingOne,
  startPlainId,
  startSailPoint,
} from "../simulators/src/index";
import { startTenants } from "./promotion-tenants";

/** What an example's test looks at, whatever the vendor. */
interface Stage {
  readonly requests: readonly unknown[];
  readonly unknownRequests: readonly unknown[];
  readonly faults: { add(rule: FaultRule): void };
  clearRequests(): void;
  dump(): unknown;
  close(): Promise<void>;
}

/** The simulators an example talks to, and how its stack finds them. */
export interface World extends Required<Pick<StackOptions, "env" | "config">> {
  stages: Stage[];
}

export const EXAMPLES = join(import.meta.dirname, "../../examples");

/** Program, other files and packages of an example. */
export function sourcesOf(example: string) {
  const folder = join(EXAMPLES, example);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const project = /^(Pulumi.*\.yaml|package\.json|tsconfig\.json|index\.ts)$/;
  const files = readdirSync(folder).filter((name) => !project.test(name));
  return {
    program: read("index.ts"),
    files: Object.fromEntries(files.map((name) => [name, read(name)])),
    packages: Object.keys(JSON.parse(read("package.json")).dependencies).filter((name) => !name.includes("pulumi")),
  };
}

async function sailpoint(name: string): Promise<World> {
  const options = { seed: demoTenant(), taskDelayMs: 50, rateLimit: false } as const;
  const tenants = [await startSailPoint(options), await startSailPoint(options)] as const;
  const named = (["europe", "asia"] as const).map((connection, index) => {
    const tenant = tenants[index] ?? tenants[0];
    return [connection, { baseUrl: tenant.url, ...tenant.credentials }];
  });
  return {
    // Tasks stay behind a profile that is gone.
    stages: tenants.map((tenant) => ({
      ...tenant,
      get unknownRequests() {
        return tenant.unknownRequests;
      },
      dump: () => tenant.dump().profiles,
    })),
    env: environmentOf.sailpoint(tenants[0]),
    config: name === "sailpoint-two-tenants" ? { "sailpoint:connections": JSON.stringify(Object.fromEntries(named)) } : {},
  };
}

async function pingone(): Promise<World> {
  const organization = await startPingOne({ seed: demoOrganization() });
  return {
    stages: [organization],
    env: environmentOf.pingone(organization),
    config: { "scratch:initialPassword": { secret: "Winter-is-2026!" } },
  };
}

async function plainid(): Promise<World> {
  const tenant = await startPlainId({ seed: demoPlainIdTenant() });
  return {
    stages: [tenant],
    env: environmentOf.plainid(tenant),
    config: {},
  };
}

async function myid(): Promise<World> {
  const server = await startMyId({ seed: demoServer() });
  return {
    stages: [server],
    env: environmentOf.myid(server),
    config: {},
  };
}

async function activid(): Promise<World> {
  const tenant = await startActivId({ seed: demoActivIdTenant(), switches: { importTickMs: 50 } });
  return {
    // Import jobs stay behind the users they made.
    stages: [
      {
        ...tenant,
        get unknownRequests() {
          return tenant.unknownRequests;
        },
        dump: () => tenant.dump().users,
      },
    ],
    env: environmentOf.activid(tenant),
    config: {},
  };
}

/** All five systems, and the ids that the example's own stack has for them. */
async function workforce(): Promise<World> {
  const all = await Promise.all([sailpoint("workforce"), plainid(), pingone(), activid(), myid()]);
  const file = join(EXAMPLES, "workforce/Pulumi.demo.yaml");
  const ids = Object.entries(parse(readFileSync(file, "utf8")).config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    stages: all.flatMap(({ stages }) => stages),
    env: Object.assign({}, ...all.map(({ env }) => env)),
    config: Object.fromEntries(ids),
  };
}

/** One of its stacks; test/engine/promotion.test.ts goes the whole way. */
async function promotion(): Promise<World> {
  const { settings, secrets, sailpoint, pingone, plainid } = await startTenants("dev");
  return {
    // Tasks stay behind a profile that is gone.
    stages: [
      {
        ...sailpoint,
        get unknownRequests() {
          return sailpoint.unknownRequests;
        },
        dump: () => sailpoint.dump().profiles,
      },
      pingone,
      plainid,
    ],
    env: {},
    config: {
      ...settings,
      ...Object.fromEntries(Object.entries(secrets).map(([vendor, secret]) => [`${vendor}:clientSecret`, { secret }])),
    },
  };
}

/** By the first part of an example's name. */
export const worlds: Record<string, (name: string) => Promise<World>> = {
  sailpoint,
  pingone,
  plainid,
  myid,
  activid,
  workforce,
  promotion,
};
