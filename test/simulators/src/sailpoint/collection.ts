import type { FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "./errors.js";
import { type FilterField, parseFilter } from "./filters.js";

/** What a collection can be filtered and sorted by. */
export interface Collection<T> {
  filters: Record<string, FilterField<T>>;
  sorters: Record<string, (item: T) => string | number | null | undefined>;
}

const MAX_LIMIT = 250;

/**
 * One page of a collection by the standard parameters limit, offset, count, filters and sorters.
 * Without sorters the order is that of creation.
 *
 * Errors: Refusal 400.1 for a value out of range and for fields that cannot be filtered or sorted by.
 * Source: SailPoint "Standard Collection Parameters". That a limit above 250 is refused instead of cut is assumed.
 */
export function page<T>(request: FastifyRequest, reply: FastifyReply, items: T[], { filters, sorters }: Collection<T>): T[] {
  const query = request.query as Record<string, string | undefined>;
  // A parameter given twice arrives as an array.
  if (Object.values(query).some(Array.isArray)) throw new Refusal("400.1", "A parameter must be given once.");
  const limit = wholeNumber(query, "limit", MAX_LIMIT);
  if (limit > MAX_LIMIT) throw new Refusal("400.1", `limit must be at most ${MAX_LIMIT}.`);
  const offset = wholeNumber(query, "offset", 0);
  if (!["true", "false", undefined].includes(query.count)) throw new Refusal("400.1", "count must be true or false.");

  const found = query.filters === undefined ? [...items] : items.filter(parseFilter(query.filters, filters));
  if (query.sorters) sort(found, query.sorters, sorters);
  if (query.count === "true") reply.header("x-total-count", String(found.length));
  return found.slice(offset, offset + limit);
}

function wholeNumber(query: Record<string, string | undefined>, name: string, fallback: number): number {
  const text = query[name];
  if (text === undefined) return fallback;
  if (!/^\d+$/.test(text)) throw new Refusal("400.1", `${name} must be a whole number of at least 0.`);
  return Number(text);
}

function sort<T>(items: T[], expression: string, sorters: Collection<T>["sorters"]): void {
  const keys = expression.split(",").map((part) => {
    const name = part.trim().replace(/^-/, "");
    const read = Object.hasOwn(sorters, name) ? sorters[name] : undefined;
    if (!read) throw new Refusal("400.1", `Cannot sort by ${name}.`);
    return { read, sign: part.trim().startsWith("-") ? -1 : 1 };
  });
  items.sort((left, right) => {
    for (const { read, sign } of keys) {
      const order = ranked(read(left), read(right));
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

function ranked(left: string | number | null | undefined, right: string | number | null | undefined): number {
  const [a, b] = [left ?? "", right ?? ""].map((value) => (typeof value === "string" ? value.toLowerCase() : value));
  if (a === b || a === undefined || b === undefined) return 0;
  return a < b ? -1 : 1;
}
