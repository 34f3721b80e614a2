export type { Clock } from "./kernel/clock.js";
export type { FaultAction, FaultRule, Faults } from "./kernel/faults.js";
export type { RateLimit } from "./kernel/limits.js";
export type { RecordFilter, RequestRecord } from "./kernel/log.js";
export type { RequestEvent, RequestHook } from "./kernel/simulator.js";
export type { Drift } from "./sailpoint/drift.js";
export { type SailPointOptions, type SailPointSimulator, startSailPoint } from "./sailpoint/simulator.js";
export type { SailPointSwitches } from "./sailpoint/switches.js";
export type * from "./sailpoint/types.js";
