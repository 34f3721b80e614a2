import type { Clock } from "../kernel/clock.js";
import { addControlRoutes, setSwitches } from "../kernel/control.js";
import type { Faults } from "../kernel/faults.js";
import { type RateLimit, RateLimiter } from "../kernel/limits.js";
import type { RecordFilter, RequestRecord } from "../kernel/log.js";
import { createKernel, type RequestHook } from "../kernel/simulator.js";
import { Tokens } from "../kernel/tokens.js";
import { decorate, throttled } from "./auth.js";
import { type Drift, driftOf } from "./drift.js";
import { toAnswer } from "./errors.js";
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
export interface SailPointSimulator extends AsyncDisposable {
  /** Base URL, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Of the first client. */
  readonly credentials: { clientId: string; clientSecret: string };
  /** Every request since the start or the last `clearRequests`, control requests left out. */
  readonly requests: readonly RequestRecord[];
  /** Those that no route fits. A test's last line may assert that it is empty. */
  readonly unknownRequests: readonly RequestRecord[];
  clearRequests(): void;
  count(filter?: RecordFilter): number;
  readonly switches: SailPointSwitches;
  readonly faults: Faults;
  readonly drift: Drift;
  readonly clock: Clock;
  /** The whole state; `load` takes it back. */
  dump(): SailPointState;
  /** Replaces the whole state. */
  load(seed: SailPointSeed): void;
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
  /** Calls `hook` before each request is handled and again after it was applied, before it is answered. Returns how to stop. */
  onRequest(hook: RequestHook): () => void;
  /** Stops at once; open connections are cut. */
  close(): Promise<void>;
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
  const { clock, faults, log } = kernel;
  const tenant = new Tenant(seed, switches, clock);
  const tokens = new Tokens<SailPointClient>(clock);
  const limiter = new RateLimiter(rateLimit, clock);
  const drift = driftOf(tenant);
  const load = (next: SailPointSeed) => tenant.load(next);
  const reset = () => {
    tenant.load(seed);
    Object.assign(switches, initialSwitches());
    faults.clear();
    limiter.clear();
    log.clear();
  };
  addRoutes(kernel.app, { tenant, switches, tokens, limiter, clients, clock });
  addControlRoutes(kernel, { dump: () => tenant.dump(), load, reset, switches, drift });
  const url = await kernel.listen(options.port ?? 0);

  return {
    url,
    credentials: { clientId: first.clientId, clientSecret: first.clientSecret },
    requests: log.records,
    get unknownRequests() {
      return log.records.filter((record) => record.unknown);
    },
    clearRequests: () => log.clear(),
    count: (filter) => log.count(filter),
    switches,
    faults,
    drift,
    clock,
    dump: () => tenant.dump(),
    load,
    revokeTokens: () => tokens.revokeAll(),
    onRequest: kernel.onRequest,
    close: kernel.close,
    [Symbol.asyncDispose]: kernel.close,
  };
}
