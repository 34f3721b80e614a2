import { demoOrganization, PINGONE_DEMO, type PingOneSimulator, startPingOne } from "identity-simulators";
import { expect } from "vitest";
import { createStack, type Stack, type StackOptions } from "../../harness/stack.js";

export const { environmentId: ENV, employees: EMPLOYEES, partners: PARTNERS } = PINGONE_DEMO;
/** A second environment, without users. */
export const OTHER_ENV = "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e11";

/** An organization, and a stack whose environment leads to it. */
export interface Scene extends AsyncDisposable {
  organization: PingOneSimulator;
  stack: Stack;
  /** Replaces the program's resources. */
  write(resources: string): Promise<void>;
  /** What the stack asked the organization for since the last call, tokens left out: `METHOD path status`. */
  sent(): string[];
  /** The attributes of a user as stored. */
  user(username: string): Record<string, unknown>;
}

export const CLIENT_SECRET = "client-secret-nobody-may-see";

/** Opens a scene with the given resources as program. When it ends, it fails if a request was sent that the vendor's API does not have. */
export async function openScene(resources: string, options: Pick<StackOptions, "config"> = {}): Promise<Scene> {
  const clients = [{ clientId: "worker", clientSecret: CLIENT_SECRET }];
  const environments = [...(demoOrganization().environments ?? []), { id: OTHER_ENV }];
  const organization = await startPingOne({ seed: { environments }, clients });
  const env = {
    PINGONE_SCIM_BASE_URL: organization.url,
    PINGONE_AUTH_BASE_URL: organization.authUrl,
    PINGONE_ENVIRONMENT_ID: ENV,
    PINGONE_REGION_CODE: "EU",
    PINGONE_CLIENT_ID: "worker",
    PINGONE_CLIENT_SECRET: CLIENT_SECRET,
  };
  const stack = await createStack({ program: program(resources), env, ...options });
  let seen = 0;
  return {
    organization,
    stack,
    write: (next) => stack.write(program(next)),
    sent() {
      const fresh = organization.requests.slice(seen);
      seen = organization.requests.length;
      return fresh.flatMap(({ method, path, status = "-" }) =>
        path.endsWith("/as/token")
          ? []
          : [`${method} ${path.replace(/^.*DirectMappedUsers/, "users").replace(/[0-9a-f-]{36}/, ":id")} ${status}`],
      );
    },
    user(username) {
      const users = organization.dump().environments.flatMap((environment) => environment.users);
      const found = users.find(({ attributes }) => attributes.username === username);
      if (!found) throw new Error(`there is no user ${username}`);
      return { ...found.attributes, id: found.id, populationId: found.populationId };
    },
    async [Symbol.asyncDispose]() {
      await stack.close();
      await organization.close();
      expect(organization.unknownRequests).toEqual([]);
    },
  };
}

function program(resources: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import { PingOneDirectMappedUser } from "pulumi-identity-as-code";
const environmentId = "${ENV}";
${resources}`;
}
