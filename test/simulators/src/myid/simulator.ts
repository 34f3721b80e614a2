import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { setSwitches } from "../kernel/control.js";
import { createKernel, type KernelOptions } from "../kernel/server.js";
import { type Simulator, startSimulator } from "../kernel/simulator.js";
import { privateTls, type Tls } from "../kernel/tls.js";
import { Tokens } from "../kernel/tokens.js";
import { type Drift, driftOf } from "./drift.js";
import { pageNotFound, throttled, toAnswer } from "./errors.js";
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
  /** Whether web.oauth2 is on a server of its own, at a free port. @default false */
  authApart?: boolean;
  switches?: Partial<MyIdSwitches>;
}

/** A running MyID server. */
export interface MyIdSimulator extends Simulator<MyIdState, MyIdSeed, MyIdSwitches, Drift> {
  /** Base URL of web.oauth2; another one than `url` with `authApart`. */
  readonly authUrl: string;
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
 * Starts a MyID server with its Core API and web.oauth2 on a loopback port, or on one each.
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
  const auth = options.authApart ? await serveApart(kernel.app, tls) : undefined;

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
  const close = async () => {
    auth?.server.close();
    auth?.server.closeAllConnections();
    await kernel.close();
  };
  return Object.assign(simulator, {
    authUrl: auth?.url ?? simulator.url,
    credentials: { clientId, clientSecret },
    ca: tls?.ca,
    logons,
    revokeTokens: () => tokens.revokeAll(),
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** Puts a second address before the application. From then on web.oauth2 is there, and everything else at the first one. */
async function serveApart(app: FastifyInstance, tls: Tls | undefined) {
  const handle: RequestListener = (request, response) => app.routing(request, response);
  const server = tls ? createHttpsServer({ key: tls.key, cert: tls.cert }, handle) : createHttpServer(handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  app.addHook("onRequest", async ({ socket, url }) => {
    if (!url.startsWith("/_simulator") && (socket.localPort === port) !== /^\/web\.oauth2\//i.test(url)) throw pageNotFound();
  });
  return { server, url: `${tls ? "https" : "http"}://127.0.0.1:${port}` };
}
