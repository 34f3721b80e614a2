import type { Clock } from "./clock";
import { IdentityError } from "./errors";

/** How a vendor gives several objects of one kind, and one place, at once. Ids are those that `read` asks by. */
export interface Bulk<Item> {
  /** Reads objects by id with one call; `most` ids at a time. What is not in the answer is not known to be gone. It may hold more than was asked for. */
  some?: { most: number; get(ids: readonly string[]): Promise<ReadonlyMap<string, Item>> };
  /** Reads one page of all objects, from 0 on. `pages`: how many there are in all. */
  page?(index: number): Promise<{ items: ReadonlyMap<string, Item>; pages: number }>;
  /** How long after a write of this process such answers may be older than it, in milliseconds. @default 0 */
  lagMs?: number;
}

interface Waiter<Item> {
  id: string;
  answer(item: Item | undefined): void;
  fail(error: unknown): void;
}

/** How long to wait for further ids before they are asked for together, in milliseconds: much less than one call takes. */
const COLLECT_MS = 5;
/** When nobody has read for so long, the reading is over, in milliseconds. Between two objects the engine may write a large state first. */
const IDLE_MS = 1000;
/** Pages that may be read on the chance that most of their objects will be asked for. */
const SPECULATIVE_PAGES = 4;
/** From so many objects at once, a vendor without reads by several ids is asked how many objects there are in all. */
const MANY = 6;

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && ["AbortError", "TimeoutError"].includes(error.name);
}

/** A write came between a call and its answer, so the answer may be older than the write. */
class ReadingEnded extends Error {}

/**
 * Reads objects together although each is asked for alone: the engine's refresh asks for one object at a time, with a few in flight.
 *
 * Ids that are asked for at the same moment share a call. When more come, whole pages are read ahead, as long as that costs about as many calls
 * as the objects would alone, or the few that a small tenant takes: so reading everything is cheap, and reading ten objects of a tenant of a
 * hundred thousand never reads the tenant. What was read serves one reading, the run of reads that follow each other without a pause. A
 * write of this process ends it.
 */
export class Gather<Item> {
  private items = new Map<string, Item>();
  /** Changes with each reading: an answer to an earlier one is not kept. */
  private reading = 0;
  private spent = 0;
  private nextPage = 0;
  private pages: number | undefined;
  private failed = false;
  private waiting: Waiter<Item>[] = [];
  private inFlight = 0;
  private lastReadAt = Number.NEGATIVE_INFINITY;
  private lastWriteAt = Number.NEGATIVE_INFINITY;
  private working = false;

  constructor(private readonly clock: Clock) {}

  /**
   * The object as it was at some time since this reading began.
   *
   * Out:    undefined when nothing is known of it, as for a single read: whoever asks has to read it alone.
   * Errors: none of the vendor's: where reading together fails, the failure comes again in its own words when the object is read alone.
   */
  async read(id: string, bulk: Bulk<Item>): Promise<Item | undefined> {
    if (this.clock.now() - this.lastWriteAt < (bulk.lagMs ?? 0)) return undefined;
    if (this.inFlight === 0 && this.clock.now() - this.lastReadAt > IDLE_MS) this.endReading();
    this.inFlight += 1;
    try {
      const known = this.items.get(id);
      if (known !== undefined) return known;
      return await new Promise<Item | undefined>((answer, fail) => {
        this.waiting.push({ id, answer, fail });
        if (!this.working) void this.work(bulk);
      });
    } finally {
      this.inFlight -= 1;
      this.lastReadAt = this.clock.now();
    }
  }

  /** Something is about to be written, or was: what was read so far does not count any more. */
  forget(): void {
    this.lastWriteAt = this.clock.now();
    this.endReading();
  }

  private endReading(): void {
    this.reading += 1;
    this.items = new Map();
    this.spent = 0;
    this.nextPage = 0;
    this.pages = undefined;
    this.failed = false;
  }

  /** Answers all who wait, round by round. */
  private async work(bulk: Bulk<Item>): Promise<void> {
    this.working = true;
    await this.clock.sleep(COLLECT_MS);
    while (this.waiting.length > 0) {
      const round = this.waiting.splice(0);
      try {
        // A single object is read as if there were no others.
        if (round.length > 1 && !this.failed) await this.readTogether(round, bulk);
        else this.spent += round.length;
        for (const { id, answer } of round) answer(this.items.get(id));
      } catch (error) {
        this.failed = !(error instanceof ReadingEnded);
        for (const { answer, fail } of round) {
          // Whoever reads alone meets the vendor's failure in its own words, and the end of another one's time not at all.
          if (error instanceof IdentityError || error instanceof ReadingEnded || isAbort(error)) answer(undefined);
          else fail(error);
        }
      }
    }
    this.working = false;
  }

  private async readTogether(round: Waiter<Item>[], { some, page }: Bulk<Item>): Promise<void> {
    const unknown = () => [...new Set(round.map(({ id }) => id))].filter((id) => !this.items.has(id));
    while (page && this.isPageWorthIt(unknown().length, some !== undefined)) {
      const { items, pages } = await this.count(page(this.nextPage));
      this.nextPage += 1;
      this.pages = pages;
      this.keep(items);
    }
    const ids = unknown();
    // The others are about to be read alone.
    if (!some) this.spent += ids.length;
    else
      for (let start = 0; start < ids.length; start += some.most)
        this.keep(await this.count(some.get(ids.slice(start, start + some.most))));
  }

  /** Counts a call, and leaves its answer aside when the reading ended meanwhile. */
  private async count<T>(call: Promise<T>): Promise<T> {
    const { reading } = this;
    this.spent += 1;
    const answer = await call;
    if (this.reading !== reading) throw new ReadingEnded();
    return answer;
  }

  private keep(items: ReadonlyMap<string, Item>): void {
    for (const [id, item] of items) this.items.set(id, item);
  }

  private isPageWorthIt(missing: number, together: boolean): boolean {
    if (missing === 0) return false;
    if (this.pages === undefined) return together ? this.spent > 0 : missing >= MANY;
    const left = this.pages - this.nextPage;
    return left > 0 && left <= SPECULATIVE_PAGES + (together ? 2 * this.spent : this.spent + missing);
  }
}
