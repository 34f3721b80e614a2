/**
 * Drives the stock dynamic-provider process of the Pulumi SDK by gRPC, as the engine does, and imitates in memory what the engine keeps of a
 * resource. Starting the process takes about a second: share one host per test file.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import engineRpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import providerRpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

const SCRIPT = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
const PROJECT = "harness";
const START_MS = 30_000;

/** What a preview puts in the place of a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Props = Record<string, unknown>;

export interface ProviderHostOptions {
  /** The text of `__provider`: CommonJS source whose `exports.handler()` returns the provider. */
  provider: string;
  /** Folder of the Pulumi program, default the current one. */
  cwd?: string;
  /** Stack configuration as the provider sees it: `{ "sailpoint:clientId": "..." }`, structured values as JSON text. */
  config?: Record<string, string>;
  /** Added to the environment of the tests. */
  env?: Record<string, string>;
  /** Type token of the resources. */
  type?: string;
}

export interface LogLine {
  severity: "debug" | "info" | "warning" | "error";
  message: string;
  urn: string;
  ephemeral: boolean;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffAnswer {
  changes: "some" | "none" | "unknown";
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** The engine keeps the object that such an error describes. `properties` are as sent, `__provider` included. */
export interface InitFailed {
  id: string;
  properties: Props;
  reasons: string[];
  /** Only a read may carry them. */
  inputs?: Props;
}

/** A call that the provider refused, or that broke off because its process died. */
export class ProviderCallError extends Error {
  override name = "ProviderCallError";
  /** The status code of gRPC. */
  readonly code: number;
  readonly initFailed: InitFailed | undefined;

  constructor(message: string, code: number, initFailed?: InitFailed) {
    super(message);
    this.code = code;
    this.initFailed = initFailed;
  }
}

/** Inputs that `check` did not accept. */
export class CheckFailedError extends Error {
  override name = "CheckFailedError";
  readonly failures: CheckFailure[];

  constructor(failures: CheckFailure[]) {
    super(failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join("\n"));
    this.failures = failures;
  }
}

/** Starts the provider process and configures it. Rejects with the process's output when it does not come up. */
export async function startProviderHost(options: ProviderHostOptions): Promise<ProviderHost> {
  const engine = await startEngineService();
  const child = spawn(process.execPath, [SCRIPT, `127.0.0.1:${engine.port}`], {
    cwd: options.cwd,
    env: { ...process.env, PULUMI_PROJECT: PROJECT, PULUMI_NODEJS_PROJECT: PROJECT, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const closed = once(child, "close");
  const stop = async () => {
    child.kill("SIGKILL");
    await closed;
    engine.close();
  };

  const lines = createInterface({ input: child.stdout });
  const port = await Promise.race([
    once(lines, "line").then(([line]) => Number(line)),
    closed.then(() => Number.NaN),
    delay(START_MS, Number.NaN, { ref: false }),
  ]);
  if (!port) {
    await stop();
    throw new Error(`The provider process did not start:\n${output}`);
  }

  const client = new providerRpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const host = new ProviderHost(options, client, engine.logs, {
    pid: child.pid as number,
    output: () => output,
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
    },
    close: async () => {
      client.close();
      await stop();
    },
  });
  await host.configure(options.config ?? {});
  return host;
}

interface ProviderProcess {
  pid: number;
  output(): string;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** A running provider process. Every method adds `__provider` to what it sends and takes it off what comes back. */
export class ProviderHost implements AsyncDisposable {
  readonly provider: string;
  /** What the provider logged through the engine, in order. */
  readonly logs: LogLine[];
  readonly #type: string;
  readonly #client: providerRpc.ResourceProviderClient;
  readonly #process: ProviderProcess;

  constructor(options: ProviderHostOptions, client: providerRpc.ResourceProviderClient, logs: LogLine[], process: ProviderProcess) {
    this.provider = options.provider;
    this.logs = logs;
    this.#type = options.type ?? "pulumi-nodejs:dynamic:Resource";
    this.#client = client;
    this.#process = process;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Everything the process wrote to its standard output and error. */
  get output(): string {
    return this.#process.output();
  }

  /** Ends the process as a crash would. Calls in flight fail. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A resource with the memory that the engine would keep of it. */
  resource(name = "resource"): EngineResource {
    return new EngineResource(this, name);
  }

  async configure(config: Record<string, string>): Promise<void> {
    const request = new providerProto.ConfigureRequest().setArgs(toStruct(config)).setAcceptsecrets(true).setAcceptresources(true);
    await this.#call((done) => this.#client.configure(request, done));
  }

  /** `olds` are the old inputs, absent for a resource that does not exist. */
  async check(olds: Props | undefined, news: Props, urn = ""): Promise<{ inputs: Props; failures: CheckFailure[] }> {
    const request = this.#address(new providerProto.CheckRequest(), urn)
      .setOlds(toStruct(olds ? this.#with(olds) : {}))
      .setNews(toStruct(this.#with(news)));
    const response = await this.#call<providerProto.CheckResponse>((done) => this.#client.check(request, done));
    const failures = response.getFailuresList().map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: without(fromStruct(response.getInputs())), failures };
  }

  /** `olds` are the old outputs, `news` the checked new inputs. */
  async diff(id: string, olds: Props, news: Props, oldInputs: Props = {}, urn = ""): Promise<DiffAnswer> {
    const request = this.#address(new providerProto.DiffRequest(), urn)
      .setId(id)
      .setOlds(toStruct(this.#with(olds)))
      .setNews(toStruct(this.#with(news)))
      .setOldInputs(toStruct(this.#with(oldInputs)));
    const response = await this.#call<providerProto.DiffResponse>((done) => this.#client.diff(request, done));
    const { DIFF_SOME, DIFF_NONE } = providerProto.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      changes: changes === DIFF_SOME ? "some" : changes === DIFF_NONE ? "none" : "unknown",
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(inputs: Props, urn = ""): Promise<{ id: string; outputs: Props }> {
    const request = this.#address(new providerProto.CreateRequest(), urn).setProperties(toStruct(this.#with(inputs)));
    const response = await this.#call<providerProto.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), outputs: without(fromStruct(response.getProperties())) };
  }

  /** A blank id in the answer says that the object is gone. `inputs` come back only when the provider returns some. */
  async read(id: string, outputs: Props, inputs?: Props, urn = ""): Promise<{ id: string; outputs: Props; inputs?: Props }> {
    const request = this.#address(new providerProto.ReadRequest(), urn)
      .setId(id)
      .setProperties(toStruct(this.#with(outputs)))
      .setInputs(inputs && toStruct(this.#with(inputs)));
    const response = await this.#call<providerProto.ReadResponse>((done) => this.#client.read(request, done));
    return {
      id: response.getId(),
      outputs: without(fromStruct(response.getProperties())),
      ...(response.hasInputs() && { inputs: without(fromStruct(response.getInputs())) }),
    };
  }

  /** `olds` are the old outputs, `news` the checked new inputs. */
  async update(id: string, olds: Props, news: Props, oldInputs: Props = {}, urn = ""): Promise<{ outputs: Props }> {
    const request = this.#address(new providerProto.UpdateRequest(), urn)
      .setId(id)
      .setOlds(toStruct(this.#with(olds)))
      .setNews(toStruct(this.#with(news)))
      .setOldInputs(toStruct(this.#with(oldInputs)));
    const response = await this.#call<providerProto.UpdateResponse>((done) => this.#client.update(request, done));
    return { outputs: without(fromStruct(response.getProperties())) };
  }

  async delete(id: string, outputs: Props, urn = ""): Promise<void> {
    const request = this.#address(new providerProto.DeleteRequest(), urn)
      .setId(id)
      .setProperties(toStruct(this.#with(outputs)));
    await this.#call((done) => this.#client.delete(request, done));
  }

  /** The address that the engine gives to a resource of this name. */
  urn(name: string): string {
    return `urn:pulumi:test::${PROJECT}::${this.#type}::${name}`;
  }

  #address<Request extends Addressed<Request>>(request: Request, urn: string): Request {
    const address = urn || this.urn("resource");
    return request
      .setUrn(address)
      .setType(this.#type)
      .setName(address.slice(address.lastIndexOf("::") + 2));
  }

  #with(props: Props): Props {
    return { ...props, __provider: this.provider };
  }

  async #call<Response>(start: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown): Promise<Response> {
    try {
      return await new Promise((resolve, reject) => start((error, response) => (error ? reject(error) : resolve(response))));
    } catch (error) {
      throw toCallError(error as grpc.ServiceError);
    }
  }
}

interface Addressed<Request> {
  setUrn(value: string): Request;
  setType(value: string): Request;
  setName(value: string): Request;
}

/** What the engine keeps of one resource. `__provider` is left out of inputs and outputs. */
export interface ResourceState {
  id: string;
  inputs: Props;
  outputs: Props;
  /** Reasons of a create or update that left the object half made; they force an update. */
  initErrors: string[];
  /** Deleted for a replacement that is not made yet. */
  pendingReplacement?: true;
}

export interface Plan {
  op: "create" | "same" | "update" | "replace";
  /** Keys of the inputs that differ. */
  changes: string[];
  replaces: string[];
}

/** The engine's part of one resource's life: `up` runs check, diff and what follows from it, and keeps the result even when a call fails. */
export class EngineResource {
  state: ResourceState | undefined;
  /** Objects that a replacement has left to be deleted. */
  readonly pendingDeletes: ResourceState[] = [];
  readonly name: string;
  readonly urn: string;
  readonly #host: ProviderHost;

  constructor(host: ProviderHost, name: string) {
    this.#host = host;
    this.name = name;
    this.urn = host.urn(name);
  }

  /** What `up` would do. Inputs may hold `UNKNOWN`. */
  async preview(inputs: Props): Promise<Plan> {
    const { op, changes, replaces } = await this.#plan(inputs);
    return { op, changes, replaces };
  }

  /** Brings the object to these inputs and returns what was done. Rejects as the call that failed; the state is then what the engine would keep. */
  async up(inputs: Props): Promise<Plan["op"]> {
    const plan = await this.#plan(inputs);
    const old = this.state;
    if (old && plan.op === "same") this.state = { ...old, inputs: plan.inputs };
    if (old && plan.op === "update") await this.#update(old, plan.inputs);
    if (plan.op === "create") await this.#create(plan.inputs);
    if (old && plan.op === "replace") await this.#replace(old, inputs, plan.deleteBeforeReplace);
    await this.#emptyTrash();
    return plan.op;
  }

  /** Reads the object and returns what a refresh would report. */
  async refresh(): Promise<"same" | "update" | "delete"> {
    const old = this.state;
    if (!old || old.pendingReplacement) return "same";
    const { id, inputs = old.inputs, outputs, initErrors = [] } = await this.#read(old);
    if (!id) {
      this.state = undefined;
      return "delete";
    }
    this.state = { id, inputs, outputs, initErrors };
    // The engine asks what an `up` of the old inputs would change now.
    const { changed } = await this.#diff(this.state, old.inputs);
    return changed ? "update" : "same";
  }

  /** Deletes whatever is left of the object. */
  async destroy(): Promise<void> {
    await this.#emptyTrash();
    if (this.state && !this.state.pendingReplacement) await this.#host.delete(this.state.id, this.state.outputs, this.urn);
    this.state = undefined;
  }

  async #plan(program: Props): Promise<Plan & { inputs: Props; deleteBeforeReplace: boolean }> {
    const old = this.state;
    const inputs = await this.#check(old?.inputs, program);
    if (!old) return { op: "create", changes: [], replaces: [], inputs, deleteBeforeReplace: false };
    const { changed, changes, replaces, deleteBeforeReplace } = await this.#diff(old, inputs);
    const replace = old.pendingReplacement || (changed && replaces.length > 0);
    const op = replace ? "replace" : changed || old.initErrors.length > 0 ? "update" : "same";
    return { op, changes, replaces, inputs, deleteBeforeReplace };
  }

  async #check(olds: Props | undefined, news: Props): Promise<Props> {
    const { inputs, failures } = await this.#host.check(olds, news, this.urn);
    if (failures.length > 0) throw new CheckFailedError(failures);
    return inputs;
  }

  async #diff(old: ResourceState, news: Props) {
    const answer = await this.#host.diff(old.id, old.outputs, news, old.inputs, this.urn);
    const changes = changedKeys(old.inputs, news);
    // A provider that does not say whether there are changes leaves it to the engine to compare the inputs.
    const changed = answer.changes === "unknown" ? changes.length > 0 : answer.changes === "some";
    return { ...answer, changed, changes };
  }

  async #create(inputs: Props): Promise<void> {
    try {
      this.state = { ...(await this.#host.create(inputs, this.urn)), inputs, initErrors: [] };
    } catch (error) {
      const failed = initFailed(error);
      if (failed) this.state = { id: failed.id, inputs, outputs: without(failed.properties), initErrors: failed.reasons };
      throw error;
    }
  }

  async #update(old: ResourceState, inputs: Props): Promise<void> {
    try {
      const { outputs } = await this.#host.update(old.id, old.outputs, inputs, old.inputs, this.urn);
      this.state = { id: old.id, inputs, outputs, initErrors: [] };
    } catch (error) {
      const failed = initFailed(error);
      // The old inputs stay: the object was not brought to the new ones.
      if (failed) this.state = { ...old, outputs: without(failed.properties), initErrors: failed.reasons };
      throw error;
    }
  }

  async #read(old: ResourceState): Promise<{ id: string; inputs?: Props; outputs: Props; initErrors?: string[] }> {
    try {
      return await this.#host.read(old.id, old.outputs, old.inputs, this.urn);
    } catch (error) {
      const failed = initFailed(error);
      // The engine takes this for an object in bad health, warns and goes on.
      if (failed) return { id: failed.id, inputs: failed.inputs, outputs: without(failed.properties), initErrors: failed.reasons };
      throw error;
    }
  }

  async #replace(old: ResourceState, program: Props, deleteBeforeReplace: boolean): Promise<void> {
    // Checked again without the old inputs, so that no default is carried over from the object that goes.
    const inputs = await this.#check(undefined, program);
    if (old.pendingReplacement || deleteBeforeReplace) {
      if (!old.pendingReplacement) await this.#host.delete(old.id, old.outputs, this.urn);
      this.state = { ...old, pendingReplacement: true };
      await this.#create(inputs);
      return;
    }
    try {
      await this.#create(inputs);
    } finally {
      if (this.state !== old) this.pendingDeletes.push(old);
    }
  }

  async #emptyTrash(): Promise<void> {
    for (let old = this.pendingDeletes[0]; old; old = this.pendingDeletes[0]) {
      await this.#host.delete(old.id, old.outputs, this.urn);
      this.pendingDeletes.shift();
    }
  }
}

/** Keys whose values differ, sorted. To the engine null and absent are the same. */
function changedKeys(old: Props, news: Props): string[] {
  const [before, after] = [withoutNulls(old), withoutNulls(news)];
  return Object.keys({ ...before, ...after })
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .sort();
}

function withoutNulls(props: Props): Props {
  return JSON.parse(JSON.stringify(props), (_key, value) => value ?? undefined);
}

function without(props: Props): Props {
  const { __provider: _, ...rest } = props;
  return rest;
}

/** Sends what the SDK would send: properties that are undefined are left out. */
function toStruct(props: Props): struct.Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(props)));
}

function fromStruct(message: struct.Struct | undefined): Props {
  return message ? message.toJavaScript() : {};
}

function initFailed(error: unknown): InitFailed | undefined {
  return error instanceof ProviderCallError ? error.initFailed : undefined;
}

function toCallError(error: grpc.ServiceError): ProviderCallError {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  return new ProviderCallError(error.details, error.code, bytes ? toInitFailed(bytes as Buffer) : undefined);
}

function toInitFailed(bytes: Buffer): InitFailed | undefined {
  for (const any of statusProto.Status.deserializeBinary(bytes).getDetailsList()) {
    const detail = any.unpack<providerProto.ErrorResourceInitFailed>(
      providerProto.ErrorResourceInitFailed.deserializeBinary,
      "pulumirpc.ErrorResourceInitFailed",
    );
    if (!detail) continue;
    return {
      id: detail.getId(),
      properties: fromStruct(detail.getProperties()),
      reasons: detail.getReasonsList(),
      ...(detail.hasInputs() && { inputs: without(fromStruct(detail.getInputs())) }),
    };
  }
}

/** The part of the engine that providers log to. */
async function startEngineService() {
  const logs: LogLine[] = [];
  const severities = ["debug", "info", "warning", "error"] as const;
  const server = new grpc.Server();
  let rootUrn = "";
  server.addService(engineRpc.EngineService, {
    log: ({ request }: { request: engineProto.LogRequest }, done: grpc.sendUnaryData<empty.Empty>) => {
      logs.push({
        severity: severities[request.getSeverity()] ?? "error",
        message: request.getMessage(),
        urn: request.getUrn(),
        ephemeral: request.getEphemeral(),
      });
      done(null, new empty.Empty());
    },
    getRootResource: (_call: unknown, done: grpc.sendUnaryData<engineProto.GetRootResourceResponse>) => {
      done(null, new engineProto.GetRootResourceResponse().setUrn(rootUrn));
    },
    setRootResource: (
      { request }: { request: engineProto.SetRootResourceRequest },
      done: grpc.sendUnaryData<engineProto.SetRootResourceResponse>,
    ) => {
      rootUrn = request.getUrn();
      done(null, new engineProto.SetRootResourceResponse());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, logs, close: () => server.forceShutdown() };
}

/** What the engine keeps of a resource that exists. */
export function kept(resource: EngineResource) {
  if (!resource.state) throw new Error("the engine knows no object");
  return resource.state;
}

/** The message of the error that an operation must end with. */
export async function failure(operation: Promise<unknown>): Promise<string> {
  const outcome = await operation.then(
    (value) => ({ value }),
    (error: Error) => ({ message: error.message }),
  );
  if (!("message" in outcome)) throw new Error(`no error, but ${JSON.stringify(outcome.value)}`);
  return outcome.message;
}
