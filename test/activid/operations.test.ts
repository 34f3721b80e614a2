import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type ActivIdSimulator, startActivId } from "identity-simulators";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  forgetActivIdUser,
  forgetActivIdUserOutput,
  getActivIdUserImport,
  getActivIdUserImportOutput,
  searchActivIdUsers,
  searchActivIdUsersOutput,
} from "../../provider/src/index";
import { type CliResult, runCli } from "../cli/run";
import { setPreview } from "../harness/preview";
import { calls, failure, sent, settings } from "./fixture";

const users = [
  ...Array.from({ length: 250 }, (_, index) => ({
    id: String(300 + index),
    externalId: `${index < 3 ? "svc" : "person"}-${index}`,
    attributes: [{ name: "FIRSTNAME", value: `First ${index}`, readOnly: false }],
    authenticators: ["AT_EMPSMS"],
  })),
  { id: "0", externalId: "unbound", userType: "LDAP" as const },
];

let tenant: ActivIdSimulator;
let env: Record<string, string>;
beforeAll(async () => {
  tenant = await startActivId({ seed: { users }, switches: { importTickMs: 60_000 } });
  const given = settings(tenant);
  pulumi.runtime.setAllConfig(Object.fromEntries(Object.entries(given).map(([key, value]) => [`activid:${key}`, value])));
  env = {
    ACTIVID_BASE_URL: tenant.url,
    ACTIVID_TENANT: "ACME",
    ACTIVID_CLIENT_ID: given.clientId ?? "",
    ACTIVID_CLIENT_SECRET: given.clientSecret ?? "",
  };
});
beforeEach(() => void tenant.reset());
afterEach(async () => {
  await setPreview(false);
  expect(tenant.unknownRequests).toEqual([]);
});
afterAll(() => tenant.close());

/** What an output comes to. */
const settled = <T>(output: pulumi.Output<T>): Promise<unknown> => new Promise((resolve) => output.apply((value) => resolve(value)));

describe("a search", () => {
  test("gives all pages as one answer, in full but for authenticators, and nobody who is not bound", async () => {
    const { users: found, mayBeMore } = await searchActivIdUsers();
    expect(new Set(found.map(({ externalId }) => externalId))).toEqual(new Set(users.slice(0, 250).map(({ externalId }) => externalId)));
    expect([found.length, mayBeMore]).toEqual([250, false]);
    expect(sent(tenant, "POST", /search$/).map(({ startIndex, count }) => [startIndex, count])).toEqual([
      [1, 100],
      [101, 100],
      [201, 100],
    ]);
    expect(found[0]).toMatchObject({ name: { givenName: "First 0" }, userType: "FTRESS" });
    expect(found[0]).not.toHaveProperty("urn:hid:scim:api:idp:2.0:UserAuthenticator");
  });

  test("gives the attributes that are asked for", async () => {
    const { users: found } = await searchActivIdUsers({ filter: 'externalId sw "svc-"', attributes: ["userName"] });
    expect(found).toEqual([0, 1, 2].map((index) => ({ id: String(300 + index), userName: `svc-${index}` })));
  });

  test("takes * for any text, with eq too", async () => {
    const found = await settled(searchActivIdUsersOutput({ filter: pulumi.output('externalId eq "svc*"'), attributes: ["externalId"] }));
    expect(found).toMatchObject({ users: { length: 3 } });
  });

  test("of directories finds who is not bound yet, in one answer, and says when that may be cut off", async () => {
    const { users: found, mayBeMore } = await searchActivIdUsers({ filter: "userType eq LDAP", searchRepositories: true });
    expect(found.map(({ id, externalId }) => [id, externalId])).toEqual([["0", "unbound"]]);
    expect(mayBeMore).toBe(false);
    expect(sent(tenant, "POST", /search$/)).toEqual([expect.not.objectContaining({ startIndex: expect.anything() })]);
    tenant.switches.bareLists = true;
    expect(await searchActivIdUsers({ searchRepositories: true, attributes: ["userName"] })).toMatchObject({ mayBeMore: true });
  });

  test("with wrong arguments is refused before anything is sent, and with a wrong filter in the vendor's words", async () => {
    expect(await failure(searchActivIdUsers({ filter: "", attributes: [] }))).toMatch(
      /filter: must not be empty.*attributes: must not be/s,
    );
    expect(tenant.requests).toEqual([]);
    await expect(searchActivIdUsers({ filter: "userName is svc" })).rejects.toMatchObject({ code: "IDP_REJECTED" });
  });
});

describe("the status of an import", () => {
  const body = {
    group: { value: "USG_FTEMP" },
    users: ["new-1", "new-2", "new-3"].map((externalId) => ({
      externalId,
      name: { givenName: "Ann", familyName: externalId },
      emails: [{ value: `${externalId}@example.org` }],
    })),
  };
  const ids = ["new-1", "new-2", "new-3"];

  /** Somebody else starts an import. Out: its correlation id. */
  async function started(importUsers: object[] = body.users): Promise<string> {
    const { clientId, clientSecret } = tenant.credentials;
    const basic = Buffer.from([clientId, clientSecret].map(encodeURIComponent).join(":")).toString("base64");
    const post = async (path: string, contentType: string, authorization: string, text: string) => {
      const answer = await fetch(`${tenant.url}${path}`, {
        method: "POST",
        headers: { "content-type": contentType, authorization },
        body: text,
      });
      return (await answer.json()) as Record<string, string>;
    };
    const form = "application/x-www-form-urlencoded";
    const { access_token } = await post("/idp/ACME/authn/token", form, `Basic ${basic}`, "grant_type=client_credentials");
    const text = JSON.stringify({ ...body, users: importUsers });
    const { correlationId = "" } = await post("/scim/ACME/v2/Users/.import", "application/scim+json", `Bearer ${access_token}`, text);
    return correlationId;
  }

  test("tells counts and what became of each user, while it runs and when it is done", async () => {
    tenant.switches.importFails = ["new-3"];
    const correlationId = await started();
    expect(await getActivIdUserImport({ correlationId, externalIds: ids })).toEqual({
      correlationId,
      status: "importing",
      size: 3,
      processed: 0,
      users: Object.fromEntries(ids.map((id) => [id, { outcome: "pending" }])),
    });
    tenant.clock.advance(60_000);
    expect(await settled(getActivIdUserImportOutput({ correlationId: pulumi.output(correlationId), externalIds: ids }))).toEqual({
      correlationId,
      status: "done",
      size: 3,
      imported: 2,
      alreadyExisted: 0,
      failed: 1,
      users: {
        "new-1": { outcome: "imported", id: expect.stringMatching(/^\d+$/) },
        "new-2": { outcome: "imported", id: expect.stringMatching(/^\d+$/) },
        "new-3": { outcome: "failed" },
      },
    });
  });

  test("does not claim to know who was there before", async () => {
    const old = { ...body.users[0], externalId: "person-7" };
    const mixed = await started([old, ...body.users]);
    const known = await started([old]);
    tenant.clock.advance(2 * 60_000);
    expect(await getActivIdUserImport({ correlationId: mixed, externalIds: ["new-1", "person-7"] })).toMatchObject({
      imported: 3,
      alreadyExisted: 1,
      users: { "new-1": { outcome: "present" }, "person-7": { outcome: "present", id: "307" } },
    });
    expect(await getActivIdUserImport({ correlationId: known, externalIds: ["person-7"] })).toMatchObject({
      users: { "person-7": { outcome: "alreadyExisted", id: "307" } },
    });
  });

  test("of an import that is not there is explained, and a 404 of another server is not taken for that", async () => {
    await expect(getActivIdUserImport({ correlationId: "4711" })).rejects.toMatchObject({
      code: "IDP_NOT_FOUND",
      message: expect.stringContaining("Correct the correlation id"),
    });
    tenant.faults.add({ path: /import/, when: "before", action: { status: 404, body: "<h1>Not found</h1>" } });
    await expect(getActivIdUserImport({ correlationId: "4711" })).rejects.toMatchObject({ code: "IDP_CONTRACT" });
  });

  test("is printed at a terminal", async () => {
    const dir = await mkdtemp(join(tmpdir(), "identity-import-"));
    const file = join(dir, "summer.csv");
    await writeFile(file, "externalId,givenName,familyName,email\nnew-1,Ann,One,new-1@example.org\nnew-2,Ann,Two,new-2@example.org\n");
    const correlationId = await started();
    tenant.clock.advance(60_000);
    const [table, json, unreadable] = await Promise.all([
      runCli(["activid", "import-status", correlationId, "--users", file], env),
      runCli(["activid", "import-status", correlationId, "--json"], env),
      runCli(["activid", "import-status", correlationId, "--users", join(dir, "nobody.csv")], env),
    ]);
    expect(table.stdout).toMatch(
      /^correlationId +status +size.*\n\d+ +done +3 +– +3 +0 +0\n\nexternalId +outcome +id\nnew-1 +imported +\d+\nnew-2 +imp/,
    );
    expect(JSON.parse(json.stdout)).toEqual({ correlationId, status: "done", size: 3, imported: 3, alreadyExisted: 0, failed: 0 });
    expect(unreadable).toMatchObject({ status: 1, stderr: expect.stringMatching(/nobody\.csv.*Give the file that was imported/s) });
  });
});

describe("forgetting a user", () => {
  const forgotten = () => tenant.dump().forgotten;

  test("is done once the user is deleted, and twice does no harm", async () => {
    expect(await forgetActivIdUser({ externalId: "gone" })).toEqual({ externalId: "gone" });
    expect(calls(tenant)).toEqual(["POST /Users/.search 200", "POST /Users/.forget 204"]);
    tenant.faults.add({ path: /forget$/, when: "before", action: { status: 404 } });
    expect(await settled(forgetActivIdUserOutput({ externalId: pulumi.output("gone") }))).toEqual({ externalId: "gone" });
  });

  test("sends nothing in a preview", async () => {
    await setPreview(true);
    expect(await forgetActivIdUser({ externalId: "gone" })).toBeUndefined();
    expect(await settled(forgetActivIdUserOutput({ externalId: "gone" }))).toBeUndefined();
    expect(tenant.requests).toEqual([]);
  });

  test("is refused while the user exists", async () => {
    await expect(forgetActivIdUser({ externalId: "person-7" })).rejects.toMatchObject({
      code: "IDP_GUARD",
      message: expect.stringContaining("because user 307 has that externalId"),
    });
    expect(tenant.count({ path: /forget$/ })).toBe(0);
  });

  test("without its own permission says which one is missing", async () => {
    tenant.switches.forgetAllowed = false;
    await expect(forgetActivIdUser({ externalId: "gone" })).rejects.toMatchObject({
      code: "IDP_FORBIDDEN",
      message: expect.stringContaining('needs the explicit permission "Forget User". Grant it and run again'),
    });
  });

  test("whose answer is lost is not sent twice", async () => {
    tenant.faults.add({ path: /forget$/, when: "after", action: "drop" });
    await expect(forgetActivIdUser({ externalId: "gone" })).rejects.toMatchObject({ code: "IDP_LOST_ANSWER" });
    expect(tenant.count({ path: /forget$/ })).toBe(1);
  });

  test("at a terminal needs --yes where nobody can be asked", async () => {
    const refused = await runCli(["activid", "forget", "gone"], env);
    expect(refused).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("there is no terminal to ask at. Nothing was sent. Give --yes"),
    });
    expect(forgotten()).toEqual([]);
    const done = await runCli(["activid", "forget", "gone", "--yes"], env);
    expect(done).toMatchObject({ status: 0, stdout: 'User "gone" is forgotten.\n' });
    expect(forgotten()).toEqual(["gone"]);
  });
});

test("a person searches at a terminal, with the environment's credentials", async () => {
  const extension = "urn:hid:scim:api:idp:2.0:UserAttribute";
  const run = (...args: string[]): Promise<CliResult> => runCli(["activid", "search", ...args], env);
  tenant.switches.bareLists = true;
  const [table, json, chosen, cut] = await Promise.all([
    run('externalId sw "svc-"'),
    run('externalId eq "svc-1"', "--json"),
    run('externalId eq "svc-1"', "--attributes", "userName", extension),
    run("--search-repositories", "--attributes", "userName"),
  ]);
  expect(table.stdout).toMatch(/^id +externalId +userName +displayName +userType +active\n300 +svc-0 +svc-0 +First 0 +FTRESS +true\n/);
  expect(JSON.parse(json.stdout)).toMatchObject({ users: [{ externalId: "svc-1" }], mayBeMore: false });
  expect(chosen.stdout).toContain('301  svc-1     {"attributes":[{"name":"FIRSTNAME"');
  expect(cut.stderr).toContain("There may be more");
});
