import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "./clock";
import { engineLog } from "./engine-log";
import { ConfigError, IdentityError, NotFoundError, PartialError } from "./errors";
import type { Log } from "./log";
import { bind, type Patience, type ResourceDefinition } from "./resource";

type Values = Record<string, unknown>;

/** How Pulumi's dynamic provider hands over the stack's configuration. */
export interface ConfigureRequest {
  config: { get(key: string): string | undefined };
}

/**
 * Runs a resource definition inside Pulumi's dynamic provider process: the only place that knows this host's habits.
 *
 * Errors of an operation reach the user as their message; a half-made object also hands over its id and state, which the engine keeps.
 */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds definitions of many types; each is consistent in itself.
export function dynamicHost(definition: ResourceDefinition<any, any, any, any>) {
  let stackConfig: ConfigureRequest["config"] | undefined;
  const log = hostLog();
  const provider = bind(definition, { config: { get: (key) => stackConfig?.get(key), env: process.env }, clock: systemClock, log });

  return {
    // Not async: the first calls come at once, and none may overtake the configuration.
    configure(request: ConfigureRequest): void {
      stackConfig = request.config;
    },
    check: guarded(async (olds: Values | undefined, news: Values) => {
      const { own, carried } = split(news);
      const { inputs, failures, warnings, notes } = provider.check(own, split(olds ?? {}).own);
      for (const warning of warnings) log.warn(warning);
      for (const note of notes) log.note(note);
      return { inputs: { ...inputs, ...carried }, failures };
    }),
    diff: guarded(async (id: string, olds: Values, news: Values) => {
      const { changes, ...result } = provider.diff(split(olds).own, split(news).own, id);
      // New timeouts are no change of the object, but state must learn them.
      const patient = JSON.stringify(olds.timeouts) === JSON.stringify(news.timeouts);
      return patient ? { changes, ...result } : result;
    }),
    create: guarded(async (inputs: Values) => {
      const { own, carried } = split(inputs);
      const { id, state } = await finishing(provider.create(own, patience(inputs, "create")), carried);
      return { id, outs: { ...state, ...carried } };
    }),
    read: guarded(async (id: string, olds: Values) => {
      const { own, carried } = split(olds);
      const found = await provider.read(id, own, patience(olds, "read"));
      const { connection, ...known } = own;
      // An object that is only looked up the engine would keep, without any value.
      if (!found && Object.keys(known).length === 0)
        throw new NotFoundError(`There is no ${definition.type} ${id} to look up`, "Correct the id");
      // The engine takes a blank id as "gone" and forgets the object.
      return found ? { id: found.id ?? id, props: { ...found.state, ...carried }, inputs: { ...found.inputs, ...carried } } : { id: "" };
    }),
    update: guarded(async (id: string, olds: Values, news: Values) => {
      const { own, carried } = split(news);
      const state = await finishing(provider.update(id, split(olds).own, own, patience(news, "update")), carried);
      return { outs: { ...state, ...carried } };
    }),
    delete: guarded(async (id: string, olds: Values) => {
      await provider.delete(id, split(olds).own, patience(olds, "delete"));
    }),
  };
}

/** Separates a resource's own values from those that belong to this host and only travel along. */
function split(values: Values): { own: Values; carried: Values } {
  const { __provider, timeouts, ...own } = values;
  return { own, carried: { ...(timeouts === undefined ? {} : { timeouts }), __provider } };
}

function patience(values: Values, operation: string): Patience {
  const text = (values.timeouts as Record<string, string> | undefined)?.[operation];
  return text === undefined ? {} : { timeoutMs: durationMs(text) };
}

/** Reads a duration such as `1h30m` or `90s`. Errors: ConfigError for anything else. Source: Pulumi docs, resource option customTimeouts. */
export function durationMs(text: string): number {
  const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new ConfigError(`"${text}" in customTimeouts is not a duration`, "Write it like 10m, 90s or 1h30m");
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitMs[unit ?? ""] ?? 0), 0);
}

/** Gives a half-made object the shape by which the engine keeps it. Without `__provider` no later operation could reach it. */
async function finishing<T>(operation: Promise<T>, carried: Values): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (!(error instanceof PartialError)) throw error;
    throw Object.assign(new Error(error.message), { id: error.id, properties: { ...error.state, ...carried }, reasons: [error.message] });
  }
}

/** Cuts the stack trace off errors that are meant for people: the process prints it in full otherwise. Bugs keep theirs. */
function guarded<A extends unknown[], R>(operation: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await operation(...args);
    } catch (error) {
      if (error instanceof IdentityError) error.stack = "";
      throw error;
    }
  };
}

/** Log lines go through the engine, whose address is the process's first argument, so that they appear as warnings and not as raw output. */
function hostLog(): Log & { note(message: string): void } {
  const engine = process.argv[2];
  if (engine !== undefined) pulumi.runtime.resetOptions(pulumi.getProject(), pulumi.getStack(), 1, engine, "", false, "");
  return { ...engineLog, note: (message) => void pulumi.log.info(message) };
}
