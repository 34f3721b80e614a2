import { createServer } from "node:http";
import { expect, test } from "vitest";
import { connect } from "../../../provider/src/core/connection";
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
  return connect(apart(tokenUrl), { config: { get: (key) => given[key], env: {} }, clock: new VirtualClock(), log });
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
