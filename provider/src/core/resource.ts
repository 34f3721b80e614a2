import { z } from "zod";
import { type Adoptable, announceAdoption, rememberAdoption, takeOver } from "./adopt";
import { formatPath, type Report, validate } from "./check";
import type { Clock } from "./clock";
import type { SettingTable } from "./config";
import { type Connected, connect, type Surroundings } from "./connection";
import { difference } from "./diff";
import { IdentityError, TimeoutError } from "./errors";
import { connectionField, type FieldTable } from "./fields";
import type { Found, Selection } from "./find";
import type { Bulk } from "./gather";
import type { Log } from "./log";
import { normalize, prune } from "./normalize";
import type { Review } from "./review";
import type { Vendor } from "./vendor";

/** What every operation that talks to the vendor is given. Nothing in it says which host runs the operation. */
export interface Context<Api> {
  api: Api;
  log: Log;
  clock: Clock;
  /** How long the operation may take in all, in milliseconds; undefined leaves it to the resource. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface CreateRequest<Args, Api> extends Context<Api> {
  inputs: Args;
  /**
   * To be called when the object was there before. The engine creates first and deletes last, so when a program renames a resource without
   * an alias, the new one takes the object over and then the old one would delete it: in this run, nobody but the new one may.
   */
  takesOver(): void;
}

export interface ReadRequest<State, Api> extends Context<Api> {
  id: string;
  /** What was true after the last operation; almost empty for an object that is only looked up. */
  state: Partial<State>;
  /**
   * The object out of a call that reads several at once, for all that are being read at the moment. `place` keeps objects apart whose ids are
   * only good within a place. Out: undefined when it has to be read alone.
   */
  together<Item>(place: string, id: string, bulk: Bulk<Item>): Promise<Item | undefined>;
}

export interface UpdateRequest<Args, State, Api> extends Context<Api> {
  id: string;
  inputs: Args;
  state: State;
}

export interface DeleteRequest<State, Api> extends Context<Api> {
  id: string;
  state: State;
}

/** One kind of object: declared once; check, diff, the lifecycle and the docs follow from it. */
export interface ResourceDefinition<Args extends object, State extends object, Api, T extends SettingTable = SettingTable> {
  /** `<vendor>:<Noun>`. */
  type: string;
  vendor: Vendor<T, Api>;
  /** Strict schema of the inputs, without `connection`, without defaults or conversions. */
  schema: z.ZodObject;
  fields: FieldTable & Record<Exclude<keyof Args, "connection">, FieldTable[string]>;
  /** Rules between properties. Values may be unknown; `warn` is for what may be right but deserves a look. */
  rules?(inputs: Args, report: Report, warn: (message: string) => void): void;
  /** Fills in defaults, after the inputs proved good. */
  complete?(inputs: Args): Args;
  /** Takes note of what the engine may order next. Called by every diff that asks for no new object, in previews too: it may only remember. */
  foresee?(request: { id: string; state: State; inputs: Args }): void;
  /** The same for a diff that asks for a new object in the old one's place. */
  foreseeReplacement?(request: { id: string; state: State; inputs: Args }): void;
  /** For a kind of object that a program can have taken over: its schema and fields have `adopt`. */
  adoption?: Adoptable<Args, State, Api>;
  create(request: CreateRequest<Args, Api>): Promise<{ id: string; state: State }>;
  /** Undefined means: proven gone. `id` where the object was looked up by something else than its id. */
  read(request: ReadRequest<State, Api>): Promise<{ id?: string; state: State; inputs: Args } | undefined>;
  update(request: UpdateRequest<Args, State, Api>): Promise<State>;
  delete(request: DeleteRequest<State, Api>): Promise<void>;
  /** Finds objects for taking them under code. Errors: NotFoundError for a name or id that is not there; ConfigError where the vendor cannot list. */
  find?(request: Context<Api> & { selection: Selection }): Promise<Found<Args, State>[]>;
  /** The inputs as a person would write them in a program, with HelperCall where a helper of the library reads better. Default: as they are. */
  write?(inputs: Args): object;
  /** What planned changes mean, for a reviewer who does not know the system. */
  review?: Review;
}

type Values = Record<string, unknown>;

/** The objects that resources of this process took over, each with the mark that the new owner's state carries. */
const takenOver = new Map<string, string>();
/** Name of that mark in state. */
const TAKEN_OVER_AT = "takenOverAt";

export interface CheckResult {
  inputs: Values;
  /** Property path and reason of each fault. */
  failures: { property: string; reason: string }[];
  warnings: string[];
  /** What is going to happen that the engine's own words do not say. */
  notes: string[];
}

export interface DiffResult {
  /** False only for a proven no-op; left out otherwise, so that the host compares inputs itself and can show what differs. */
  changes?: false;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** A time budget and a way to stop, which some hosts have. */
export interface Patience {
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A resource bound to its surroundings: what a host calls. Requests and answers are plain values. */
export interface ResourceProvider {
  /** `before` are the inputs of the object as it is; none for one that is still to be made. */
  check(inputs: Values, before?: Values): CheckResult;
  diff(state: Values, inputs: Values, id?: string): DiffResult;
  create(inputs: Values, patience?: Patience): Promise<{ id: string; state: Values }>;
  read(id: string, state: Values, patience?: Patience): Promise<{ id?: string; state: Values; inputs: Values } | undefined>;
  update(id: string, state: Values, inputs: Values, patience?: Patience): Promise<Values>;
  delete(id: string, state: Values, patience?: Patience): Promise<void>;
  find(selection: Selection, connection?: string): Promise<Found<Values, Values>[]>;
  write(inputs: Values): Values;
}

/** Binds a definition to configuration, clock and log. Nothing is sent, and no setting is read, before an operation needs it. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
export function bind(definition: ResourceDefinition<any, any, any, any>, surroundings: Surroundings): ResourceProvider {
  const fields: FieldTable = { ...definition.fields, ...connectionField };
  const writeOnly = Object.keys(fields).filter((key) => fields[key]?.mutability === "writeOnly");
  const schema = definition.schema.extend({ connection: z.string("must be the name of a connection").optional() });
  /** Runs an operation with what it needs, and ends it when its time is over. */
  async function within<T>(
    values: Values,
    patience: Patience = {},
    operation: (context: Context<unknown>, connected: Connected<unknown>) => Promise<T>,
  ): Promise<T> {
    const { timeoutMs } = patience;
    const ends = [patience.signal, timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)].filter((end) => end !== undefined);
    const signal = ends.length > 0 ? AbortSignal.any(ends) : undefined;
    const connected = connect(definition.vendor, surroundings, values.connection as string | undefined, signal);
    const { api } = connected;
    try {
      return await operation({ api, log: surroundings.log, clock: surroundings.clock, timeoutMs, signal }, connected);
    } catch (error) {
      if (error instanceof IdentityError || !signal?.aborted || patience.signal?.aborted) throw error;
      throw new TimeoutError(
        `A ${definition.type} took longer than the ${(timeoutMs ?? 0) / 1000} s that customTimeouts allows`,
        "Give it more time, or find out what it waited for; `pulumi up` again goes on from what is there",
      );
    }
  }
  /** The same for an operation that may write: what was read before it, or while it lasts, is not given to anybody after it. */
  const writing = <T>(values: Values, patience: Patience | undefined, operation: (context: Context<unknown>) => Promise<T>): Promise<T> =>
    within(values, patience, async (context, { forget }) => {
      forget();
      return operation(context).finally(forget);
    });
  /** An object among all that this process handles: ids are only good within a tenant. */
  const keyOf = ({ connection = "" }: Values, id: string) => `${definition.type} ${connection} ${id}`;
  return {
    check(raw, before = {}) {
      const inputs = normalize(raw, fields);
      const warnings: string[] = [];
      const rules = (report: Report) => definition.rules?.(inputs, report, (message) => warnings.push(message));
      const failures = validate(schema, inputs, rules, writeOnly);
      // Only the create sends them, so an object that is there keeps what it was made with, and no preview shows a change that is none.
      if (Object.keys(before).length > 0) for (const key of writeOnly) if (key in inputs) inputs[key] = before[key];
      const good = failures.length === 0;
      const checked = prune(good && definition.complete ? definition.complete(inputs) : inputs) as Values;
      const note = good && Object.keys(before).length === 0 && announceAdoption(definition, checked);
      return {
        inputs: checked,
        failures: failures.map(({ path, reason }) => ({ property: formatPath(path), reason })),
        warnings,
        notes: note ? [note] : [],
      };
    },
    diff(state, inputs, id = "") {
      const { changed, replaces } = difference(fields, state, inputs);
      rememberAdoption(definition.type, inputs);
      // A run that ended before its deletions left the old owner in state, and this run will delete it.
      if (typeof state[TAKEN_OVER_AT] === "string") takenOver.set(keyOf(state, id), state[TAKEN_OVER_AT]);
      if (replaces.length === 0) definition.foresee?.({ id, state, inputs });
      else definition.foreseeReplacement?.({ id, state, inputs });
      // The old object often holds a name or reference that the new one needs, so the old one always goes first.
      return { ...(changed.length === 0 ? { changes: false } : {}), replaces, deleteBeforeReplace: replaces.length > 0 };
    },
    create: (inputs, patience) =>
      writing(inputs, patience, async (context) => {
        let mark: string | undefined;
        const takesOver = () => {
          mark = new Date().toISOString();
        };
        const request = { ...context, inputs, takesOver };
        const { id, state } = (await takeOver(definition, fields, request)) ?? (await definition.create(request));
        if (mark === undefined) return { id, state };
        takenOver.set(keyOf(state, id), mark);
        return { id, state: { ...state, [TAKEN_OVER_AT]: mark } };
      }),
    read: (id, state, patience) =>
      within(state, patience, async (context, { gather }) => {
        const together = <Item>(place: string, key: string, bulk: Bulk<Item>) =>
          gather<Item>(`${definition.type} ${place}`).read(key, bulk);
        const found = await definition.read({ ...context, id, state, together });
        return found && { ...found, state: { ...found.state, ...markOf(state) } };
      }),
    update: (id, state, inputs, patience) =>
      writing(inputs, patience, async (context) => ({ ...(await definition.update({ ...context, id, state, inputs })), ...markOf(state) })),
    delete: (id, state, patience) =>
      writing(state, patience, async (context) => {
        const mark = takenOver.get(keyOf(state, id));
        if (mark === undefined || mark === state[TAKEN_OVER_AT]) return definition.delete({ ...context, id, state });
        surroundings.log.warn(`The ${definition.type} ${id} was taken over by another resource of this run, so it is not deleted.`);
      }),
    find: (selection, connection) =>
      within({ connection }, {}, async (context) => {
        const found = (await definition.find?.({ ...context, selection })) ?? [];
        return found.map(({ inputs, state, ...rest }) => ({ ...rest, inputs: { ...inputs, connection }, state: { ...state, connection } }));
      }),
    write: (inputs) => ({ ...(definition.write?.(inputs) ?? inputs) }),
  };
}

function markOf(state: Values): Values {
  return state[TAKEN_OVER_AT] === undefined ? {} : { [TAKEN_OVER_AT]: state[TAKEN_OVER_AT] };
}
