import type { Settings, SettingTable } from "./config";
import type { Token, TokenSource } from "./http/auth";
import type { Dialect, HttpClient } from "./http/client";
import type { Limits } from "./http/limits";

/** What core has to know of a vendor to hold a connection to one of its tenants. */
export interface Vendor<T extends SettingTable, Api> {
  /** Namespace of its settings and first part of its resource types. */
  name: string;
  /** What names of its classes and functions begin with. */
  prefix: string;
  settings: T;
  dialect: Dialect;
  /** Scheme, host and port. Errors: ConfigError. */
  baseUrl(settings: Settings<T>): string;
  /** Scheme, host and port that tokens come from, where that is not the API's own. Errors: ConfigError. */
  tokenUrl?(settings: Settings<T>): string;
  /** Connections with the same key share token, limiter and pool: the vendor counts calls per tenant and client. */
  key(settings: Settings<T>): string;
  /** What the vendor accepts; `maxWaitMs` is added from the settings. */
  limits(settings: Settings<T>): Omit<Limits, "maxWaitMs">;
  /** Values that must never be shown. */
  secrets(settings: Settings<T>): string[];
  /** Asks for a token; the client leads to `tokenUrl` if there is one. Errors: AuthError when the credentials are refused. */
  fetchToken(client: HttpClient, settings: Settings<T>): Promise<Token>;
  /** The vendor's calls, one function each. */
  api(client: HttpClient, tokens: TokenSource, settings: Settings<T>): Api;
}
