/** A resource of the tests' own, whose lifecycle only notes what it was asked. */
import { vi } from "vitest";
import { z } from "zod";
import type { ResourceDefinition } from "../../provider/src/core/resource";
import { acme } from "./http/lab";

type Values = Record<string, unknown>;

export function widgetDefinition() {
  return {
    type: "acme:Widget",
    vendor: acme,
    schema: z.strictObject({ name: z.string().min(1), size: z.int().optional(), tags: z.array(z.string()).optional() }),
    fields: {
      name: { mutability: "readWrite" },
      size: { mutability: "immutable" },
      tags: { mutability: "readWrite", emptyIsAbsent: true },
    },
    rules: vi.fn((inputs: Values, report: (path: PropertyKey[], reason: string) => void, warn: (message: string) => void) => {
      if (inputs.name === "odd") report(["name"], "is odd");
      if (inputs.name === "rare") warn("rare names are rare");
    }),
    complete: vi.fn((inputs: Values) => ({ size: 3, ...inputs })),
    create: vi.fn(async ({ inputs }) => ({ id: "7", state: { ...inputs, made: true } })),
    read: vi.fn(
      async ({ state }): Promise<{ state: Values; inputs: Values } | undefined> => ({
        state: { ...state, seen: true },
        inputs: { name: state.name },
      }),
    ),
    update: vi.fn(async ({ inputs }): Promise<Values> => ({ ...inputs, made: true })),
    delete: vi.fn(async (): Promise<void> => {}),
    // biome-ignore lint/suspicious/noExplicitAny: inputs and state are what the tests put in.
  } satisfies ResourceDefinition<any, any, any, any>;
}

/** Stack configuration of one tenant and of a second by name; nothing is sent to either. */
export const stackConfig: Record<string, string> = {
  "acme:baseUrl": "https://acme.example.com",
  "acme:clientSecret": "secret",
  "acme:connections": JSON.stringify({ second: { baseUrl: "https://second.example.com", clientSecret: "secret" } }),
};
