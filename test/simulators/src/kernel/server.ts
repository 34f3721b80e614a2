import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { Answer } from "./answer.js";
import { Clock } from "./clock.js";
import { describe, type FaultAction, Faults } from "./faults.js";
import { RequestLog, type RequestRecord } from "./log.js";
import type { Tls } from "./tls.js";

/** Where control routes live; requests below it are neither recorded nor broken. */
export const CONTROL_PREFIX = "/_simulator";

/** A request at one of the two points where a test can step in. */
export interface RequestEvent {
  record: RequestRecord;
  /** `received`: nothing was done yet; `applied`: everything was done, the answer has not left. */
  phase: "received" | "applied";
}

/** Awaited before the simulator goes on. */
export type RequestHook = (event: RequestEvent) => unknown;

/** What a vendor's simulator adds to the kernel. */
export interface Vendor {
  name: string;
  /** The vendor's answer to a failure: its own refusals, a missing route (404), a bad body (4xx), an internal or injected fault (5xx). */
  toAnswer(error: Failure, request: FastifyRequest): Answer;
  /** The vendor's answer to a caller that is over the limit. */
  throttled(seconds: number): Answer;
  /** Called for every answer just before it leaves, to set the headers this vendor always sends. */
  decorate(request: FastifyRequest, reply: FastifyReply): void;
}

/** An error on its way to become an answer; without `statusCode` it counts as 500. */
export type Failure = Error & { statusCode?: number };

/** The shared part of a simulator: a server on a loopback port that records, breaks and announces its requests. */
export interface Kernel {
  readonly app: FastifyInstance;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly clock: Clock;
  /** Calls `hook` twice per request. Returns how to stop that. */
  onRequest(hook: RequestHook): () => void;
  /** Starts to listen and returns the base URL. Port 0 takes a free one. */
  listen(port: number): Promise<string>;
  /** Stops at once: open connections are cut. */
  close(): Promise<void>;
}

/** A body that is not what its content type says; the route decides when to complain. */
export class MalformedBody {
  constructor(readonly text: string) {}
}

/** Keeps a request without an answer: its socket is closed already, or stays open until `close`. */
const never = () => new Promise<never>(() => {});

/** How a simulator's server is built. */
export interface KernelOptions {
  /** Delay of every request, in milliseconds. @default 0 */
  latencyMs?: number;
  /** Speaks TLS with this certificate. @default plain HTTP */
  tls?: Tls;
  /** With `tls`: asks callers for a certificate, and refuses nobody for want of one. @default false */
  requestCertificates?: boolean;
  /** Whether upper and lower case differ in paths. @default true */
  caseSensitive?: boolean;
}

/** Builds a simulator's server without starting it. */
export function createKernel(
  vendor: Vendor,
  { latencyMs = 0, tls, requestCertificates, caseSensitive = true }: KernelOptions = {},
): Kernel {
  const log = new RequestLog();
  const faults = new Faults();
  const clock = new Clock();
  const hooks = new Set<RequestHook>();
  const records = new WeakMap<FastifyRequest, RequestRecord>();
  /** Requests that a fault has answered before they were handled. */
  const broken = new WeakSet<FastifyRequest>();
  const announce = async (event: RequestEvent) => {
    for (const hook of hooks) await hook(event);
  };

  const app = fastify({
    ...(tls && {
      https: { key: tls.key, cert: tls.cert, ...(requestCertificates && { ca: tls.ca, requestCert: true, rejectUnauthorized: false }) },
    }),
    routerOptions: { caseSensitive },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    genReqId: () => randomUUID().replaceAll("-", ""),
    bodyLimit: 10 * 1024 * 1024,
  }) as FastifyInstance;
  parseBodies(app);

  /** Plays the fault that is armed for this request; returns the answer that takes the place of the real one. */
  async function meetFault(when: "before" | "after", request: FastifyRequest, record: RequestRecord): Promise<Answer | undefined> {
    const action = faults.take(record, when);
    if (!action) return undefined;
    record.fault = `${when}: ${describe(action)}`;
    if (action === "drop" || action === "hang") {
      delete record.status;
      if (action === "drop") request.raw.socket.destroy();
      return never();
    }
    if ("delayMs" in action) {
      // Unreferenced, so that a long delay does not keep the process alive after the simulator was closed.
      await sleep(action.delayMs, undefined, { ref: false });
      return undefined;
    }
    return faultAnswer(action, request);
  }

  function faultAnswer(action: Exclude<FaultAction, string | { delayMs: number }>, request: FastifyRequest): Answer {
    if ("retryAfter" in action) return vendor.throttled(action.retryAfter);
    if ("contentType" in action) return new Answer(200, action.body, { "content-type": action.contentType });
    if (action.body !== undefined) return new Answer(action.status, action.body, action.headers);
    const usual = vendor.toAnswer(failure(action.status, "injected fault"), request);
    return new Answer(action.status, usual.body, { ...usual.headers, ...action.headers });
  }

  app.addHook("onRequest", async (request) => {
    if (!request.url.startsWith(CONTROL_PREFIX)) records.set(request, log.open(request, clock.now()));
  });

  app.addHook("preHandler", async (request) => {
    const record = records.get(request);
    if (!record) return;
    log.setBody(record, request.body instanceof MalformedBody ? request.body.text : request.body);
    await announce({ record, phase: "received" });
    const instead = await meetFault("before", request, record);
    if (instead) {
      broken.add(request);
      throw instead;
    }
    if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const record = records.get(request);
    if (!record) return payload;
    record.status = reply.statusCode;
    let body = payload;
    if (!broken.has(request)) {
      await announce({ record, phase: "applied" });
      const instead = await meetFault("after", request, record);
      if (instead) {
        for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
        dress(reply, instead);
        record.status = instead.status;
        body = wire(instead.body);
      }
    }
    vendor.decorate(request, reply);
    return body;
  });

  app.setErrorHandler((error: Failure, request, reply) => {
    const answer = error instanceof Answer ? error : vendor.toAnswer(error, request);
    // A failure that is nobody's answer is a mistake in the simulator: show where.
    if (!(error instanceof Answer) && error.statusCode === undefined) process.stderr.write(`${vendor.name} simulator: ${error.stack}\n`);
    return dress(reply, answer).send(wire(answer.body));
  });

  // Loud, because a request nobody described is a mistake in the client or a gap in the simulator, never something to ride out.
  app.setNotFoundHandler((request, reply) => {
    const record = records.get(request);
    const body = record?.body === undefined ? "without a body" : `with body ${JSON.stringify(record.body)}`;
    const text = `The ${vendor.name} simulator has no route for ${request.method} ${request.url} ${body}`;
    process.stderr.write(`${text}\n`);
    if (record) record.unknown = true;
    const answer = vendor.toAnswer(failure(404, text), request);
    return dress(reply, answer).send(wire(answer.body));
  });

  return {
    app,
    log,
    faults,
    clock,
    onRequest(hook) {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    listen: (port) => app.listen({ port, host: "127.0.0.1" }),
    close: () => app.close(),
  };
}

function failure(statusCode: number, text: string): Failure {
  return Object.assign(new Error(text), { statusCode });
}

/** What goes over the wire for a body: JSON for plain data, everything else as it is. */
function wire(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === "string" || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

function dress(reply: FastifyReply, { status, body, headers }: Answer): FastifyReply {
  reply.code(status);
  if (headers["content-type"] === undefined && body !== undefined) {
    reply.header("content-type", typeof body === "string" ? "text/plain;charset=utf-8" : "application/json;charset=utf-8");
  }
  return reply.headers(headers);
}

/** JSON, both kinds of form, and any other text; nothing is refused here, so that even a bad body is recorded. */
function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: "string" }, async (_request: FastifyRequest, text: string) => {
    if (text === "") return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return new MalformedBody(text);
    }
  });
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, async (_request: FastifyRequest, text: string) =>
    Object.fromEntries(new URLSearchParams(text)),
  );
  app.addContentTypeParser("multipart/form-data", { parseAs: "buffer" }, async (request: FastifyRequest, bytes: Buffer) => {
    // The platform's own parser of multipart bodies hangs on the Response class.
    const form = new Response(bytes, { headers: { "content-type": String(request.headers["content-type"]) } }).formData();
    return form.then(Object.fromEntries, () => new MalformedBody(bytes.toString()));
  });
  app.addContentTypeParser("*", { parseAs: "string" }, async (_request: FastifyRequest, text: string) => text);
}
