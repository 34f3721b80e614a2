import type { FastifyRequest } from "fastify";

/** One request as the simulator saw it. Credentials are masked. */
export interface RequestRecord {
  /** Arrival, in milliseconds since the epoch by the simulator's clock. */
  at: number;
  method: string;
  /** Path without the query string, still percent-encoded. */
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed for JSON and forms, else the raw text; undefined without a body. */
  body?: unknown;
  /** Status of the answer; undefined while none was sent, and for good when a fault swallowed it. */
  status?: number;
  /** The id the answer carries in its request-id header. */
  requestId: string;
  /** What an injected fault did to this request, such as `after: drop`. */
  fault?: string;
  /** True when no route fits: the client called something that this simulator does not describe. */
  unknown?: true;
}

/** Picks records out of the log; every given part must fit. */
export interface RecordFilter {
  method?: string;
  path?: RegExp;
  status?: number;
}

const SECRET_KEY = /^(client_?secret|password|pin|access_token|refresh_token|(client_)?assertion|api_?key)$/i;
const SECRET_HEADER = /^(authorization|cookie|x-api-key)$/i;
const MASK = "***";

/** A deep copy in which the values of secret-looking keys are replaced. */
function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, SECRET_KEY.test(key) ? MASK : masked(inner)]));
}

/** All requests since the start or the last `clear`, in order of arrival. */
export class RequestLog {
  readonly records: RequestRecord[] = [];

  open(request: FastifyRequest, at: number): RequestRecord {
    const headers = Object.entries(request.headers).map(([name, value]) => {
      if (!SECRET_HEADER.test(name)) return [name, value];
      // The scheme stays readable: a test may ask whether a bearer token was sent at all.
      return [name, String(value).replace(/^(\w+ )?.*$/s, `$1${MASK}`)];
    });
    const record: RequestRecord = {
      at,
      method: request.method,
      path: request.url.split("?", 1)[0] ?? "",
      query: masked(request.query) as RequestRecord["query"],
      headers: Object.fromEntries(headers),
      requestId: request.id,
    };
    this.records.push(record);
    return record;
  }

  setBody(record: RequestRecord, body: unknown): void {
    record.body = masked(body);
  }

  clear(): void {
    this.records.length = 0;
  }

  count(filter: RecordFilter = {}): number {
    return this.records.filter((record) => matches(filter, record) && (filter.status === undefined || filter.status === record.status))
      .length;
  }
}

/** Whether method and path of a record fit a filter. */
export function matches(filter: { method?: string; path?: RegExp }, record: RequestRecord): boolean {
  if (filter.method && filter.method.toUpperCase() !== record.method) return false;
  // search() starts anew each time, while test() would remember where a regular expression with the g flag stopped.
  return !filter.path || record.path.search(filter.path) >= 0;
}
