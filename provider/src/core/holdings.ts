import type { Clock } from "./clock";

/** How often a wait looks whether something changed, in milliseconds. */
const LOOK_MS = 50;

/** One object of this run: what it holds of something that only one object can hold at a time, such as a name, and what it is to hold. */
interface Holding {
  owner: string;
  holds: string;
  wants: string;
}

/** Whether a value gets free in this run: it is free, or everybody in the way is known to move; its holder moves, but perhaps into a dead end; nobody is known to move. */
export type Prospect = "clear" | "perhaps" | "blocked";

/**
 * What the objects of one run hold and want within one scope, such as a tenant, so that swaps and chains of names can be told from conflicts.
 *
 * A handler is called for one object and knows nothing of the others. But all objects of a run share one process, and the engine asks for an
 * object's difference before it orders a change: what `diff` saw tells which values are about to be given up.
 */
export class Holdings {
  private readonly holdings: Holding[] = [];
  private tail: Promise<unknown> = Promise.resolve();
  /** Counts what was learned, so that a wait can tell progress from silence. */
  version = 0;

  /** Takes note of what an object holds and wants; the same when it stays as it is. */
  note(owner: string, holds: string, wants: string): void {
    const known = this.holdings.find((holding) => holding.owner === owner && holding.holds === holds);
    if (known?.wants === wants) return;
    this.version += 1;
    if (known) known.wants = wants;
    else this.holdings.push({ owner, holds, wants });
  }

  /** The object is not going to move any more, because its change failed. */
  stays(owner: string): void {
    for (const holding of this.holdings) if (holding.owner === owner) this.note(owner, holding.holds, holding.holds);
  }

  /** The object is not this run's business any more. */
  forget(owner: string): void {
    this.holdings.splice(0, Infinity, ...this.holdings.filter((holding) => holding.owner !== owner));
    this.version += 1;
  }

  /** Another value is in an object's hands than was known. */
  moved(owner: string, from: string, to: string): void {
    const known = this.holdings.find((holding) => holding.owner === owner && holding.holds === from);
    if (known) known.holds = to;
    this.version += 1;
  }

  /** The objects that hold a value as far as is known; more than one only when state and vendor have come apart. */
  holders(value: string): readonly Readonly<Holding>[] {
    return this.holdings.filter(({ holds }) => holds === value);
  }

  /** All that is known. */
  all(): readonly Readonly<Holding>[] {
    return [...this.holdings];
  }

  /** Whether `value` gets free for the holder of `own`, given what is taken now. Following the ways of all in between must end in free space, or at `own`. */
  prospect(value: string, own: string, isTaken: (value: string) => boolean): Prospect {
    const passed = new Set([own]);
    for (let next = value; isTaken(next) && !passed.has(next); ) {
      const holders = this.holders(next);
      if (holders.length === 0 || holders.some(({ wants }) => wants === next)) return next === value ? "blocked" : "perhaps";
      passed.add(next);
      next = holders[0]?.wants ?? next;
    }
    return "clear";
  }

  /** Runs `work` when nobody else in this scope works. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  /** Waits until more is known than at `version`. Out: false when nothing was learned for `patienceMs` milliseconds. */
  async learned(version: number, patienceMs: number, clock: Clock, signal?: AbortSignal): Promise<boolean> {
    for (const deadline = clock.now() + patienceMs; this.version === version; await clock.sleep(LOOK_MS, signal)) {
      if (clock.now() >= deadline) return false;
    }
    return true;
  }
}
