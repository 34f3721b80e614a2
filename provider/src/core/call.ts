import * as pulumi from "@pulumi/pulumi";
import { systemClock } from "./clock";
import { engineLog } from "./engine-log";
import type { ConnectionArgs } from "./operation";

/**
 * Carries an operation out from a program, with the stack's configuration.
 *
 * In:     name of the operation, as operations.ts lists it; its arguments.
 * Errors: those of `perform`.
 */
export async function call<Result>(name: string, args: object & ConnectionArgs): Promise<Result> {
  // Loaded only by programs that ask: most declare resources, whose code runs in another process.
  const [{ operations }, { perform }] = await Promise.all([import("../operations.js"), import("./operation.js")]);
  const operation = operations[name];
  if (!operation) throw new Error(`pulumi-identity-as-code does not know the operation "${name}"`);
  const surroundings = {
    config: { get: (key: string) => pulumi.runtime.getConfig(key), env: process.env },
    clock: systemClock,
    log: engineLog,
  };
  return (await perform(operation, surroundings, args)) as Result;
}

/** The same for an operation that changes something at the vendor. Out: undefined in a preview, in which nothing is sent. */
export async function act<Result>(name: string, args: object & ConnectionArgs): Promise<Result | undefined> {
  return pulumi.runtime.isDryRun() ? undefined : call<Result>(name, args);
}

/** The same for arguments that are outputs. Out: not known in a preview where an argument is not. */
export function callOutput<Result>(name: string, args: pulumi.Inputs): pulumi.Output<Result> {
  return pulumi.output(args).apply((known) => call<Result>(name, known as object));
}

/** The same for an operation that changes something at the vendor. Out: undefined in a preview. */
export function actOutput<Result>(name: string, args: pulumi.Inputs): pulumi.Output<Result | undefined> {
  return pulumi.output(args).apply((known) => act<Result>(name, known as object));
}

/** Arguments of an operation where each may be an output. */
export type OutputArgs<Args> = { [K in keyof Args]: pulumi.Input<Args[K]> };
