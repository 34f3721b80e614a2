import { z } from "zod";
import type { Settings } from "../core/config";
import type { VendorFacts } from "../core/errors";
import { requestToken } from "../core/http/token";
import type { Vendor } from "../core/vendor";
import { type ActivIdApi, makeApi } from "./api";

/** Settings of an ActivID tenant's connection, in the stack configuration under `activid:`. */
export const settings = {
  baseUrl: {
    description: "address of the server, without a path; every customer has one of their own",
    example: "https://activid.example.com",
    env: "ACTIVID_BASE_URL",
    schema: z.string("is required"),
  },
  tenant: {
    description: "id of the tenant (security domain), the path's part after /scim/",
    example: "ENTERPRISE",
    env: "ACTIVID_TENANT",
    schema: z.string("is required").regex(/^[\w.-]+$/, "must be the bare id, such as ENTERPRISE"),
  },
  clientId: {
    description: "id of a client with a privileged role",
    example: "spl-client",
    env: "ACTIVID_CLIENT_ID",
    schema: z.string("is required"),
  },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "ACTIVID_CLIENT_SECRET",
    secret: true,
    schema: z.string("is required"),
  },
  tokenEndpointAuthMethod: {
    description:
      "how the client authenticates when it asks for a token, as registered there: client_secret_basic or client_secret_post; private-key JWT and mutual TLS are not supported",
    example: "client_secret_basic",
    schema: z
      .enum(["client_secret_basic", "client_secret_post"], "must be client_secret_basic or client_secret_post")
      .default("client_secret_basic"),
  },
  apiVersion: {
    description:
      "major number of the api-version sent with every call; left out, the server's oldest behaviour. From 4 on a user needs userName and may have no externalId, from 9 on attributes may be lists",
    example: "3",
    env: "ACTIVID_API_VERSION",
    schema: z.coerce.number("must be a whole number such as 3").int("must be the major number only, such as 10").min(1).max(99).optional(),
  },
  concurrency: {
    description: "how many calls are in flight at the same time; the vendor states no limit",
    example: "4",
    schema: z.coerce.number().int().min(1).max(64).default(4),
  },
};

export type ActivIdSettings = Settings<typeof settings>;

/** HID ActivID Appliance, ActivID AS and HID Authentication Service, which share one API. */
export const activId: Vendor<typeof settings, ActivIdApi> = {
  name: "activid",
  prefix: "ActivId",
  settings,
  baseUrl: (given) => given.baseUrl.replace(/\/+$/, ""),
  // The secret too: a refused one is remembered, and a corrected one must not be answered with that refusal.
  key: (given) =>
    [given.baseUrl, given.tenant, given.clientId, given.clientSecret, given.tokenEndpointAuthMethod, given.apiVersion].join(" "),
  secrets: (given) => [given.clientSecret, basicCredentials(given)],
  // No limit is published, so only the calls in flight are bounded: a place is free again at once.
  limits: ({ concurrency }) => ({ requests: concurrency, windowMs: 0, concurrency }),
  dialect: {
    vendor: "HID ActivID",
    requestIdHeader: "x-request-id",
    mediaType: "application/scim+json",
    // A 500 may come after the work was done or be final; only a read is sure to do no harm when repeated.
    repeatsAfter: (status, { method }) => status !== 500 || method === "GET",
    readFailure,
    // A value in use is 409 by SCIM for POST and may be 400 with this type. Source: RFC 7644 sections 3.3 and 3.12.
    isConflict: ({ vendorCode }) => vendorCode?.startsWith("uniqueness") ?? false,
  },
  async fetchToken(client, given) {
    const { clientId, clientSecret, tokenEndpointAuthMethod: method } = given;
    const basic = method === "client_secret_basic";
    const form = { grant_type: "client_credentials", ...(basic ? {} : { client_id: clientId, client_secret: clientSecret }) };
    const { token } = await requestToken(
      client,
      {
        action: "Asking HID ActivID for a token",
        path: `/idp/${encodeURIComponent(given.tenant)}/authn/token`,
        body: new URLSearchParams(form),
        headers: {
          accept: "application/json",
          ...(basic && { authorization: `Basic ${Buffer.from(basicCredentials(given)).toString("base64")}` }),
        },
      },
      {
        refused: `Check activid:clientId (ACTIVID_CLIENT_ID), activid:clientSecret (ACTIVID_CLIENT_SECRET) and activid:tenant, and that the client is registered for ${method} (activid:tokenEndpointAuthMethod). It was tried once only: the server locks a client after a few wrong secrets`,
        unreadable: "Check activid:baseUrl and activid:tenant",
      },
    );
    return token;
  },
  api: (client, tokens, given) => makeApi(client, tokens, given),
};

/** Both parts are encoded before they are joined: the server decodes them, and counts what it misreads as a wrong secret. */
function basicCredentials({ clientId, clientSecret }: ActivIdSettings): string {
  return `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
}

const failureAnswer = z.looseObject({
  schemas: z.array(z.string()).optional(),
  detail: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  scimType: z.string().optional(),
  errorCode: z.union([z.string(), z.number()]).optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

/** A SCIM error, or OAuth's. The code is SCIM's type and the vendor's number; its absence says that the body is no SCIM error. */
function readFailure(body: unknown): Pick<VendorFacts, "vendorCode" | "words"> {
  const { schemas, detail, status, scimType, errorCode, error, error_description } = failureAnswer.safeParse(body).data ?? {};
  const code = [scimType, errorCode].filter((part) => part !== undefined).join(" ");
  const isScim = schemas?.some((schema) => /:messages:2\.0:Error$/i.test(schema));
  return {
    vendorCode: code || (isScim ? `SCIM ${status ?? "error"}` : undefined),
    words: [detail, error, error_description].filter(Boolean).join(" ") || undefined,
  };
}
