import { z } from "zod";
import type { Settings } from "../core/config";
import { ConfigError, type VendorFacts } from "../core/errors";
import { requestToken } from "../core/http/token";
import type { Vendor } from "../core/vendor";
import { makeApi, type PlainIdApi } from "./api";

/** Settings of a PlainID tenant's connection, in the stack configuration under `plainid:`. The names of the variables are assumed: no tool of the vendor has any. */
export const settings = {
  region: {
    description: "region of the tenant: us, ca or eu",
    example: "eu",
    env: "PLAINID_REGION",
    schema: z
      .string()
      .regex(/^(us|ca|eu)1?$/i, "must be us, ca or eu; give the base URL of any other one")
      .optional(),
  },
  baseUrl: {
    description: "address of the management API, instead of the region; not that of the user interface or the runtime",
    example: "https://api.eu1.plainid.io",
    env: "PLAINID_BASE_URL",
    schema: z.string().optional(),
  },
  clientId: {
    description: "id of an API client with the permission ADMIN, of the tenant or of the environment",
    example: "0123456789abcdef",
    env: "PLAINID_CLIENT_ID",
    schema: z.string("is required"),
  },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "PLAINID_CLIENT_SECRET",
    secret: true,
    schema: z.string("is required"),
  },
  allowImport: {
    description:
      "allow the vendor's import, which writes all sources of a template at once: needed to create a source and to change anything but its id",
    example: "false",
    schema: z.union([z.boolean(), z.stringbool()]).default(false),
  },
};

export type PlainIdSettings = Settings<typeof settings>;

export const plainId: Vendor<typeof settings, PlainIdApi> = {
  name: "plainid",
  prefix: "PlainId",
  settings,
  baseUrl: apiAddress,
  key: (given) => [apiAddress(given), given.clientId, given.allowImport].join(" "),
  secrets: (given) => [given.clientSecret],
  // The vendor documents no limit; four calls at a time are assumed to be modest. A window of no length never makes a call wait.
  limits: () => ({ requests: 4, windowMs: 0, concurrency: 4 }),
  dialect: { vendor: "PlainID", requestIdHeader: "x-request-id", readFailure },
  async fetchToken(client, given) {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: given.clientId, client_secret: given.clientSecret });
    const { token } = await requestToken(
      client,
      { action: "Asking PlainID for a token", path: "/api/1.0/api-key/token", body },
      {
        refused:
          "Check plainid:clientId (PLAINID_CLIENT_ID) and plainid:clientSecret (PLAINID_CLIENT_SECRET), and that the region is the tenant's",
        unreadable: "Check that the base URL is the API host, not the user interface's",
      },
    );
    return token;
  },
  api: (client, tokens, given) => makeApi(client, tokens, given),
};

/** Source: PlainID Management API, Update Identity Source ID, Base URL. */
function apiAddress(given: Pick<PlainIdSettings, "region" | "baseUrl">): string {
  const fromRegion = given.region && `https://api.${given.region.slice(0, 2).toLowerCase()}1.plainid.io`;
  const fromUrl = given.baseUrl?.replace(/\/+$/, "");
  if (fromRegion && fromUrl && fromRegion !== fromUrl) {
    throw new ConfigError(
      `Two tenants are configured: plainid:region means ${fromRegion}, the base URL is ${fromUrl}`,
      "Remove one of plainid:region, PLAINID_REGION, plainid:baseUrl and PLAINID_BASE_URL",
    );
  }
  const address = fromRegion ?? fromUrl;
  if (address === undefined) {
    throw new ConfigError(
      "The PlainID tenant is not configured",
      "Run `pulumi config set plainid:region eu`, or `pulumi config set plainid:baseUrl https://api.eu1.plainid.io`, or set PLAINID_REGION or PLAINID_BASE_URL",
    );
  }
  return address;
}

/** One error. Its status is a number in one of the vendor's families and a text in the other, so it is not looked at. */
const failure = z.looseObject({
  code: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  message: z.string().optional(),
});
const failureAnswer = z.union([
  z.looseObject({ errors: z.array(failure).min(1) }),
  // Credential endpoints, and perhaps the gateway, answer one bare error.
  failure.transform((error) => ({ errors: [error] })),
]);

const KNOWN_CODES = ["EMIS-007", "EMIT-002", "EMIT-003", "EMIS-001"];

/** All errors are shown, and the first code that this library knows counts. Source: PlainID Management API, Update Identity Source ID, responses. */
function readFailure(body: unknown): Pick<VendorFacts, "vendorCode" | "words" | "trackingId"> {
  const parsed = failureAnswer.safeParse(body);
  if (!parsed.success) return {};
  const { errors } = parsed.data;
  const codes = errors.flatMap(({ code }) => code ?? []);
  const words = errors.map(({ code, name, message }) => message ?? (code === undefined ? name : undefined)).filter(Boolean);
  return {
    vendorCode: codes.find((code) => KNOWN_CODES.includes(code)) ?? codes[0] ?? errors[0]?.name,
    words: words.join("; ") || undefined,
    trackingId: errors[0]?.id,
  };
}
