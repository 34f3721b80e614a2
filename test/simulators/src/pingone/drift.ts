import type { Organization } from "./store.js";
import type { PingOneUser } from "./types.js";

/** Changes behind the client's back, as an administrator, another program or the service itself makes them. Nothing is checked. */
export interface Drift {
  /** Sets attributes in the vendor's own shape; null removes one. */
  changeUser(id: string, attributes: Record<string, unknown>): void;
  removeUser(id: string): void;
  disable(id: string): void;
  lock(id: string): void;
  movePopulation(id: string, populationId: string): void;
  /** Hands the user over to an external identity provider. */
  federate(id: string, type: string, providerId: string): void;
  /** Sets any stored field, such as `verifyStatus`. */
  setField(id: string, field: Partial<PingOneUser>): void;
  removeEnvironment(id: string): void;
}

export function driftOf(organization: Organization): Drift {
  const change = (id: string, apply: (user: PingOneUser) => void) => {
    const user = organization.stored(id);
    apply(user);
    organization.touch(user);
  };
  return {
    changeUser: (id, attributes) =>
      change(id, (user) => {
        for (const [name, value] of Object.entries(attributes)) {
          if (value === null) delete user.attributes[name];
          else user.attributes[name] = structuredClone(value);
        }
      }),
    removeUser(id) {
      for (const environment of organization.current.environments) environment.users = environment.users.filter((user) => user.id !== id);
    },
    disable: (id) =>
      change(id, (user) => {
        user.enabled = false;
      }),
    lock: (id) =>
      change(id, (user) => {
        user.lockedAt = user.lastModified;
      }),
    movePopulation: (id, populationId) =>
      change(id, (user) => {
        user.populationId = populationId;
      }),
    federate: (id, type, providerId) =>
      change(id, (user) => {
        user.identityProvider = { type, id: providerId };
      }),
    setField: (id, field) => change(id, (user) => void Object.assign(user, field)),
    removeEnvironment(id) {
      const { current } = organization;
      current.environments = current.environments.filter((environment) => environment.id !== id);
    },
  };
}
