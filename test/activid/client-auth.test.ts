/** The ways in which a client without a secret says who it is: a statement that it signs, and a certificate that it shows. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ActivIdSimulator, startActivId } from "identity-simulators";
import { afterAll, describe, expect, test } from "vitest";
import { activId, settings } from "../../provider/src/activid/vendor";
import { httpSettings, readSettings } from "../../provider/src/core/config";
import { bindTo, failure, MINIMAL, startHost } from "./fixture";

/** A pair of keys in PEM. */
function keys(kind: "rsa" | "ec", passphrase?: string) {
  const { publicKey, privateKey } =
    kind === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2048 }) : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const locked = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    privateKey: privateKey.export({ type: "pkcs8", format: "pem", ...locked }).toString(),
  };
}
const [RSA, OTHER, EC, LOCKED] = [keys("rsa"), keys("rsa"), keys("ec"), keys("rsa", "x")];

const folder = mkdtempSync(join(tmpdir(), "client-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe("private_key_jwt", () => {
  const METHOD = { tokenEndpointAuthMethod: "private_key_jwt", clientSecret: "" };
  const start = () =>
    startActivId({ clients: [{ clientId: "signer", clientSecret: "", authMethod: "private_key_jwt", publicKey: RSA.publicKey }] });

  test("signs for the token, in the provider process, and shows neither key nor statement", async () => {
    await using tenant = await start();
    await using host = await startHost(tenant, "activid:User", { ...METHOD, privateKey: RSA.privateKey });
    await host.resource().up(MINIMAL);
    const [request] = tenant.requests;
    expect(request).toMatchObject({
      path: "/idp/ACME/authn/token",
      body: {
        grant_type: "client_credentials",
        client_id: "signer",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: "***",
      },
    });
    expect(request?.headers).not.toHaveProperty("authorization");
  });

  test("signs anew when an answer is lost, because no statement counts twice", async () => {
    await using tenant = await start();
    tenant.faults.add({ path: /token$/, when: "after", action: "drop" });
    tenant.faults.add({ path: /token$/, when: "after", action: { status: 503 } });
    await bindTo(tenant, "User", { ...METHOD, privateKey: RSA.privateKey }).provider.create(MINIMAL);
    expect(tenant.requests.filter(({ path }) => path.endsWith("/token")).map(({ status }) => status)).toEqual([undefined, 503, 200]);
  });

  test("with another key is refused once, and the message says what to look at", async () => {
    await using tenant = await start();
    const { provider } = bindTo(tenant, "User", { ...METHOD, privateKey: OTHER.privateKey });
    const message = await failure(provider.create(MINIMAL));
    expect(message).toContain("activid:privateKey (ACTIVID_PRIVATE_KEY), the clock of this machine");
    expect(message).toContain("registered for private_key_jwt");
    await failure(provider.create(MINIMAL));
    expect(tenant.requests).toHaveLength(1);
  });
});

describe("client_secret_pki", () => {
  const start = () => startActivId({ https: true, clients: [{ clientId: "holder", clientSecret: "", authMethod: "client_secret_pki" }] });
  const leadingTo = ({ tls }: ActivIdSimulator, shown = tls) => ({
    tokenEndpointAuthMethod: "client_secret_pki",
    clientSecret: "",
    caFile: file("ca.pem", String(tls?.ca)),
    certFile: file("client.pem", String(shown?.client.cert)),
    keyFile: file("client.key", String(shown?.client.key)),
  });

  test("shows the certificate for the token, in the provider process", async () => {
    await using tenant = await start();
    await using host = await startHost(tenant, "activid:User", leadingTo(tenant));
    await host.resource().up(MINIMAL);
    expect(tenant.requests[0]?.body).toEqual({ grant_type: "urn:hid:oauth:grant-type:client-secret-pki", client_id: "holder" });
    expect(tenant.dump().users).toHaveLength(1);
  });

  test("with a certificate of somebody else is refused, and the message says what to look at", async () => {
    await using tenant = await start();
    await using other = await start();
    const message = await failure(bindTo(tenant, "User", leadingTo(tenant, other.tls)).provider.create(MINIMAL));
    expect(message).toContain("activid:certFile and activid:keyFile");
    expect(message).toContain("registered for client_secret_pki");
    expect(tenant.dump().users).toEqual([]);
  });
});

describe("settings", () => {
  const read = (given: Record<string, string>) =>
    readSettings(
      "activid",
      { ...httpSettings, ...settings },
      {
        get: (key) => ({ baseUrl: "https://h.example", tenant: "ACME", clientId: "id", ...given })[key.replace("activid:", "")],
        env: {},
      },
    );

  test.each([
    ["client_secret_basic", "clientSecret", "or set ACTIVID_CLIENT_SECRET"],
    ["client_secret_post", "clientSecret", "or set ACTIVID_CLIENT_SECRET"],
    ["private_key_jwt", "privateKey", `pulumi config set --secret 'activid:privateKey' < client.key\`, or set ACTIVID_PRIVATE_KEY`],
    ["client_secret_pki", "certFile", "pulumi config set 'activid:certFile' /etc/ssl/client.pem"],
  ])("%s needs %s", (tokenEndpointAuthMethod, key, command) => {
    expect(() => read({ tokenEndpointAuthMethod })).toThrow(new RegExp(`^[^\n]*\n[^\n]*activid:${key} is missing[^\n]*$`));
    expect(() => read({ tokenEndpointAuthMethod })).toThrow(command);
  });

  test.each([
    ["of another kind", EC.privateKey, "must hold an RSA key, not one of type ec"],
    ["with a passphrase", LOCKED.privateKey, "holds a private key with a passphrase; take it off"],
    ["that is public", RSA.publicKey, "holds no PEM private key"],
    ["that is cut off", RSA.privateKey.slice(0, 200), "holds no private key that can be read"],
  ])("refuse a key %s without showing it", (_what, privateKey, reason) => {
    const reading = () => read({ tokenEndpointAuthMethod: "private_key_jwt", privateKey });
    expect(reading).toThrow(`activid:privateKey is wrong: ${reason}`);
    expect(reading).not.toThrow(privateKey.split("\n")[1]);
  });

  test("the key is a secret", () => {
    const given = read({ tokenEndpointAuthMethod: "private_key_jwt", privateKey: RSA.privateKey });
    expect(activId.secrets(given as never)).toEqual([RSA.privateKey]);
  });
});
