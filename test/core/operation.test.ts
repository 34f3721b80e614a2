import { expect, test } from "vitest";
import { z } from "zod";
import { connect, type Surroundings } from "../../provider/src/core/connection";
import { type OperationDefinition, perform } from "../../provider/src/core/operation";
import { acme, type Reply, SECRET, tenant } from "./http/lab";
import { VirtualClock } from "./virtual-clock";

type Api = ReturnType<typeof acme.api>;

/** An operation on a widget that calls the tenant once. */
function operation(writes: boolean): OperationDefinition<{ id: string; count?: number }, unknown, Api, typeof acme.settings> {
  return {
    name: "acme:paintWidget",
    vendor: acme,
    schema: z.strictObject({ id: z.string().min(1), count: z.number().optional() }),
    writes,
    run: async ({ api: { client, tokens }, args: { id } }) =>
      (await client.send({ action: `Painting widget ${id}`, method: writes ? "POST" : "GET", path: `/widgets/${id}` }, tokens)).body,
  };
}

async function scene(reply: () => Reply = () => ({ body: { colour: "red" } })) {
  const { url, requests, tokenRequests } = await tenant(reply);
  const values: Record<string, string> = { baseUrl: url, clientSecret: SECRET };
  const blue = JSON.stringify({ blue: { baseUrl: url, clientId: "blue", clientSecret: SECRET } });
  const surroundings: Surroundings = {
    config: { get: (key) => (key === "acme:connections" ? blue : values[key.replace("acme:", "")]), env: {} },
    clock: new VirtualClock(),
    log: { warn: () => {}, progress: () => {} },
  };
  return { surroundings, requests, tokenRequests };
}

test("an operation gets checked arguments and the vendor's API", async () => {
  const { surroundings, requests } = await scene();
  expect(await perform(operation(false), surroundings, { id: "7", count: undefined })).toEqual({ colour: "red" });
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /widgets/7"]);
});

test("a named connection is used when one is named", async () => {
  const { surroundings } = await scene();
  await perform(operation(false), surroundings, { id: "7", connection: "blue" });
  await expect(perform(operation(false), surroundings, { id: "7", connection: "green" })).rejects.toThrow(
    'There is no connection "green" of acme',
  );
});

test("arguments that are wrong are all named before anything is sent", async () => {
  const { surroundings, requests, tokenRequests } = await scene();
  const wrong = { id: "", count: "3", cuont: 3 } as unknown as { id: string };
  const failure = await perform(operation(true), surroundings, wrong).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: "IDP_INPUT" });
  const { message } = failure as Error;
  expect(message).toContain("acme:paintWidget");
  expect(message).toContain("id: ");
  expect(message).toContain('count: Invalid input: expected number, received string (given: "3")');
  expect(message).toContain('cuont: unknown property "cuont" - did you mean "count"?');
  expect([...requests, ...tokenRequests]).toEqual([]);
});

test("rules between arguments are asked, too, and may only warn", async () => {
  const { surroundings, requests } = await scene();
  const warnings: string[] = [];
  const ruled: ReturnType<typeof operation> = {
    ...operation(false),
    rules({ id, count }, report, warn) {
      if (count === 0) report(["count"], `is too few for ${id}`);
      if (count === 1) warn("one is few");
    },
  };
  const log = { ...surroundings.log, warn: (message: string) => void warnings.push(message) };
  await expect(perform(ruled, { ...surroundings, log }, { id: "7", count: 0 })).rejects.toThrow("count: is too few for 7");
  expect(requests).toEqual([]);
  await perform(ruled, { ...surroundings, log }, { id: "7", count: 1 });
  expect(warnings).toEqual(["one is few"]);
});

test.each([
  ["a write ends what is being read, before and after it", true, 2],
  ["a question leaves it alone", false, 0],
])("%s", async (_, writes, times) => {
  const { surroundings } = await scene();
  let forgotten = 0;
  const gather = connect(acme, surroundings).gather("widgets");
  gather.forget = () => {
    forgotten += 1;
  };
  await perform(operation(writes), surroundings, { id: "7" });
  expect(forgotten).toBe(times);
});

test("an operation that fails ends what is being read, too", async () => {
  const { surroundings } = await scene(() => 404);
  let forgotten = 0;
  connect(acme, surroundings).gather("widgets").forget = () => {
    forgotten += 1;
  };
  await expect(perform(operation(true), surroundings, { id: "7" })).rejects.toThrow("Painting widget 7");
  expect(forgotten).toBe(2);
});
