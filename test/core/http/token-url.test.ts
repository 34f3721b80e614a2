import { createServer } from "node:http";
import { expect, test } from "vitest";
import { connect } from "../../../provider/src/core/connection";
import { ContractError } from "../../../provider/src/core/errors";
import { requestToken } from "../../../provider/src/core/http/token";
import { VirtualClock } from "../virtual-clock";
import { acme, errorOf, listen, tenant } from "./lab";

/** The lab's vendor with a token server at another address. */
const apart = (tokenUrl: string) => ({
  ...acme,
  tokenUrl: () => tokenUrl,
  key: (given: { baseUrl: string }) => `${given.baseUrl} ${tokenUrl}`,
});

function connectTo(baseUrl: string, tokenUrl: string) {
  const given: Record<string, string> = { "acme:baseUrl": baseUrl, "acme:clientSecret": "secret" };
  const log = { warn() {}, progress() {} };
  return connect(apart(tokenUrl), { config: { get: (key) => given[key], env: {} }, clock: new VirtualClock(), log }).api;
}

test("tokens come from their own server where the vendor has one, and calls go to the API's", async () => {
  const api = await tenant(() => ({ body: {} }));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end(JSON.stringify({ access_token: "elsewhere", expires_in: 60 }));
  });
  const { client, tokens } = connectTo(api.url, await listen(server));
  await client.send({ action: "Reading", method: "GET", path: "/widgets" }, tokens);
  expect(asked).toEqual(["POST /token"]);
  expect(api.tokenRequests).toEqual([]);
  expect(api.requests).toMatchObject([{ headers: { authorization: "Bearer elsewhere" } }]);
});

test("the token server's address is as strict as the API's: credentials never leave in clear", () => {
  expect(() => connectTo("https://api.example.com", "http://auth.example.com")).toThrow("must begin with https://");
});

test("what a vendor repeats of a secret in a call's body is masked", async () => {
  const { send } = await tenant(() => ({ status: 400, body: { message: "hunter22 is too short" } }));
  const error = await errorOf(send({ method: "POST", body: { password: "hunter22" }, secrets: ["hunter22"] }));
  expect(error.message).toContain("*** is too short");
});

test("a token endpoint that is not there is never taken for the absence of the object that a call asks for", async () => {
  const server = createServer((_request, response) => {
    response.statusCode = 404;
    response.end(JSON.stringify({ code: "E404", message: "no such page" }));
  });
  const url = await listen(server);
  const given: Record<string, string> = { "acme:baseUrl": url, "acme:clientSecret": "secret" };
  const vendor: typeof acme = {
    ...acme,
    async fetchToken(client) {
      const call = { action: "Asking Acme for a token", path: "/token", body: new URLSearchParams() };
      return (await requestToken(client, call, { refused: "Check the secret", unreadable: "Check the address" })).token;
    },
  };
  const log = { warn() {}, progress() {} };
  const { client, tokens } = connect(vendor, { config: { get: (key) => given[key], env: {} }, clock: new VirtualClock(), log }).api;
  const error = await client.send({ action: "Reading", method: "GET", path: "/widgets/1" }, tokens).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(ContractError);
  expect((error as Error).message).toBe("Asking Acme for a token failed: HTTP 404, E404, no such page. Check the address (IDP_CONTRACT).");
});
