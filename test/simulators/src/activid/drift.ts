import type { Store } from "./store.js";
import type { StoredUser } from "./types.js";

/** Changes behind the client's back, as an administrator in the console, a person with a new phone or the server itself makes them. Nothing is checked. */
export interface Drift {
  /** Sets fields of a user, or hands the user to a function that changes it. */
  changeUser(id: string, change: Partial<StoredUser> | ((user: StoredUser) => void)): void;
  /** Sets one attribute; undefined removes it. */
  setAttribute(id: string, name: string, value?: string | string[]): void;
  bindDevice(id: string, device: string): void;
  addAuthenticator(id: string, policy: string): void;
  removeUser(id: string): void;
  /** The server is restarted and forgets the import jobs that have not ended. */
  loseJobs(): void;
}

export function driftOf(store: Store): Drift {
  const changeUser: Drift["changeUser"] = (id, change) => {
    const user = store.user(id);
    if (typeof change === "function") change(user);
    else Object.assign(user, structuredClone(change));
  };
  return {
    changeUser,
    setAttribute: (id, name, value) =>
      changeUser(id, (user) => {
        user.attributes = user.attributes.filter((entry) => entry.name !== name);
        if (value !== undefined) user.attributes.push({ name, value, readOnly: false });
      }),
    bindDevice: (id, device) => changeUser(id, (user) => void user.devices.push(device)),
    addAuthenticator: (id, policy) => changeUser(id, (user) => void user.authenticators.push(policy)),
    removeUser(id) {
      store.current.users.splice(store.current.users.indexOf(store.user(id)), 1);
    },
    loseJobs() {
      for (const job of store.current.jobs) if (job.status === "importing") job.lost = true;
    },
  };
}
