import { z } from "zod";
import { ContractError } from "../../../provider/src/core/errors";
import type { TokenSource } from "../../../provider/src/core/http/auth";
import type { Call, HttpClient } from "../../../provider/src/core/http/client";

/** A door as the vendor answers; only what is read is named. */
const door = z.looseObject({ id: z.string(), name: z.string(), building: z.string(), note: z.string().nullish() });
export type Door = z.output<typeof door>;

export type AcmeApi = ReturnType<typeof makeApi>;

/**
 * The calls this library makes to Acme, one function each.
 *
 * Errors: those of the HTTP client, and ContractError for an answer without what it must hold.
 * Source: Acme API, Doors.
 */
export function makeApi(client: HttpClient, tokens: TokenSource) {
  async function send<S extends z.ZodType>(schema: S, call: Call): Promise<z.output<S>> {
    const { body } = await client.send({ rights: "The client needs the right Doors", ...call }, tokens);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new ContractError(`${call.action}: the answer is no door (${parsed.error.issues[0]?.message})`, "Check acme:baseUrl");
  }
  const one = (id: string) => `/doors/${encodeURIComponent(id)}`;

  return {
    getDoor: (id: string) => send(door, { action: `Reading door ${id}`, method: "GET", path: one(id) }),

    findDoors: (name: string) =>
      send(z.array(door), { action: `Looking up door "${name}"`, method: "GET", path: "/doors", query: { name } }),

    /** Not repeated when its answer is lost. Errors: ConflictError when the name is taken. */
    createDoor: (body: object & { name: string }) =>
      send(door, { action: `Creating door "${body.name}"`, method: "POST", path: "/doors", body }),

    /** Names what it changes, so it does no harm twice. */
    patchDoor: (id: string, body: object) =>
      send(door, { action: `Changing door ${id}`, method: "PATCH", path: one(id), body, repeatable: true }),

    async deleteDoor(id: string): Promise<void> {
      await send(z.unknown(), { action: `Deleting door ${id}`, method: "DELETE", path: one(id) });
    },
  };
}
