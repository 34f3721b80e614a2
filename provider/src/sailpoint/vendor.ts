import { z } from "zod";
import type { Settings } from "../core/config";
import { ConfigError, type VendorFacts } from "../core/errors";
import { requestToken } from "../core/http/token";
import type { Vendor } from "../core/vendor";
import { makeApi, type SailPointApi } from "./api";

/** Settings of a SailPoint tenant's connection, in the stack configuration under `sailpoint:`. */
export const settings = {
  tenant: {
    description: "name of the tenant, the first part of its API host",
    example: "acme",
    schema: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/i, "must be the bare name, such as acme")
      .optional(),
  },
  baseUrl: {
    description: "address of the tenant's API, instead of its name",
    example: "https://acme.api.identitynow.com",
    env: "SAIL_BASE_URL",
    schema: z.string().optional(),
  },
  clientId: {
    description: "id of a personal access token, or of an API client, of an ORG_ADMIN user",
    example: "0123456789abcdef0123456789abcdef",
    env: "SAIL_CLIENT_ID",
    schema: z.string("is required"),
  },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "SAIL_CLIENT_SECRET",
    secret: true,
    schema: z.string("is required"),
  },
  apiVersion: {
    description: "version of the API",
    example: "beta",
    schema: z
      .string()
      .regex(/^(beta|v3|v20\d\d|v1)$/, "must be beta, v3, a year such as v2025, or v1 (the layout with the version after the noun)")
      .default("beta"),
  },
  requestsPer10Seconds: {
    description:
      "how many of the 100 calls that the vendor accepts per 10 seconds this run may use; lower it when other jobs share the client",
    example: "100",
    schema: z.coerce.number().int().min(1).max(10_000).default(100),
  },
  experimental: {
    description: "send the header that the vendor's experimental endpoints ask for",
    example: "false",
    schema: z.union([z.boolean(), z.stringbool()]).default(false),
  },
};

export type SailPointSettings = Settings<typeof settings>;

export const sailPoint: Vendor<typeof settings, SailPointApi> = {
  name: "sailpoint",
  prefix: "SailPoint",
  settings,
  baseUrl: apiAddress,
  // The vendor counts calls per client and version, and version and header are part of how every call is sent.
  key: (given) => [apiAddress(given), given.clientId, given.apiVersion, given.experimental].join(" "),
  secrets: (given) => [given.clientSecret],
  // 100 calls in 10 s, counted per client and API version. Source: developer.sailpoint.com, Rate Limit.
  limits: (given) => ({ requests: given.requestsPer10Seconds, windowMs: 10_000, concurrency: 16 }),
  dialect: {
    vendor: "SailPoint",
    requestIdHeader: "slpt-request-id",
    readFailure,
    // A name or source in use is refused with 400 by most services and with 409 by some.
    isConflict: (facts) => hasCode(facts, "400.1.409"),
  },
  async fetchToken(client, given) {
    // The form body, not the query string the vendor also accepts: addresses end up in logs.
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: given.clientId, client_secret: given.clientSecret });
    const { token, answer } = await requestToken(
      client,
      { action: "Asking SailPoint for a token", path: "/oauth/token", body },
      {
        refused: "Check sailpoint:clientId (SAIL_CLIENT_ID) and sailpoint:clientSecret (SAIL_CLIENT_SECRET)",
        unreadable: "Check that the base URL is the API host, not the user interface's",
      },
    );
    return { ...token, tenant: typeof answer.org === "string" ? answer.org : undefined };
  },
  api: (client, tokens, given) => makeApi(client, tokens, given),
};

function apiAddress(given: Pick<SailPointSettings, "tenant" | "baseUrl">): string {
  const fromTenant = given.tenant && `https://${given.tenant}.api.identitynow.com`;
  const fromUrl = given.baseUrl?.replace(/\/+$/, "");
  if (fromTenant && fromUrl && fromTenant !== fromUrl) {
    throw new ConfigError(
      `Two tenants are configured: sailpoint:tenant means ${fromTenant}, the base URL is ${fromUrl}`,
      "Remove one of sailpoint:tenant, sailpoint:baseUrl and SAIL_BASE_URL",
    );
  }
  const address = fromTenant ?? fromUrl;
  if (address === undefined) {
    throw new ConfigError(
      "The SailPoint tenant is not configured",
      "Run `pulumi config set sailpoint:tenant acme`, or `pulumi config set sailpoint:baseUrl https://acme.api.identitynow.com`, or set SAIL_BASE_URL",
    );
  }
  return address;
}

const message = z.looseObject({ text: z.string() });
const failureAnswer = z.looseObject({
  detailCode: z.string().optional(),
  trackingId: z.string().optional(),
  messages: z.array(message).optional(),
  causes: z.array(message).optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  message: z.string().optional(),
});

/** The vendor's error body, the gateway's and OAuth's, whichever came. The useful words are usually in `causes`; both are shown. */
function readFailure(body: unknown): Pick<VendorFacts, "vendorCode" | "words" | "trackingId"> {
  const parsed = failureAnswer.safeParse(body);
  if (!parsed.success) return {};
  const { detailCode, trackingId, messages = [], causes = [], error, error_description, message: plain } = parsed.data;
  const words = [...messages.map((m) => m.text), ...causes.map((c) => c.text), error, error_description, plain?.trim()].filter(Boolean);
  return { vendorCode: detailCode, trackingId, words: [...new Set(words)].join(" ") || undefined };
}

/** Whether a failure has a detail code. Only the number is compared: the words behind it vary. */
export function hasCode(facts: VendorFacts, code: string): boolean {
  return facts.vendorCode?.split(/\s/)[0] === code;
}
