import { z } from "zod";
import { ContractError } from "../core/errors";
import type { Bulk } from "../core/gather";
import type { TokenSource } from "../core/http/auth";
import type { Call, HttpClient } from "../core/http/client";
import type { Headers } from "../core/http/timing";

/** A reference as answers hold it. */
const reference = z.looseObject({ id: z.string(), name: z.string().nullish() });

export const attributeTransform = z.looseObject({
  identityAttributeName: z.string(),
  transformDefinition: z.looseObject({ type: z.string(), attributes: z.record(z.string(), z.unknown()).nullish() }).nullish(),
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
  identityAttributeConfig: z
    .looseObject({ enabled: z.boolean().nullish(), attributeTransforms: z.array(attributeTransform).nullish() })
    .nullish(),
  identityCount: z.number().nullish(),
  created: z.string().nullish(),
});
export type IdentityProfile = z.output<typeof identityProfile>;

const taskStatus = z.looseObject({
  completionStatus: z.string().nullish(),
  completed: z.unknown(),
  percentComplete: z.number().nullish(),
  messages: z
    .array(z.looseObject({ key: z.string().nullish(), localizedText: z.looseObject({ message: z.string().nullish() }).nullish() }))
    .nullish(),
});
export type TaskStatus = z.output<typeof taskStatus>;

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

  const list = {
    action: "Listing identity profiles",
    method: "GET",
    path: path("identity-profiles"),
    rights: needs("idn:identity-profile:read"),
  } as const;

  /** All profiles of the tenant that fit a filter, in the order of their ids. */
  async function listIdentityProfiles(filters?: string): Promise<IdentityProfile[]> {
    const all: IdentityProfile[] = [];
    for (;;) {
      const query = { ...(filters && { filters }), limit: PAGE, offset: all.length, sorters: "id" };
      const page = await send(z.array(identityProfile), { ...list, query });
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }

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
      const task = await send(z.looseObject({ id: z.string().nullish() }).nullish(), {
        action: `Deleting identity profile ${id}`,
        method: "DELETE",
        path: profilePath(id),
        rights: needs(apiVersion === "beta" ? "idn:identity-profile:delete" : "idn:identity-profile:manage"),
      });
      return task?.id ?? undefined;
    },

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
