/**
 * Where a resource says what a person should know while it works. The host decides where the lines appear.
 */
export interface Log {
  /** Something to read now: an object was taken over, a value cannot be checked. */
  warn(message: string): void;
  /** A wait or a step of long work; may be shown only for a moment. */
  progress(message: string): void;
}
