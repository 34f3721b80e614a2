import type { PingOneSeed } from "./types.js";

/** The environment and populations of `demoOrganization`, by stable ids. */
export const DEMO = {
  environmentId: "5f0f3a8e-6a51-4b0c-9d39-0d1f6a3d7e10",
  employees: "0a6d7c52-1f3e-4a57-8b61-2b6f6b7d9c01",
  partners: "0a6d7c52-1f3e-4a57-8b61-2b6f6b7d9c02",
};

/** An environment as a small company has it: two populations, a user schema with attributes of its own, and a few users. */
export function demoOrganization(): PingOneSeed {
  return {
    environments: [
      {
        id: DEMO.environmentId,
        populations: [
          { id: DEMO.employees, name: "Employees" },
          { id: DEMO.partners, name: "Partners" },
        ],
        customAttributes: [{ name: "badgeNumber", unique: true }, { name: "costCenter" }, { name: "devices" }],
        users: [
          {
            id: "c3e3b0a4-7b0e-4f8e-9d53-0f5a1f8d2a01",
            attributes: {
              username: "g.hopper",
              email: "g.hopper@example.com",
              name: { given: "Grace", family: "Hopper" },
              badgeNumber: "0007",
            },
          },
          {
            id: "c3e3b0a4-7b0e-4f8e-9d53-0f5a1f8d2a02",
            populationId: DEMO.partners,
            attributes: { username: "k.johnson", name: { given: "Katherine", family: "Johnson" } },
          },
        ],
      },
    ],
  };
}
