import type { ResourceValidationPolicy } from "@pulumi/policy";
import { validateResourceOfType } from "@pulumi/policy";
import { ActivIdUser, ActivIdUserImport, PingOneDirectMappedUser } from "pulumi-identity-as-code";
import { matches, settingsOf, texts } from "./settings";

/** Users have e-mail addresses of these domains only; `*.example.com` allows every subdomain, but not `example.com`. Without any domain, all are allowed. */
export function mailDomains(domains: string[]): ResourceValidationPolicy {
  return {
    name: "mail-domains",
    description: "Users have e-mail addresses of the organization's domains only.",
    configSchema: { properties: { domains: texts("domains that are allowed, such as example.com or *.example.com") } },
    validateResource: [
      validateResourceOfType(PingOneDirectMappedUser, ({ email }, args, report) =>
        check([email], settingsOf(args, { domains }).domains, `PingOneDirectMappedUser "${args.name}"`, report),
      ),
      validateResourceOfType(ActivIdUser, ({ emails }, args, report) =>
        check(
          emails?.map(({ value }) => value),
          settingsOf(args, { domains }).domains,
          `ActivIdUser "${args.name}"`,
          report,
        ),
      ),
      validateResourceOfType(ActivIdUserImport, ({ users }, args, report) => {
        const allowed = settingsOf(args, { domains }).domains;
        for (const { externalId, emails } of users)
          check(
            emails.map(({ value }) => value),
            allowed,
            `User "${externalId}" of ActivIdUserImport "${args.name}"`,
            report,
          );
      }),
    ],
  };
}

function check(addresses: (string | undefined)[] = [], domains: string[], who: string, report: (message: string) => void): void {
  if (domains.length === 0) return;
  const allowed = domains.map((domain) => domain.replace(/^@/, ""));
  for (const address of addresses) {
    if (!address || matches(allowed, address.slice(address.lastIndexOf("@") + 1))) continue;
    report(
      `${who} has the e-mail address "${address}"; allowed are ${allowed.join(", ")}. Correct the address, or have the domain added to the policy.`,
    );
  }
}
