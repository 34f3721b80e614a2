import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Adopt } from "./adopt-options";
import { formatPath, shorten } from "./check";
import { difference } from "./diff";
import { GuardError, NotFoundError } from "./errors";
import type { FieldTable } from "./fields";
import type { Context, CreateRequest, ResourceDefinition } from "./resource";
import { readable } from "./unknown";

type Values = Record<string, unknown>;

/** What `adopt` means. */
type Adoption = { by: "name" | "id"; id?: string; mode: "converge" | "match" };

/** How a kind of object is taken over by a create with `adopt`. */
export interface Adoptable<Args, State, Api> {
  /** The object in words, by its id if there is one: `identity profile named "Employees"`. */
  describe(inputs: Args, id: string | undefined): string;
  /**
   * Finds the object, by its id if there is one. Nothing is written.
   *
   * Out:    undefined when it is not there.
   * Errors: ConflictError when it cannot be told which one is meant, or when it is none that could be brought to what is declared.
   */
  find(request: Context<Api> & { inputs: Args; id: string | undefined }): Promise<Existing<Args, State> | undefined>;
}

/** An object that is there already. */
export interface Existing<Args, State> {
  id: string;
  /**
   * The object as a refresh would find it, had it been made as it is declared. Nothing is written.
   *
   * Out:    `unseen`: declared properties that no answer shows; in `inputs` and `state` they are as declared.
   */
  observe(): Promise<{ inputs: Args; state: State; unseen?: string[] }>;
  /** Brings the object to what is declared. */
  converge(): Promise<State>;
}

/**
 * The schema of `adopt`.
 *
 * In:     `named`, what an object is found by, in words: "the profile of that name"; schema of an id.
 */
export function adoptInput(named: string, id: z.ZodType) {
  const options = z
    .strictObject(
      { id: id.optional(), by: z.literal("name", 'can only be "name"; for an id, give id').optional(), mode: mode.optional() },
      `must be true (take ${named}) or an object such as { id: "..." } or { mode: "match" }`,
    )
    .refine((value) => Object.keys(value).length > 0, `must say which object: true for ${named}, or { id: "..." }`)
    .refine((value) => value.id === undefined || value.by === undefined, {
      path: ["by"],
      message: "cannot be set together with id: an object is found by one of them; remove one",
    });
  return z.preprocess((value) => (value === true ? { by: "name" } : value), options);
}

const mode = z.enum(
  ["converge", "match"],
  'must be "converge" (bring the object to what is declared) or "match" (fail if anything differs)',
);

/** What `adopt` says; undefined when it says nothing, or nothing yet. */
function adoptionOf(adopt: unknown): Adoption | undefined {
  if (adopt !== true && (typeof adopt !== "object" || adopt === null)) return undefined;
  const { id, mode = "converge" } = adopt === true ? {} : (adopt as Exclude<Adopt, true>);
  return id === undefined ? { by: "name", mode } : { by: "id", id, mode };
}

/** Inputs with `adopt` that belong to an object in state, as far as this process compared them. */
const inState: { type: string; inputs: Values }[] = [];

/**
 * Remembers that an object in state is declared with these inputs. If a create with the very same inputs follows, it makes the object's
 * replacement: the old one was deleted just now, or by a run that was killed then, and adopting is over and done with.
 */
export function rememberAdoption(type: string, inputs: Values): void {
  if (inputs.adopt !== undefined) inState.push({ type, inputs });
}

function isInState(type: string, inputs: Values): boolean {
  return inState.some((known) => known.type === type && isDeepStrictEqual(known.inputs, inputs));
}

// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
type Definition = ResourceDefinition<any, any, any, any>;

const INTENT = {
  converge: "and brings it to what is declared",
  match: "and changes nothing: it fails if anything differs from what is declared",
};

/** What a create with these inputs will take over, for people to read before it does; undefined when it takes nothing over. */
export function announceAdoption({ type, adoption: adoptable }: Definition, inputs: Values): string | undefined {
  const adoption = adoptionOf(inputs.adopt);
  if (!adoptable || !adoption || isInState(type, inputs)) return undefined;
  const words = ["Takes over the existing", readable(adoptable.describe(inputs, adoption.id)), INTENT[adoption.mode]];
  return `${words.filter(Boolean).join(" ")}.`;
}

/**
 * Takes over the object that a create with `adopt` is about.
 *
 * Out:    its id and state; undefined when there is nothing to take over, and the create makes the object.
 * Errors: NotFoundError when the object is not there; GuardError when it is to be taken as it is, and is not as declared.
 */
export async function takeOver(
  { type, adoption: adoptable }: Definition,
  fields: FieldTable,
  request: CreateRequest<Values, unknown>,
): Promise<{ id: string; state: Values } | undefined> {
  const { inputs, log } = request;
  const adoption = adoptionOf(inputs.adopt);
  if (!adoptable || !adoption) return undefined;
  const what = adoptable.describe(inputs, adoption.id);
  const existing = await adoptable.find({ ...request, id: adoption.id });
  if (!existing) {
    if (isInState(type, inputs)) return undefined;
    const next =
      adoption.by === "name" ? "Remove adopt to create it, or give adopt: { id }" : "Correct adopt.id, or remove adopt to create it";
    throw new NotFoundError(`There is no ${what} to adopt`, next);
  }
  request.takesOver();
  const { id } = existing;
  if (adoption.mode === "converge") return { id, state: await existing.converge() };

  const { inputs: there, state, unseen = [] } = await existing.observe();
  const { changed } = difference(fields, state, inputs);
  const differences = changed.flatMap((key) => apart([key], there[key], inputs[key]));
  if (changed.length > 0)
    throw new GuardError(
      `The ${what} is not taken over, because it is not as declared and adopt.mode is "match". ${differences.join("; ")}`,
      "Nothing was changed. Declare it as it is, or remove adopt.mode to have it brought to what is declared",
    );
  if (unseen.length > 0)
    log.warn(`The ${what} is taken over without comparing ${unseen.join(", ")}, which no answer shows; it counts as it is declared.`);
  return { id, state };
}

/** Every place where two values differ, in words. Lists are values as a whole, because their places mean nothing by themselves. */
function apart(path: string[], there: unknown, declared: unknown): string[] {
  const members = { ...membersOf(there), ...membersOf(declared) };
  if (Object.keys(members).length > 0 && [there, declared].every((value) => value === undefined || membersOf(value)))
    return Object.keys(members).flatMap((key) => apart([...path, key], membersOf(there)?.[key], membersOf(declared)?.[key]));
  return isDeepStrictEqual(there, declared) ? [] : [`${formatPath(path)}: there ${say(there)}, declared ${say(declared)}`];
}

function membersOf(value: unknown): Values | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Values) : undefined;
}

function say(value: unknown): string {
  return value === undefined ? "nothing" : shorten(JSON.stringify(value));
}
