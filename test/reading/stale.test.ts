import { expect, test } from "vitest";
import { chance } from "../harness/chance";
import { readAll, StepClock, tenants } from "./tenants";

const STEPS = 1000;
const OBJECTS = 30;

test.each(Object.keys(tenants))(
  `reads, writes and outside changes of a %s tenant in any order: no read gives what is older than its reading, in ${STEPS} steps`,
  async (vendor) => {
    const clock = new StepClock();
    const tenant = await tenants[vendor]?.(OBJECTS, clock);
    if (!tenant) throw new Error("no tenant");
    const random = chance(20_261_124);
    const pick = () => tenant.ids[Math.floor(random() * OBJECTS)] ?? "";
    /** What each object held since the reading that is going on began; the last one is what it holds. */
    const held = new Map(tenant.ids.map((id) => [id, ["0"]]));
    const newReading = () => {
      for (const [id, values] of held) held.set(id, values.slice(-1));
    };
    let reads = 0;
    for (let step = 1; step <= STEPS; step += 1) {
      const kind = random();
      if (kind < 0.4) {
        const ids = Array.from({ length: 1 + Math.floor(random() * 10) }, pick);
        const texts = await readAll(tenant, ids);
        reads += ids.length;
        for (const [index, id] of ids.entries()) expect(held.get(id), `step ${step}, ${id}`).toContain(texts[index]);
      } else if (kind < 0.6) {
        const id = pick();
        const text = `written ${step}`;
        const state = { ...tenant.stateOf(id), ...tenant.inputsOf(id, held.get(id)?.at(-1) ?? "") };
        await tenant.provider.update(id, state, tenant.inputsOf(id, text));
        newReading();
        held.set(id, [text]);
      } else if (kind < 0.9) {
        const id = pick();
        tenant.change(id, `changed ${step}`);
        held.get(id)?.push(`changed ${step}`);
      } else {
        clock.advance(1100);
        newReading();
      }
    }
    expect(reads).toBeGreaterThan(STEPS);
    await tenant.simulator.close();
  },
  60_000,
);
