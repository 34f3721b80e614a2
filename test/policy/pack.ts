/**
 * Runs policies as the engine does: every resource through the pack's own request handlers, remediation before validation, then the whole stack.
 * What goes in is the engine's wire format, so secrets and values that are not known come to a policy as they really do.
 */
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import { runtime } from "@pulumi/pulumi";
import { DYNAMIC, providerSource } from "../../provider/src/core/provider-source";

// biome-ignore lint/suspicious/noExplicitAny: messages of protobuf, and handlers of which the package declares no types
type Untyped = any;

const require = createRequire(import.meta.url);
const server: Untyped = require("@pulumi/policy/server.js");
const messages: Untyped = require("@pulumi/pulumi/proto/analyzer_pb.js");
const { Struct }: Untyped = require("google-protobuf/google/protobuf/struct_pb.js");

/** A value that a preview does not know yet. */
export const UNKNOWN = runtime.unknownValue;
/** A secret as the engine sends it. */
export const secret = (value: unknown) => ({ [runtime.specialSigKey]: runtime.specialSecretSig, value });

/** A resource as a program declares it. */
export interface Declared {
  /** `<vendor>:<Noun>` for this library's, the engine's own name for others'. */
  type: string;
  name: string;
  props: Record<string, unknown>;
  protect?: boolean;
}

export interface Violation {
  policy: string;
  /** What the policy says, without its description. */
  message: string;
  level: "advisory" | "mandatory";
  /** Name of the resource. */
  resource: string;
}

/** The stack configuration as the engine shows it to policies. */
export const configuration = (props: Record<string, unknown>): Declared => ({
  type: "pulumi:providers:pulumi-nodejs",
  name: "default",
  props,
});

/** What the policies say of the resources of a stack. */
export async function judge(policies: Policies, declared: Declared[], stack = "dev"): Promise<Violation[]> {
  const violations: Violation[] = [];
  const call = async (handler: string, request: Untyped, resource?: string): Promise<void> => {
    const serve = server[handler]("pack", "1.0.0", "mandatory", policies);
    const answer = await new Promise<Untyped>((resolve, reject) =>
      serve({ request }, (error: unknown, response: unknown) => (error ? reject(error) : resolve(response))),
    );
    for (const diagnostic of answer.getDiagnosticsList?.() ?? [])
      violations.push({
        policy: diagnostic.getPolicyname(),
        message: diagnostic.getMessage().replace(`${diagnostic.getDescription()}\n`, ""),
        level: diagnostic.getEnforcementlevel() === messages.EnforcementLevel.MANDATORY ? "mandatory" : "advisory",
        resource: resource ?? diagnostic.getUrn().split("::").at(-1),
      });
  };
  for (const one of declared) {
    // Remediations alone are shown what the engine keeps for itself.
    const kept = { ...one, props: { __provider: providerSource(one.type), ...one.props } };
    await call("makeRemediateRpcFun", toMessage(new messages.AnalyzeRequest(), kept, stack));
    await call("makeAnalyzeRpcFun", toMessage(new messages.AnalyzeRequest(), one, stack), one.name);
  }
  const whole = new messages.AnalyzeStackRequest();
  whole.setResourcesList(declared.map((one) => toMessage(new messages.AnalyzerResource(), one, stack)));
  await call("makeAnalyzeStackRpcFun", whole);
  return violations;
}

function toMessage(message: Untyped, { type, name, props, protect = false }: Declared, stack: string): Untyped {
  const engineType = /^[a-z]+:[A-Z]/.test(type) ? DYNAMIC + type : type;
  const options = new messages.AnalyzerResourceOptions();
  options.setProtect(protect);
  message.setType(engineType);
  message.setUrn(`urn:pulumi:${stack}::project::${engineType}::${name}`);
  message.setName(name);
  message.setProperties(Struct.fromJavaScript(props));
  message.setOptions(options);
  return message;
}

/** The policies with a run's configuration for one of them. */
export function configured(policies: Policies, name: string, config: object): Policies {
  return policies.map((policy) => {
    if (policy.name !== name || !("validateResource" in policy)) return policy;
    const validations = [policy.validateResource ?? []].flat();
    return {
      ...policy,
      validateResource: validations.map((validate) => (args, report) => validate({ ...args, getConfig: () => config as never }, report)),
    };
  });
}
