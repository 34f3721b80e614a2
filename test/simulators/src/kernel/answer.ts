/**
 * An HTTP answer thrown from anywhere below a route: the error handler sends it as it is.
 *
 * In:     status; body (an object becomes JSON, a string or Buffer goes out untouched, undefined is an empty body); headers.
 */
export class Answer extends Error {
  constructor(
    readonly status: number,
    readonly body?: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(`HTTP ${status}`);
    this.name = "Answer";
  }
}
