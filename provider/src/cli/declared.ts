import { didYouMean } from "../core/check";
import { InputError } from "../core/errors";
import { hasUnknown } from "../core/unknown";
import { holdsSecret } from "./changes";
import { type PulumiStack, resourceOf } from "./stack";

type Values = Record<string, unknown>;

/**
 * The inputs that the program declares for a resource: as the preview says, or as state says where nothing changes.
 *
 * In:     type, `<vendor>:<Noun>`; name of the resource in the program, or its URN where several have the name.
 * Errors: InputError for a name that the program does not declare, or more than once; ConfigError for the stack.
 */
export async function declaredInputs(stack: PulumiStack, type: string, name: string): Promise<Values> {
  const declared = new Map<string, Values>();
  for (const { urn, inputs } of (await stack.state()).resources) declared.set(urn, inputs ?? {});
  for (const { urn, op, newState } of (await stack.preview()).steps) {
    // A replacement is several steps; the one that deletes the old object says nothing of what the program wants.
    if (op === "delete") declared.delete(urn);
    else if (newState?.inputs) declared.set(urn, newState.inputs);
  }
  const candidates = [...declared].flatMap(([urn, inputs]) => {
    const resource = resourceOf(urn);
    return resource?.type === type ? [{ urn, inputs, name: resource.name }] : [];
  });
  const [found, ...others] = candidates.filter((candidate) => candidate.name === name || candidate.urn === name);
  if (!found) {
    const names = candidates.map((candidate) => candidate.name);
    throw new InputError(
      `The program declares no ${type} "${name}"${didYouMean(name, names)}`,
      "Give the name of the resource in the program",
    );
  }
  if (others.length === 0) return found.inputs;
  throw new InputError(
    `The program declares several ${type} named "${name}": ${[found, ...others].map(({ urn }) => urn).join(", ")}`,
    "Give the URN instead of the name",
  );
}

/** Errors: InputError when a value is not known before the next `up`, or is a secret, which the engine does not show. */
export function demandPlain(what: string, value: unknown): void {
  if (hasUnknown(value)) throw new InputError(`${what} holds a value that is not known before \`pulumi up\``, "Run `pulumi up` first");
  if (holdsSecret(value)) throw new InputError(`${what} holds a secret, which the engine does not show`);
}
