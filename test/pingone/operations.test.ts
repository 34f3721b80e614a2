import * as pulumi from "@pulumi/pulumi";
import type { PingOneSimulator } from "identity-simulators";
import { afterAll, beforeAll, expect, test } from "vitest";
import { searchPingOneDirectMappedUsers, searchPingOneDirectMappedUsersOutput } from "../../provider/src/index";
import { runCli } from "../cli/run";
import { EMPLOYEES, ENV, settings, startTenant } from "./fixture";

let simulator: PingOneSimulator;
let env: Record<string, string>;
beforeAll(async () => {
  const users = Array.from({ length: 205 }, (_, index) => ({
    attributes: { username: `${index < 3 ? "svc" : "person"}-${index}`, email: `user${index}@example.com` },
    populationId: EMPLOYEES,
  }));
  simulator = await startTenant({ seed: { environments: [{ id: ENV, populations: [{ id: EMPLOYEES, name: "Employees" }], users }] } });
  const { baseUrl = "", authBaseUrl = "", environmentId = "", clientId = "", clientSecret = "" } = settings(simulator);
  const given = { baseUrl, authBaseUrl, environmentId, clientId, clientSecret };
  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(given).map(([key, value]) => [`pingone:${key}`, value])));
  env = {
    PINGONE_CLIENT_ID: clientId,
    PINGONE_CLIENT_SECRET: clientSecret,
    PINGONE_ENVIRONMENT_ID: environmentId,
    PINGONE_SCIM_BASE_URL: baseUrl,
    PINGONE_AUTH_BASE_URL: authBaseUrl,
  };
});
afterAll(() => simulator.close());

test("a program finds users by filter, with the stack's configuration", async () => {
  const { users, mayBeMore } = await searchPingOneDirectMappedUsers({ environmentId: ENV, filter: 'username sw "svc-"' });
  expect(users.map(({ username, email }) => [username, email])).toEqual([
    ["svc-0", "user0@example.com"],
    ["svc-1", "user1@example.com"],
    ["svc-2", "user2@example.com"],
  ]);
  expect(mayBeMore).toBe(false);
});

test("an answer that may be cut off says so", async () => {
  const { users, mayBeMore } = await searchPingOneDirectMappedUsers({ environmentId: ENV });
  expect([users.length, mayBeMore]).toEqual([200, true]);
});

test("arguments may be outputs", async () => {
  const found = searchPingOneDirectMappedUsersOutput({ environmentId: pulumi.output(ENV), filter: 'username eq "SVC-1"' });
  expect(await new Promise((resolve) => found.apply(({ users }) => resolve(users.map(({ username }) => username))))).toEqual(["svc-1"]);
});

test("a wrong environment is refused before anything is sent", async () => {
  const before = simulator.requests.length;
  await expect(searchPingOneDirectMappedUsers({ environmentId: "prod" })).rejects.toThrow(
    'environmentId: must be the id of an environment, a UUID (given: "prod")',
  );
  expect(simulator.requests.length).toBe(before);
});

test("a filter that PingOne does not understand is explained in its words", async () => {
  await expect(searchPingOneDirectMappedUsers({ environmentId: ENV, filter: "username is svc" })).rejects.toMatchObject({
    code: "IDP_REJECTED",
  });
});

test("a person asks at a terminal, with the environment's credentials", async () => {
  const [table, json, cut, wrong] = await Promise.all([
    runCli(["pingone", "search", 'username eq "svc-1"', "--environment", ENV], env),
    runCli(["pingone", "search", 'username eq "svc-1"', "--environment", ENV, "--json"], env),
    runCli(["pingone", "search", "--environment", ENV], env),
    runCli(["pingone", "search", "--environment", "prod"], env),
  ]);
  expect(table.stdout).toMatch(/^id +username +email .*\n\S+ +svc-1 +user1@example.com +–/);
  expect(JSON.parse(json.stdout)).toMatchObject({ users: [{ username: "svc-1" }], mayBeMore: false });
  expect(cut.stderr).toContain("There may be more");
  expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining("environmentId: must be the id of an environment")]);
});
