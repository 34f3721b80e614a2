import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Authority, useAuthorities } from "./authority";
import { open, proxyTo, type TenantOptions, tenant } from "./http/lab";
import { VirtualClock } from "./virtual-clock";

const HOST = "acme.example.com";

const { corporate, other } = useAuthorities(HOST);

describe("a server that asks for a client certificate", () => {
  const asking = ({ server, caFile }: Authority, config: Record<string, string> = {}): TenantOptions => ({
    config: { caFile, ...config },
    makeServer: (listener) => createTlsServer({ ...server, ca: readFileSync(caFile), requestCert: true }, listener),
  });
  const identity = ({ certFile, keyFile }: Authority) => ({ certFile, keyFile });

  test("is given the one of certFile and keyFile, for tokens and through a proxy too", async () => {
    const { url, send, tokenRequests } = await tenant(() => 200, asking(corporate, identity(corporate)));
    await send();
    expect(tokenRequests).toHaveLength(1);
    vi.stubEnv("HTTPS_PROXY", (await proxyTo(url)).url);
    const config = { caFile: corporate.caFile, ...identity(corporate) };
    expect((await open(`https://${HOST}:${new URL(url).port}`, new VirtualClock(), config).send()).status).toBe(200);
  });

  test.each([
    ["none", () => ({})],
    ["one of another authority", () => identity(other)],
  ])("and gets %s is told from one that speaks no TLS", async (_what, config) => {
    // A refusal over TLS 1.3 comes after the handshake, and undici says no more of it than that the other side has closed.
    const { certFile, keyFile, caFile } = corporate;
    const files = ["-cert", certFile, "-key", keyFile, "-CAfile", caFile];
    const server = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", "-tls1_2", "-Verify", "1", "-verify_return_error", ...files]);
    onTestFinished(() => void server.kill());
    const port = await new Promise<string>((resolve) =>
      createInterface({ input: server.stdout }).on("line", (line) => {
        const [, found] = /^ACCEPT .*:(\d+)$/.exec(line) ?? [];
        if (found) resolve(found);
      }),
    );
    const { send } = open(`https://127.0.0.1:${port}`, new VirtualClock(), { caFile, ...config() });
    await expect(send()).rejects.toThrow("if it asks for a client certificate, set certFile and keyFile");
  });

  test("is never asked with a key that is another certificate's, or with one of the two alone", () => {
    const config = { certFile: corporate.certFile, keyFile: other.keyFile };
    expect(() => open(`https://${HOST}`, new VirtualClock(), config)).toThrow(
      "The private key of acme:keyFile is not that of the certificate in acme:certFile",
    );
    for (const [given, missing] of [
      ["certFile", "keyFile"],
      ["keyFile", "certFile"],
    ] as const)
      expect(() => open(`https://${HOST}`, new VirtualClock(), { [given]: corporate[given] })).toThrow(`acme:${missing} is missing`);
  });
});
