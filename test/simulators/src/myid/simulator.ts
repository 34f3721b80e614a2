import { setSwitches } from "../kernel/control.js";
import { createKernel, type KernelOptions } from "../kernel/server.js";
import { type Simulator, startSimulator } from "../kernel/simulator.js";
import { privateTls } from "../kernel/tls.js";
import { Tokens } from "../kernel/tokens.js";
import { type Drift, driftOf } from "./drift.js";
import { throttled, toAnswer } from "./errors.js";
import { People } from "./people.js";
import { addPeopleRoutes, addTokenRoute, type Parts } from "./routes.js";
import { defaultSwitches, type MyIdSwitches } from "./switches.js";
import type { MyIdClient, MyIdSeed, MyIdState } from "./types.js";

export interface MyIdOptions extends Pick<KernelOptions, "latencyMs"> {
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** @default a server without people */
  seed?: MyIdSeed;
  /** @default one client */
  clients?: MyIdClient[];
  /** Speaks HTTPS with a certificate of a private authority, made anew at each start. @default false */
  https?: boolean;
  switches?: Partial<MyIdSwitches>;
}

/** A running MyID server. */
export interface MyIdSimulator extends Simulator<MyIdState, MyIdSeed, MyIdSwitches, Drift> {
  /** Of the first client. */
  readonly credentials: { clientId: string; clientSecret: string };
  /** The private authority's certificate in PEM, with `https`. */
  readonly ca: string | undefined;
  /** Rows of the server's Logons table since the start or the last `reset`: one per token given. */
  readonly logons: readonly { clientId: string }[];
  /** Makes every token issued so far invalid. */
  revokeTokens(): void;
}

const DEFAULT_CLIENT: MyIdClient = { clientId: "simulator.client", clientSecret: "simulator-secret" };

/**
 * Starts a MyID server with its Core API and web.oauth2 on a loopback port.
 *
 * Errors: a seed that no server could have, a port in use.
 */
export async function startMyId(options: MyIdOptions = {}): Promise<MyIdSimulator> {
  const { seed = {}, clients = [DEFAULT_CLIENT], port = 0, latencyMs } = options;
  const { clientId, clientSecret } = clients[0] ?? DEFAULT_CLIENT;
  const initialSwitches = () => setSwitches(defaultSwitches(), options.switches ?? {});
  const switches = initialSwitches();
  const tls = options.https ? privateTls() : undefined;
  const kernel = createKernel({ name: "MyID", toAnswer, throttled, decorate() {} }, { latencyMs, tls, caseSensitive: false });
  const people = new People(seed, switches);
  const tokens = new Tokens<MyIdClient>(kernel.clock);
  const logons: Parts["logons"] = [];
  const parts = { people, switches, tokens, clients, logons };
  addTokenRoute(kernel.app, parts);
  addPeopleRoutes(kernel.app, parts);

  const controls = {
    dump: () => people.dump(),
    load: (next: MyIdSeed) => people.load(next),
    reset() {
      people.load(seed);
      Object.assign(switches, initialSwitches());
      logons.length = 0;
    },
    switches,
    drift: driftOf(people),
  };
  const simulator = await startSimulator(kernel, controls, port);
  return Object.assign(simulator, { credentials: { clientId, clientSecret }, ca: tls?.ca, logons, revokeTokens: () => tokens.revokeAll() });
}
