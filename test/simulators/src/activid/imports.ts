import { Refusal } from "./errors.js";
import type { Store } from "./store.js";
import type { ImportJob } from "./types.js";

const NOT_PER_USER = /^(groups|roles|urn:hid:)/;

/** The server's import queue: one worker, first come first served, at work every `importTickMs` of the simulator's clock. */
export class Imports {
  private workedAt: number;

  constructor(private readonly store: Store) {
    this.workedAt = store.clock.now();
  }

  /** Errors: Refusal 400 without users or group, or for members that an import does not take. */
  start(body: Record<string, unknown>, version: number): ImportJob {
    this.work();
    const { users, group, authenticatorPolicy } = body as {
      users?: Record<string, unknown>[];
      group?: { value?: string };
      authenticatorPolicy?: { value?: string };
    };
    if (!Array.isArray(users) || users.length === 0) throw new Refusal(400, "users are required", "invalidValue");
    const stray = users.flatMap((user) => Object.keys(user)).find((key) => NOT_PER_USER.test(key));
    if (stray) throw new Refusal(400, `An import takes no ${stray} per user`, "invalidValue");
    const job: ImportJob = {
      id: String(700 + this.store.current.jobs.length),
      status: "importing",
      users: structuredClone(users),
      group: this.store.groupOf([group]),
      ...(authenticatorPolicy?.value && { authenticatorPolicy: authenticatorPolicy.value }),
      version,
      nbProcessed: 0,
      nbFailed: 0,
      nbAlreadyExisted: 0,
      nbImported: 0,
      lost: false,
    };
    // An idle worker looks again one tick from now.
    if (!this.queue().length) this.workedAt = this.store.clock.now();
    this.store.current.jobs.push(job);
    return job;
  }

  /** What the status of a job shows: counters are partial, and other ones while it runs than when it has ended. */
  status(id: string): Record<string, unknown> {
    this.work();
    const job = this.store.current.jobs.find((candidate) => candidate.id === id);
    if (!job || (job.lost && this.store.switches.lostJob === "notFound")) throw new Refusal(404, `Import ${id} was not found`);
    const { status, nbProcessed, nbFailed, nbAlreadyExisted, nbImported } = job;
    const counters = status === "importing" ? { nbProcessed } : { nbFailed, nbAlreadyExisted, nbImported };
    return {
      schemas: ["urn:hid:scim:api:idp:2.0:user:ImportResponse"],
      correlationId: id,
      status,
      importSize: job.users.length,
      ...counters,
    };
  }

  /** Lets the worker do what it would have done since it was last looked at. */
  work(): void {
    const { switches, clock } = this.store;
    while (clock.now() - this.workedAt >= switches.importTickMs) {
      const [job] = this.queue();
      if (!job) return;
      this.workedAt += switches.importTickMs;
      this.tick(job);
    }
  }

  private queue(): ImportJob[] {
    return this.store.current.jobs.filter(({ status, lost }) => status === "importing" && !lost);
  }

  private tick(job: ImportJob): void {
    const { switches } = this.store;
    if (switches.importJobFails) {
      job.status = "failed";
      job.nbFailed = job.users.length;
      return;
    }
    for (const user of job.users.slice(job.nbProcessed, job.nbProcessed + switches.importPerTick)) {
      job.nbProcessed += 1;
      job[this.make(user, job)] += 1;
    }
    if (job.nbProcessed >= job.users.length) job.status = "done";
  }

  private make(
    user: Record<string, unknown>,
    { group, authenticatorPolicy, version }: ImportJob,
  ): "nbImported" | "nbAlreadyExisted" | "nbFailed" {
    const { current, switches } = this.store;
    if (current.users.some(({ externalId }) => externalId === user.externalId)) return "nbAlreadyExisted";
    if (switches.importFails.includes(String(user.externalId))) return "nbFailed";
    try {
      const made = this.store.create({ ...user, groups: [{ value: group }] }, version);
      if (authenticatorPolicy) made.authenticators = [authenticatorPolicy];
      return "nbImported";
    } catch {
      return "nbFailed";
    }
  }
}
