/** How often a call that may be repeated is sent before its failure is reported. */
export const MAX_ATTEMPTS = 5;

/**
 * The vendor never saw the call: any method may be sent again.
 * Source: Node.js `net` and `dns` error codes; undici Errors.md, where UND_ERR_ABORTED is a proxy that refuses the tunnel.
 */
export function wasNeverSent(code: string): boolean {
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_(CONNECT_TIMEOUT|ABORTED|PRX_TLS|PRX_CONN))$/.test(code);
}

/** The connection broke, stayed silent or spoke something else, and the vendor may have done the work. Source: as above. */
export function wasPerhapsSent(code: string): boolean {
  return /^(ECONNRESET|EPIPE|ETIMEDOUT|HPE_.*|HTTPParserError|UND_ERR_(SOCKET|(HEADERS|BODY)_TIMEOUT|HEADERS_OVERFLOW|RES_CONTENT_LENGTH_MISMATCH|DESTROYED|CLOSED))$/.test(
    code,
  );
}

/** There is no trusted TLS connection; repeating changes nothing. Source: Node.js `tls` error codes (X509 certificate errors). */
export function isRefusedCertificate(code: string): boolean {
  return /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_)/.test(code);
}

/** What to do about it. */
export function certificateTrouble(code: string): string {
  if (/_ALERT_(.*CERTIFICATE.*|UNKNOWN_CA|HANDSHAKE_FAILURE)$/.test(code))
    return `The server refuses the connection (${code}); if it asks for a client certificate, set certFile and keyFile to one that it accepts`;
  if (code.startsWith("ERR_SSL_")) return `The server does not speak TLS (${code}); check scheme and port of the base URL, and any proxy`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "The server's certificate is for another host name; check the base URL";
  return `The server's certificate is not trusted (${code}); if it is signed by your own authority, set caFile to that authority's PEM file`;
}
