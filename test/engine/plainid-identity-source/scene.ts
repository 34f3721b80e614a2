import { type PlainIdSimulator, startPlainId } from "identity-simulators";
import { expect } from "vitest";
import { createStack, type Stack } from "../../harness/stack.js";

export const ENV = "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70";

/** A tenant with sources of the given ids in the template User, and a stack whose environment leads to it. */
export interface Scene extends AsyncDisposable {
  tenant: PlainIdSimulator;
  stack: Stack;
  /** Replaces the program's resources. */
  write(resources: string): Promise<void>;
  /** What each source was made as, by the id that it has now. */
  found(): Record<string, string>;
  /** The source that was made as this id. */
  madeAs(id: string): { sourceId: string; displayName: string };
  /** Requests that change something: method and status, `-` for one that was never answered. */
  writes(): string[];
}

/** When the scene ends, it fails if the library sent a request that the vendor's API does not have. */
export async function openScene(ids: string[], resources: string, config: Record<string, string> = {}): Promise<Scene> {
  const sources = ids.map((sourceId) => ({
    sourceId,
    displayName: `made as ${sourceId}`,
    sourceMetaData: { logoUrl: null, viewName: sourceId },
  }));
  const templates = [
    { identityTemplateId: "User", sources },
    { identityTemplateId: "Target", sources: [{ sourceId: "apps" }] },
  ];
  const tenant = await startPlainId({ seed: { environments: [{ envId: ENV, templates }] } });
  const { clientId, clientSecret } = tenant.credentials;
  const leads = { PLAINID_BASE_URL: tenant.url, PLAINID_CLIENT_ID: clientId, PLAINID_CLIENT_SECRET: clientSecret };
  const stack = await createStack({ program: program(resources), config, env: leads });
  const present = () =>
    (tenant.dump().environments[0]?.templates[0]?.sources ?? []).filter(({ sourceId, sourceType }) => sourceId !== sourceType);
  return {
    tenant,
    stack,
    write: (next) => stack.write(program(next)),
    found: () => Object.fromEntries(present().map(({ sourceId, displayName }) => [sourceId, displayName.replace("made as ", "")])),
    madeAs(id) {
      const source = present().find(({ sourceMetaData }) => sourceMetaData.viewName === id);
      if (!source) throw new Error(`no source was made as ${id}`);
      return source;
    },
    writes: () =>
      tenant.requests
        .filter(({ method, path }) => method !== "GET" && !path.endsWith("/token"))
        .map(({ method, status = "-" }) => `${method} ${status}`),
    async [Symbol.asyncDispose]() {
      await stack.close();
      await tenant.close();
      expect(tenant.unknownRequests).toEqual([]);
    },
  };
}

function program(resources: string): string {
  return `
import * as pulumi from "@pulumi/pulumi";
import { PlainIdIdentitySource } from "pulumi-identity-as-code";
const place = { envId: "${ENV}", identityTemplateId: "User" };
${resources}`;
}

/** A resource of the program: its name, the id that its source is to have, and more arguments. */
export const source = (name: string, sourceId: string, rest = "") =>
  `new PlainIdIdentitySource("${name}", { ...place, sourceId: "${sourceId}", ${rest} });`;
