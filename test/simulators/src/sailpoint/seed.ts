import { randomUUID } from "node:crypto";
import { defaultConfig, isTimeBased } from "./mapping.js";
import type { IdentityAttribute, IdentityProfile, SailPointSeed, SailPointState } from "./types.js";

/** Technical and display names of the identity attributes every tenant has. */
export const STANDARD_ATTRIBUTES: Record<string, string> = {
  uid: "User Name",
  email: "Work Email",
  firstname: "First Name",
  lastname: "Last Name",
  displayName: "Display Name",
  phone: "Work Phone",
  personalEmail: "Personal Email",
  identificationNumber: "Employee Number",
  department: "Department",
  title: "Job Title",
  costCenter: "Cost Center",
  location: "Location",
  manager: "Manager",
  startDate: "Start Date",
  endDate: "End Date",
  lifecycleState: "Lifecycle State",
  identityState: "Identity State",
};

const SEED_KEYS = [
  "org",
  "pod",
  "tenantId",
  "profiles",
  "sources",
  "identities",
  "identityAttributes",
  "transforms",
  "rules",
  "lifecycleStates",
  "tasks",
];

/** A new id in the form the vendor uses: 32 hex digits. */
export const newId = (): string => randomUUID().replaceAll("-", "");

/**
 * Completes a seed to the whole state of a tenant.
 *
 * Errors: an unknown key, a profile whose source is missing or already taken, and a name or priority used twice: a tenant can never be like that.
 */
export function stateFrom(seed: SailPointSeed, now: number): SailPointState {
  const stray = Object.keys(seed).filter((key) => !SEED_KEYS.includes(key));
  if (stray.length > 0) throw new Error(`seed: unknown ${stray.join(", ")}; there are: ${SEED_KEYS.join(", ")}`);
  const time = new Date(now).toISOString();
  const copy = structuredClone(seed);
  const state: SailPointState = {
    org: copy.org ?? "acme",
    pod: copy.pod ?? "stg01-useast1",
    tenantId: copy.tenantId ?? "7c1f6a52-3f0d-4b58-9a53-0d6f1b2f9a11",
    profiles: [],
    sources: (copy.sources ?? []).map((source) => ({
      id: newId(),
      description: null,
      type: "DelimitedFile",
      owner: null,
      accountAttributes: null,
      ...source,
    })),
    identities: (copy.identities ?? []).map((identity) => ({
      id: newId(),
      alias: identity.name.toLowerCase().replaceAll(" ", "."),
      emailAddress: null,
      attributes: {},
      accounts: {},
      ...identity,
    })),
    identityAttributes: (
      copy.identityAttributes ?? Object.entries(STANDARD_ATTRIBUTES).map(([name, displayName]) => ({ name, displayName }))
    ).map(completeAttribute),
    transforms: (copy.transforms ?? []).map((transform) => ({ id: newId(), type: "static", requiresPeriodicRefresh: false, ...transform })),
    rules: (copy.rules ?? []).map((rule) => ({ id: newId(), ...rule })),
    lifecycleStates: (copy.lifecycleStates ?? []).map((lifecycleState) => ({
      id: newId(),
      technicalName: lifecycleState.name.toLowerCase().replaceAll(" ", ""),
      description: null,
      enabled: true,
      identityCount: 0,
      created: time,
      modified: time,
      ...lifecycleState,
    })),
    tasks: copy.tasks ?? [],
  };
  for (const profile of copy.profiles ?? []) {
    const source = state.sources.find(({ id }) => id === profile.authoritativeSource.id);
    if (!source) throw new Error(`seed: profile ${profile.name} names the unknown source ${profile.authoritativeSource.id}`);
    const complete: IdentityProfile = {
      id: newId(),
      description: null,
      priority: nextPriority(state),
      identityAttributeConfig: defaultConfig(state, source, true),
      identityRefreshRequired: false,
      identityCount: 0,
      identityExceptionReportReference: null,
      hasTimeBasedAttr: false,
      created: time,
      modified: time,
      ...profile,
      owner: profile.owner ? { ...profile.owner, type: "IDENTITY" } : null,
      authoritativeSource: { ...profile.authoritativeSource, type: "SOURCE" },
    };
    const rival = conflict(state, complete);
    if (rival) throw new Error(`seed: profile ${profile.name}: ${rival}`);
    complete.hasTimeBasedAttr = isTimeBased(state, complete.identityAttributeConfig);
    state.profiles.push(complete);
  }
  return state;
}

function completeAttribute(attribute: Partial<IdentityAttribute> & { name: string }): IdentityAttribute {
  const standard = attribute.name in STANDARD_ATTRIBUTES;
  return { displayName: attribute.name, type: "string", multi: false, searchable: standard, standard, system: false, ...attribute };
}

/** The priority of a profile created without one: 10 above the highest. */
export function nextPriority({ profiles }: SailPointState): number {
  return Math.max(0, ...profiles.map(({ priority }) => priority)) + 10;
}

/** What a profile would share with another one although it is unique in a tenant: name, priority or source. Undefined when nothing. */
export function conflict({ profiles }: SailPointState, wanted: IdentityProfile): string | undefined {
  for (const other of profiles) {
    if (other.id === wanted.id) continue;
    if (other.name.toLowerCase() === wanted.name.toLowerCase()) return `The name ${wanted.name} is already in use.`;
    if (other.priority === wanted.priority) return `Priority ${wanted.priority} is already used by ${other.name}.`;
    if (other.authoritativeSource.id === wanted.authoritativeSource.id) {
      return `Source ${wanted.authoritativeSource.id} is already the authoritative source of ${other.name}.`;
    }
  }
  return undefined;
}
