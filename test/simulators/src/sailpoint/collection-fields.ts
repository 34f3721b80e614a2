import type { Collection } from "./collection.js";
import type { taskStatus } from "./tasks.js";
import type { Identity, IdentityAttribute, IdentityProfile, LifecycleState, Source } from "./types.js";

/** The profile list. Which operators it allows has changed over time. */
export function profileCollection(table: "current" | "seed"): Collection<IdentityProfile> {
  const operators =
    table === "current"
      ? { id: ["eq", "ne", "ge", "gt", "in", "le", "sw"], name: ["eq", "ne", "ge", "gt", "in", "le", "sw"] }
      : { id: ["eq", "ne", "ge", "gt", "in", "le", "lt", "isnull", "sw"], name: ["eq", "ne", "in", "le", "lt", "isnull", "sw"] };
  return {
    filters: {
      id: { operators: operators.id, read: (profile) => profile.id },
      name: { operators: operators.name, read: (profile) => profile.name },
      priority: { operators: ["eq", "ne"], read: (profile) => profile.priority },
    },
    sorters: {
      id: (profile) => profile.id,
      name: (profile) => profile.name,
      priority: (profile) => profile.priority,
      created: (profile) => profile.created,
      modified: (profile) => profile.modified,
      "owner.id": (profile) => profile.owner?.id,
      "owner.name": (profile) => profile.owner?.name,
    },
  };
}

export const EXPORT: Collection<IdentityProfile> = {
  filters: {
    id: { operators: ["eq", "ne"], read: (profile) => profile.id },
    name: { operators: ["eq", "ne"], read: (profile) => profile.name },
    priority: { operators: ["eq", "ne"], read: (profile) => profile.priority },
  },
  sorters: { id: (profile) => profile.id, name: (profile) => profile.name, priority: (profile) => profile.priority },
};

export const LIFECYCLE_STATES: Collection<LifecycleState> = {
  filters: {},
  sorters: { created: (state) => state.created, modified: (state) => state.modified },
};

export const TASKS: Collection<ReturnType<typeof taskStatus>> = {
  filters: {
    id: { operators: ["eq", "in"], read: (task) => task.id },
    completionStatus: { operators: ["eq", "in"], read: (task) => task.completionStatus },
    sourceId: { operators: ["eq", "in"], read: () => null },
    type: { operators: ["eq", "in"], read: (task) => task.type },
  },
  sorters: { created: (task) => task.created },
};

export const SOURCES: Collection<Source> = {
  filters: {
    id: { operators: ["eq", "in"], read: (source) => source.id },
    name: { operators: ["co", "eq", "in", "sw"], read: (source) => source.name },
    type: { operators: ["eq", "in"], read: (source) => source.type },
  },
  sorters: { id: (source) => source.id, name: (source) => source.name, type: (source) => source.type },
};

export const IDENTITIES: Collection<Identity> = {
  filters: {
    id: { operators: ["eq", "in"], read: (identity) => identity.id },
    name: { operators: ["eq", "sw"], read: (identity) => identity.name },
    alias: { operators: ["eq", "sw"], read: (identity) => identity.alias },
    email: { operators: ["eq", "sw"], read: (identity) => identity.emailAddress },
  },
  sorters: { id: (identity) => identity.id, name: (identity) => identity.name, alias: (identity) => identity.alias },
};

export const IDENTITY_ATTRIBUTES: Collection<IdentityAttribute> = { filters: {}, sorters: {} };
