/** A vendor of the tests' own on a real socket, and everything of core that stands between a call and that socket. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect as connectSocket, type Server as NetServer } from "node:net";
import { onTestFinished } from "vitest";
import { z } from "zod";
import type { Settings } from "../../../provider/src/core/config";
import { connect } from "../../../provider/src/core/connection";
import type { TokenSource } from "../../../provider/src/core/http/auth";
import type { Answer, Call, Dialect, HttpClient } from "../../../provider/src/core/http/client";
import type { Vendor } from "../../../provider/src/core/vendor";
import { VirtualClock } from "../virtual-clock";

/** How long a test on sockets may be silent before it has failed, in real milliseconds. */
const QUIET_MS = 4000;

export const SECRET = "s3cret /&+!'ü";

const settings = {
  baseUrl: { description: "address", example: "https://acme.example.com", env: "ACME_BASE_URL", schema: z.string() },
  clientSecret: { description: "secret of the client", example: "<secret>", env: "ACME_CLIENT_SECRET", secret: true, schema: z.string() },
  clientId: { description: "id of the client", example: "0123", schema: z.string().default("0123") },
  requests: { description: "calls per window", example: "1000", schema: z.coerce.number().default(1000) },
};

const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.number() });
const failureAnswer = z.looseObject({ code: z.string().optional(), message: z.string().optional(), trackingId: z.string().optional() });

export const acme: Vendor<typeof settings, { client: HttpClient; tokens: TokenSource; settings: Settings<typeof settings> }> = {
  name: "acme",
  prefix: "Acme",
  settings,
  dialect: {
    vendor: "Acme",
    requestIdHeader: "acme-request-id",
    readFailure(body) {
      const { code, message, trackingId } = failureAnswer.safeParse(body).data ?? {};
      return { vendorCode: code, words: message, trackingId };
    },
    isConflict: ({ vendorCode }) => vendorCode === "taken",
  },
  baseUrl: (given) => given.baseUrl,
  key: (given) => `${given.baseUrl} ${given.clientId}`,
  limits: (given) => ({ requests: given.requests, windowMs: 10_000, concurrency: 16 }),
  secrets: (given) => [given.clientSecret],
  async fetchToken(client, given) {
    const body = new URLSearchParams({ client_secret: given.clientSecret });
    const answer = await client.sendAnonymous({
      action: "Asking Acme for a token",
      method: "POST",
      path: "/token",
      body,
      repeatable: true,
    });
    const token = tokenAnswer.parse(answer.body);
    return { value: token.access_token, expiresInSeconds: token.expires_in };
  },
  api: (client, tokens, given) => ({ client, tokens, settings: given }),
};

/** One request as it arrived. */
export interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  httpVersion: string;
  /** Time on the virtual clock. */
  at: number;
}

/** A status, an answer, or what to do with the connection instead of answering. */
export type Reply = number | { status?: number; headers?: Record<string, string>; body?: unknown } | ((response: ServerResponse) => void);
/** @param count how many requests of this kind there were so far, this one included */
export type Behaviour = (request: Seen, count: number) => Reply;

export interface TenantOptions {
  /** How the token endpoint answers. */
  token?: Behaviour;
  /** Settings beside address and secret. */
  config?: Record<string, string>;
  makeServer?: (listener: RequestListener) => Server;
  /** How this vendor talks otherwise than the usual one. */
  dialect?: Partial<Dialect>;
}

export interface Tenant {
  url: string;
  clock: VirtualClock;
  client: HttpClient;
  tokens: TokenSource;
  /** Calls that arrived, without those for a token. */
  requests: Seen[];
  tokenRequests: Seen[];
  progress: string[];
  /** Sends a call (reading a widget unless told otherwise) and lets time pass until it ends. */
  send(call?: Partial<Call>): Promise<Answer>;
}

/** Starts a tenant that closes with the test, and connects to it. */
export async function tenant(behaviour: Behaviour, options: TenantOptions = {}): Promise<Tenant> {
  const clock = new VirtualClock();
  const requests: Seen[] = [];
  const tokenRequests: Seen[] = [];
  const token: Behaviour = options.token ?? ((_, count) => ({ body: { access_token: `token-${count}`, expires_in: 3600 } }));
  const listener: RequestListener = async (request, response) => {
    const { method = "", url = "", headers, httpVersion } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen = { method, url, headers, body: Buffer.concat(chunks).toString(), httpVersion, at: clock.now() };
    const [list, behave] = url === "/token" ? [tokenRequests, token] : [requests, behaviour];
    list.push(seen);
    reply(response, behave(seen, list.length));
  };
  const server = (options.makeServer ?? createServer)(listener);
  const url = await listen(server);
  return { ...open(url, clock, options.config, options.dialect), url, requests, tokenRequests };
}

let opened = 0;

/** Connects to a server that is already there, sharing nothing with earlier connections. */
export function open(baseUrl: string, clock = new VirtualClock(), config: Record<string, string> = {}, dialect: Partial<Dialect> = {}) {
  const progress: string[] = [];
  // Each a client of its own: the port, and with it the address, may be one that an earlier test has used.
  opened += 1;
  const values: Record<string, string> = { baseUrl, clientId: String(opened), clientSecret: SECRET, ...config };
  const surroundings = {
    config: { get: (key: string) => values[key.replace("acme:", "")], env: {} },
    clock,
    log: { warn: () => {}, progress: (line: string) => void progress.push(line) },
  };
  const { client, tokens } = connect({ ...acme, dialect: { ...acme.dialect, ...dialect } }, surroundings).api;
  const send = (call: Partial<Call> = {}) =>
    clock.until(client.send({ action: "Reading widget 7", method: "GET", path: "/widgets/7", ...call }, tokens), QUIET_MS);
  return { client, tokens, clock, progress, send };
}

/** Listens on a free port of this machine until the test ends. */
export async function listen(server: NetServer | Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  const scheme = "setSecureContext" in server ? "https" : "http";
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A proxy that leads every host to one server, or refuses all with a status. */
export async function proxyTo(target: string | number) {
  const asked: string[] = [];
  const proxy = createServer((_, response) => response.writeHead(500).end("a tunnel was expected"));
  proxy.on("connect", (request, socket) => {
    asked.push(String(request.url));
    socket.on("error", () => {});
    if (typeof target === "number") {
      socket.end(`HTTP/1.1 ${target} No\r\n\r\n`);
      return;
    }
    const server = connectSocket(Number(new URL(target).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(socket).pipe(server);
    });
    server.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    onTestFinished(() => void server.destroy());
  });
  return { url: await listen(proxy), asked };
}

function reply(response: ServerResponse, given: Reply): void {
  if (typeof given === "function") {
    given(response);
    return;
  }
  const { status = 200, headers = {}, body } = typeof given === "number" ? { status: given } : given;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

/** Breaks the connection as a crashed server does. */
export const reset = (response: ServerResponse): void => void response.socket?.resetAndDestroy();
/** Never answers. */
export const silence = (): void => {};

/** The error a promise ends in. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error("It should have failed");
    },
    (error: Error) => error,
  );
}
