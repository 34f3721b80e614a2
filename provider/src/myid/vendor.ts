import { z } from "zod";
import type { Settings } from "../core/config";
import { ConfigError, type VendorFacts } from "../core/errors";
import { requestToken } from "../core/http/token";
import type { Vendor } from "../core/vendor";
import { type MyIdApi, makeApi } from "./api";

/** Settings of a MyID server's connection, in the stack configuration under `myid:`. The names of the variables are this library's own. */
export const settings = {
  server: {
    description: "host name of the MyID server",
    example: "myid.example.com",
    schema: z
      .string()
      .regex(/^[a-z0-9.-]+(:\d+)?$/i, "must be the bare host name, such as myid.example.com")
      .optional(),
  },
  baseUrl: {
    description: "address of the MyID server, instead of its name",
    example: "https://myid.example.com",
    env: "MYID_BASE_URL",
    schema: z.string().optional(),
  },
  authBaseUrl: {
    description: "address of the server that has web.oauth2, where that is another one",
    example: "https://auth.example.com",
    env: "MYID_AUTH_BASE_URL",
    schema: z.string().optional(),
  },
  clientId: {
    description: "id of a client registered in web.oauth2 with a MyIDLogonName",
    example: "identity.as.code",
    env: "MYID_CLIENT_ID",
    schema: z.string("is required"),
  },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "MYID_CLIENT_SECRET",
    secret: true,
    schema: z.string("is required"),
  },
};

export type MyIdSettings = Settings<typeof settings>;

export const myId: Vendor<typeof settings, MyIdApi> = {
  name: "myid",
  prefix: "MyId",
  settings,
  baseUrl: serverAddress,
  // Usually the same server. Source: MyID Core API guide, section 3.3, prints the token endpoint's address as a whole.
  tokenUrl: (given) => given.authBaseUrl?.replace(/(\/web\.oauth2(\/connect(\/token)?)?)?\/*$/i, "") ?? serverAddress(given),
  key: (given) => [serverAddress(given), given.clientId].join(" "),
  secrets: (given) => [given.clientSecret],
  // The vendor names no limit, so there is no window, and only few calls at a time for a server that people work with. Source: assumed.
  limits: () => ({ requests: 4, windowMs: 0, concurrency: 4 }),
  dialect: {
    vendor: "MyID",
    requestIdHeader: "x-request-id",
    readFailure,
    repeatsAfter: (status) => status >= 502 && status <= 504,
  },
  async fetchToken(client, given) {
    // Every token is a row in the server's Logons table, so one is kept as long as it lives. Source: MyID Core API guide, section 5.1.
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      scope: "myid.rest.basic",
      client_id: given.clientId,
      client_secret: given.clientSecret,
    });
    const refused =
      "Check myid:clientId (MYID_CLIENT_ID) and myid:clientSecret (MYID_CLIENT_SECRET); the client must be registered in web.oauth2 with a MyIDLogonName, and the role of that user needs the logon mechanism Client Credentials OAuth2";
    const { token } = await requestToken(
      client,
      { action: "Asking MyID for a token", path: "/web.oauth2/connect/token", body, rights: refused },
      { refused, unreadable: "Check that the base URL is the MyID server's; if web.oauth2 is on another one, set myid:authBaseUrl" },
    );
    return token;
  },
  api: (client, tokens, given) => makeApi(client, tokens, serverAddress(given)),
};

function serverAddress(given: Pick<MyIdSettings, "server" | "baseUrl">): string {
  const fromName = given.server && `https://${given.server}`;
  // The documentation prints the API's own address, which is below the server's.
  const fromUrl = given.baseUrl?.replace(/(\/rest\.core(\/api)?)?\/*$/i, "");
  if (fromName && fromUrl && fromName !== fromUrl) {
    throw new ConfigError(
      `Two MyID servers are configured: myid:server means ${fromName}, the base URL is ${fromUrl}`,
      "Remove one of myid:server, myid:baseUrl and MYID_BASE_URL",
    );
  }
  const address = fromName ?? fromUrl;
  if (address === undefined) {
    throw new ConfigError(
      "The MyID server is not configured",
      "Run `pulumi config set myid:server myid.example.com`, or `pulumi config set myid:baseUrl https://myid.example.com`, or set MYID_BASE_URL",
    );
  }
  return address;
}

const text = z.string().optional().catch(undefined);
const failureAnswer = z.looseObject({ code: text, message: text, error: text, error_description: text });

/** The error body of the API or that of OAuth. The codes are opaque. Source: MyID error code guide, section 7. */
function readFailure(body: unknown): Pick<VendorFacts, "vendorCode" | "words" | "trackingId"> {
  const parsed = failureAnswer.safeParse(body);
  if (!parsed.success) return {};
  const { code, message, error, error_description } = parsed.data;
  return { vendorCode: code, words: [message, error, error_description].filter(Boolean).join(" ") || undefined };
}
