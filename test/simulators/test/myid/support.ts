import { onTestFinished } from "vitest";
import { type MyIdOptions, type MyIdSeed, type MyIdSimulator, startMyId } from "../../src/index.js";

export const ANN = "A1111111-1111-4111-8111-111111111111";
export const BOB = "B2222222-2222-4222-8222-222222222222";
export const PIV = "C3333333-3333-4333-8333-333333333333";

export const seed: MyIdSeed = {
  people: [
    {
      id: ANN,
      logonName: "ann",
      employeeId: "E1",
      name: { first: "Ann", last: "Lee" },
      contact: { emailAddress: "ann@x.test" },
      externalReferences: { id1: "Ref-1", id2: "badge" },
    },
    { id: BOB, logonName: "bob", employeeId: "E10", enabled: false, group: { id: "g2", name: "Sales" } },
    { id: PIV, logonName: "piv", pivApplicant: true },
  ],
};

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  body: any;
  headers: Headers;
}

export interface Caller {
  server: MyIdSimulator;
  token: string;
  get(path: string): Promise<Reply>;
  patch(path: string, body: unknown): Promise<Reply>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

/** A server that closes when the test ends. */
export async function start(options: MyIdOptions = {}): Promise<MyIdSimulator> {
  const server = await startMyId({ seed, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** A server that closes when the test ends, and somebody who is logged in to it. Paths are below `/rest.core/api`. */
export async function call(options: MyIdOptions = {}): Promise<Caller> {
  const server = await start(options);
  const token = await tokenOf(server);
  const send: Caller["send"] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${server.url}/rest.core/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: parsed(await answer.text()), headers: answer.headers };
  };
  return { server, token, send, get: (path) => send("GET", path), patch: (path, body) => send("PATCH", path, body) };
}

export async function tokenOf({ url, credentials }: MyIdSimulator): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
  });
  const answer = await fetch(`${url}/web.oauth2/connect/token`, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
