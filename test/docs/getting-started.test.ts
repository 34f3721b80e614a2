import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bind, type ResourceProvider } from "../../provider/src/core/resource";
import { definitions } from "../../provider/src/definitions";
import { errorOf, listen } from "../core/http/lab";
import { blocksOf, ROOT } from "../engine/page";
import { StepClock } from "../reading/tenants";
import { type Rights, type Start, starts } from "./starts";

function definitionOf(type: string) {
  const definition = definitions[type];
  if (!definition) throw new Error(`there is no ${type}`);
  return definition;
}

function provider(vendor: string, type: string, settings: Record<string, string>): ResourceProvider {
  const config = { get: (key: string) => settings[key.replace(`${vendor}:`, "")], env: {} };
  return bind(definitionOf(type), { config, clock: new StepClock(), log: { warn() {}, progress() {} } });
}

/** The rights that a page's table names, as they stand there in code. */
function rightsOf(page: string): Record<Rights, string[]> {
  const text = readFileSync(join(ROOT, page), "utf8");
  const row = (rights: Rights) => new RegExp(`^\\| ${rights} \\|(.*)\\|$`, "m").exec(text)?.[1] ?? "";
  const codes = (rights: Rights) => [...row(rights).matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
  return { reading: codes("reading"), writing: codes("writing"), nothing: [] };
}

/** A message without what is another one in every run. */
function withoutIds(message: string): string {
  return message.replace(/(tracking|request) id [^,)]+/g, "$1 id …").replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "…");
}

describe.each(Object.keys(starts))("the page of %s", (vendor) => {
  const page = `docs/getting-started/${vendor}.md`;
  let start: Start;
  const as = (rights: Rights, more: Record<string, string> = {}) => provider(vendor, start.type, { ...start.settings(rights), ...more });
  const checked = (inputs: Record<string, unknown>) => as("writing").check(inputs).inputs;

  beforeAll(async () => {
    start = (await starts[vendor]?.(rightsOf(page))) as Start;
    return () => start.simulator.close();
  });

  test("names rights to read that are enough to take objects over and to see drift, with which nothing is ever written", async () => {
    const reader = as("reading");
    const found = await reader.find(start.selection);
    expect(found.length).toBeGreaterThan(0);
    for (const { id, state } of found) expect(await reader.read(id, state)).toBeDefined();
    expect(start.simulator.requests.filter(({ method, path }) => method !== "GET" && !/token|\.search$/.test(path))).toEqual([]);
    await expect(as("nothing").find(start.selection)).rejects.toMatchObject({ code: "IDP_FORBIDDEN" });
  });

  test("names rights to write that are enough for a whole life", async () => {
    const writer = as("writing");
    const before = start.simulator.requests.length;
    const { id, state } = await writer.create(checked(start.inputs));
    const changed = await writer.update(id, state, checked(start.changed));
    const read = await writer.read(id, changed);
    expect(writer.diff(read?.state ?? {}, checked(start.changed), id).changes).toBe(false);
    await writer.delete(id, changed);
    // Not even one that the library can do without.
    expect(start.simulator.requests.slice(before).filter(({ status }) => status === 403)).toEqual([]);
  });

  test("says what is answered without the right to write, to a wrong secret and at a wrong address", async () => {
    const elsewhere = await listen(
      createServer((_, response) => response.writeHead(404, { "content-type": "text/html" }).end("<h1>Not Found</h1>")),
    );
    const { clientId } = start.settings("writing");
    const inputs = checked(start.inputs);
    const attempts = [
      // Each is a client of its own: one client may not be configured in two ways.
      () => as("writing", { clientId: `${clientId}-of-nobody` }).find(start.selection),
      () => as(start.lacking).create(inputs),
      () => as("writing", { clientId: `${clientId}-elsewhere`, [start.address]: elsewhere }).find(start.selection),
    ];
    const messages: string[] = [];
    for (const attempt of attempts) messages.push(withoutIds((await errorOf(attempt())).message));
    expect(messages).toEqual((await blocksOf(page, "text")).map((block) => block.trim()));
  });
});

test("the first page says what is answered when settings are missing", async () => {
  const { message } = await errorOf(
    provider("plainid", "plainid:IdentitySource", { region: "eu" }).find({ all: true, names: [], ids: [] }),
  );
  expect(await blocksOf("docs/getting-started/README.md", "text")).toEqual([`${message}\n`]);
});
