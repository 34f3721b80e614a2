import { z } from "zod";
import { httpSettings, type Settings } from "../core/config";
import type { VendorFacts } from "../core/errors";
import { requestToken } from "../core/http/token";
import type { Vendor } from "../core/vendor";
import { type ActivIdApi, makeApi } from "./api";
import { AUTH_METHODS, basicCredentials, signingKeyFault, tokenRequest } from "./client-auth";

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
    description: "its secret, for client_secret_basic and client_secret_post",
    example: "<secret>",
    env: "ACTIVID_CLIENT_SECRET",
    secret: true,
    schema: z.string().optional(),
    needed: ({ tokenEndpointAuthMethod: method = "client_secret_basic" }: Record<string, unknown>) =>
      /^client_secret_(basic|post)$/.test(String(method)),
  },
  privateKey: {
    description: "the RSA key, in PEM and without a passphrase, whose certificate is registered for the client; for private_key_jwt",
    example: "< client.key",
    env: "ACTIVID_PRIVATE_KEY",
    secret: true,
    schema: z
      .string()
      .superRefine((pem, context) => {
        const fault = signingKeyFault(pem);
        if (fault !== undefined) context.addIssue(fault);
      })
      .optional(),
    needed: ({ tokenEndpointAuthMethod }: Record<string, unknown>) => tokenEndpointAuthMethod === "private_key_jwt",
  },
  certFile: {
    ...httpSettings.certFile,
    needed: (given: Record<string, unknown>) =>
      given.tokenEndpointAuthMethod === "client_secret_pki" || httpSettings.certFile.needed(given),
  },
  tokenEndpointAuthMethod: {
    description:
      "how the client authenticates when it asks for a token, as registered there: client_secret_basic, client_secret_post, private_key_jwt (signs with privateKey) or client_secret_pki (mutual TLS with certFile and keyFile)",
    example: "client_secret_basic",
    env: "ACTIVID_TOKEN_ENDPOINT_AUTH_METHOD",
    schema: z
      .enum(Object.keys(AUTH_METHODS) as (keyof typeof AUTH_METHODS)[], `must be one of ${Object.keys(AUTH_METHODS).join(", ")}`)
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
  baseUrl: address,
  // The secret too: a refused one is remembered, and a corrected one must not be answered with that refusal.
  key: ({ baseUrl, tenant, clientId, clientSecret, privateKey, certFile, tokenEndpointAuthMethod, apiVersion }) =>
    [baseUrl, tenant, clientId, clientSecret, privateKey, certFile, tokenEndpointAuthMethod, apiVersion].join(" "),
  secrets: (given) => [
    ...(given.clientSecret === undefined ? [] : [given.clientSecret, basicCredentials(given)]),
    ...(given.privateKey === undefined ? [] : [given.privateKey]),
  ],
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
    const method = given.tokenEndpointAuthMethod;
    const path = `/idp/${encodeURIComponent(given.tenant)}/authn/token`;
    const { headers, ...request } = tokenRequest(given, `${address(given)}${path}`);
    const { token } = await requestToken(
      client,
      { action: "Asking HID ActivID for a token", path, headers: { accept: "application/json", ...headers }, ...request },
      {
        refused: `Check activid:clientId (ACTIVID_CLIENT_ID), ${AUTH_METHODS[method]} and activid:tenant, and that the client is registered for ${method} (activid:tokenEndpointAuthMethod). It was tried once only: the server locks a client after a few wrong secrets`,
        unreadable: "Check activid:baseUrl and activid:tenant",
      },
    );
    return token;
  },
  api: (client, tokens, given) => makeApi(client, tokens, given),
};

function address({ baseUrl }: ActivIdSettings): string {
  return baseUrl.replace(/\/+$/, "");
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
