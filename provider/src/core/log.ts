/**
 * Where a resource says what a person should know while it works. The host decides where the lines appear.
 */
export interface Log {
  /** Something to read now: an object was taken over, a value cannot be checked. */
  warn(message: string): void;
  /** A wait or a step of long work; may be shown only for a moment. */
  progress(message: string): void;
}

const told = new Set<string>();

/** Warns of something that is true of a whole server or run: once per process, however many objects come across it. */
export function warnOnce(log: Log, message: string): void {
  if (told.has(message)) return;
  told.add(message);
  log.warn(message);
}
