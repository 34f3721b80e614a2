import * as pulumi from "@pulumi/pulumi";
import { type PlainIdSimulator, startPlainId } from "identity-simulators";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  exportPlainIdIdentitySources,
  exportPlainIdIdentitySourcesOutput,
  listPlainIdIdentitySourceReferences,
  listPlainIdIdentitySourceReferencesOutput,
} from "../../provider/src/index";
import { runCli } from "../cli/run";
import { calls, failure, named, settings } from "./fixture";

const envId = "8d3f2a54-0c1b-4f5e-9a76-2b1c0d9e8f70";
const place = { envId, identityTemplateId: "User" };
const seed = {
  environments: [
    {
      envId,
      templates: [
        {
          identityTemplateId: "User",
          sources: [named("hr_db"), named("ldap-1")],
          mapperSets: [
            { mappersSetId: "default", linkedSources: [{ sourceId: "hr_db", sourceUsedAs: "BASE" }] },
            { mappersSetId: "other", linkedSources: [{ sourceId: "ldap-1", sourceUsedAs: "BASE" }] },
          ],
        },
      ],
      apiMapperSets: [
        {
          apiMappersSetId: "portal",
          apiMappers: [
            { mapperId: "by-mail", identitySourceIds: ["ldap-1", "hr_db"] },
            { mapperId: "by-id", identitySourceIds: ["ldap-1"] },
          ],
        },
      ],
    },
  ],
};

let tenant: PlainIdSimulator;
let env: Record<string, string>;
beforeAll(async () => {
  tenant = await startPlainId({ seed });
  const { baseUrl = "", clientId = "", clientSecret = "" } = settings(tenant);
  pulumi.runtime.setAllConfig({ "plainid:baseUrl": baseUrl, "plainid:clientId": clientId, "plainid:clientSecret": clientSecret });
  env = { PLAINID_BASE_URL: baseUrl, PLAINID_CLIENT_ID: clientId, PLAINID_CLIENT_SECRET: clientSecret };
});
beforeEach(() => tenant.clearRequests());
afterEach(() => expect(tenant.unknownRequests).toEqual([]));
afterAll(() => tenant.close());

const settled = <T>(output: pulumi.Output<T>): Promise<unknown> => new Promise((resolve) => output.apply((value) => resolve(value)));

test("a program exports sources as they are, without those that no import takes unless it asks for them", async () => {
  const { sources } = await exportPlainIdIdentitySources(place);
  expect(sources).toEqual([
    { ...named("hr_db"), sourceType: "EXTERNAL_INPUT" },
    { ...named("ldap-1"), sourceType: "EXTERNAL_INPUT" },
  ]);
  const all = exportPlainIdIdentitySourcesOutput({ ...place, envId: pulumi.output(envId), includeUnimportableSources: true });
  expect(await settled(all.apply((result) => result.sources.map(({ sourceId }) => sourceId)))).toEqual([
    "REQUEST_INPUT",
    "REQUEST_MAPPERS",
    "hr_db",
    "ldap-1",
  ]);
  expect(tenant.requests.flatMap(({ query }) => query.includeUnimportableSources ?? [])).toEqual(["false", "true"]);
});

test("a program lists what refers to a source", async () => {
  const references = {
    mapperSets: [{ mappersSetId: "default", sourceUsedAs: "BASE" }],
    apiMappers: [{ apiMappersSetId: "portal", mapperId: "by-mail" }],
  };
  expect(await listPlainIdIdentitySourceReferences({ ...place, sourceId: "hr_db" })).toEqual(references);
  expect(await settled(listPlainIdIdentitySourceReferencesOutput({ ...place, sourceId: pulumi.output("gone") }))).toEqual({
    mapperSets: [],
    apiMappers: [],
  });
});

test("a question that fails for a moment is asked again", async () => {
  tenant.faults.add({ path: /mapper-sets/, when: "before", action: { status: 503 } });
  await listPlainIdIdentitySourceReferences({ ...place, sourceId: "hr_db" });
  expect(calls(tenant)).toEqual(["GET mapper-sets 503", "GET mapper-sets 200", "GET api-mapper-sets 200"]);
});

test("a place that is not there is named, and a wrong one is refused before anything is sent", async () => {
  expect(await failure(exportPlainIdIdentitySources({ ...place, identityTemplateId: "Users" }))).toContain(
    'Check identityTemplateId "Users"',
  );
  expect(await failure(listPlainIdIdentitySourceReferences({ ...place, identityTemplateId: "Users", sourceId: "a" }))).toContain(
    'Check identityTemplateId "Users"',
  );
  tenant.clearRequests();
  expect(await failure(exportPlainIdIdentitySources({ ...place, envId: "prod" }))).toContain("envId: must be a UUID");
  expect(tenant.requests).toEqual([]);
});

test("a person asks at a terminal, with the environment's credentials", async () => {
  const within = ["--within", `${envId}/User`];
  const [table, json, references, nowhere] = await Promise.all([
    runCli(["plainid", "export", ...within, "--include-unimportable-sources"], env),
    runCli(["plainid", "export", ...within, "--json"], env),
    runCli(["plainid", "references", "hr_db", ...within], env),
    runCli(["plainid", "export", "--within", envId], env),
  ]);
  expect(table.stdout).toMatch(/^sourceId +displayName +sourceType +description\nREQUEST_INPUT +PDP Request +REQUEST_INPUT +–\n/);
  expect(JSON.parse(json.stdout)).toEqual(await exportPlainIdIdentitySources(place));
  expect(references.stdout).toMatch(/^kind +set +mapper +as\nmapper set +default +– +BASE\nAPI mapper +portal +by-mail +–\n$/);
  expect([nowhere.status, nowhere.stderr]).toEqual([1, expect.stringContaining("--within <environment id>/<identity template id>")]);
});
