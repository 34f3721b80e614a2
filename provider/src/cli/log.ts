import type { Log } from "../core/log";

/** What is said while the work goes on is for people: it goes to the other channel than results. */
export const log: Log = {
  warn: (message) => console.error(`warning: ${message}`),
  progress: (message) => console.error(message),
};
