import { describe, expect, test } from "vitest";
import { z } from "zod";
import { bind, type ResourceDefinition } from "../../provider/src/core/resource";
import { acme } from "./http/lab";
import { VirtualClock } from "./virtual-clock";

interface Account {
  name: string;
  pin?: string;
}

const unused = () => Promise.reject(new Error("offline"));
const account: ResourceDefinition<Account, Account, ReturnType<typeof acme.api>> = {
  type: "acme:Account",
  vendor: acme,
  schema: z.strictObject({ name: z.string(), pin: z.string().min(4, "must have 4 digits or more").optional() }),
  fields: { name: { mutability: "readWrite" }, pin: { mutability: "writeOnly" } },
  create: unused,
  read: unused,
  update: unused,
  delete: unused,
};
const surroundings = { config: { get: () => undefined, env: {} }, clock: new VirtualClock(), log: { warn() {}, progress() {} } };
const provider = bind(account, surroundings);

describe("a write-only property", () => {
  test("reaches the create as the program wrote it", () => {
    expect(provider.check({ name: "ada", pin: "1234" }).inputs).toEqual({ name: "ada", pin: "1234" });
    expect(provider.check({ name: "ada", pin: "1234" }, {}).inputs).toEqual({ name: "ada", pin: "1234" });
  });

  test.each([
    ["stays what the object was made with", { name: "ada", pin: "1234" }, { name: "ada", pin: "9999" }, { name: "ada", pin: "1234" }],
    ["is left out where a refresh has forgotten it", { name: "ada" }, { name: "ada", pin: "9999" }, { name: "ada" }],
    // Carried over without the program's mark, it would be in state in clear.
    ["is dropped with the program", { name: "ada", pin: "1234" }, { name: "ada" }, { name: "ada" }],
  ])("%s", (_rule, before, now, kept) => {
    expect(provider.check(now, before).inputs).toEqual(kept);
  });

  test("is no difference, whatever it is", () => {
    expect(provider.diff({ name: "ada" }, { name: "ada", pin: "1234" })).toEqual({
      changes: false,
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(provider.diff({ name: "ada" }, { name: "bob", pin: "1234" }).changes).toBeUndefined();
  });

  test("is not repeated by the message that refuses it, unlike others", () => {
    const { failures } = provider.check({ name: 7, pin: "12" });
    expect(failures).toContainEqual({ property: "pin", reason: "must have 4 digits or more" });
    expect(failures.find(({ property }) => property === "name")?.reason).toContain("(given: 7)");
    expect(JSON.stringify(provider.check({ name: "ada", pin: 98765 }).failures)).not.toContain("98765");
  });
});
