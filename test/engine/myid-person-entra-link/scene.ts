import { type MyIdOptions, type MyIdSeed, type MyIdSimulator, type Slot, startMyId } from "identity-simulators";
import { expect } from "vitest";
import { createStack, type Stack, type StackOptions } from "../../harness/stack.js";

export const ENTRA = "0b9f6c1e-3f0d-4c55-9d1c-5a7e2f3b8c10";
export const OTHER = "5d1c7c1e-90b2-4e0c-8f3d-2a9d7b1f6e44";
export const FOREIGN = "c2f5a8d7-1b34-4c6e-9a70-3e8d5f2b1c96";
export const ADA = "11111111-1111-4111-8111-111111111111";
export const GRACE = "22222222-2222-4222-8222-222222222222";

const SEED: MyIdSeed = {
  people: [
    { id: ADA, logonName: "ada", contact: { emailAddress: "ada@acme.example" }, externalReferences: { id2: "badge-77" } },
    { id: GRACE, logonName: "grace" },
  ],
};

/** A server, and a stack whose environment leads to it. */
export interface Scene extends AsyncDisposable {
  server: MyIdSimulator;
  stack: Stack;
  /** Replaces the program's resources. */
  write(resources: string): Promise<void>;
  /** What the stack asked the API for since the last call, tokens left out: `METHOD /People/{id} status`. */
  sent(): string[];
  /** What a slot of a person holds, the first one unless another is named. */
  linked(id: string, slot?: Slot): string | null | undefined;
}

export interface SceneOptions extends MyIdOptions, Pick<StackOptions, "config" | "env"> {
  /** Names of connections that lead to the server, too. */
  connections?: string[];
}

/**
 * Opens a scene with the given resources as program.
 *
 * When the scene ends, it fails if the library sent a request that the vendor's API does not have, or one that deletes a person.
 */
export async function openScene(resources: string, { connections = [], config, env, ...options }: SceneOptions = {}): Promise<Scene> {
  const server = await startMyId({ seed: SEED, ...options });
  const named = connections.map((name) => [name, { baseUrl: server.url, ...server.credentials }]);
  const stack = await createStack({
    program: program(resources),
    config: { "myid:connections": JSON.stringify(Object.fromEntries(named)), ...config },
    env: { ...leadTo(server), ...env },
  });
  let seen = 0;
  return {
    server,
    stack,
    write: (next) => stack.write(program(next)),
    sent() {
      const fresh = server.requests.slice(seen).filter(({ path }) => !path.endsWith("/token"));
      seen = server.requests.length;
      return fresh.map(({ method, path, status }) => `${method} ${path.slice(14).replace(/[0-9a-f-]{36}/g, "{id}")} ${status}`);
    },
    linked: (id, slot = "id1") => server.dump().people.find((person) => person.id === id)?.externalReferences[slot],
    async [Symbol.asyncDispose]() {
      await stack.close();
      await server.close();
      expect(server.unknownRequests).toEqual([]);
      expect(server.count({ method: "DELETE" })).toBe(0);
    },
  };
}

export function leadTo({ url, credentials }: MyIdSimulator): Record<string, string> {
  return { MYID_BASE_URL: url, MYID_CLIENT_ID: credentials.clientId, MYID_CLIENT_SECRET: credentials.clientSecret };
}

function program(resources: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import { MyIdPersonEntraLink } from "pulumi-identity-as-code";
${resources}`;
}
