import { ensureEngine } from "./engine.mjs";

/** Chooses the Pulumi engine once; the test processes inherit the choice by environment. */
export async function setup() {
  await ensureEngine();
}
