import { z } from "zod";
import type { Settings } from "../core/config";
import { ConfigError, type VendorFacts } from "../core/errors";
import type { HttpClient } from "../core/http/client";
import { requestToken } from "../core/http/token";
import type { Vendor } from "../core/vendor";
import { makeApi, type PingOneApi } from "./api";

/** Top-level domain of every region's hosts. Source: PingOne API, Foundations, API requests, Working with PingOne APIs. */
const DOMAINS = { NA: "com", CA: "ca", EU: "eu", AU: "com.au", SG: "sg", AP: "asia" };

/** The form of every id of the platform. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Settings of a PingOne organization's connection, in the stack configuration under `pingone:`. */
export const settings = {
  regionCode: {
    description: "region of the organization: NA, CA, EU, AU, SG or AP",
    example: "EU",
    env: "PINGONE_REGION_CODE",
    schema: z.enum(["NA", "CA", "EU", "AU", "SG", "AP"], "must be NA, CA, EU, AU, SG or AP").optional(),
  },
  environmentId: {
    description: "id of the environment that the worker application belongs to; the users' environment is an input of each user",
    example: "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10",
    env: "PINGONE_ENVIRONMENT_ID",
    schema: z.string("is required").regex(UUID, "must be a UUID"),
  },
  clientId: {
    description: "client id of a worker application with the role Identity Data Admin",
    example: "8c1d2f7e-3a4b-4c5d-9e6f-0a1b2c3d4e5f",
    env: "PINGONE_CLIENT_ID",
    schema: z.string("is required"),
  },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "PINGONE_CLIENT_SECRET",
    secret: true,
    schema: z.string("is required"),
  },
  tokenEndpointAuthMethod: {
    description: "how the application authenticates when it asks for a token, as configured there",
    example: "CLIENT_SECRET_BASIC",
    schema: z
      .enum(["CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"], "must be CLIENT_SECRET_BASIC or CLIENT_SECRET_POST")
      .default("CLIENT_SECRET_BASIC"),
  },
  baseUrl: {
    description: "address of the SCIM host, instead of the region's",
    example: "https://scim-api.pingone.eu",
    env: "PINGONE_SCIM_BASE_URL",
    schema: z.string().optional(),
  },
  authBaseUrl: {
    description: "address of the token host, instead of the region's",
    example: "https://auth.pingone.eu",
    env: "PINGONE_AUTH_BASE_URL",
    schema: z.string().optional(),
  },
  concurrency: {
    description:
      "how many calls may be under way at the same time; the whole licence shares one rate, whose size the vendor does not publish",
    example: "6",
    schema: z.coerce.number().int().min(1).max(64).default(6),
  },
};

export type PingOneSettings = Settings<typeof settings>;

export const pingOne: Vendor<typeof settings, PingOneApi> = {
  name: "pingone",
  prefix: "PingOne",
  settings,
  baseUrl: (given) => address(given, "scim-api", given.baseUrl),
  tokenUrl: (given) => address(given, "auth", given.authBaseUrl),
  key: (given) =>
    [
      address(given, "scim-api", given.baseUrl),
      address(given, "auth", given.authBaseUrl),
      given.environmentId,
      given.clientId,
      given.tokenEndpointAuthMethod,
      given.concurrency,
    ].join(" "),
  // No number is published for this service, so only calls in flight are limited and the vendor's own Retry-After sets the pace.
  limits: ({ concurrency }) => ({ requests: concurrency, windowMs: 0, concurrency }),
  // The pair as well, because that is what the header of the token request holds in base64.
  secrets: ({ clientId, clientSecret }) => [clientSecret, `${clientId}:${clientSecret}`],
  dialect: {
    vendor: "PingOne",
    requestIdHeader: "correlation-id",
    readFailure,
    // A value in use is refused with 400 in the platform's own shape, and with 409 or a scimType in SCIM's.
    isConflict: ({ vendorCode }) => /UNIQUENESS_VIOLATION|uniqueness/.test(vendorCode ?? ""),
  },
  fetchToken,
  api: (client, tokens, given) => makeApi(client, tokens, given),
};

function address({ regionCode }: PingOneSettings, host: string, override: string | undefined): string {
  if (override !== undefined) return override.replace(/\/+$/, "");
  if (regionCode !== undefined) return `https://${host}.pingone.${DOMAINS[regionCode]}`;
  throw new ConfigError(
    "The PingOne region is not configured",
    "Run `pulumi config set pingone:regionCode EU`, or set PINGONE_REGION_CODE, or give both pingone:baseUrl and pingone:authBaseUrl",
  );
}

/** Source: PingOne API, Foundations, Access tokens; admin guide, token endpoint authentication methods. */
async function fetchToken(client: HttpClient, given: PingOneSettings) {
  const { environmentId, clientId, clientSecret, tokenEndpointAuthMethod: method } = given;
  const basic = method === "CLIENT_SECRET_BASIC";
  const form = { grant_type: "client_credentials", ...(basic ? {} : { client_id: clientId, client_secret: clientSecret }) };
  const refused = `Check pingone:clientId (PINGONE_CLIENT_ID), pingone:clientSecret (PINGONE_CLIENT_SECRET) and pingone:environmentId (PINGONE_ENVIRONMENT_ID), that the application's token endpoint authentication method is ${method} (pingone:tokenEndpointAuthMethod), and that the worker has a role: without any it gets no token`;
  const { token } = await requestToken(
    client,
    {
      action: "Asking PingOne for a token",
      path: `/${encodeURIComponent(environmentId)}/as/token`,
      ...(basic && { headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` } }),
      body: new URLSearchParams(form),
      rights: refused,
    },
    { refused, unreadable: "Check that pingone:authBaseUrl is the token host" },
  );
  return token;
}

const text = z.string().optional().catch(undefined);
const inner = z.record(z.string(), z.unknown()).optional().catch(undefined);
/** The vendor's prose and its specification write the last one differently. */
const detail = z.looseObject({ code: text, target: text, message: text, innerError: inner, innererror: inner });
const failureAnswer = z.looseObject({
  id: text,
  code: text,
  message: text,
  details: z.array(detail).optional().catch(undefined),
  scimType: text,
  status: z.union([z.string(), z.number()]).optional().catch(undefined),
  detail: text,
  error: text,
  error_description: text,
});

/** The platform's own error body, SCIM's, or OAuth's, whichever came. Source: PingOne API, Error codes; RFC 7644 section 3.12. */
function readFailure(body: unknown): Pick<VendorFacts, "vendorCode" | "words" | "trackingId"> {
  const parsed = failureAnswer.safeParse(body);
  if (!parsed.success) return {};
  const { id, code, message, details = [], scimType, detail: scimWords, error, error_description } = parsed.data;
  const codes = [code, ...details.map((one) => one.code), scimType].filter(Boolean);
  const words = details.map(({ target, message: why, innerError, innererror }) =>
    [target, why, rule({ ...innererror, ...innerError })].filter(Boolean).join(" "),
  );
  const all = [message, ...words, scimWords, error, error_description].filter(Boolean);
  return { vendorCode: [...new Set(codes)].join(" ") || undefined, words: all.join(" ") || undefined, trackingId: id };
}

/** The rule that a value breaks, such as `(allowedPattern ^\w+$)`. */
function rule({ existingId, ...bounds }: Record<string, unknown>): string {
  const parts = Object.entries(bounds).map(([name, bound]) => `${name} ${typeof bound === "string" ? bound : JSON.stringify(bound)}`);
  if (existingId) parts.unshift(`held by ${existingId}`);
  return parts.length > 0 ? `(${parts.join(", ")})` : "";
}
