import { Refusal } from "./errors.js";

export type Predicate = (user: Record<string, unknown>) => boolean;

const OPERATORS = ["eq", "sw", "ew", "co"];

/**
 * Compiles a SCIM filter over a user as it is answered.
 *
 * In:     expression with PingOne's attribute names, such as `username eq "ada" and name.family sw "L"`; strings are compared without case.
 * Errors: 400 INVALID_FILTER.
 * Source: PingOne admin guide, SCIM filter language.
 */
export function parseFilter(expression: string): Predicate {
  const tokens = expression.match(/"(?:[^"\\]|\\["\\])*"|[()]|[^\s()"]+|"/g) ?? [];
  let position = 0;
  const fail = (why: string) => {
    const detail = { code: "INVALID_FILTER", target: "filter", message: why };
    return new Refusal(400, `The filter is not valid: ${why}`, [detail], "invalidFilter");
  };
  const next = () => {
    const token = tokens[position++];
    if (token === undefined) throw fail("it ends too early");
    return token;
  };
  const chain = (word: string, part: () => Predicate, join: (a: Predicate, b: Predicate) => Predicate): Predicate => {
    let left = part();
    while (tokens[position]?.toLowerCase() === word) {
      position += 1;
      left = join(left, part());
    }
    return left;
  };
  const either = (): Predicate =>
    chain(
      "or",
      () => chain("and", single, (a, b) => (user) => a(user) && b(user)),
      (a, b) => (user) => a(user) || b(user),
    );
  const single = (): Predicate => {
    const name = next();
    if (name === "(") {
      const inner = either();
      if (next() !== ")") throw fail(") expected");
      return inner;
    }
    const operator = next().toLowerCase();
    if (!/^[A-Za-z][\w.-]*$/.test(name)) throw fail(`${name} is no attribute`);
    if (!OPERATORS.includes(operator)) throw fail(`${operator} is not supported`);
    const literal = next();
    if (!/^".*"$/s.test(literal) && !/^(true|false|-?\d+)$/.test(literal)) throw fail(`${literal} is no value`);
    const wanted = (literal.startsWith('"') ? literal.slice(1, -1).replace(/\\(.)/g, "$1") : literal).toLowerCase();
    return (user) => {
      const found = name.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], user);
      if (found === undefined) return false;
      const value = String(found).toLowerCase();
      if (operator === "eq") return value === wanted;
      if (operator === "sw") return value.startsWith(wanted);
      return operator === "ew" ? value.endsWith(wanted) : value.includes(wanted);
    };
  };
  const predicate = either();
  if (position < tokens.length) throw fail(`unexpected ${tokens[position]}`);
  return predicate;
}
