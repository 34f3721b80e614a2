import type { Input } from "@pulumi/pulumi";

/** Takes the value of one attribute of an account. Source: developer.sailpoint.com, Transforms, Account Attribute. */
export interface AccountAttributeTransform {
  type: "accountAttribute";
  /** Attribute of the account; it must be in the source's account schema. */
  attributeName: Input<string>;
  /** Display name of the source. A source that is renamed no longer matches, so `sourceId` is the better choice, or both. */
  sourceName?: Input<string>;
  /** Id of the source. */
  sourceId?: Input<string>;
  /** Id of the source as older mappings hold it, instead of `sourceId`. */
  applicationId?: Input<string>;
  /** Name of the source as older mappings hold it, instead of `sourceName`. */
  applicationName?: Input<string>;
  /** Attribute by which several accounts are sorted. Default at the vendor: created. */
  accountSortAttribute?: Input<string>;
  /** Whether they are sorted in descending order. */
  accountSortDescending?: Input<boolean>;
  /** Whether the first account counts even if its value is empty. */
  accountReturnFirstLink?: Input<boolean>;
  /** Filter on accounts, evaluated in the vendor's database. */
  accountFilter?: Input<string>;
  /** Filter on accounts' attributes, evaluated in memory. */
  accountPropertyFilter?: Input<string>;
  /** Whether the value is worked out anew every night. */
  requiresPeriodicRefresh?: Input<boolean>;
}

/** Applies a transform of the tenant. Source: developer.sailpoint.com, Transforms, Reference. */
export interface ReferenceTransform {
  type: "reference";
  /** Name of the transform; the vendor calls it id, but its UUID is not accepted. */
  id: Input<string>;
  /** What goes into the transform; left out, the transform's own input. */
  input?: NestedTransform;
  /** Whether the value is worked out anew every night. */
  requiresPeriodicRefresh?: Input<boolean>;
}

/** Runs a rule of the tenant. Source: developer.sailpoint.com, Transforms, Rule. */
export interface RuleTransform {
  type: "rule";
  /** Name of the rule. */
  name?: Input<string>;
  /** Id of the rule, instead of its name. */
  id?: Input<string>;
  /** Variables that the rule takes. */
  [variable: string]: unknown;
}

declare const checkedByVendor: unique symbol;

/** A transform of a type this library does not know; only the vendor checks it. Made by `transform`. */
export interface OtherTransform {
  type: string;
  readonly [checkedByVendor]: true;
}

/** How one identity attribute gets its value: the transform's type, and its attributes beside it. */
export type Transform = AccountAttributeTransform | ReferenceTransform | RuleTransform | OtherTransform;

/** A transform inside another one, in the vendor's own form. Made by `nested`. */
export interface NestedTransform {
  type: string;
  attributes?: Record<string, unknown>;
}

/** Takes the value of one attribute of an account of the source. */
export function accountAttribute(attributes: Omit<AccountAttributeTransform, "type">): AccountAttributeTransform {
  return { type: "accountAttribute", ...attributes };
}

/** Applies the transform of that name, to `input` if given. */
export function reference(name: Input<string>, input?: Transform): ReferenceTransform {
  return { type: "reference", id: name, ...(input && { input: nested(input) }) };
}

/** Runs the rule of that name, with variables if it takes any. */
export function rule(name: Input<string>, variables: Record<string, unknown> = {}): RuleTransform {
  return { type: "rule", name, ...variables };
}

/** Any other transform, as the vendor documents it. An attribute that is itself called `type` is written as `$type`. */
export function transform(type: string, attributes: Record<string, unknown> = {}): OtherTransform {
  return { type, ...attributes } as unknown as OtherTransform;
}

/** A transform in the form it has inside another one, for use with `transform`. */
export function nested(inner: Transform): NestedTransform {
  const { type, ...attributes } = inner;
  return { type, attributes };
}
