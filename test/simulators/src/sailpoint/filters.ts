import { Refusal } from "./errors.js";

type Value = string | number | boolean | null | undefined;
export type Predicate<T> = (item: T) => boolean;

/** A field that a collection can be filtered by: the operators it allows and how to read it. */
export interface FilterField<T> {
  operators: readonly string[];
  read(item: T): Value;
}

/**
 * Compiles a `filters` expression.
 *
 * In:     expression, already percent-decoded; the fields of the collection by name.
 * Out:    a predicate. Strings are compared without regard to case.
 * Errors: Refusal 400.1 for bad syntax, an unknown field, or an operator the field does not allow.
 * Source: SailPoint "Standard Collection Parameters", Filtering Results.
 */
export function parseFilter<T>(expression: string, fields: Record<string, FilterField<T>>): Predicate<T> {
  const tokens = tokenize(expression);
  let position = 0;
  const peek = () => tokens[position];
  const next = (what: string): string => {
    const token = tokens[position++];
    if (token === undefined) throw invalid(expression, `${what} expected at the end`);
    return token;
  };
  const expect = (token: string) => {
    const found = next(token);
    if (found !== token) throw invalid(expression, `${token} expected instead of ${found}`);
  };

  function either(): Predicate<T> {
    let left = both();
    while (peek() === "or") {
      position += 1;
      const [first, second] = [left, both()];
      left = (item) => first(item) || second(item);
    }
    return left;
  }

  function both(): Predicate<T> {
    let left = single();
    while (peek() === "and") {
      position += 1;
      const [first, second] = [left, single()];
      left = (item) => first(item) && second(item);
    }
    return left;
  }

  function single(): Predicate<T> {
    const token = next("a field");
    if (token === "not") {
      const inner = single();
      return (item) => !inner(item);
    }
    if (token === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    // "pr" is the one operator that comes before its field.
    return token === "pr" ? comparison(next("a field"), "pr") : comparison(token, next("an operator"));
  }

  function comparison(name: string, operator: string): Predicate<T> {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) throw invalid(expression, `${name} cannot be filtered by`);
    if (!field.operators.includes(operator)) throw invalid(expression, `operator ${operator} is not supported for ${name}`);
    if (operator === "isnull") return (item) => field.read(item) == null;
    if (operator === "pr") return (item) => field.read(item) != null;
    const values = operator === "in" ? list() : [literal(next("a value"))];
    return (item) => compare(operator, field.read(item), values);
  }

  function list(): Value[] {
    expect("(");
    const values = [literal(next("a value"))];
    while (peek() === ",") {
      position += 1;
      values.push(literal(next("a value")));
    }
    expect(")");
    return values;
  }

  function literal(token: string): Value {
    if (token.startsWith('"')) return token.slice(1, -1).replace(/\\(.)/g, "$1");
    if (token === "true" || token === "false") return token === "true";
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    throw invalid(expression, `${token} is not a value; strings need double quotes`);
  }

  const predicate = either();
  if (position < tokens.length) throw invalid(expression, `unexpected ${peek()}`);
  return predicate;
}

function tokenize(expression: string): string[] {
  // A quoted string may escape the quote and the backslash, and nothing else.
  const pattern = /\s*([(),]|"(?:[^"\\]|\\["\\])*"|[^\s(),"]+)\s*/y;
  const tokens: string[] = [];
  while (pattern.lastIndex < expression.length) {
    const start = pattern.lastIndex;
    const token = pattern.exec(expression)?.[1];
    if (token === undefined) throw invalid(expression, `cannot read from position ${start}`);
    tokens.push(token);
  }
  return tokens;
}

function compare(operator: string, actual: Value, wanted: Value[]): boolean {
  const [left, rights] = [folded(actual), wanted.map(folded)];
  const right = rights[0] ?? "";
  if (operator === "in") return rights.includes(left);
  if (operator === "eq") return left === right;
  if (operator === "ne") return left !== right;
  if (left == null) return false;
  if (operator === "sw") return String(left).startsWith(String(right));
  if (operator === "co") return String(left).includes(String(right));
  if (operator === "ge") return left >= right;
  if (operator === "gt") return left > right;
  if (operator === "le") return left <= right;
  return left < right;
}

const folded = (value: Value): Value => (typeof value === "string" ? value.toLowerCase() : value);

function invalid(expression: string, why: string): Refusal {
  return new Refusal("400.1", `Invalid filter ${JSON.stringify(expression)}: ${why}.`);
}
