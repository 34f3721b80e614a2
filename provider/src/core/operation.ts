import { z } from "zod";
import { formatPath, type Report, validate } from "./check";
import type { SettingTable } from "./config";
import { connect, type Surroundings } from "./connection";
import { InputError } from "./errors";
import type { Context } from "./resource";
import type { Vendor } from "./vendor";

/** A question to a vendor, or a job there, that leaves no object in state: declared once; functions for programs and the command line use it. */
export interface OperationDefinition<Args extends object, Result, Api, T extends SettingTable = SettingTable> {
  /** `<vendor>:<verb><Noun>`. */
  name: string;
  vendor: Vendor<T, Api>;
  /** Strict schema of the arguments, without `connection`. */
  schema: z.ZodObject;
  /** Rules that the schema cannot say; `warn` is for what may be right but deserves a look. */
  rules?(args: Args, report: Report, warn: (message: string) => void): void;
  /** Whether it changes something at the vendor: then no preview may run it. */
  writes: boolean;
  run(request: Context<Api> & { args: Args }): Promise<Result>;
}

/** Name of the connection to use, which every operation takes; undefined for the unnamed one. */
export interface ConnectionArgs {
  connection?: string;
}

/**
 * Carries an operation out.
 *
 * Errors: InputError that names every argument that is wrong, before anything is sent; ConfigError for the connection; those of the operation.
 */
export async function perform<Args extends object, Result, Api, T extends SettingTable>(
  definition: OperationDefinition<Args, Result, Api, T>,
  surroundings: Surroundings,
  args: Args & ConnectionArgs,
  signal?: AbortSignal,
): Promise<Result> {
  const { connection, ...own } = args;
  const schema = definition.schema.extend({ connection: z.string("must be the name of a connection").optional() });
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  const failures = validate(schema, given, (report) => definition.rules?.(own as Args, report, surroundings.log.warn));
  if (failures.length > 0) {
    const list = failures.map(({ path, reason }) => `${formatPath(path)}: ${reason}`).join("; ");
    throw new InputError(`The arguments of ${definition.name} are not right: ${list}`, "Nothing was sent; correct them");
  }
  const { api, forget } = connect(definition.vendor, surroundings, connection, signal);
  const running = () => definition.run({ api, log: surroundings.log, clock: surroundings.clock, signal, args: own as Args });
  if (!definition.writes) return running();
  // What resources read meanwhile is older than what this writes.
  forget();
  return running().finally(forget);
}
