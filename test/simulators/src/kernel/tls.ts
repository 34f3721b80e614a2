import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What a server needs to speak TLS, and the authority its callers have to trust. All in PEM. */
export interface Tls {
  key: string;
  cert: string;
  /** The private authority that signed the certificate; no system trusts it unless told to. */
  ca: string;
  /** Somebody whom the authority vouches for, and who may so make itself known to the server. */
  client: { key: string; cert: string };
}

const DAY_MS = 86_400_000;

/**
 * Makes a private certificate authority and a certificate of it for the loopback addresses, both new and valid for a day around now.
 *
 * Source: RFC 5280 section 4.1, in DER (ITU-T X.690).
 */
export function privateTls(): Tls {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const client = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name: "Identity Simulators CA", key: authority.privateKey };
  const pem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();
  return {
    key: pem(server.privateKey),
    cert: certificate("localhost", server.publicKey, issuer, [subjectAltNames("localhost", [127, 0, 0, 1])]),
    ca: certificate(issuer.name, authority.publicKey, issuer, [basicConstraints(), subjectKeyId(authority.publicKey)]),
    client: { key: pem(client.privateKey), cert: certificate("client", client.publicKey, issuer, []) },
  };
}

function certificate(subject: string, publicKey: KeyObject, issuer: { name: string; key: KeyObject }, extensions: Buffer[]): string {
  const now = Date.now();
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    // The first bit must not be set, or the number would be negative.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    distinguishedName(issuer.name),
    sequence(time(now - DAY_MS), time(now + DAY_MS)),
    distinguishedName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign("sha256", body, issuer.key);
  const text = sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature)).toString("base64");
  const lines = text.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

// One value in DER: tag, length, content.
function der(tag: number, ...content: Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const length =
    bytes.length < 0x80 ? [bytes.length] : bytes.length < 0x100 ? [0x81, bytes.length] : [0x82, bytes.length >> 8, bytes.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), bytes]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
// Two digits of the year, as it must be until 2049.
const time = (ms: number) =>
  der(
    0x17,
    Buffer.from(
      new Date(ms)
        .toISOString()
        .slice(2)
        .replace(/[-:T]|\.\d+/g, ""),
    ),
  );
const distinguishedName = (commonName: string) => sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));
const extension = (id: string, value: Buffer) => sequence(oid(id), der(0x04, value));
const basicConstraints = () => extension("551d13", sequence(der(0x01, Buffer.from([0xff]))));
const subjectKeyId = (key: KeyObject) =>
  extension(
    "551d0e",
    der(
      0x04,
      createHash("sha1")
        .update(key.export({ type: "spki", format: "der" }))
        .digest(),
    ),
  );
const subjectAltNames = (dns: string, ip: number[]) =>
  extension("551d11", sequence(der(0x82, Buffer.from(dns)), der(0x87, Buffer.from(ip))));
const ECDSA_SHA256 = sequence(oid("2a8648ce3d040302"));
