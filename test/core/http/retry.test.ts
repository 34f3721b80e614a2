import { describe, expect, test } from "vitest";
import { certificateTrouble, isRefusedCertificate, wasNeverSent, wasPerhapsSent } from "../../../provider/src/core/http/retry";

const never = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_ABORTED"];
const perhaps = [
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "HPE_INVALID_CONSTANT",
  "HTTPParserError",
  "UND_ERR_SOCKET",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_HEADERS_OVERFLOW",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
];
const certificate = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_SSL_WRONG_VERSION_NUMBER",
];
const nobodyKnows = ["TypeError", "UND_ERR_INVALID_ARG", "UND_ERR_SOCKETS", "ENOENT"];

describe("a failure of the network is of one kind", () => {
  test.each([
    ...never.map((code) => [code, [true, false, false]] as const),
    ...perhaps.map((code) => [code, [false, true, false]] as const),
    ...certificate.map((code) => [code, [false, false, true]] as const),
    ...nobodyKnows.map((code) => [code, [false, false, false]] as const),
  ])("%s", (code, kinds) => {
    expect([wasNeverSent(code), wasPerhapsSent(code), isRefusedCertificate(code)]).toEqual(kinds);
  });
});

test.each([
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "set caFile"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "another host name; check the base URL"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "does not speak TLS"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "set certFile and keyFile"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "set certFile and keyFile"],
])("%s gets advice of its own", (code, advice) => {
  expect(certificateTrouble(code)).toContain(advice);
});
