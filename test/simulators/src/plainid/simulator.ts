import { Answer } from "../kernel/answer.js";
import { setSwitches } from "../kernel/control.js";
import { type RateLimit, RateLimiter } from "../kernel/limits.js";
import { createKernel } from "../kernel/server.js";
import { type Simulator, startSimulator } from "../kernel/simulator.js";
import { Tokens } from "../kernel/tokens.js";
import { type Drift, driftOf } from "./drift.js";
import { toAnswer } from "./errors.js";
import { addRoutes } from "./routes.js";
import { Tenant } from "./store.js";
import { defaultSwitches, type PlainIdSwitches } from "./switches.js";
import type { PlainIdClient, PlainIdSeed, PlainIdState } from "./types.js";

export interface PlainIdOptions {
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** @default a tenant without environments */
  seed?: PlainIdSeed;
  /** @default one tenant administrator */
  clients?: PlainIdClient[];
  /** Per bearer token; the vendor documents no limit. @default false */
  rateLimit?: RateLimit | false;
  /** Delay of every request, in milliseconds. @default 0 */
  latencyMs?: number;
  switches?: Partial<PlainIdSwitches>;
}

/** A running PlainID tenant. */
export interface PlainIdSimulator extends Simulator<PlainIdState, PlainIdSeed, PlainIdSwitches, Drift> {
  /** Of the first client. */
  readonly credentials: { clientId: string; clientSecret: string };
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
}

const DEFAULT_CLIENT: PlainIdClient = { clientId: "simulator-client", clientSecret: "simulator-secret" };

const throttled = (seconds: number) => new Answer(429, undefined, seconds > 0 ? { "retry-after": String(seconds) } : {});

/**
 * Starts a PlainID tenant on a loopback port.
 *
 * Errors: a seed that no tenant could have, a port in use.
 */
export async function startPlainId(options: PlainIdOptions = {}): Promise<PlainIdSimulator> {
  const { seed = {}, clients = [DEFAULT_CLIENT], rateLimit = false } = options;
  const { clientId, clientSecret } = clients[0] ?? DEFAULT_CLIENT;
  const initialSwitches = () => setSwitches(defaultSwitches(), { ...options.switches });
  const switches = initialSwitches();
  const kernel = createKernel(
    { name: "PlainID", toAnswer, throttled, decorate: (request, reply) => void reply.header("x-request-id", request.id) },
    options,
  );
  const tenant = new Tenant(seed, switches, kernel.clock);
  const tokens = new Tokens<PlainIdClient>(kernel.clock);
  const limiter = new RateLimiter(rateLimit, kernel.clock);
  kernel.app.addHook("preHandler", async (request) => {
    const bearer = request.headers.authorization;
    const seconds = bearer === undefined ? 0 : limiter.secondsToWait(bearer);
    if (seconds > 0) throw throttled(seconds);
  });
  addRoutes(kernel.app, { tenant, switches, tokens, clients });

  const controls = {
    dump: () => tenant.dump(),
    load: (next: PlainIdSeed) => tenant.load(next),
    reset() {
      tenant.load(seed);
      Object.assign(switches, initialSwitches());
      limiter.clear();
    },
    switches,
    drift: driftOf(tenant),
  };
  const simulator = await startSimulator(kernel, controls, options.port ?? 0);
  return Object.assign(simulator, { credentials: { clientId, clientSecret }, revokeTokens: () => tokens.revokeAll() });
}
