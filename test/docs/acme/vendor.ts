import { z } from "zod";
import type { Settings } from "../../../provider/src/core/config";
import { requestToken } from "../../../provider/src/core/http/token";
import type { Vendor } from "../../../provider/src/core/vendor";
import { type AcmeApi, makeApi } from "./api";

/** Settings of an Acme site's connection, in the stack configuration under `acme:`. */
export const settings = {
  baseUrl: {
    description: "address of the site",
    example: "https://acme.example.com",
    env: "ACME_BASE_URL",
    schema: z.string("is required"),
  },
  clientId: { description: "id of a client", example: "0123", env: "ACME_CLIENT_ID", schema: z.string("is required") },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "ACME_CLIENT_SECRET",
    secret: true,
    schema: z.string("is required"),
  },
};

/** Acme, makers of doors. */
export const acme: Vendor<typeof settings, AcmeApi> = {
  name: "acme",
  prefix: "Acme",
  settings,
  baseUrl: (given) => given.baseUrl,
  // Connections with the same key share one token and one limiter: whatever the vendor counts calls by.
  key: (given) => [given.baseUrl, given.clientId].join(" "),
  secrets: (given) => [given.clientSecret],
  // 50 calls in 10 s for each client. Source: Acme API, Limits.
  limits: () => ({ requests: 50, windowMs: 10_000, concurrency: 8 }),
  dialect: {
    vendor: "Acme",
    requestIdHeader: "acme-request-id",
    readFailure(body) {
      const { code, message } = failureAnswer.safeParse(body).data ?? {};
      return { vendorCode: code, words: message };
    },
  },
  async fetchToken(client, { clientId, clientSecret }: Settings<typeof settings>) {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret });
    const { token } = await requestToken(
      client,
      { action: "Asking Acme for a token", path: "/token", body },
      { refused: "Check acme:clientId and acme:clientSecret", unreadable: "Check acme:baseUrl" },
    );
    return token;
  },
  api: makeApi,
};

const failureAnswer = z.looseObject({ code: z.string().optional(), message: z.string().optional() });
