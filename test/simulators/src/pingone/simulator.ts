import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setSwitches } from "../kernel/control.js";
import { type RateLimit, RateLimiter } from "../kernel/limits.js";
import { createKernel } from "../kernel/server.js";
import { type Simulator, startSimulator } from "../kernel/simulator.js";
import { Tokens } from "../kernel/tokens.js";
import { type Drift, driftOf } from "./drift.js";
import { Refusal, throttled, toAnswer } from "./errors.js";
import { addRoutes } from "./routes.js";
import { Organization } from "./store.js";
import { defaultSwitches, type PingOneSwitches } from "./switches.js";
import type { PingOneClient, PingOneSeed, PingOneState } from "./types.js";

export interface PingOneOptions {
  /** Of the SCIM host; 0 takes a free one. The token host always takes a free one. @default 0 */
  port?: number;
  /** @default one environment with one population and no user */
  seed?: PingOneSeed;
  /** @default one worker with a role on every environment */
  clients?: PingOneClient[];
  /** What the licence and one address may send; false counts nothing. @default false, because the vendor publishes no numbers for this service */
  rateLimit?: { licence?: RateLimit; ip?: RateLimit } | false;
  /** Delay of every request, in milliseconds. @default 0 */
  latencyMs?: number;
  switches?: Partial<PingOneSwitches>;
}

/** A running PingOne organization. `url` is the SCIM host's. */
export interface PingOneSimulator extends Simulator<PingOneState, PingOneSeed, PingOneSwitches, Drift> {
  /** Base URL of the token host. */
  readonly authUrl: string;
  /** Of the first client; `environmentId` is the one that issues its tokens. */
  readonly credentials: { clientId: string; clientSecret: string; environmentId: string };
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
}

const DEFAULT_CLIENT: PingOneClient = { clientId: "simulator-worker", clientSecret: "simulator-secret" };

/**
 * Starts a PingOne organization on two loopback ports: users at one host, tokens at another, as at the vendor.
 *
 * Errors: a port in use.
 */
export async function startPingOne(options: PingOneOptions = {}): Promise<PingOneSimulator> {
  const { seed = {}, rateLimit = false } = options;
  const initialSwitches = () => setSwitches(defaultSwitches(), options.switches ?? {});
  const switches = initialSwitches();
  const kernel = createKernel(
    {
      name: "PingOne",
      toAnswer: (error) => toAnswer(error, switches),
      throttled,
      decorate(request, reply) {
        reply.header("correlation-id", request.id);
        const type = String(reply.getHeader("content-type") ?? "");
        if (type.startsWith("application/json")) reply.header("content-type", type.replace("application/json", switches.mediaType));
      },
    },
    options,
  );
  const { app, clock } = kernel;
  const organization = new Organization(seed, switches, clock);
  // Ids that were made up once stay the same after a reset, so that clients need not be configured anew.
  const start = organization.dump();
  const clients = (options.clients ?? [DEFAULT_CLIENT]).map((client) => ({
    environmentId: start.environments[0]?.id ?? "",
    ...client,
  }));
  const first = clients[0] as (typeof clients)[number];
  const tokens = new Tokens<PingOneClient>(clock);
  const limits = rateLimit || {};
  const limiters = { licence: new RateLimiter(limits.licence ?? false, clock), ip: new RateLimiter(limits.ip ?? false, clock) };
  let host = "";
  addRoutes(app, { organization, switches, tokens, limiters, clients, host: () => host });

  // One application behind two addresses; each serves its own paths only.
  const auth = createServer((request, response) => app.routing(request, response));
  app.addHook("onRequest", async (request) => {
    const atAuth = request.socket.localPort === (auth.address() as AddressInfo | null)?.port;
    if (request.url.startsWith("/_simulator") || atAuth === /\/as\/token/.test(request.url)) return;
    throw new Refusal(404, `${request.url} is served by the other host`);
  });
  auth.listen(0, "127.0.0.1");
  await once(auth, "listening");

  const controls = {
    dump: () => organization.dump(),
    load: (next: PingOneSeed) => organization.load(next),
    reset() {
      organization.load(start);
      Object.assign(switches, initialSwitches());
      limiters.licence.clear();
      limiters.ip.clear();
    },
    switches,
    drift: driftOf(organization),
  };
  const simulator = await startSimulator(kernel, controls, options.port ?? 0);
  host = simulator.url;
  const close = async () => {
    auth.close();
    auth.closeAllConnections();
    await kernel.close();
  };
  return Object.assign(simulator, {
    authUrl: `http://127.0.0.1:${(auth.address() as AddressInfo).port}`,
    credentials: { clientId: first.clientId, clientSecret: first.clientSecret, environmentId: first.environmentId },
    revokeTokens: () => tokens.revokeAll(),
    close,
    [Symbol.asyncDispose]: close,
  });
}
