import { createPrivateKey, X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import type { Clock } from "./clock";
import { type ConfigSource, httpSettings, readSettings, type Settings, type SettingTable } from "./config";
import { ConfigError } from "./errors";
import { Gather } from "./gather";
import { TokenSource } from "./http/auth";
import { HttpClient } from "./http/client";
import { Limiter } from "./http/limits";
import type { Log } from "./log";
import type { Vendor } from "./vendor";

/** An answer larger than this is not an object of identity configuration: 32 MiB. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Everything a connection needs from outside. */
export interface Surroundings {
  config: ConfigSource;
  clock: Clock;
  log: Log;
}

interface Connection {
  settings: Settings<SettingTable>;
  client: HttpClient;
  tokens: TokenSource;
  /** Reads under way, by kind and place of the objects. */
  gathers: Map<string, Gather<unknown>>;
}

/** A vendor's API under one connection. */
export interface Connected<Api> {
  api: Api;
  /** What reads objects of one kind and place together, for all who read them over this connection. */
  gather<Item>(what: string): Gather<Item>;
  /** Ends all readings: something is about to be written, or was. */
  forget(): void;
}

/** The connections of this process; kept in module state because the host runs all resources of a stack in one process. */
const open = new Map<string, Connection>();

/**
 * The vendor's API under one connection; made at first use and shared from then on by every resource that leads to the same tenant and client.
 *
 * In:     name of the connection, undefined for the unnamed one; signal that ends waits and reads of this use of it.
 * Errors: ConfigError for missing or wrong settings, and for two connections that share a client but not the rest. Nothing is sent.
 */
export function connect<T extends SettingTable, Api>(
  vendor: Vendor<T, Api>,
  surroundings: Surroundings,
  name?: string,
  signal?: AbortSignal,
): Connected<Api> {
  const settings = readSettings(vendor.name, { ...httpSettings, ...vendor.settings }, surroundings.config, name) as Settings<
    typeof httpSettings & T
  >;
  const key = `${vendor.name} ${vendor.key(settings)}`;
  let connection = open.get(key);
  if (connection === undefined) {
    connection = openConnection(vendor, settings, surroundings);
    open.set(key, connection);
  }
  const differing = Object.keys(settings).filter((setting) => !isDeepStrictEqual(settings[setting], connection.settings[setting]));
  if (differing.length > 0) {
    throw new ConfigError(
      `Two connections of ${vendor.name} lead to the same tenant and client, but differ in ${differing.join(", ")}`,
      "They share one token and one limiter; give them the same settings, or use one name for both",
    );
  }
  const { client, tokens, gathers } = connection;
  return {
    api: vendor.api(signal ? client.within(signal) : client, tokens, settings),
    gather<Item>(what: string) {
      const gather = gathers.get(what) ?? new Gather<unknown>(surroundings.clock);
      gathers.set(what, gather);
      return gather as Gather<Item>;
    },
    forget() {
      for (const gather of gathers.values()) gather.forget();
    },
  };
}

function openConnection<T extends SettingTable, Api>(
  vendor: Vendor<T, Api>,
  settings: Settings<typeof httpSettings & T>,
  { clock, log }: Surroundings,
): Connection {
  const maxWaitMs = settings.maxWaitSeconds * 1000;
  const limiter = new Limiter({ ...vendor.limits(settings), maxWaitMs }, clock);
  const clientOf = (address: string) => {
    const baseUrl = checkedBaseUrl(vendor.name, address);
    return new HttpClient({
      baseUrl,
      dialect: vendor.dialect,
      dispatcher: makeDispatcher(vendor.name, baseUrl, settings),
      limiter,
      clock,
      log,
      maxWaitMs,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      headersTimeoutMs: settings.requestTimeoutSeconds * 1000,
      bodyTimeoutMs: settings.requestTimeoutSeconds * 1000,
      secrets: vendor.secrets(settings),
    });
  };
  const client = clientOf(vendor.baseUrl(settings));
  const tokenUrl = vendor.tokenUrl?.(settings);
  const tokenClient = tokenUrl === undefined ? client : clientOf(tokenUrl);
  const tokens = new TokenSource(() => vendor.fetchToken(tokenClient, settings), clock);
  return { settings, client, tokens, gathers: new Map() };
}

/** Errors: ConfigError for an address that is no URL, or that would send credentials in clear text beyond this machine. */
function checkedBaseUrl(vendor: string, text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigError(
      `The base URL of ${vendor} is not a URL: ${text}`,
      `Base URLs in the settings of ${vendor} look like https://host.example.com`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigError(`The base URL of ${vendor} must hold no user name, query or fragment`, "Credentials have settings of their own");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw new ConfigError(
      `The base URL of ${vendor} must begin with https:// (given: ${url.href})`,
      "Plain http is accepted for an address of this machine only, such as http://127.0.0.1:8080",
    );
  }
  return url.href.replace(/\/+$/, "");
}

function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d+){3}$/.test(url.hostname);
}

function makeDispatcher(vendor: string, baseUrl: string, settings: Settings<typeof httpSettings>): Dispatcher {
  const tls = {
    // A given authority is added to the usual ones, so that a proxy or token host with a public certificate stays reachable.
    ...(settings.caFile !== undefined && { ca: [...getCACertificates("default"), settings.caFile] }),
    ...clientIdentity(vendor, settings),
  };
  // Over HTTP/2 a broken call ends in other errors, which do not tell whether it may be sent again.
  const options = { allowH2: false, connectTimeout: settings.connectTimeoutSeconds * 1000, connect: tls };
  // Proxy variables mean the network beyond this machine, whatever NO_PROXY says.
  return isLoopback(new URL(baseUrl)) ? new Agent(options) : new EnvHttpProxyAgent({ ...options, requestTls: tls });
}

/** Errors: ConfigError for a key that is not the certificate's. */
function clientIdentity(vendor: string, { certFile: cert, keyFile: key }: Settings<typeof httpSettings>): { cert?: string; key?: string } {
  if (cert === undefined || key === undefined) return {};
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
  throw new ConfigError(
    `The private key of ${vendor}:keyFile is not that of the certificate in ${vendor}:certFile`,
    "Give the two files that were made together; of several certificates in the file, the client's own comes first",
  );
}
