import { type ActivIdOptions, type ActivIdSimulator, startActivId } from "identity-simulators";
import { expect } from "vitest";
import { createStack, type Stack, type StackOptions } from "../../harness/stack.js";

export const CLIENT_SECRET = "client-secret+nobody may%see";

/** A tenant, and a stack whose environment leads to it. */
export interface Scene extends AsyncDisposable {
  tenant: ActivIdSimulator;
  stack: Stack;
  /** Replaces the program's resources. */
  write(resources: string): Promise<void>;
  /** What the stack asked the tenant for since the last call, tokens left out: `METHOD path status`, ids as `{id}`. */
  sent(): string[];
}

export interface SceneOptions extends ActivIdOptions, Pick<StackOptions, "config" | "env"> {}

/** Opens a scene with the given resources as program. When it ends, it fails if a request was sent that the vendor's API does not have. */
export async function openScene(resources: string, { config, env, ...options }: SceneOptions = {}): Promise<Scene> {
  const tenant = await startActivId({ clients: [{ clientId: "client", clientSecret: CLIENT_SECRET }], ...options });
  const leadingThere = {
    ACTIVID_BASE_URL: tenant.url,
    ACTIVID_TENANT: "ACME",
    ACTIVID_CLIENT_ID: "client",
    ACTIVID_CLIENT_SECRET: CLIENT_SECRET,
  };
  const stack = await createStack({ program: program(resources), config, env: { ...leadingThere, ...env } });
  let seen = 0;
  return {
    tenant,
    stack,
    write: (next) => stack.write(program(next)),
    sent() {
      const fresh = tenant.requests.slice(seen).filter(({ path }) => !path.endsWith("/token"));
      seen = tenant.requests.length;
      return fresh.map(({ method, path, status = "-" }) => `${nameOf(method, path)} ${status}`);
    },
    async [Symbol.asyncDispose]() {
      await stack.close();
      await tenant.close();
      expect(tenant.unknownRequests).toEqual([]);
    },
  };
}

/** A resource of the program. */
export function resource(kind: "ActivIdUser" | "ActivIdUserImport", name: string, args: object): string {
  return `new ${kind}("${name}", ${JSON.stringify(args)});`;
}

/**
 * Runs a command that must not survive: the provider process is killed when all of the calls, such as `PUT /Users/{id}`, have come.
 *
 * In:     phase: `received`, they have arrived and nothing was done yet; `applied`, everything was done and no answer has left.
 */
export async function killed(
  { tenant, stack }: Scene,
  command: "up" | "destroy",
  phase: "received" | "applied",
  calls: string[],
): Promise<void> {
  const awaited = [...calls];
  let kill = () => {};
  const dead = new Promise<void>((resolve) => {
    kill = () => resolve(stack.killProvider());
  });
  const stop = tenant.onRequest(async ({ record: { method, path }, phase: now }) => {
    const place = now === phase ? awaited.indexOf(nameOf(method, path)) : -1;
    if (place < 0) return;
    awaited.splice(place, 1);
    // A request dies with its sender.
    if (phase === "received") tenant.faults.add({ method, path: new RegExp(`${path}$`), when: "before", action: "drop" });
    if (awaited.length === 0) kill();
    await dead;
  });
  const { code, stdout } = await stack[command]();
  stop();
  tenant.faults.clear();
  expect(awaited, `did not come before the end of:\n${stdout}`).toEqual([]);
  expect(code).not.toBe(0);
}

function nameOf(method: string, path: string): string {
  return `${method} ${path.replace("/scim/ACME/v2", "").replace(/\d+$/, "{id}")}`;
}

function program(resources: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import { ActivIdUser, ActivIdUserImport } from "pulumi-identity-as-code";
${resources}`;
}
