import type { FastifyInstance } from "fastify";
import { Answer } from "./answer.js";
import type { FaultRule } from "./faults.js";
import { CONTROL_PREFIX, type Kernel, MalformedBody } from "./server.js";

/** What others may do to a simulator besides calling its vendor's API. */
export interface Controllable<State, Seed, Switches extends object, Drift extends object> {
  dump(): State;
  load(seed: Seed): void;
  /** Back to the vendor's part of the start: state, switches, counters. */
  reset(): void;
  switches: Switches;
  /** Functions called by name with the arguments of a JSON array. */
  drift: Drift;
}

/**
 * Routes below `/_simulator` for tests that run in another process than the simulator.
 *
 * A fault rule comes as JSON: `path` is the source of a regular expression, `times: null` means without end.
 */
export function addControlRoutes<Seed>(kernel: Kernel, target: Controllable<unknown, Seed, object, object>): void {
  const { app, log, faults, clock } = kernel;
  const drift = target.drift as Record<string, (...args: unknown[]) => unknown>;
  const routes = (control: FastifyInstance) => {
    control.addHook("preHandler", async (request) => {
      if (request.body instanceof MalformedBody) throw new Error(`the body is not JSON: ${request.body.text}`);
    });
    control.get("/dump", async () => target.dump());
    control.post("/load", async (request) => {
      target.load(request.body as Seed);
      return {};
    });
    control.post("/reset", async () => {
      target.reset();
      return {};
    });
    control.get("/requests", async () => log.records);
    control.delete("/requests", async () => {
      log.clear();
      return {};
    });
    control.get("/switches", async () => target.switches);
    control.patch("/switches", async (request) => setSwitches(target.switches, request.body as Record<string, unknown>));
    control.get("/faults", async () => faults.list().map((rule) => ({ ...rule, path: rule.path?.source })));
    control.post("/faults", async (request) => {
      const { path, times, ...rule } = request.body as Omit<FaultRule, "path" | "times"> & { path?: string; times?: number | null };
      if (rule.when !== "before" && rule.when !== "after") throw new Error(`a fault needs when: "before" or "after"`);
      faults.add({ ...rule, ...(path && { path: new RegExp(path) }), times: times === null ? Number.POSITIVE_INFINITY : (times ?? 1) });
      return {};
    });
    control.delete("/faults", async () => {
      faults.clear();
      return {};
    });
    control.post<{ Params: { hook: string } }>("/drift/:hook", async ({ params: { hook }, body }) => {
      if (!Object.hasOwn(drift, hook))
        throw new Answer(404, { error: `no drift hook ${hook}; there are: ${Object.keys(drift).join(", ")}` });
      return { result: drift[hook]?.(...(body as unknown[])) ?? null };
    });
    control.post("/clock", async (request) => {
      clock.advance((request.body as { advanceMs: number }).advanceMs);
      return { now: clock.now() };
    });
    control.setErrorHandler((error: Error, _request, reply) => {
      const { status, body } = error instanceof Answer ? error : { status: 400, body: { error: error.message } };
      return reply.code(status).send(body);
    });
  };
  app.register(async (control) => routes(control), { prefix: CONTROL_PREFIX });
}

/**
 * Sets switches by name.
 *
 * Errors: an unknown name, so that a misspelt switch does not silently do nothing.
 */
export function setSwitches<S extends object>(switches: S, values: Record<string, unknown>): S {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(switches, name)) throw new Error(`no switch ${name}; there are: ${Object.keys(switches).join(", ")}`);
  }
  return Object.assign(switches, values);
}
