/**
 * Takes secrets out of a text that a person will read.
 *
 * In:     the text; secrets as they are, which are also recognised percent-encoded and in base64.
 * Out:    the text with `***` in their place.
 * Errors: none. Strings shorter than four characters are left alone: masking them would shred the text.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < 4) continue;
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")]) clean = clean.replaceAll(form, "***");
  }
  return clean;
}
