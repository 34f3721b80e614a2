/** How often a call that may be repeated is sent before its failure is reported. */
export const MAX_ATTEMPTS = 5;

/** The vendor never saw the call: any method may be sent again. Source: Node.js `net` and `dns` error codes; undici Errors.md. */
export function wasNeverSent(code: string | undefined): boolean {
  return ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"].includes(code ?? "");
}

/** The connection broke or stayed silent, and the vendor may have done the work. Source: as above. */
export function wasPerhapsSent(code: string | undefined): boolean {
  return /^(ECONNRESET|EPIPE|ETIMEDOUT|HPE_|UND_ERR_(SOCKET|HEADERS_TIMEOUT|BODY_TIMEOUT|RES_CONTENT_LENGTH_MISMATCH|DESTROYED|CLOSED)$)/.test(
    code ?? "",
  );
}

/** The server's certificate is not trusted; repeating changes nothing. Source: Node.js `tls` error codes (X509 certificate errors). */
export function isRefusedCertificate(code: string | undefined): boolean {
  return /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_|HOSTNAME_MISMATCH|INVALID_CA|ERR_SSL_)/.test(code ?? "");
}

export function certificateTrouble(code: string | undefined): string {
  return `The server's certificate is not trusted (${code}); if it is signed by your own authority, set caFile to that authority's PEM file`;
}
