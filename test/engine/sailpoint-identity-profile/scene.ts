import { type SailPointOptions, type SailPointSeed, type SailPointSimulator, startSailPoint } from "identity-simulators";
import { expect } from "vitest";
import { createStack, type Stack, type StackOptions } from "../../harness/stack.js";

const source = (digit: string, name: string) => ({ id: digit.repeat(32), name, accountAttributes: ["login", "mail", "workMail", "title"] });

/** Sources that feed no profile yet. */
export const HR = source("a", "HR");
export const PAYROLL = source("b", "Payroll");
export const VENDORS = source("c", "Vendors");
const CAMPUS = source("d", "Campus");
/** People. */
export const AMIRA = { id: "1".repeat(32), name: "Amira Haddad" };
export const BO = { id: "2".repeat(32), name: "Bo Lindqvist" };

/** What a tenant has unless a test says otherwise. */
export const SEED: SailPointSeed = {
  sources: [HR, PAYROLL, VENDORS, CAMPUS],
  identities: [AMIRA, BO],
  transforms: [{ id: "3".repeat(32), name: "Lower Case" }],
  rules: [{ id: "4".repeat(32), name: "Unique User Name" }],
};

/** A tenant, and a stack whose environment leads to it. */
export interface Scene extends AsyncDisposable {
  tenant: SailPointSimulator;
  stack: Stack;
  /** Replaces the program's resources. */
  write(resources: string): Promise<void>;
  /** What the stack asked the tenant for since the last call, tokens left out: `METHOD path status`, ids as `{id}`. */
  sent(): string[];
}

export interface SceneOptions extends SailPointOptions, Pick<StackOptions, "config" | "env"> {}

/**
 * Opens a scene with the given resources as program. The tenant has no rate limit and deletes at once, unless told otherwise.
 *
 * When the scene ends, it fails if the library sent a request that the vendor's API does not have.
 */
export async function openScene(resources: string, { config, env, ...options }: SceneOptions = {}): Promise<Scene> {
  const tenant = await startSailPoint({ rateLimit: false, seed: SEED, ...options });
  const stack = await createStack({ program: program(resources), config, env: { ...leadTo(tenant), ...env } });
  let seen = 0;
  return {
    tenant,
    stack,
    write: (next) => stack.write(program(next)),
    sent() {
      const fresh = tenant.requests.slice(seen);
      seen = tenant.requests.length;
      return fresh.flatMap(({ method, path, status }) =>
        path === "/oauth/token" ? [] : [`${method} ${path.replaceAll(/[0-9a-f]{32}/g, "{id}")} ${status}`],
      );
    },
    async [Symbol.asyncDispose]() {
      await stack.close();
      await tenant.close();
      expect(tenant.unknownRequests).toEqual([]);
    },
  };
}

export function leadTo({ url, credentials }: SailPointSimulator): Record<string, string> {
  return { SAIL_BASE_URL: url, SAIL_CLIENT_ID: credentials.clientId, SAIL_CLIENT_SECRET: credentials.clientSecret };
}

export function program(resources: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import { accountAttribute, reference, rule, SailPointIdentityProfile } from "pulumi-identity-as-code";
${resources}`;
}
