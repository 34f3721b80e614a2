/**
 * The strings that stand for a value not known yet, by kind of value.
 * Source: Pulumi SDK for Go, package common/resource/plugin (UnknownBoolValue to UnknownObjectValue); the Node.js SDK sends the second.
 */
const UNKNOWN = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value is not known yet, as in the preview of a program whose inputs come from objects still to be made. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN.has(value);
}

/** A text for people, in which values that are not known yet say so, with the quotes around them. */
export function readable(text: string): string {
  return text.replace(/"?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"?/g, (found, value) =>
    isUnknown(value) ? "(not known yet)" : found,
  );
}

/** Whether a value is, or holds at any depth, a value not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(hasUnknown);
}
