import { type PolicyResource, type ResourceValidationPolicy, type StackValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { SailPointIdentityProfile } from "pulumi-identity-as-code";

/** Every identity profile has an owner. */
export function profileOwners(): ResourceValidationPolicy {
  return {
    name: "profile-owners",
    description: "Every identity profile has an owner.",
    validateResource: validateResourceOfType(SailPointIdentityProfile, (profile, args, report) => {
      if (profile.owner) return;
      report(
        `SailPointIdentityProfile "${args.name}" has no \`owner\`: whom SailPoint chooses is not known before. ` +
          'Add `owner: { name: "..." }` or `owner: { id: "..." }`.',
      );
    }),
  };
}

/**
 * No two identity profiles of a tenant have the same priority. Only what the program knows is compared: a priority that the vendor assigns is not
 * known in a preview.
 */
export function uniquePriorities(): StackValidationPolicy {
  return {
    name: "unique-priorities",
    description: "No two identity profiles of a tenant have the same priority.",
    validateStack: ({ resources }, report) => {
      const holders = new Map<string, PolicyResource>();
      for (const profile of resources.filter((resource) => resource.isType(SailPointIdentityProfile))) {
        const priority = known<number>(() => profile.props.priority);
        const connection = known<string>(() => profile.props.connection ?? "");
        if (priority === undefined || connection === undefined) continue;
        const holder = holders.get(`${connection} ${priority}`);
        holders.set(`${connection} ${priority}`, holder ?? profile);
        // A program may look up what it declares as well.
        if (!holder || sameObject(holder, profile)) continue;
        report(
          `SailPointIdentityProfile "${profile.name}" has priority ${priority}, and so has "${holder.name}" ` +
            `(${connection === "" ? "unnamed connection" : `connection "${connection}"`}): which one wins would be left to chance. Give one of them another number.`,
          profile.urn,
        );
      }
    },
  };
}

function sameObject(one: PolicyResource, other: PolicyResource): boolean {
  const name = known<string>(() => one.props.name);
  return name !== undefined && name === known<string>(() => other.props.name);
}

/** A value, or undefined where a preview does not know it yet: reading it throws then, which would end the policy for the whole stack. */
function known<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && "unknownTypeSentinel" in error) return undefined;
    throw error;
  }
}
