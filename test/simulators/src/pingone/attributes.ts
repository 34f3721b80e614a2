import { invalid, type Refusal } from "./errors.js";

type Rule = (value: unknown) => string | undefined;

const text =
  (max: number, min = 1): Rule =>
  (value) => {
    if (typeof value !== "string") return "must be a string";
    // Characters, not halves of them (assumed).
    const length = [...value].length;
    return length < min || length > max ? `must have ${min} to ${max} characters` : undefined;
  };
const phone: Rule = (value) => text(32)(value) ?? (/\d/.test(String(value)) ? undefined : "must hold a digit");
const country: Rule = (value) => (/^[A-Z]{2}$/.test(String(value)) ? undefined : "must be two capital letters");
const url: Rule = (value) => (/^https?:\/\/./.test(String(value)) ? undefined : "must be an http or https URL");

/** Source: PingOne admin guide, Platform limits; what is counted is assumed. */
const MAX_PROFILE_BYTES = 16 * 1024;

/** The standard attributes a client may write, with their rules; objects by member. Source: PingOne API, Users, data model. */
const STANDARD: Record<string, Rule | Record<string, Rule>> = {
  username: text(128),
  email: text(256),
  name: {
    formatted: text(256),
    given: text(256),
    family: text(256),
    middle: text(256),
    honorificPrefix: text(256),
    honorificSuffix: text(256),
  },
  nickname: text(256),
  title: text(256),
  type: text(256),
  address: { streetAddress: text(256), locality: text(256), region: text(256), postalCode: text(40), countryCode: country },
  primaryPhone: phone,
  mobilePhone: phone,
  locale: text(256),
  preferredLanguage: text(256),
  timezone: text(256),
  photo: { href: url },
  externalId: text(1024),
  accountId: text(256),
};

/**
 * What the vendor keeps of a body: known attributes by exact name and case, everything else dropped without a word; null and empty objects
 * are absent; fractions of numbers are cut off.
 *
 * Errors: 400 that names the attribute whose value breaks a rule, or the whole user when it is too large.
 */
export function accepted(body: Record<string, unknown>, customNames: readonly string[]): Record<string, unknown> & { username: string } {
  const kept: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(STANDARD)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof rule === "function") {
      kept[name] = checked(name, value, rule);
      continue;
    }
    if (typeof value !== "object") throw invalid(name, "must be an object");
    const members = Object.entries(rule).flatMap(([member, inner]) => {
      const given = (value as Record<string, unknown>)[member];
      return given === undefined || given === null ? [] : [[member, checked(`${name}.${member}`, given, inner)]];
    });
    if (members.length > 0) kept[name] = Object.fromEntries(members);
  }
  for (const name of customNames) {
    const value = body[name];
    if (value !== undefined && value !== null && value !== "") kept[name] = wholeNumbers(value);
  }
  if (kept.username === undefined) throw invalid("username", "must not be empty", "REQUIRED_VALUE");
  if (Buffer.byteLength(JSON.stringify(kept)) > MAX_PROFILE_BYTES)
    throw invalid("user", "the profile is larger than 16 KB", "SIZE_LIMIT_EXCEEDED");
  return kept as Record<string, unknown> & { username: string };
}

function checked(target: string, value: unknown, rule: Rule): unknown {
  const fault = rule(value);
  if (fault) throw invalid(target, fault) as Refusal;
  return value;
}

function wholeNumbers(value: unknown): unknown {
  if (typeof value === "number") return Math.trunc(value);
  if (Array.isArray(value)) return value.map(wholeNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wholeNumbers(inner)]));
}
