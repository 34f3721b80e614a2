import { setSwitches } from "../kernel/control.js";
import { type RateLimit, RateLimiter } from "../kernel/limits.js";
import { createKernel } from "../kernel/server.js";
import { type Simulator, startSimulator } from "../kernel/simulator.js";
import { Tokens } from "../kernel/tokens.js";
import { decorate } from "./auth.js";
import { type Drift, driftOf } from "./drift.js";
import { throttled, toAnswer } from "./errors.js";
import { addRoutes } from "./routes.js";
import { Tenant } from "./store.js";
import { defaultSwitches, type SailPointSwitches } from "./switches.js";
import type { SailPointClient, SailPointSeed, SailPointState } from "./types.js";

export interface SailPointOptions {
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** @default a tenant without objects */
  seed?: SailPointSeed;
  /** @default one ORG_ADMIN client with all scopes */
  clients?: SailPointClient[];
  /** Per client id and version prefix; false switches it off. @default 100 requests in 10 s, sliding */
  rateLimit?: RateLimit | false;
  /** Delay of every request, in milliseconds. @default 0 */
  latencyMs?: number;
  /** Start value of the switch of the same name. */
  taskDelayMs?: number;
  /** Start value of the switch of the same name. */
  tokenLifetimeSeconds?: number;
  switches?: Partial<SailPointSwitches>;
}

/** A running SailPoint tenant. */
export interface SailPointSimulator extends Simulator<SailPointState, SailPointSeed, SailPointSwitches, Drift> {
  /** Of the first client. */
  readonly credentials: { clientId: string; clientSecret: string };
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
}

const DEFAULT_CLIENT: SailPointClient = { clientId: "simulator-client", clientSecret: "simulator-secret" };
const DEFAULT_LIMIT: RateLimit = { limit: 100, windowMs: 10_000, kind: "sliding" };

/**
 * Starts a SailPoint tenant on a loopback port.
 *
 * Errors: a seed that no tenant could have, a port in use.
 */
export async function startSailPoint(options: SailPointOptions = {}): Promise<SailPointSimulator> {
  const { seed = {}, clients = [DEFAULT_CLIENT], rateLimit = DEFAULT_LIMIT, taskDelayMs = 0, tokenLifetimeSeconds = 43199 } = options;
  const first = clients[0] ?? DEFAULT_CLIENT;
  const initialSwitches = () => setSwitches({ ...defaultSwitches(), taskDelayMs, tokenLifetimeSeconds }, options.switches ?? {});
  const switches = initialSwitches();
  const kernel = createKernel(
    {
      name: "SailPoint",
      toAnswer: (error, request) => toAnswer(error, request, switches.conflictStatus),
      throttled,
      decorate: (request, reply) => decorate(request, reply, switches),
    },
    options,
  );
  const { clock } = kernel;
  const tenant = new Tenant(seed, switches, clock);
  const tokens = new Tokens<SailPointClient>(clock);
  const limiter = new RateLimiter(rateLimit, clock);
  addRoutes(kernel.app, { tenant, switches, tokens, limiter, clients, clock });

  const controls = {
    dump: () => tenant.dump(),
    load: (next: SailPointSeed) => tenant.load(next),
    reset() {
      tenant.load(seed);
      Object.assign(switches, initialSwitches());
      limiter.clear();
    },
    switches,
    drift: driftOf(tenant),
  };
  const simulator = await startSimulator(kernel, controls, options.port ?? 0);
  const credentials = { clientId: first.clientId, clientSecret: first.clientSecret };
  return Object.assign(simulator, { credentials, revokeTokens: () => tokens.revokeAll() });
}
