import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";

/** What a policy goes by: what the pack's program says, under what the run's policy configuration says. */
export function settingsOf<T extends object>(args: { getConfig<C extends object>(): C }, given: T): T {
  return { ...given, ...args.getConfig<Partial<T>>() };
}

/** Schema of a list of texts in a policy's configuration. */
export function texts(description: string, allowed?: readonly string[]): PolicyConfigJSONSchema {
  return { type: "array", description, items: { type: "string", ...(allowed && { enum: [...allowed] }) } };
}

/** Whether one of the patterns is the text, whatever its case; `*` stands for any number of characters. */
export function matches(patterns: readonly string[], text: string): boolean {
  const literal = (part: string) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return patterns.some((pattern) => new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`, "is").test(text));
}
