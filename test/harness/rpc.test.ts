import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CheckFailedError, type EngineResource, type ProviderHost, startProviderHost, UNKNOWN } from "./rpc.js";

/** Keeps its objects in memory; the inputs say how it behaves. */
const provider = `
const objects = new Map();
let next = 0;
let config;
const refuse = (inputs, id) => {
  if (inputs.fail === "plain") throw new Error("refused");
  if (inputs.fail === "half") throw Object.assign(new Error("half made"), { id, properties: { ...inputs, half: true }, reasons: ["half made"] });
};
exports.handler = () => ({
  configure(request) { config = request.config; },
  async check(olds, news) {
    const failures = news.size < 0 ? [{ property: "size", reason: "must not be negative" }] : [];
    return { inputs: { color: olds.color ?? "default", ...news }, failures };
  },
  async diff(id, olds, news) {
    const replaces = ["kind"].filter((key) => olds[key] !== news[key]);
    return { replaces, deleteBeforeReplace: news.exclusive === true, ...(news.changes !== undefined && { changes: news.changes }) };
  },
  async create(inputs) {
    const id = "object-" + ++next;
    if (inputs.fail !== "plain") objects.set(id, inputs);
    refuse(inputs, id);
    return { id, outs: { ...inputs, tenant: config.get("acme:tenant"), cwd: process.cwd() } };
  },
  async read(id, props) {
    if (!objects.has(id)) return { id: "", props: {} };
    return { id, props: { ...props, ...objects.get(id) }, inputs: objects.get(id) };
  },
  async update(id, olds, news) {
    refuse(news, id);
    objects.set(id, news);
    return { outs: news };
  },
  async delete(id, props) {
    refuse({ fail: props.failDelete }, id);
    objects.delete(id);
    console.error("deleted " + id);
  },
});`;

let host: ProviderHost;
let resource: EngineResource;

beforeAll(async () => {
  host = await startProviderHost({ provider, cwd: import.meta.dirname, config: { "acme:tenant": "blue" } });
});
afterAll(() => host.close());
beforeEach(() => {
  resource = host.resource();
});

describe("the provider process", () => {
  test("gets the configuration and runs in the program's folder", async () => {
    const { outputs } = await host.create({ size: 1 });
    expect(outputs).toEqual({ size: 1, tenant: "blue", cwd: import.meta.dirname });
  });

  test("answers check with inputs and failures", async () => {
    expect(await host.check(undefined, { size: -1, later: UNKNOWN })).toEqual({
      inputs: { color: "default", size: -1, later: UNKNOWN },
      failures: [{ property: "size", reason: "must not be negative" }],
    });
  });

  test("leaves the comparison to the engine when diff does not say", async () => {
    expect(await host.diff("x", { kind: "a" }, { kind: "b", exclusive: true })).toEqual({
      changes: "unknown",
      replaces: ["kind"],
      deleteBeforeReplace: true,
    });
    expect(await host.diff("x", {}, { changes: false })).toMatchObject({ changes: "none" });
    expect(await host.diff("x", {}, { changes: true })).toMatchObject({ changes: "some" });
  });

  test("reports a refused create as an error", async () => {
    await expect(host.create({ fail: "plain" })).rejects.toMatchObject({ message: "refused", initFailed: undefined });
  });

  test("reports a half-made object with its id, properties and reasons", async () => {
    await expect(host.create({ fail: "half" })).rejects.toMatchObject({
      message: "half made",
      initFailed: { properties: { half: true, __provider: provider }, reasons: ["half made"] },
    });
  });

  test("says nothing of inputs when read returns none", async () => {
    expect(await host.read("gone", { size: 1 })).toEqual({ id: "", outputs: {} });
  });

  test("writes to the host's output", async () => {
    await host.delete("object-x", {});
    await expect.poll(() => host.output).toContain("deleted object-x");
  });
});

describe("a resource", () => {
  test("is created, left alone, updated and destroyed", async () => {
    expect(await resource.preview({ size: 1 })).toMatchObject({ op: "create" });
    expect(await resource.up({ size: 1 })).toBe("create");
    const { id } = resource.state ?? {};
    expect(await resource.up({ size: 1, absent: null })).toBe("same");
    expect(await resource.preview({ size: UNKNOWN })).toEqual({ op: "update", changes: ["size"], replaces: [] });
    expect(await resource.up({ size: 2 })).toBe("update");
    expect(resource.state).toEqual({
      id,
      inputs: { color: "default", size: 2 },
      outputs: { color: "default", size: 2 },
      initErrors: [],
    });
    await resource.destroy();
    expect(resource.state).toBeUndefined();
    expect(await host.read(id as string, {})).toMatchObject({ id: "" });
  });

  test("is not touched when its inputs are refused", async () => {
    await expect(resource.up({ size: -1 })).rejects.toThrow(CheckFailedError);
    expect(resource.state).toBeUndefined();
  });

  test("updates when the provider says so, though no input changed", async () => {
    await resource.up({ changes: true });
    expect(await resource.up({ changes: true })).toBe("update");
  });

  test("is replaced: the new object is made first and takes no default from the old one", async () => {
    await resource.up({ kind: "a", color: "red" });
    const old = resource.state?.id as string;
    expect(await resource.preview({ kind: "b" })).toEqual({ op: "replace", changes: ["kind"], replaces: ["kind"] });
    expect(await resource.up({ kind: "b" })).toBe("replace");
    expect(resource.state?.inputs).toEqual({ kind: "b", color: "default" });
    expect(await host.read(old, {})).toMatchObject({ id: "" });
  });

  test("keeps the old object for the next run when it cannot be deleted after a replacement", async () => {
    await resource.up({ kind: "a", failDelete: "plain" });
    await expect(resource.up({ kind: "b" })).rejects.toThrow("refused");
    expect(resource.state?.inputs).toMatchObject({ kind: "b" });
    expect(resource.pendingDeletes).toHaveLength(1);
    await expect(resource.up({ kind: "b" })).rejects.toThrow("refused");
  });

  test("stays pending when it was deleted first and its replacement failed", async () => {
    await resource.up({ kind: "a" });
    const old = resource.state?.id as string;
    await expect(resource.up({ kind: "b", exclusive: true, fail: "plain" })).rejects.toThrow("refused");
    expect(resource.state).toMatchObject({ id: old, pendingReplacement: true });
    expect(await host.read(old, {})).toMatchObject({ id: "" });
    expect(await resource.refresh()).toBe("same");
    expect(await resource.up({ kind: "b", exclusive: true })).toBe("replace");
    expect(resource.state?.pendingReplacement).toBeUndefined();
  });

  test("keeps a half-made object with its inputs, and the next run updates it", async () => {
    await expect(resource.up({ size: 1, fail: "half" })).rejects.toThrow("half made");
    expect(resource.state).toMatchObject({ inputs: { size: 1 }, outputs: { half: true }, initErrors: ["half made"] });
    expect(await resource.preview({ size: 1, fail: "half" })).toMatchObject({ op: "update", changes: [] });
    await resource.up({ size: 1 });
    expect(resource.state?.initErrors).toEqual([]);
  });

  test("keeps the old inputs and the new outputs when an update stopped half-way", async () => {
    await resource.up({ size: 1 });
    await expect(resource.up({ size: 2, fail: "half" })).rejects.toThrow("half made");
    expect(resource.state).toMatchObject({ inputs: { size: 1 }, outputs: { size: 2, half: true }, initErrors: ["half made"] });
    expect(await resource.preview({ size: 1 })).toMatchObject({ op: "update" });
  });

  test("takes over the inputs that a refresh found", async () => {
    await resource.up({ size: 1 });
    expect(await resource.refresh()).toBe("same");
    await host.update(resource.state?.id as string, {}, { size: 5 });
    expect(await resource.refresh()).toBe("update");
    expect(resource.state?.inputs).toEqual({ size: 5 });
    expect(await resource.preview({ size: 1 })).toMatchObject({ op: "update", changes: ["color", "size"] });
  });

  test("disappears when a refresh finds the object gone", async () => {
    await resource.up({ size: 1 });
    await host.delete(resource.state?.id as string, {});
    expect(await resource.refresh()).toBe("delete");
    expect(await resource.preview({ size: 1 })).toMatchObject({ op: "create" });
  });
});

test("a provider that logs through the engine is heard", async () => {
  const logging = `exports.handler = () => ({
    async create(inputs) {
      const grpc = require("@grpc/grpc-js");
      const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
      const { LogRequest } = require("@pulumi/pulumi/proto/engine_pb");
      const client = new EngineClient(process.argv[2], grpc.credentials.createInsecure());
      const request = new LogRequest().setSeverity(2).setMessage("slow down").setUrn(inputs.urn);
      await new Promise((resolve, reject) => client.log(request, (error) => (error ? reject(error) : resolve())));
      return { id: "1", outs: {} };
    },
  })`;
  await using other = await startProviderHost({ provider: logging });
  await other.create({ urn: other.urn("a") });
  expect(other.logs).toEqual([{ severity: "warning", message: "slow down", urn: other.urn("a"), ephemeral: false }]);
});

test("a refresh keeps the reasons of an object that read reports as half made", async () => {
  const ailing = `
  const grpc = require("@grpc/grpc-js");
  const { Any } = require("google-protobuf/google/protobuf/any_pb");
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const { ErrorResourceInitFailed } = require("@pulumi/pulumi/proto/provider_pb");
  const { Status } = require("@pulumi/pulumi/proto/status_pb");
  exports.handler = () => ({
    async create(inputs) { return { id: "1", outs: inputs }; },
    async read(id, props) {
      const detail = new ErrorResourceInitFailed().setId(id).setProperties(Struct.fromJavaScript(props)).setReasonsList(["not whole yet"]);
      const any = new Any();
      any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
      const status = new Status().setCode(2);
      status.addDetails(any);
      const metadata = new grpc.Metadata();
      metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
      throw Object.assign(new Error("not whole yet"), { metadata });
    },
  })`;
  await using other = await startProviderHost({ provider: ailing, cwd: import.meta.dirname });
  const resource = other.resource();
  await resource.up({ size: 1 });
  expect(await resource.refresh()).toBe("same");
  expect(resource.state).toMatchObject({ inputs: { size: 1 }, outputs: { size: 1 }, initErrors: ["not whole yet"] });
  expect(await resource.preview({ size: 1 })).toMatchObject({ op: "update", changes: [] });
});

test("a killed process fails the call in flight", async () => {
  await using other = await startProviderHost({ provider: "exports.handler = () => ({ create: () => new Promise(() => {}) })" });
  const call = expect(other.create({})).rejects.toMatchObject({ code: 14 });
  await other.kill();
  await call;
});
