import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, vi } from "vitest";

/** A private authority, and a certificate by it, good for a server on this machine or of one other name, and for a client. */
export interface Authority {
  caFile: string;
  certFile: string;
  keyFile: string;
  /** The same for `createServer` of node:https. */
  server: { key: Buffer; cert: Buffer };
}

/** Two that know nothing of each other, for all tests of a file, which no proxy of the machine's own stands in the way of. */
export function useAuthorities(host: string): { corporate: Authority; other: Authority } {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => {
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]) {
      vi.stubEnv(name, undefined);
      vi.stubEnv(name.toLowerCase(), undefined);
    }
    return () => vi.unstubAllEnvs();
  });
  return { corporate: makeAuthority(folder, "corporate", host), other: makeAuthority(folder, "other", host) };
}

/** Makes one; its files have its name and lie in `folder`. */
function makeAuthority(folder: string, name: string, host: string): Authority {
  const file = (end: string) => join(folder, `${name}.${end}`);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", `/CN=${name}`];
  openssl("req", "-x509", ...newKey, "-days", "2", "-keyout", file("ca.key"), "-out", file("ca.pem"));
  openssl("req", ...newKey, "-keyout", file("key"), "-out", file("csr"));
  writeFileSync(file("ext"), `subjectAltName=IP:127.0.0.1,DNS:${host}`);
  const signed = ["-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-set_serial", "1", "-days", "2", "-extfile", file("ext")];
  openssl("x509", "-req", "-in", file("csr"), ...signed, "-out", file("pem"));
  const [caFile, certFile, keyFile] = [file("ca.pem"), file("pem"), file("key")];
  return { caFile, certFile, keyFile, server: { key: readFileSync(keyFile), cert: readFileSync(certFile) } };
}
