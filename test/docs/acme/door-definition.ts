import { z } from "zod";
import { ContractError, LostAnswerError, NotFoundError } from "../../../provider/src/core/errors";
import { findLost } from "../../../provider/src/core/lost";
import type { ResourceDefinition } from "../../../provider/src/core/resource";
import type { AcmeApi, Door } from "./api";
import { acme, type settings } from "./vendor";

interface Inputs {
  name: string;
  building: string;
  note?: string;
  connection?: string;
}

const text = z.string().min(1, "must not be empty");

/** The lifecycle of a door. Source: Acme API, Doors. */
export const doorDefinition: ResourceDefinition<Inputs, Inputs, AcmeApi, typeof settings> = {
  type: "acme:Door",
  vendor: acme,
  schema: z.strictObject({ name: text, building: text, note: z.string().optional() }),
  fields: {
    name: { mutability: "readWrite" },
    building: { mutability: "immutable" },
    note: { mutability: "readWrite", emptyIsAbsent: true, whenDropped: "cleared" },
  },

  async create(request) {
    const { api, inputs } = request;
    const door = await api.createDoor(toRequest(inputs)).catch((error: unknown) => {
      if (!(error instanceof LostAnswerError)) throw error;
      // Nobody knows whether it arrived, and a second one would be a second door.
      const look = async () => (await api.findDoors(inputs.name)).find(({ building }) => building === inputs.building);
      return findLost(request, error, `No door "${inputs.name}"`, look);
    });
    return { id: door.id, state: toInputs(door, inputs) };
  },

  async read({ api, id, state }) {
    const door = await observe(api, id);
    if (!door) return undefined;
    const now = toInputs(door, state);
    return { inputs: now, state: now };
  },

  async update({ api, id, inputs }) {
    if (!(await observe(api, id))) throw new NotFoundError(`Door ${id} is gone`, "Run `pulumi up --refresh` to make it again");
    return toInputs(await api.patchDoor(id, toRequest(inputs)), inputs);
  },

  async delete({ api, id }) {
    if (await observe(api, id)) await api.deleteDoor(id);
  },
};

function toRequest({ name, building, note }: Inputs) {
  return { name, building, note: note ?? null };
}

/** A door as a program would write it; the vendor knows nothing of connections. */
function toInputs({ name, building, note }: Door, { connection }: Partial<Inputs>): Inputs {
  return { name, building, ...(note && { note }), ...(connection && { connection }) };
}

/** Undefined when the vendor itself says that there is no such door: any other 404 comes from a wrong address. */
async function observe(api: AcmeApi, id: string): Promise<Door | undefined> {
  try {
    return await api.getDoor(id);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    if (error.facts.vendorCode === "NO_SUCH_DOOR") return undefined;
    throw new ContractError(error.what, "That is not how Acme says that a door is missing; check acme:baseUrl", error.facts);
  }
}
