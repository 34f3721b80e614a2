/**
 * Takes secrets out of a text that a person will read.
 *
 * In:     the text; secrets as they are, which are also recognised as JSON, addresses, forms and base64 hold them.
 * Out:    the text with `***` in their place.
 * Errors: none. Strings shorter than four characters are left alone: masking them would shred the text.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= 4).flatMap(formsOf);
  // The longest first, because one secret may be the beginning of another.
  return forms.sort((a, b) => b.length - a.length).reduce((clean, form) => clean.replaceAll(form, "***"), text);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    // A form writes some characters differently than an address, and credentials are sent in one.
    new URLSearchParams([["", secret]]).toString().slice(1),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
}
