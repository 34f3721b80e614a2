import type { Clock } from "../kernel/clock.js";
import { environmentNotFound, sourceNotFound, taken, templateNotFound, unimportable } from "./errors.js";
import type { PlainIdSwitches } from "./switches.js";
import type { Environment, IdentitySource, IdentityTemplate, PlainIdSeed, PlainIdState } from "./types.js";

/** What every identity workspace has from the start. */
const BUILT_IN = [
  { sourceId: "REQUEST_INPUT", displayName: "PDP Request", sourceType: "REQUEST_INPUT" },
  { sourceId: "REQUEST_MAPPERS", displayName: "Request Mappers", sourceType: "REQUEST_MAPPERS" },
];

/** One tenant's environments and the rules for changing their identity sources. Knows nothing of HTTP but the refusals it throws. */
export class Tenant {
  private state: PlainIdState = { environments: [] };
  /** By template: what exports showed before the last write, and when that was. */
  private readonly before = new WeakMap<IdentityTemplate, { sources: IdentitySource[]; at: number }>();

  constructor(
    seed: PlainIdSeed,
    private readonly switches: PlainIdSwitches,
    private readonly clock: Clock,
  ) {
    this.load(seed);
  }

  /** Errors: an id used twice where the vendor wants it once. */
  load(seed: PlainIdSeed): void {
    this.state = {
      environments: (structuredClone(seed).environments ?? []).map(({ envId, templates = [], apiMapperSets = [] }) => ({
        envId,
        apiMapperSets,
        templates: templates.map(({ identityTemplateId, sources = [], mapperSets = [] }) => {
          const builtIn = BUILT_IN.filter(({ sourceId }) => !sources.some((source) => source.sourceId === sourceId));
          return { identityTemplateId, mapperSets, sources: [...builtIn, ...sources].map(completeSource) };
        }),
      })),
    };
    unique(this.state.environments.map(({ envId }) => envId));
    for (const { templates } of this.state.environments) {
      unique(templates.map(({ identityTemplateId }) => identityTemplateId));
      for (const { sources } of templates) unique(sources.map(({ sourceId }) => sourceId));
    }
  }

  dump(): PlainIdState {
    return structuredClone(this.state);
  }

  /** Errors: EMIT-003. */
  environment(envId: string): Environment {
    const found = this.state.environments.find((environment) => environment.envId === envId);
    if (!found) throw environmentNotFound(envId);
    return found;
  }

  /** Errors: EMIT-003, EMIT-002. */
  template(envId: string, id: string): IdentityTemplate {
    const { templates } = this.environment(envId);
    const found = templates.find(({ identityTemplateId }) => identityTemplateId === id);
    if (!found)
      throw templateNotFound(
        id,
        envId,
        templates.map(({ identityTemplateId }) => identityTemplateId),
      );
    return found;
  }

  /** Errors: EMIT-003, EMIT-002, EMIS-007. */
  source(template: IdentityTemplate, sourceId: string): IdentitySource {
    const found = template.sources.find((source) => source.sourceId === sourceId);
    if (!found)
      throw sourceNotFound(
        sourceId,
        template.sources.map((source) => source.sourceId),
      );
    return found;
  }

  /** What an export shows, for a while after a write what was there before it. */
  exported(template: IdentityTemplate, includeUnimportable: boolean): IdentitySource[] {
    const before = this.before.get(template);
    const stale = before !== undefined && this.clock.now() - before.at < this.switches.staleReadsMs;
    const sources = stale ? before.sources : template.sources;
    return sources.filter(({ sourceType }) => includeUnimportable || !this.isUnimportable(sourceType));
  }

  /** Errors: EMIS-007, EMIS-001, then the refusal of an id in use. */
  rename(envId: string, template: IdentityTemplate, sourceId: string, value: string): void {
    const source = this.source(template, sourceId);
    if (this.isUnimportable(source.sourceType)) throw unimportable(source.sourceType);
    if (value === sourceId && this.switches.sameIdStatus === 204) return;
    if (template.sources.some((other) => other.sourceId === value)) throw taken(value, this.switches.takenStatus);
    this.remember(template);
    source.sourceId = value;
    if (this.switches.cascade) this.redirect(envId, template, sourceId, value);
  }

  /** Errors: EMIS-001. */
  import(template: IdentityTemplate, sources: (Pick<IdentitySource, "sourceId"> & Partial<IdentitySource>)[]): void {
    for (const { sourceId, sourceType } of sources) {
      const type = template.sources.find((source) => source.sourceId === sourceId)?.sourceType ?? sourceType ?? "";
      if (this.isUnimportable(type)) throw unimportable(type);
    }
    this.remember(template);
    if (this.switches.importOmitted === "removes") {
      const named = new Set(sources.map(({ sourceId }) => sourceId));
      template.sources = template.sources.filter(({ sourceId, sourceType }) => named.has(sourceId) || this.isUnimportable(sourceType));
    }
    for (const given of sources) {
      const found = template.sources.find(({ sourceId }) => sourceId === given.sourceId);
      if (found) Object.assign(found, completeSource(given));
      else template.sources.push(completeSource(given));
    }
  }

  isUnimportable(sourceType: string): boolean {
    return this.switches.unimportableTypes.includes(sourceType);
  }

  private remember(template: IdentityTemplate): void {
    this.before.set(template, { sources: structuredClone(template.sources), at: this.clock.now() });
  }

  /** Mapper sets belong to the template; API mappers belong to the environment, and are taken to mean this template's source. */
  private redirect(envId: string, template: IdentityTemplate, from: string, to: string): void {
    for (const { linkedSources } of template.mapperSets) {
      for (const link of linkedSources) if (link.sourceId === from) link.sourceId = to;
    }
    for (const { apiMappers } of this.environment(envId).apiMapperSets) {
      for (const mapper of apiMappers) mapper.identitySourceIds = mapper.identitySourceIds.map((id) => (id === from ? to : id));
    }
  }
}

function completeSource(given: Pick<IdentitySource, "sourceId"> & Partial<IdentitySource>): IdentitySource {
  return { displayName: given.sourceId, description: null, sourceType: "EXTERNAL_INPUT", sourceMetaData: { logoUrl: null }, ...given };
}

function unique(ids: string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`seed: ${twice} is there twice`);
}
