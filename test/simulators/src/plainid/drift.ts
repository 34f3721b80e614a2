import type { Tenant } from "./store.js";
import type { IdentitySource } from "./types.js";

/** Changes behind the client's back, as a person in the vendor's console makes them. Addresses are environment, template, source. */
export interface Drift {
  /** Renames a source; what refers to it follows or not, as the switch `cascade` says. */
  renameSource(envId: string, templateId: string, sourceId: string, newId: string): void;
  /** Sets fields of a source other than its id. */
  changeSource(envId: string, templateId: string, sourceId: string, change: Partial<IdentitySource>): void;
  addSource(envId: string, templateId: string, source: Pick<IdentitySource, "sourceId"> & Partial<IdentitySource>): void;
  removeSource(envId: string, templateId: string, sourceId: string): void;
  /** Renames an identity template, which breaks every address below it. */
  renameTemplate(envId: string, templateId: string, newId: string): void;
}

export function driftOf(tenant: Tenant): Drift {
  return {
    renameSource: (envId, templateId, sourceId, newId) => tenant.rename(envId, tenant.template(envId, templateId), sourceId, newId),
    changeSource(envId, templateId, sourceId, change) {
      Object.assign(tenant.source(tenant.template(envId, templateId), sourceId), structuredClone(change));
    },
    addSource: (envId, templateId, source) => tenant.import(tenant.template(envId, templateId), [source]),
    removeSource(envId, templateId, sourceId) {
      const template = tenant.template(envId, templateId);
      template.sources.splice(template.sources.indexOf(tenant.source(template, sourceId)), 1);
    },
    renameTemplate(envId, templateId, newId) {
      tenant.template(envId, templateId).identityTemplateId = newId;
    },
  };
}
