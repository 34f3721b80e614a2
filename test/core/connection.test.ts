import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { createServer as createTlsServer } from "node:https";
import { createServer as createSilentServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect } from "../../provider/src/core/connection";
import { ConfigError, LostAnswerError, UnavailableError } from "../../provider/src/core/errors";
import { type Authority, useAuthorities } from "./authority";
import { acme, errorOf, listen, open, proxyTo, type TenantOptions, tenant } from "./http/lab";
import { VirtualClock } from "./virtual-clock";

const HOST = "acme.example.com";

const { corporate, other } = useAuthorities(HOST);

const overTls = ({ server }: Authority, config: Record<string, string> = {}): TenantOptions => ({
  config,
  makeServer: (listener) => createTlsServer(server, listener),
});

const overHttp2 = ({ server }: Authority, config: Record<string, string> = {}): TenantOptions => ({
  config,
  // biome-ignore lint/suspicious/noExplicitAny: with allowHTTP1 its requests are those of node:http.
  makeServer: (listener) => createSecureServer({ ...server, allowHTTP1: true }, listener as any) as any,
});

describe("a server whose authority is not public", () => {
  test("is refused, and the message says how to trust it", async () => {
    const { send, requests, clock } = await tenant(() => 200, overTls(corporate));
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toContain("The server's certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)");
    expect(error.message).toContain("set caFile to that authority's PEM file");
    expect(clock.waits).toEqual([]);
    expect(requests).toHaveLength(0);
  });

  test("is trusted with its caFile", async () => {
    const { send } = await tenant(() => ({ body: { id: "7" } }), overTls(corporate, { caFile: corporate.caFile }));
    expect((await send()).body).toEqual({ id: "7" });
  });

  test("is not trusted with another caFile", async () => {
    const { send } = await tenant(() => 200, overTls(corporate, { caFile: other.caFile }));
    await expect(send()).rejects.toThrow("not trusted");
  });

  test("is trusted beside those that were trusted before", async () => {
    const usual = getCACertificates("default");
    setDefaultCACertificates([readFileSync(other.caFile, "utf8")]);
    onTestFinished(() => setDefaultCACertificates(usual));
    const { send } = await tenant(() => 200, overTls(other, { caFile: corporate.caFile }));
    expect((await send()).status).toBe(200);
  });

  test("is told from one of another name", async () => {
    const { url } = await tenant(() => 200, overTls(corporate));
    const { send } = open(url.replace("127.0.0.1", "localhost"), new VirtualClock(), { caFile: corporate.caFile });
    await expect(send()).rejects.toThrow("certificate is for another host name; check the base URL");
  });
});

test("a server that does not speak TLS is told from one that is not trusted", async () => {
  const { url } = await tenant(() => 200);
  const { send } = open(url.replace("http:", "https:"));
  await expect(send()).rejects.toThrow("The server does not speak TLS (ERR_SSL_");
});

test("a server that does not even shake hands is given up after connectTimeoutSeconds, and any call sent again", async () => {
  let connections = 0;
  const url = await listen(
    createSilentServer((socket) => {
      connections += 1;
      socket.on("error", () => {});
      if (connections > 1) socket.resetAndDestroy();
    }),
  );
  const { client, clock } = open(url.replace("http:", "https:"), new VirtualClock(), { connectTimeoutSeconds: "0.1" });
  const call = client.sendAnonymous({ action: "Creating a widget", method: "POST", path: "/", body: {} });
  await expect(clock.until(call, 4000)).rejects.toThrow(LostAnswerError);
  expect(connections).toBe(2);
});

test("a server that offers HTTP/2 is spoken to in HTTP/1.1, whose failures are known", async () => {
  const { send, requests } = await tenant(() => 200, overHttp2(corporate, { caFile: corporate.caFile }));
  await send();
  expect(requests).toMatchObject([{ httpVersion: "1.1" }]);
});

describe("a proxy", () => {
  test.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"])(
    "from %s leads to a tenant elsewhere, whose certificate is checked by caFile",
    async (name) => {
      const { url, requests } = await tenant(() => 200, overHttp2(corporate));
      const proxy = await proxyTo(url);
      vi.stubEnv(name, proxy.url);
      const { send } = open(`https://${HOST}:${new URL(url).port}`, new VirtualClock(), { caFile: corporate.caFile });
      await send();
      expect(requests).toMatchObject([{ httpVersion: "1.1" }]);
      expect(new Set(proxy.asked)).toEqual(new Set([`${HOST}:${new URL(url).port}`]));
    },
  );

  test("does not make an untrusted tenant trusted", async () => {
    const { url } = await tenant(() => 200, overTls(corporate));
    vi.stubEnv("HTTPS_PROXY", (await proxyTo(url)).url);
    await expect(open(`https://${HOST}:${new URL(url).port}`).send()).rejects.toThrow("not trusted");
  });

  test("is not asked for a tenant on this machine, whatever NO_PROXY says", async () => {
    const { url, asked } = await proxyTo(502);
    vi.stubEnv("HTTPS_PROXY", url);
    vi.stubEnv("HTTP_PROXY", url);
    await (await tenant(() => 200)).send();
    await (await tenant(() => 200, overTls(corporate, { caFile: corporate.caFile }))).send();
    expect(asked).toEqual([]);
  });

  test("that refuses the tunnel is named as what to check, and asked again, because the tenant saw nothing", async () => {
    const { url, asked } = await proxyTo(502);
    vi.stubEnv("HTTPS_PROXY", url);
    const { client, clock } = open(`https://${HOST}`);
    const error = await errorOf(
      clock.until(client.sendAnonymous({ action: "Creating a widget", method: "POST", path: "/", body: {} }), 4000),
    );
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toMatch(
      /^Creating a widget failed: https:\/\/acme\.example\.com gave no answer: Proxy response \(502\).*any proxy/,
    );
    expect(asked).toHaveLength(5);
  });
});

describe("the base URL", () => {
  const opening = (baseUrl: string) => () => open(baseUrl);

  test.each(["http://acme.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "ftp://127.0.0.1", "http://[::2]"])(
    "%s would send credentials in clear text or is no web address, and is refused",
    (url) => {
      expect(opening(url)).toThrow(ConfigError);
      expect(opening(url)).toThrow("must begin with https://");
    },
  );

  test.each(["http://127.0.0.1:1", "http://127.1.2.3:1", "http://localhost:1", "http://[::1]:1", "https://acme.example.com"])(
    "%s is accepted",
    (url) => {
      expect(opening(url)).not.toThrow();
    },
  );

  test.each(["https://user:pass@acme.example.com", "https://acme.example.com?a=1", "https://acme.example.com#x"])(
    "%s holds too much",
    (url) => {
      expect(opening(url)).toThrow("must hold no user name, query or fragment");
    },
  );

  test("that is no URL is named", () => {
    expect(opening("acme.example.com")).toThrow("The base URL of acme is not a URL: acme.example.com");
  });

  test("may hold a path and end in slashes", async () => {
    const { url, requests, clock } = await tenant(() => 200);
    await open(`${url}/gateway//`, clock).client.sendAnonymous({ action: "Reading", method: "GET", path: "/widgets" });
    expect(requests[0]?.url).toBe("/gateway/widgets");
  });
});

describe("connections", () => {
  const surroundings = (values: Record<string, string>) => ({
    config: { get: (key: string) => values[key], env: {} },
    clock: new VirtualClock(),
    log: { warn: () => {}, progress: () => {} },
  });

  test("to the same tenant share token, limiter and pool, whatever they are called", () => {
    const url = "https://same.example.com";
    const given = surroundings({
      "acme:baseUrl": url,
      "acme:clientSecret": "secret",
      "acme:connections": JSON.stringify({ second: { baseUrl: url, clientSecret: "secret" } }),
    });
    const [first, again, second] = [connect(acme, given), connect(acme, given), connect(acme, given, "second")];
    for (const { api, gather } of [again, second]) {
      expect(api.client).toBe(first.api.client);
      expect(api.tokens).toBe(first.api.tokens);
      expect(gather("widgets")).toBe(first.gather("widgets"));
    }
    expect(first.gather("gadgets")).not.toBe(first.gather("widgets"));
  });

  test("to the same tenant with other settings are refused, because the first one's would count for both", () => {
    const url = "https://differing.example.com";
    const given = surroundings({
      "acme:baseUrl": url,
      "acme:clientSecret": "secret",
      "acme:connections": JSON.stringify({ second: { baseUrl: url, clientSecret: "another", maxWaitSeconds: 7 } }),
    });
    connect(acme, given);
    const error = (() => {
      try {
        connect(acme, given, "second");
      } catch (thrown) {
        return String(thrown);
      }
    })();
    expect(error).toContain("differ in maxWaitSeconds, clientSecret");
    expect(error).not.toContain("another");
  });

  test("to two tenants share nothing", () => {
    const connections = {
      one: { baseUrl: "https://one.example.com", clientSecret: "a" },
      two: { baseUrl: "https://two.example.com", clientSecret: "b" },
    };
    const given = surroundings({ "acme:connections": JSON.stringify(connections) });
    const [one, two] = [connect(acme, given, "one"), connect(acme, given, "two")];
    expect(one.api.client).not.toBe(two.api.client);
    expect(one.api.tokens).not.toBe(two.api.tokens);
    expect(one.gather("widgets")).not.toBe(two.gather("widgets"));
  });

  test("with wrong settings are refused each time, not kept half-made", () => {
    const given = surroundings({ "acme:baseUrl": "http://broken.example.com", "acme:clientSecret": "x" });
    expect(() => connect(acme, given)).toThrow(ConfigError);
    expect(() => connect(acme, given)).toThrow(ConfigError);
  });
});
