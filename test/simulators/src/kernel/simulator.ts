import type { Clock } from "./clock.js";
import { addControlRoutes, type Controllable } from "./control.js";
import type { Faults } from "./faults.js";
import type { RecordFilter, RequestRecord } from "./log.js";
import type { Kernel, RequestHook } from "./server.js";

/** A running simulator, whatever its vendor. */
export interface Simulator<State, Seed, Switches extends object, Drift extends object> extends AsyncDisposable {
  /** Base URL, `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Every request since the start or the last `clearRequests`, control requests left out. */
  readonly requests: readonly RequestRecord[];
  /** Those that no route fits. A test's last line may assert that it is empty. */
  readonly unknownRequests: readonly RequestRecord[];
  clearRequests(): void;
  count(filter?: RecordFilter): number;
  /** May be set at any time. */
  readonly switches: Switches;
  readonly faults: Faults;
  readonly drift: Drift;
  readonly clock: Clock;
  /** The whole state; `load` takes it back. */
  dump(): State;
  /** Replaces the whole state. */
  load(seed: Seed): void;
  /** Back to the state, the switches and the empty log of the start, with no fault armed. */
  reset(): void;
  /** Calls `hook` before each request is handled and again after it was applied, before it is answered. Returns how to stop. */
  onRequest(hook: RequestHook): () => void;
  /** Stops at once; open connections are cut. */
  close(): Promise<void>;
}

/**
 * Starts a vendor's server and gives it the controls that all simulators have.
 *
 * In:     the kernel with the vendor's routes added; what the controls act on; the port, 0 for a free one.
 * Errors: a port in use.
 */
export async function startSimulator<State, Seed, Switches extends object, Drift extends object>(
  kernel: Kernel,
  target: Controllable<State, Seed, Switches, Drift>,
  port: number,
): Promise<Simulator<State, Seed, Switches, Drift>> {
  const { log, faults, clock, onRequest, close } = kernel;
  const steered = {
    ...target,
    reset() {
      target.reset();
      faults.clear();
      log.clear();
    },
  };
  addControlRoutes(kernel, steered);
  const url = await kernel.listen(port);
  return {
    ...steered,
    url,
    requests: log.records,
    get unknownRequests() {
      return log.records.filter((record) => record.unknown);
    },
    clearRequests: () => log.clear(),
    count: (filter) => log.count(filter),
    faults,
    clock,
    onRequest,
    close,
    [Symbol.asyncDispose]: close,
  };
}
