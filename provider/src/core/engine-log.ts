import * as pulumi from "@pulumi/pulumi";
import type { Log } from "./log";

/** Lines that the engine shows: warnings with the run's other messages, progress while it goes on only. */
export const engineLog: Log = {
  warn: (message) => void pulumi.log.warn(message),
  progress: (message) => void pulumi.log.info(message, undefined, undefined, true),
};
