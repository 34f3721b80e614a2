/**
 * The text that state keeps for every object of a type, and that the engine runs to reach this library.
 *
 * Out:    JavaScript of at most 150 bytes, the same for every object of the type and every version of the library: state holds it twice per
 *         object, and refresh and destroy run the copy in state, not the program's. The package is looked up from the program's folder,
 *         because the text is run without a place of its own and package managers need not hoist.
 * Errors: when run, Node's "Cannot find module" if the package is not installed in the program's folder.
 */
export function providerSource(type: string): string {
  return `exports.handler=()=>require(require.resolve("pulumi-identity-as-code/dynamic",{paths:[process.cwd()]})).handler("${type}")`;
}

/** What stands before a resource's type in the engine's own name for it. */
export const DYNAMIC = "pulumi-nodejs:dynamic/";
