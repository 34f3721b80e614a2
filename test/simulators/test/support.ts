import { onTestFinished } from "vitest";
import { type SailPointOptions, type SailPointSeed, type SailPointSimulator, startSailPoint } from "../src/index.js";

/** Two bound sources, two free ones (one without a schema), two people. */
export const seed: SailPointSeed = {
  profiles: [
    { id: "a1".repeat(16), name: "Employees", priority: 10, authoritativeSource: { id: "hr" }, owner: { id: "ann" }, identityCount: 7 },
    { id: "b2".repeat(16), name: "Contractors", priority: 40, authoritativeSource: { id: "agency" } },
  ],
  sources: [
    { id: "hr", name: "HR", accountAttributes: ["login", "mail", "givenName"] },
    { id: "agency", name: "Agency", accountAttributes: ["login"] },
    { id: "free", name: "HR B", accountAttributes: ["login", "mail"] },
    { id: "fresh", name: "Fresh", accountAttributes: [] },
    { id: "opaque", name: "Opaque" },
  ],
  identities: [
    { id: "ann", name: "Ann Lee", alias: "alee", attributes: { email: "old@x.test" }, accounts: { hr: { mail: "new@x.test" } } },
    { id: "bob", name: "Bob Ray", alias: "bray" },
  ],
  transforms: [
    { id: "t1", name: "Lower Case" },
    { id: "t2", name: "Today", requiresPeriodicRefresh: true },
  ],
  rules: [{ id: "r1", name: "Unique User Name" }],
};

export const EMPLOYEES = "a1".repeat(16);
export const CONTRACTORS = "b2".repeat(16);

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  body: any;
  headers: Headers;
}

export interface Caller {
  tenant: SailPointSimulator;
  token: string;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  patch(path: string, operations: unknown, headers?: Record<string, string>): Promise<Reply>;
  delete(path: string): Promise<Reply>;
}

/** A tenant that closes when the test ends. */
export async function start(options: SailPointOptions = {}): Promise<SailPointSimulator> {
  const tenant = await startSailPoint({ seed, ...options });
  onTestFinished(() => tenant.close());
  return tenant;
}

export async function tokenOf(tenant: SailPointSimulator, credentials = tenant.credentials): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
  });
  const answer = await fetch(`${tenant.url}/oauth/token`, { method: "POST", body: form });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** A tenant that closes when the test ends, and somebody who is logged in to it. */
export async function call(options: SailPointOptions = {}): Promise<Caller> {
  return login(await start(options));
}

export async function login(tenant: SailPointSimulator): Promise<Caller> {
  const token = await tokenOf(tenant);
  return { tenant, token, ...methods(tenant, token) };
}

export function methods(tenant: SailPointSimulator, token: string): Omit<Caller, "tenant" | "token"> {
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Reply> => {
    const answer = await fetch(tenant.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text), headers: answer.headers };
  };
  return {
    get: (path, headers = {}) => send("GET", path, undefined, headers),
    post: (path, body, headers = {}) =>
      send("POST", path, body, { ...(body !== undefined && { "content-type": "application/json" }), ...headers }),
    patch: (path, operations, headers = {}) =>
      send("PATCH", path, operations, { "content-type": "application/json-patch+json", ...headers }),
    delete: (path) => send("DELETE", path, undefined, {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The number in front of a detail code's words. */
export const code = (reply: Reply): string => String(reply.body.detailCode).split(" ", 1)[0] ?? "";
