import { type ResourceValidationPolicy, Secret } from "@pulumi/policy";
import { runtime } from "@pulumi/pulumi";
import { nameOfType } from "./resources";

/** The engine's default provider of dynamic resources; its inputs are the whole stack configuration. */
const CONFIGURATION = "pulumi:providers:pulumi-nodejs";
/** Names whose values are secret, in lower case with their words apart. Only endings count: a `tokenUrl` is no secret. */
const SECRETIVE = /(pass_?(word|phrase|code)|secret|token|credentials?|(private|api)_?key|(^|[^a-z])pin)$/;

/**
 * No secret stands in clear: neither in the stack configuration nor in an argument whose name says that it is one.
 *
 * A validation sees values only, whether or not they are secrets. A remediation sees which ones are, and the engine calls it first for the same
 * resource, so this one notes what it sees, changes nothing, and the validation reports it. It therefore needs the level "remediate", whose
 * violations count as mandatory. Source: Pulumi, Policy authoring, Remediation; @pulumi/policy 1.21, secret.js.
 *
 * It cannot see a literal in the program for an argument that is always secret, such as `password`: the library marks it before the engine gets it.
 */
export function noPlainSecrets(): ResourceValidationPolicy {
  const findings = new Map<string, string[]>();
  /** Keys of the configuration by value, where that is no secret. */
  const inClear = new Map<unknown, string>();
  return {
    name: "no-plain-secrets",
    description: "Secrets are encrypted in the stack configuration and in state.",
    remediateResource: ({ type, urn, name, props }) => {
      const kind = nameOfType(type);
      if (type !== CONFIGURATION && !kind) return;
      const values = Object.keys(props).flatMap((key) => leaves(unwrapped(props, key), [key]));
      findings.set(urn, kind ? inResource(values, `${kind} "${name}"`, inClear) : inConfiguration(values));
      if (!kind) for (const { path, value, secret } of values) if (!secret) inClear.set(value, path.join("."));
    },
    validateResource: ({ type, urn, notApplicable }, report) => {
      if (type !== CONFIGURATION && !nameOfType(type)) return notApplicable("Neither the configuration nor an identity object");
      const found = findings.get(urn) ?? ['It cannot be seen what is secret: this policy needs the enforcement level "remediate".'];
      for (const finding of found) report(finding);
    },
  };
}

function inConfiguration(values: Leaf[]): string[] {
  return values
    .filter(isShown)
    .map(
      ({ path }) =>
        `The stack configuration holds \`${path.join(".")}\` in clear. Set it anew with \`pulumi config set --secret\`, and have it changed where ` +
        "it comes from: the history of the repository keeps the value.",
    );
}

function inResource(values: Leaf[], resource: string, inClear: ReadonlyMap<unknown, string>): string[] {
  return values.flatMap((leaf) => {
    const what = `\`${leaf.path.join(".")}\` of ${resource}`;
    if (isShown(leaf))
      return [`${what} is not a secret, so state holds it in clear. Give \`config.requireSecret(...)\` or \`pulumi.secret(...)\`.`];
    const key = leaf.secret ? inClear.get(leaf.value) : undefined;
    if (key === undefined) return [];
    return [
      `${what} is the value of \`${key}\`, which the stack configuration holds in clear. Set it anew with \`pulumi config set --secret\`.`,
    ];
  });
}

interface Leaf {
  path: string[];
  value: unknown;
  secret: boolean;
}

/** Every single value inside a value. What is secret is not taken apart; structured values of the configuration are JSON text. */
function leaves(value: unknown, path: string[]): Leaf[] {
  if (value instanceof Secret) return [{ path, value: value.value, secret: true }];
  const inner = path.length === 1 ? parsed(value) : value;
  if (typeof inner !== "object" || inner === null) return [{ path, value, secret: false }];
  return Object.entries(inner).flatMap(([key, one]) => leaves(one, [...path, key]));
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The value behind the views that a policy gets: reading it takes a secret's mark away, and fails where a preview does not know the value yet. */
function unwrapped(props: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(props, key)?.value;
}

/** Whether a value ought to be a secret and is none. In a preview, one that is not known yet may still become one. */
function isShown({ path, value, secret }: Leaf): boolean {
  if (secret || value === "" || value === null || value === runtime.unknownValue) return false;
  const name = path.findLast((key) => !/^\d+$/.test(key)) ?? "";
  return SECRETIVE.test(name.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase());
}
