import { Refusal } from "./errors.js";
import type { StoredUser } from "./types.js";

const USER_ATTRIBUTE = "urn:hid:scim:api:idp:2.0:userattribute:attributes.";
const TEXT = ["eq", "co", "ew", "sw", "pr"];

interface Field {
  operators: string[];
  read(user: StoredUser): (string | undefined)[];
}

const attribute = (user: StoredUser, name: string) => user.attributes.filter((entry) => entry.name === name).flatMap(({ value }) => value);

/** Fields by name in lower case: SCIM does not tell cases apart. */
const FIELDS: Record<string, Field> = {
  username: { operators: TEXT, read: (user) => [user.userName] },
  externalid: { operators: TEXT, read: (user) => [user.externalId] },
  displayname: { operators: TEXT, read: (user) => [[...attribute(user, "FIRSTNAME"), ...attribute(user, "LASTNAME")].join(" ")] },
  role: { operators: TEXT, read: (user) => user.roles },
  "groups.value": { operators: ["eq"], read: (user) => [user.group] },
  usertype: { operators: ["eq"], read: (user) => [user.userType] },
  id: { operators: ["eq"], read: (user) => [user.id] },
  title: { operators: ["eq"], read: (user) => [user.title] },
  active: { operators: ["eq"], read: (user) => [String(user.active)] },
  "name.givenname": { operators: ["eq"], read: (user) => attribute(user, "FIRSTNAME") },
  "name.familyname": { operators: ["eq"], read: (user) => attribute(user, "LASTNAME") },
  "emails.value": { operators: ["eq"], read: (user) => attribute(user, "ATR_EMAIL") },
};

type Predicate = (user: StoredUser) => boolean;

/**
 * Compiles a filter: comparisons joined by `and`, and parentheses. `*` stands for anything, even with `eq`, and values are compared without case.
 *
 * Errors: Refusal invalidFilter, also for `userType` without `searchRepositories`.
 */
export function parseFilter(filter: string, searchRepositories: boolean): Predicate {
  const tokens = [...filter.matchAll(/\s*([()]|"(?:[^"\\]|\\.)*"|[^\s()]+)/g)].map(([, token]) => token ?? "");
  let at = 0;
  const invalid = (why: string) => new Refusal(400, `Invalid filter ${filter}: ${why}`, "invalidFilter");
  const next = () => {
    const token = tokens[at++];
    if (token === undefined) throw invalid("it ends too soon");
    return token;
  };
  const value = () => {
    const token = next();
    return token.startsWith('"') ? (JSON.parse(token) as string) : token;
  };

  function all(): Predicate {
    const parts = [single()];
    while (tokens[at]?.toLowerCase() === "and") {
      at += 1;
      parts.push(single());
    }
    return (user) => parts.every((part) => part(user));
  }

  function single(): Predicate {
    const token = next();
    if (token === "(") {
      const inner = all();
      if (next() !== ")") throw invalid(") is missing");
      return inner;
    }
    if (token.toLowerCase() === `${USER_ATTRIBUTE}name`) return attributeCriterion();
    const field = FIELDS[token.toLowerCase()];
    const operator = next().toLowerCase();
    if (!field?.operators.includes(operator)) throw invalid(`${token} ${operator} is not supported`);
    if (token.toLowerCase() === "usertype" && !searchRepositories) throw invalid("userType needs searchRepositories");
    if (operator === "pr") return (user) => field.read(user).some(Boolean);
    const matches = matcher(operator, value());
    return (user) => field.read(user).some((text) => text !== undefined && matches(text));
  }

  /** `…name eq X and …value eq Y` is one criterion. */
  function attributeCriterion(): Predicate {
    if (next() !== "eq") throw invalid("attributes.name takes eq only");
    const name = value();
    if (next().toLowerCase() !== "and" || next().toLowerCase() !== `${USER_ATTRIBUTE}value` || next() !== "eq")
      throw invalid("attributes.name must be followed by and attributes.value eq");
    const matches = matcher("eq", value());
    return (user) => attribute(user, name).some(matches);
  }

  const predicate = all();
  if (at < tokens.length) throw invalid(`unexpected ${tokens[at]}`);
  return predicate;
}

function matcher(operator: string, wanted: string): (text: string) => boolean {
  const [before, after] = [["co", "ew"].includes(operator) ? ".*" : "", ["co", "sw"].includes(operator) ? ".*" : ""];
  const body = wanted
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const pattern = new RegExp(`^${before}${body}${after}$`, "is");
  return (text) => pattern.test(text);
}
