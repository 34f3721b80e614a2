/** The tenants of a stack of examples/promotion: what the program names is in all of them, under ids that no other tenant has. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { startPingOne, startPlainId, startSailPoint } from "../simulators/src/index";

/** Addresses in a stack's file, where the simulators' stand instead. */
const ADDRESSES = ["sailpoint:tenant", "pingone:regionCode", "plainid:region"];

export async function startTenants(stack: string) {
  const file = join(import.meta.dirname, `../../examples/promotion/Pulumi.${stack}.yaml`);
  const printed: Record<string, string> = parse(await readFile(file, "utf8")).config;
  const setting = (key: string) => {
    const value = printed[key];
    if (value === undefined) throw new Error(`${file} has no ${key}`);
    return value;
  };
  const clients = (vendor: string) => [{ clientId: setting(`${vendor}:clientId`), clientSecret: `${vendor}-secret-of-${stack}` }];
  const [sailpoint, pingone, plainid] = await Promise.all([
    startSailPoint({
      clients: clients("sailpoint"),
      seed: {
        org: setting("sailpoint:tenant"),
        sources: [{ name: "Contractor HR" }],
        identities: [{ name: setting("promotion:profileOwner") }],
        identityAttributes: [{ name: "uid" }, { name: "email" }, { name: "displayName" }],
        transforms: [{ name: "Lower Case" }],
      },
    }),
    startPingOne({
      clients: clients("pingone"),
      seed: {
        environments: [
          {
            id: setting("promotion:pingOneEnvironment"),
            populations: [{ id: setting("promotion:pingOnePopulation"), name: "Services" }],
          },
        ],
      },
    }),
    startPlainId({
      clients: clients("plainid"),
      seed: {
        environments: [
          {
            envId: setting("promotion:plainIdEnvironment"),
            templates: [
              { identityTemplateId: setting("promotion:plainIdTemplate"), sources: [{ sourceId: setting("promotion:plainIdSource") }] },
            ],
          },
        ],
      },
    }),
  ]);
  const all = { sailpoint, pingone, plainid };
  const same = Object.entries(printed).filter(([key]) => !ADDRESSES.includes(key));
  return {
    ...all,
    /** The stack's settings without secrets. */
    settings: {
      ...Object.fromEntries(same),
      "sailpoint:baseUrl": sailpoint.url,
      "pingone:baseUrl": pingone.url,
      "pingone:authBaseUrl": pingone.authUrl,
      "plainid:baseUrl": plainid.url,
    } as Record<string, string>,
    secrets: Object.fromEntries(Object.entries(all).map(([vendor, { credentials }]) => [vendor, credentials.clientSecret])),
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(all).map((tenant) => tenant.close()));
    },
  };
}
