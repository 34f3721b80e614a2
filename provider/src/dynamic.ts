import { dynamicHost } from "./core/host";
import { definitions } from "./definitions";

/**
 * The provider behind the text that state keeps for every object; see core/shell.ts.
 *
 * In:     type, `<vendor>:<Noun>`.
 * Errors: Error for a type that this version of the library does not know.
 */
export function handler(type: string) {
  const definition = definitions[type];
  if (!definition) throw new Error(`pulumi-identity-as-code does not know the resource type "${type}"; install a version that does`);
  return dynamicHost(definition);
}
