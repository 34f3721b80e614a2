import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { providerSource } from "../../provider/src/core/provider-source";
import { IdentityResource, type IdentityResourceOptions } from "../../provider/src/core/shell";
import { definitions } from "../../provider/src/definitions";

class Widget extends IdentityResource {
  declare readonly made: pulumi.Output<string>;

  constructor(name: string, args: object, options?: IdentityResourceOptions) {
    super("acme:Widget", name, args, ["made"], options);
  }
}

describe("the text that state keeps for every object", () => {
  test.each(Object.keys(definitions))("is at most 150 bytes for %s", (type) => {
    expect(Buffer.byteLength(providerSource(type))).toBeLessThanOrEqual(150);
  });

  test("names the type and nothing that a release could change", () => {
    expect(providerSource("acme:Widget")).toBe(
      'exports.handler=()=>require(require.resolve("pulumi-identity-as-code/dynamic",{paths:[process.cwd()]})).handler("acme:Widget")',
    );
  });

  test("asks the package, as seen from the program's folder, for the type", () => {
    const asked: unknown[] = [];
    const require = Object.assign((path: string) => ({ handler: (type: string) => [path, type] }), {
      resolve: (...args: unknown[]) => {
        asked.push(args);
        return "/found/here";
      },
    });
    const exports: { handler?: () => unknown } = {};
    new Function("exports", "require", providerSource("acme:Widget"))(exports, require);
    expect(exports.handler?.()).toEqual(["/found/here", "acme:Widget"]);
    expect(asked).toEqual([["pulumi-identity-as-code/dynamic", { paths: [process.cwd()] }]]);
  });
});

describe("a resource", () => {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  beforeAll(() =>
    pulumi.runtime.setMocks({
      newResource: (args) => {
        registered.push(args);
        return { id: "7", state: { ...args.inputs, made: "yes" } };
      },
      call: ({ inputs }) => inputs,
    }),
  );
  const settle = async (widget: Widget) => {
    await new Promise((done) => widget.urn.apply(done));
    return registered.at(-1);
  };

  test("is registered under a dynamic type, with its inputs and the text that reaches the library", async () => {
    expect(await settle(new Widget("w", { name: "a" }))).toMatchObject({
      type: "pulumi-nodejs:dynamic/acme:Widget",
      inputs: { name: "a", __provider: providerSource("acme:Widget") },
    });
  });

  test("has outputs that the vendor adds", async () => {
    const widget = new Widget("outputs", { name: "a" });
    expect(await new Promise((done) => widget.made.apply(done))).toBe("yes");
  });

  test("sends its timeouts along with the inputs, because they reach a dynamic provider in no other way", async () => {
    expect((await settle(new Widget("patient", {}, { customTimeouts: { create: "10m" } })))?.inputs).toMatchObject({
      timeouts: { create: "10m" },
    });
    expect((await settle(new Widget("plain", {})))?.inputs).not.toHaveProperty("timeouts");
  });

  test("refuses the option that the engine does not support, and names the one that does the same", () => {
    const options = { import: "7" } as IdentityResourceOptions;
    expect(() => new Widget("taken", {}, options)).toThrow('"taken" cannot use the option "import"');
    expect(() => new Widget("taken", {}, options)).toThrow('Run `npx identity-as-code import`, or set "adopt"');
  });
});
