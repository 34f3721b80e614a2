/** An endpoint that a vendor documents, or that its pages mention. The tables of them are the source of docs/coverage.md. */
export type Endpoint = Documented & (Reached | NotReached);

interface Documented {
  /** HTTP method; several where one reason is the reason for all of them. */
  method: string;
  /** As the vendor prints it, `{name}` for what differs, without a query. */
  path: string;
  /** Title of the public page, and section. */
  source: string;
}

interface Reached {
  /** Functions of the vendor's api.ts that call it; `fetchToken` is in its vendor.ts. */
  api: string[];
  /** Resources, functions and commands that lead there; every one where none is named. */
  reach: string[];
  /** A test that fails without it: file, and the test's name. */
  test: [file: string, name: string];
}

interface NotReached {
  /** Why nothing of this library calls it. */
  why: string;
}
