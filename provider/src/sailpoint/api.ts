import { z } from "zod";
import { ContractError } from "../core/errors";
import type { Bulk } from "../core/gather";
import type { TokenSource } from "../core/http/auth";
import type { Call, HttpClient } from "../core/http/client";
import type { Headers } from "../core/http/timing";
import {
  exportedProfile,
  type IdentityPreview,
  type ImportResult,
  identityPreview,
  importResult,
  lifecycleState,
  reference,
} from "./answers";

export const attributeTransform = z.looseObject({
  identityAttributeName: z.string(),
  transformDefinition: z.looseObject({ type: z.string(), attributes: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

const identityAttributeConfig = z.looseObject({
  enabled: z.boolean().nullish(),
  attributeTransforms: z.array(attributeTransform).nullish(),
});

/** An identity profile as the vendor answers; only what is used is named. */
export const identityProfile = z.looseObject({
  id: z.string().min(1),
  // The vendor's schema allows null, and one odd profile must not break the lists in which others are looked for.
  name: z
    .string()
    .nullish()
    .transform((name) => name ?? ""),
  description: z.string().nullish(),
  owner: reference.nullish(),
  priority: z.number().nullish(),
  authoritativeSource: reference,
  identityAttributeConfig: identityAttributeConfig.nullish(),
  identityRefreshRequired: z.boolean().nullish(),
  identityCount: z.number().nullish(),
  created: z.string().nullish(),
});
export type IdentityProfile = z.output<typeof identityProfile>;

const deletionTask = z.looseObject({ id: z.string().nullish() }).nullish();

const taskStatus = z.looseObject({
  completionStatus: z.string().nullish(),
  completed: z.unknown(),
  percentComplete: z.number().nullish(),
  messages: z
    .array(z.looseObject({ key: z.string().nullish(), localizedText: z.looseObject({ message: z.string().nullish() }).nullish() }))
    .nullish(),
});
export type TaskStatus = z.output<typeof taskStatus>;

/** Which part of a collection is asked for. */
export interface Part {
  /** In the vendor's filter language. */
  filters?: string;
  /** Fields, with commas between them and `-` before those in descending order. @default "id" */
  sorters?: string;
  /** How many to pass over. @default 0 */
  offset?: number;
  /** How many at most. @default all */
  limit?: number;
}

/** One operation of a JSON Patch. Source: RFC 6902 section 4. */
export interface PatchOperation {
  op: "add" | "remove" | "replace";
  path: string;
  value?: unknown;
}

/** The largest page the vendor gives. */
const PAGE = 250;
/** Ids in one filter: longer addresses are refused on the way. */
const IDS = 50;

export type SailPointApi = ReturnType<typeof makeApi>;

/**
 * The calls this library makes to SailPoint Identity Security Cloud, one function each.
 *
 * Errors: those of the HTTP client, and ContractError for an answer without what it must hold.
 * Source: developer.sailpoint.com, API reference, Identity Profiles, Sources, Identities and Task Management.
 */
export function makeApi(
  client: HttpClient,
  tokens: TokenSource,
  { apiVersion, experimental }: { apiVersion: string; experimental: boolean },
) {
  const headers: Record<string, string> | undefined = experimental ? { "X-SailPoint-Experimental": "true" } : undefined;

  async function send<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S>> {
    return (await sendForAnswer(schema, call)).data;
  }

  async function sendForAnswer<S extends z.ZodType>(schema: S, call: Call): Promise<{ data: z.output<S>; headers: Headers }> {
    const answer = await client.send({ ...call, headers }, tokens);
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return { data: parsed.data, headers: answer.headers };
    const fault = parsed.error.issues[0];
    throw new ContractError(
      `${call.action}: the answer lacks ${fault?.path.join(".") || "a body"} (${fault?.message})`,
      "Check that the base URL and sailpoint:apiVersion are right",
    );
  }

  /** The newest layout has the version behind the noun, all others before it. */
  const path = (noun: string, rest = "", version = apiVersion) => (version === "v1" ? `/${noun}/v1${rest}` : `/${version}/${noun}${rest}`);
  const profilePath = (id: string) => path("identity-profiles", `/${encodeURIComponent(id)}`);

  async function findByName(noun: "sources" | "identities", name: string, rights: string) {
    const found = await send(z.array(reference), {
      action: `Looking up ${noun} named "${name}" at SailPoint`,
      method: "GET",
      // Version v3 has no identities.
      path: path(noun, "", noun === "identities" && apiVersion === "v3" ? "beta" : apiVersion),
      query: { filters: `name eq ${quote(name)}`, limit: PAGE },
      rights,
    });
    // The vendor compares without case, and a filter it does not understand must not choose an object.
    return found.filter((item) => item.name?.toLowerCase() === name.toLowerCase());
  }

  const deleteRights = needs(apiVersion === "beta" ? "idn:identity-profile:delete" : "idn:identity-profile:manage");
  const list = {
    action: "Listing identity profiles",
    method: "GET",
    path: path("identity-profiles"),
    rights: needs("idn:identity-profile:read"),
  } as const;

  /** A part of a collection, page by page. */
  async function collect<S extends z.ZodType>(item: S, call: Call, { filters, sorters, offset = 0, limit }: Part): Promise<z.output<S>[]> {
    const all: z.output<S>[] = [];
    for (;;) {
      const size = Math.min(PAGE, (limit ?? Number.POSITIVE_INFINITY) - all.length);
      if (size <= 0) return all;
      const query = { ...(filters && { filters }), limit: size, offset: offset + all.length, ...(sorters && { sorters }) };
      const page = await send(z.array(item), { ...call, query });
      all.push(...page);
      if (page.length < size) return all;
    }
  }

  /** The profiles of the tenant that fit a filter; all in the order of their ids, unless a part in another order is asked for. */
  const listIdentityProfiles = (filters?: string, part: Omit<Part, "filters"> = {}): Promise<IdentityProfile[]> =>
    collect(identityProfile, list, { ...part, filters, sorters: stable(part.sorters) });

  return {
    /** The tenant that the credentials belong to, where the vendor says so. */
    async tenant(): Promise<string | undefined> {
      return (await tokens.get()).tenant;
    },

    /** Errors: NotFoundError; observe.ts tells a proven absence from a wrong address. */
    getIdentityProfile: (id: string): Promise<IdentityProfile> =>
      send(identityProfile, {
        action: `Reading identity profile ${id}`,
        method: "GET",
        path: profilePath(id),
        rights: needs("idn:identity-profile:read"),
      }),

    listIdentityProfiles,

    /** Profiles by several ids, and page by page. */
    identityProfiles: {
      some: {
        most: IDS,
        get: async (ids) => byId(await listIdentityProfiles(`id in (${ids.map(quote).join(",")})`)),
      },
      async page(index) {
        const { data, headers } = await sendForAnswer(z.array(identityProfile), {
          ...list,
          query: { limit: PAGE, offset: index * PAGE, sorters: "id", count: true },
        });
        const total = Number(headers["x-total-count"]);
        return { items: byId(data), pages: Number.isNaN(total) ? index + (data.length < PAGE ? 1 : 2) : Math.ceil(total / PAGE) };
      },
    } satisfies Bulk<IdentityProfile>,

    /** Not repeated when its answer is lost. Errors: ConflictError when name, source or priority is taken. */
    createIdentityProfile: (body: { name: string } & Record<string, unknown>): Promise<IdentityProfile> =>
      send(identityProfile, {
        action: `Creating identity profile "${body.name}"`,
        method: "POST",
        path: path("identity-profiles"),
        body,
        rights: needs("idn:identity-profile:manage"),
      }),

    /** All operations are applied, or none. Not repeated when its answer is lost. */
    patchIdentityProfile: (id: string, operations: PatchOperation[]): Promise<IdentityProfile> =>
      send(identityProfile, {
        action: `Changing ${operations.map(({ path }) => path.slice(1)).join(", ")} of identity profile ${id}`,
        method: "PATCH",
        path: profilePath(id),
        body: operations,
        contentType: "application/json-patch+json",
        rights: needs("idn:identity-profile:manage"),
      }),

    /** Starts the deletion. Out: id of the task that carries it out, if the vendor names one. */
    async deleteIdentityProfile(id: string): Promise<string | undefined> {
      const task = await send(deletionTask, {
        action: `Deleting identity profile ${id}`,
        method: "DELETE",
        path: profilePath(id),
        rights: deleteRights,
      });
      return task?.id ?? undefined;
    },

    /** The same for several profiles, in one task. It says nothing of ids that are not there, so it may be sent twice. */
    async deleteIdentityProfiles(ids: readonly string[]): Promise<string | undefined> {
      const task = await send(deletionTask, {
        action: `Deleting ${ids.length} identity profiles`,
        method: "POST",
        path: path("identity-profiles", "/bulk-delete"),
        body: ids,
        repeatable: true,
        rights: deleteRights,
      });
      return task?.id ?? undefined;
    },

    /** The mapping that the vendor gives a profile for which none is declared. */
    getDefaultMapping: (id: string) =>
      send(identityAttributeConfig, {
        action: `Reading the default mapping of identity profile ${id}`,
        method: "GET",
        path: `${profilePath(id)}/default-identity-attribute-config`,
        rights: needs("idn:identity-profile:manage"),
      }),

    /** What a mapping would give an identity. Nothing is stored, so it may be sent twice. */
    previewIdentity: (identityId: string, mapping: object): Promise<IdentityPreview> =>
      send(identityPreview, {
        action: `Previewing identity ${identityId}`,
        method: "POST",
        path: path("identity-profiles", "/identity-preview"),
        body: { identityId, identityAttributeConfig: mapping },
        repeatable: true,
        rights: needs("idn:identity-profile:manage"),
      }),

    /** Starts to work out the attributes of all identities of a profile anew. The answer may be empty and says nothing. */
    async processIdentities(id: string): Promise<void> {
      await send(z.unknown(), {
        action: `Processing the identities of identity profile ${id}`,
        method: "POST",
        path: `${profilePath(id)}/process-identities`,
        rights: needs("idn:identity-profile:manage"),
      });
    },

    /** Errors: RejectedError for filters other than `eq` and `ne` on id, name and priority. */
    exportIdentityProfiles: (part: Part) =>
      collect(
        exportedProfile,
        {
          action: "Exporting identity profiles",
          method: "GET",
          path: path("identity-profiles", "/export"),
          rights: needs("idn:identity-profile:read"),
        },
        { ...part, sorters: stable(part.sorters) },
      ),

    /** Out: what became of the objects; errors come in it, with status 200. Not repeated when its answer is lost. */
    importIdentityProfiles: (objects: readonly object[]): Promise<ImportResult> =>
      send(importResult, {
        action: `Importing ${objects.length} identity profiles`,
        method: "POST",
        path: path("identity-profiles", "/import"),
        body: objects,
        rights: needs("idn:identity-profile:manage"),
      }),

    /** Version beta has no such list, so there it is asked for in v3. */
    listLifecycleStates: (id: string) =>
      collect(
        lifecycleState,
        {
          action: `Listing the lifecycle states of identity profile ${id}`,
          method: "GET",
          path: path("identity-profiles", `/${encodeURIComponent(id)}/lifecycle-states`, apiVersion === "beta" ? "v3" : apiVersion),
          rights: needs("idn:identity-profile-lifecycle-state:read"),
        },
        { sorters: "created" },
      ),

    /** Errors: ForbiddenError and NotFoundError are usual: the right to delete does not include the right to watch. */
    getTaskStatus: (id: string): Promise<TaskStatus> =>
      send(taskStatus, {
        action: `Reading task ${id}`,
        method: "GET",
        path: path("task-status", `/${encodeURIComponent(id)}`),
        rights: needs("idn:task-management:read"),
      }),

    /** Version v3 of the API has no tasks. */
    hasTaskStatus: apiVersion !== "v3",

    findSources: (name: string) => findByName("sources", name, needs("idn:sources:read")),
    findIdentities: (name: string) => findByName("identities", name, needs("idn:identity:read")),
  };
}

/** An order in which pages neither overlap nor leave anything out. */
function stable(sorters = "id"): string {
  return sorters.split(",").some((sorter) => sorter.trim().replace(/^-/, "") === "id") ? sorters : `${sorters},id`;
}

function byId(profiles: IdentityProfile[]): Map<string, IdentityProfile> {
  return new Map(profiles.map((profile) => [profile.id, profile]));
}

/** A string in a filter expression. Source: developer.sailpoint.com, Standard Collection Parameters. */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function needs(scope: string): string {
  return `The client needs the scope ${scope} (or sp:scopes:all), and its user the level ORG_ADMIN`;
}
