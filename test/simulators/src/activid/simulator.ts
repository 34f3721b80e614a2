import { setSwitches } from "../kernel/control.js";
import { createKernel } from "../kernel/server.js";
import { type Simulator, startSimulator } from "../kernel/simulator.js";
import { privateTls, type Tls } from "../kernel/tls.js";
import { Tokens } from "../kernel/tokens.js";
import { type Drift, driftOf } from "./drift.js";
import { throttled, toAnswer } from "./errors.js";
import { Imports } from "./imports.js";
import { addRoutes } from "./routes.js";
import { Store } from "./store.js";
import { type ActivIdSwitches, defaultSwitches } from "./switches.js";
import type { ActivIdClient, ActivIdSeed, ActivIdState } from "./types.js";

export interface ActivIdOptions {
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** @default a tenant `ACME` without users */
  seed?: ActivIdSeed;
  /** @default one privileged client */
  clients?: ActivIdClient[];
  /** Delay of every request, in milliseconds. @default 0 */
  latencyMs?: number;
  /** Speaks HTTPS with a certificate of a private authority, made anew at each start. @default false */
  https?: boolean;
  switches?: Partial<ActivIdSwitches>;
}

/** A running HID ActivID tenant. */
export interface ActivIdSimulator extends Simulator<ActivIdState, ActivIdSeed, ActivIdSwitches, Drift> {
  /** Of the first client. */
  readonly credentials: { clientId: string; clientSecret: string };
  /** With `https`: the private authority's certificate, and the one by which clients that are registered for `client_secret_pki` make themselves known. */
  readonly tls: Pick<Tls, "ca" | "client"> | undefined;
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
}

/** A secret that only arrives whole when it is encoded as it should be. */
const DEFAULT_CLIENT: ActivIdClient = { clientId: "simulator:client", clientSecret: "simulator secret+%&" };

/**
 * Starts an ActivID tenant on a loopback port.
 *
 * Errors: a seed with unknown keys, a port in use.
 */
export async function startActivId(options: ActivIdOptions = {}): Promise<ActivIdSimulator> {
  const { seed = {}, clients = [DEFAULT_CLIENT] } = options;
  const first = clients[0] ?? DEFAULT_CLIENT;
  const initialSwitches = () => setSwitches(defaultSwitches(), options.switches ?? {});
  const switches = initialSwitches();
  const tls = options.https ? privateTls() : undefined;
  const kernel = createKernel(
    { name: "ActivID", toAnswer: (error) => toAnswer(error, switches.errorBodies), throttled, decorate: () => {} },
    { latencyMs: options.latencyMs, tls, requestCertificates: true },
  );
  const store = new Store(seed, switches, kernel.clock);
  const tokens = new Tokens<ActivIdClient>(kernel.clock);
  const failures = new Map<string, number>();
  addRoutes(kernel.app, { store, tokens, clients, failures, pkiCertificate: tls?.client.cert, imports: new Imports(store) });

  const controls = {
    dump: () => store.dump(),
    load: (next: ActivIdSeed) => store.load(next),
    reset() {
      store.load(seed);
      Object.assign(switches, initialSwitches());
      failures.clear();
    },
    switches,
    drift: driftOf(store),
  };
  const simulator = await startSimulator(kernel, controls, options.port ?? 0);
  const credentials = { clientId: first.clientId, clientSecret: first.clientSecret };
  return Object.assign(simulator, { credentials, tls, revokeTokens: () => tokens.revokeAll() });
}
