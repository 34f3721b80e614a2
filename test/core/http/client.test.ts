import { createServer, type Socket } from "node:net";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  AuthError,
  ConflictError,
  ContractError,
  ForbiddenError,
  IdentityError,
  LostAnswerError,
  NotFoundError,
  RejectedError,
  ThrottledError,
  UnavailableError,
} from "../../../provider/src/core/errors";
import type { Call } from "../../../provider/src/core/http/client";
import { MAX_ATTEMPTS } from "../../../provider/src/core/http/retry";
import { settled } from "../virtual-clock";
import { type Behaviour, errorOf, listen, open, type Reply, reset, SECRET, silence, tenant } from "./lab";

const widget = { id: "7", name: "seven" };
const create = { action: 'Creating widget "seven"', method: "POST", path: "/widgets", body: widget } as const;

describe("a call", () => {
  test("arrives as described: method, path, query, JSON and token", async () => {
    const { send, requests } = await tenant(() => ({ status: 201, body: widget }));
    const answer = await send({ ...create, query: { "a&b": "c d/é", n: 1, flag: true }, headers: { "x-own": "yes" } });
    expect(answer).toMatchObject({ status: 201, body: widget });
    expect(requests).toMatchObject([
      {
        method: "POST",
        url: "/widgets?a%26b=c%20d%2F%C3%A9&n=1&flag=true",
        body: JSON.stringify(widget),
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          "accept-encoding": "identity",
          authorization: "Bearer token-1",
          "x-own": "yes",
        },
      },
    ]);
  });

  test("takes the media type its vendor wants", async () => {
    const { send, requests } = await tenant(() => 200);
    await send({ method: "PATCH", body: [], contentType: "application/json-patch+json" });
    expect(requests[0]?.headers["content-type"]).toBe("application/json-patch+json");
  });

  test("takes the media type of its vendor, for what is sent and for what is asked for", async () => {
    const { send, requests, tokenRequests } = await tenant(() => 200, { dialect: { mediaType: "application/scim+json" } });
    await send({ method: "PUT", body: {} });
    expect(requests[0]?.headers).toMatchObject({ "content-type": "application/scim+json", accept: "application/scim+json" });
    expect(tokenRequests[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  });

  test("without a body names no media type", async () => {
    const { send, requests } = await tenant(() => 200);
    await send();
    expect(requests[0]?.headers["content-type"]).toBeUndefined();
  });

  test("sends a form as a form", async () => {
    const { send, tokenRequests } = await tenant(() => 200);
    await send();
    expect(tokenRequests[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(new URLSearchParams(tokenRequests[0]?.body).get("client_secret")).toBe(SECRET);
  });
});

describe("a lost answer", () => {
  test("of a POST is never asked for again", async () => {
    const { send, requests } = await tenant(() => reset);
    const error = await errorOf(send(create));
    expect(error).toBeInstanceOf(LostAnswerError);
    expect(error.message).toContain('Creating widget "seven" failed');
    expect(error.cause).toBeInstanceOf(UnavailableError);
    expect((error.cause as Error).cause).toMatchObject({ code: "ECONNRESET" });
    expect(requests).toHaveLength(1);
  });

  test("of a PATCH is never asked for again", async () => {
    const { send, requests } = await tenant(() => reset);
    await expect(send({ method: "PATCH", body: [] })).rejects.toThrow(LostAnswerError);
    expect(requests).toHaveLength(1);
  });

  test.each(["GET", "PUT", "DELETE"] as const)("of a %s is asked for again", async (method) => {
    const { send, requests } = await tenant((_, count) => (count === 1 ? reset : { body: widget }));
    expect((await send({ method })).body).toEqual(widget);
    expect(requests).toHaveLength(2);
  });

  test("of a POST that may be repeated is asked for again", async () => {
    const { send, requests } = await tenant((_, count) => (count === 1 ? reset : 200));
    await send({ ...create, repeatable: true });
    expect(requests).toHaveLength(2);
  });

  test("is one that stops half-way, too", async () => {
    const cut: Reply = (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => reset(response));
    };
    const { send, requests } = await tenant(() => cut);
    await expect(send(create)).rejects.toThrow(LostAnswerError);
    expect(requests).toHaveLength(1);
  });

  test.each([
    ["never begins", silence],
    ["falls silent half-way", (response) => void response.writeHead(200, { "content-length": "100" }).write("{")],
  ] satisfies [string, Reply][])("is one that %s", async (_, behaviour) => {
    const { send, requests } = await tenant((request, count) => (request.method === "POST" || count < 3 ? behaviour : { body: widget }), {
      config: { requestTimeoutSeconds: "0.1" },
    });
    const [error, answer] = await Promise.all([errorOf(send(create)), send()]);
    expect(error).toBeInstanceOf(LostAnswerError);
    expect(error.message).toMatch(/Timeout Error\. It is not known/);
    expect(answer.body).toEqual(widget);
    expect(requests.map(({ method }) => method).sort()).toEqual(["GET", "GET", "POST"]);
  });

  test.each([
    ["not HTTP at all", (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")],
    ["of endless headers", (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(100_000)}\r\n\r\n`)],
    ["a closed connection", (socket) => socket.end()],
    ["a broken connection", (socket) => socket.resetAndDestroy()],
  ] satisfies [string, (socket: Socket) => void][])("is one that is %s", async (_, answer) => {
    let connections = 0;
    const url = await listen(
      createServer((socket) => {
        connections += 1;
        socket.on("error", () => {}).once("data", () => answer(socket));
      }),
    );
    await expect(open(url).client.sendAnonymous(create)).rejects.toThrow(LostAnswerError);
    expect(connections).toBe(1);
  });

  test("is one whose connection breaks before the server reads: nobody knows how much arrived", async () => {
    let connections = 0;
    const url = await listen(
      createServer((socket) => {
        connections += 1;
        socket.on("error", () => {}).resetAndDestroy();
      }),
    );
    await expect(open(url).client.sendAnonymous(create)).rejects.toThrow(LostAnswerError);
    expect(connections).toBe(1);
  });
});

test("what may be sent only once is made anew for each attempt, and masked where the vendor repeats it", async () => {
  const { send, requests } = await tenant(({ body }, count) => (count < 3 ? 503 : { status: 400, body: { message: `no to ${body}` } }));
  let made = 0;
  const renew = () => {
    made += 1;
    return { body: { once: `ticket-${made}` }, secrets: [`ticket-${made}`] };
  };
  const error = await errorOf(send({ ...create, body: undefined, repeatable: true, renew }));
  expect(requests.map(({ body }) => JSON.parse(body).once)).toEqual(["ticket-1", "ticket-2", "ticket-3"]);
  expect(error.message).toContain("no to");
  expect(error.message).not.toContain("ticket");
});

describe("a server that cannot be reached", () => {
  const nowhere = async () => {
    const server = createServer();
    const url = await listen(server);
    await new Promise((closed) => server.close(closed));
    return open(url);
  };

  test("is tried again with any method, because nothing was sent", async () => {
    const { client, clock } = await nowhere();
    await expect(clock.until(client.sendAnonymous(create), 4000)).rejects.toThrow(UnavailableError);
    expect(clock.waits).toEqual([375, 750, 1500, 3000]);
  });

  test("is reported with its address, the cause and what to check", async () => {
    const { send } = await nowhere();
    const error = await errorOf(send(create));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toMatch(
      /^Asking Acme for a token failed: http:\/\/127\.0\.0\.1:\d+ gave no answer: connect ECONNREFUSED .*\. Check the address, the network and any proxy \(IDP_UNAVAILABLE\)\.$/,
    );
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("a vendor that fails inside", () => {
  test("is asked again with doubling waits, five times in all", async () => {
    const { send, requests, clock } = await tenant(() => ({ status: 503, body: { message: "Down for maintenance" } }));
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error.message).toMatch(/^Reading widget 7 failed: HTTP 503, Down for maintenance\. Try again later/);
    expect(requests).toHaveLength(MAX_ATTEMPTS);
    expect(clock.waits).toEqual([375, 750, 1500, 3000]);
  });

  test("is not asked again once it answers", async () => {
    const { send, requests } = await tenant((_, count) => (count < 3 ? 500 : { body: widget }));
    expect((await send()).body).toEqual(widget);
    expect(requests).toHaveLength(3);
  });

  test("or gives up waiting with 408 is asked again, but not for a POST, of which nobody knows", async () => {
    const { send, requests } = await tenant((_, count) => (count === 2 ? { body: widget } : 408));
    expect((await send()).body).toEqual(widget);
    expect(await errorOf(send(create))).toBeInstanceOf(LostAnswerError);
    expect(requests).toHaveLength(3);
  });

  test("may have done what a POST asked, so that is not repeated", async () => {
    const { send, requests } = await tenant(() => ({ status: 502, body: { message: "Bad gateway", trackingId: "t-1" } }));
    const error = await errorOf(send(create));
    expect(error).toBeInstanceOf(LostAnswerError);
    expect(error.message).toBe(
      'Creating widget "seven" failed: HTTP 502, Bad gateway. It is not known whether the vendor did it (IDP_LOST_ANSWER, tracking id t-1).',
    );
    expect(error.cause).toBeInstanceOf(UnavailableError);
    expect(requests).toHaveLength(1);
  });
});

describe("a vendor that limits the rate", () => {
  const refuse = (seconds: string | undefined): Reply => ({
    status: 429,
    headers: { ...(seconds !== undefined && { "retry-after": seconds }), "acme-request-id": "r-9" },
    body: { message: " Rate Limit Exceeded " },
  });

  test.each([{}, create])("is left alone for the whole time it asks for, then any method is repeated", async (call: Partial<Call>) => {
    const { send, requests, progress } = await tenant((_, count) => (count === 1 ? refuse("61") : { body: widget }));
    expect((await send(call)).body).toEqual(widget);
    expect(requests.map(({ at }) => at)).toEqual([0, 61_000]);
    expect(progress).toEqual(["Acme limits the rate of calls; resuming in 61 s"]);
  });

  test("may do so for longer than failures are repeated", async () => {
    const { send, requests } = await tenant((_, count) => (count <= MAX_ATTEMPTS + 3 ? refuse("1") : 200));
    await send();
    expect(requests).toHaveLength(MAX_ATTEMPTS + 4);
  });

  test.each([undefined, "soon", "0"])("and names no time (%s) is asked again with growing waits", async (seconds) => {
    const { send, requests } = await tenant((_, count) => (count <= 3 ? refuse(seconds) : 200));
    await send();
    expect(requests.map(({ at }) => at)).toEqual([0, 375, 1125, 2625]);
  });

  test("for longer than the budget ends the call at once, and says both times and the vendor's words", async () => {
    const { send, requests, clock } = await tenant(() => refuse("1200"), { config: { maxWaitSeconds: "60" } });
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(ThrottledError);
    expect(error.message).toMatch(
      /^Reading widget 7 failed: the vendor asks to wait 1200 s, more than the 60 s that maxWaitSeconds allows/,
    );
    expect(error.message).toMatch(/HTTP 429, Rate Limit Exceeded\. .*\(IDP_THROTTLED, request id r-9\)\.$/);
    expect(clock.now()).toBe(0);
    expect(requests).toHaveLength(1);
    await expect(send()).rejects.toThrow(ThrottledError);
    expect(requests).toHaveLength(1);
  });

  test("again and again ends the call when the waits together are longer than the budget", async () => {
    const { send, requests } = await tenant(() => refuse("25"), { config: { maxWaitSeconds: "60" } });
    await expect(send()).rejects.toThrow("asks to wait 75 s, more than the 60 s");
    expect(requests.map(({ at }) => at)).toEqual([0, 25_000, 50_000]);
  });

  test("holds back the calls that queue, too", async () => {
    const { client, tokens, clock, requests } = await tenant((_, count) => (count === 1 ? refuse("30") : 200));
    await clock.until(tokens.get(), 4000);
    const call = { action: "Reading a widget", method: "GET", path: "/widgets" } as const;
    const first = client.send(call, tokens);
    while (clock.waits.length === 0) await settled();
    const second = client.send(call, tokens);
    await clock.until(Promise.all([first, second]), 4000);
    expect(requests.map(({ at }) => at)).toEqual([0, 30_000, 30_000]);
  });

  test("of tokens is waited for, too", async () => {
    const { send, tokenRequests, requests } = await tenant(() => 200, {
      token: (_, count) => (count === 1 ? refuse("7") : { body: { access_token: "t", expires_in: 3600 } }),
    });
    await send();
    expect(tokenRequests.map(({ at }) => at)).toEqual([0, 7000]);
    expect(requests.map(({ at }) => at)).toEqual([7000]);
  });
});

describe("a token", () => {
  test("is fetched once for eight first calls", async () => {
    const { client, tokens, requests, tokenRequests } = await tenant(() => 200);
    const call = { action: "Reading a widget", method: "GET", path: "/widgets" } as const;
    await Promise.all(Array.from({ length: 8 }, () => client.send(call, tokens)));
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(new Array(8).fill("Bearer token-1"));
    expect(tokenRequests).toHaveLength(1);
  });

  test("that lives 15 s is renewed after 12 s", async () => {
    const { send, clock, requests } = await tenant(() => 200, {
      token: (_, count) => ({ body: { access_token: `short-${count}`, expires_in: 15 } }),
    });
    await send();
    await clock.advance(11_999);
    await send();
    await clock.advance(1);
    await send();
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer short-1", "Bearer short-1", "Bearer short-2"]);
  });

  test.each([{}, create])("refused with 401 is replaced, and the call sent again", async (call: Partial<Call>) => {
    const { send, requests, tokenRequests } = await tenant((request) =>
      request.headers.authorization === "Bearer token-1" ? 401 : { body: widget },
    );
    expect((await send(call)).body).toEqual(widget);
    expect(requests).toHaveLength(2);
    expect(tokenRequests).toHaveLength(2);
  });

  test("refused to many calls at once is replaced by a single new one", async () => {
    const { client, tokens, tokenRequests } = await tenant((request) => (request.headers.authorization === "Bearer token-1" ? 401 : 200));
    const call = { action: "Reading a widget", method: "GET", path: "/widgets" } as const;
    await Promise.all(Array.from({ length: 8 }, () => client.send(call, tokens)));
    expect(tokenRequests).toHaveLength(2);
  });

  test("is replaced once: a second refusal is an error with the vendor's words", async () => {
    const { send, requests } = await tenant(() => ({ status: 401, body: { message: "JWT is expired", trackingId: "t-4" } }));
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toMatch(/^Reading widget 7 failed: HTTP 401, JWT is expired\. .*tracking id t-4\)\.$/);
    expect(requests).toHaveLength(2);
  });

  test("is not asked for again with a secret that was refused", async () => {
    const { send, requests, tokenRequests } = await tenant(() => 200, {
      token: () => ({ status: 401, body: { message: "invalid_client" } }),
    });
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(AuthError);
    expect(error.message).toContain("Asking Acme for a token failed: HTTP 401, invalid_client");
    await expect(send()).rejects.toThrow(AuthError);
    expect(tokenRequests).toHaveLength(1);
    expect(requests).toHaveLength(0);
  });

  test("that could not be fetched is asked for anew by the next call", async () => {
    const { send, tokenRequests } = await tenant(() => 200, {
      token: (_, count) => (count <= MAX_ATTEMPTS ? 503 : { body: { access_token: "t", expires_in: 60 } }),
    });
    await expect(send()).rejects.toThrow(UnavailableError);
    await send();
    expect(tokenRequests).toHaveLength(MAX_ATTEMPTS + 1);
  });
});

describe("an answer", () => {
  test.each([{ status: 204 }, { status: 202, body: "" }])("without a body is undefined", async (given) => {
    const { send } = await tenant(() => given);
    expect(await send({ method: "DELETE" })).toMatchObject({ status: given.status, body: undefined });
  });

  test("with Content-Encoding: UTF-8 is read", async () => {
    const { send } = await tenant(() => ({ status: 400, headers: { "content-encoding": "UTF-8" }, body: { message: "Ungültig" } }));
    await expect(send()).rejects.toThrow("HTTP 400, Ungültig");
  });

  test("that begins with a byte order mark is read", async () => {
    const { send } = await tenant(() => ({ body: `\uFEFF${JSON.stringify(widget)}` }));
    expect((await send()).body).toEqual(widget);
  });

  const page =
    "<html><head><title>x</title><style>p{color:red}</style></head><body><script>alert(1)</script><h1>Blocked by</h1>\n <p>corporate proxy</p></body></html>";

  test.each([200, 401, 404, 502])("that is an HTML page shows its words (%i)", async (status) => {
    const { send } = await tenant(() => ({ status, headers: { "content-type": "text/html" }, body: page }));
    const error = await errorOf(send());
    expect(error.message).toContain(`Reading widget 7 failed: HTTP ${status}, Blocked by corporate proxy`);
  });

  test("that is an HTML page instead of the object is a contract error that names the media type", async () => {
    const { send, requests } = await tenant(() => ({ headers: { "content-type": "text/html; charset=utf-8" }, body: page }));
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(ContractError);
    expect(error.message).toContain("The answer is not JSON (text/html; charset=utf-8); check the base URL and any proxy in between");
    expect(requests).toHaveLength(1);
  });

  test("that cannot be read leaves open whether a POST was done", async () => {
    const { send } = await tenant(() => ({ headers: { "content-type": "text/html" }, body: page }));
    const error = await errorOf(send(create));
    expect(error).toBeInstanceOf(LostAnswerError);
    expect(error.cause).toBeInstanceOf(ContractError);
  });

  test("of many words is cut to the first two hundred characters", async () => {
    const { send } = await tenant(() => ({ status: 400, body: `<p>${"word ".repeat(1000)}</p>` }));
    const { message } = await errorOf(send());
    expect(message).toContain("word word…");
    expect(message.length).toBeLessThan(400);
  });

  test("in JSON of many words is cut, too", async () => {
    const { send } = await tenant(() => ({ status: 400, body: { message: "word ".repeat(100_000) } }));
    expect((await errorOf(send())).message.length).toBeLessThan(3000);
  });

  test("larger than 32 MiB is not read to its end", async () => {
    let sent = 0;
    const flood: Reply = (response) => {
      const chunk = Buffer.alloc(1024 * 1024, " ");
      const pour = () => {
        while (!response.destroyed) {
          sent += 1;
          if (!response.write(chunk)) break;
        }
      };
      response.on("drain", pour);
      pour();
    };
    const { send, requests } = await tenant(() => flood);
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(ContractError);
    expect(error.message).toContain("The answer is larger than the 33554432 bytes accepted");
    expect(requests).toHaveLength(1);
    expect(sent).toBeLessThan(64);
  });

  test("that redirects is not followed", async () => {
    const elsewhere = await tenant(() => 200);
    const { send } = await tenant(() => ({ status: 302, headers: { location: `${elsewhere.url}/login` } }));
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(ContractError);
    expect(error.message).toContain(`HTTP 302. The server redirects to ${elsewhere.url}/login; set the base URL to the API's own address`);
    expect(elsewhere.requests).toHaveLength(0);
  });
});

describe("a redirection with 307 or 308", () => {
  test.each([307, 308])("is followed with method, body and token, also for a call that must not be repeated: %i", async (status) => {
    const { send, requests } = await tenant((_, count) =>
      count === 1 ? { status, headers: { location: "/moved?x=1" } } : { status: 201, body: widget },
    );
    expect(await send(create)).toMatchObject({ status: 201 });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["POST /widgets", "POST /moved?x=1"]);
    expect(requests[1]).toMatchObject({ body: JSON.stringify(widget), headers: { authorization: "Bearer token-1" } });
  });

  test("to another server is not followed, because that would hand it the token", async () => {
    const elsewhere = await tenant(() => 200);
    const { send } = await tenant(() => ({ status: 307, headers: { location: `${elsewhere.url}/widgets/7` } }));
    expect(await errorOf(send())).toBeInstanceOf(ContractError);
    expect(elsewhere.requests).toHaveLength(0);
  });

  test.each<[string, Record<string, string>]>([
    ["in a circle", { location: "/widgets/7" }],
    ["to nowhere", {}],
    ["to no address", { location: "http://[" }],
  ])("%s is an error", async (_what, headers) => {
    const { send, requests } = await tenant(() => ({ status: 308, headers }));
    expect((await errorOf(send())).message).toContain("HTTP 308. The server redirects to");
    expect(requests.length).toBeLessThanOrEqual(4);
  });
});

describe("a vendor's own rule", () => {
  test("says after which statuses a call is repeated", async () => {
    const dialect = { repeatsAfter: (status: number, call: Call) => status !== 500 || call.method === "GET" };
    const { send, requests } = await tenant((_, count) => (count === 1 ? 500 : count === 3 ? 503 : 200), { dialect });
    await send();
    expect(requests).toHaveLength(2);
    expect(await send({ method: "PUT", body: {} })).toMatchObject({ status: 200 });
    const other = await tenant(() => 500, { dialect });
    expect(await errorOf(other.send({ method: "PUT", body: {} }))).toBeInstanceOf(UnavailableError);
    expect(other.requests).toHaveLength(1);
  });
});

describe("a refusal", () => {
  test("with 501 is final, because the server has no such function: nothing was done", async () => {
    const { send, requests } = await tenant(() => 501);
    expect(await errorOf(send({ method: "PATCH" }))).toBeInstanceOf(RejectedError);
    expect(await errorOf(send())).toBeInstanceOf(RejectedError);
    expect(requests).toHaveLength(2);
  });

  test.each([
    [400, "IDP_REJECTED", RejectedError],
    [403, "IDP_FORBIDDEN", ForbiddenError],
    [404, "IDP_NOT_FOUND", NotFoundError],
    [409, "IDP_CONFLICT", ConflictError],
    [422, "IDP_REJECTED", RejectedError],
  ])("with status %i is %s with the vendor's code, words and ids", async (status, code, Kind) => {
    const { send, requests } = await tenant(() => ({
      status,
      headers: { "acme-request-id": "r-1" },
      body: { code: "400.1", message: "No such source.", trackingId: "t-1" },
    }));
    const error = await errorOf(send());
    expect(error).toBeInstanceOf(Kind);
    expect(error.message).toMatch(/^Reading widget 7 failed: HTTP \d+, 400\.1, No such source[. (]/);
    expect(error.message.endsWith(`(${code}, tracking id t-1, request id r-1).`)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test("for want of a right names the right", async () => {
    const { send } = await tenant(() => 403);
    await expect(send({ rights: "The client needs the scope widgets:read" })).rejects.toThrow(
      "HTTP 403. The client needs the scope widgets:read",
    );
  });

  test("that the vendor's own code makes a conflict is one", async () => {
    const { send } = await tenant(() => ({ status: 400, body: { code: "taken", message: "name in use" } }));
    await expect(send(create)).rejects.toThrow(ConflictError);
  });
});

describe("no secret and no token appears in an error", () => {
  const forms = (text: string) => [
    text,
    encodeURIComponent(text),
    new URLSearchParams({ a: text }).toString().slice(2),
    Buffer.from(text).toString("base64"),
  ];
  /** Repeats what was sent, in every form. */
  const echo =
    (status: number): Behaviour =>
    ({ headers: { authorization = "" }, body }) => {
      const words = [body, authorization, ...forms(SECRET), ...forms(authorization.replace("Bearer ", ""))].join(" ");
      const location = `/login?${encodeURIComponent(SECRET)}&${authorization.replace(" ", "=")}`;
      return { status, headers: { location, "retry-after": "9999" }, body: { code: words, message: words, trackingId: words } };
    };
  const expectClean = (error: Error) => {
    expect(error).toBeInstanceOf(IdentityError);
    expect(error.message).toContain("***");
    const text = inspect(error, { depth: 9 });
    for (const form of [SECRET, "token-1", "token-2"].flatMap(forms)) expect(text).not.toContain(form);
  };

  test.each([302, 400, 401, 403, 404, 409, 429, 500, 503])("of status %i", async (status) => {
    for (const call of [{}, create]) {
      const { send } = await tenant(echo(status));
      expectClean(await errorOf(send(call)));
    }
  });

  test.each([400, 401, 403, 429, 500])("of a token request, status %i", async (status) => {
    const { send } = await tenant(() => 200, { token: echo(status) });
    expectClean(await errorOf(send()));
  });

  test.each([200, 401, 500])("of a page that begins with it and is cut, status %i", async (status) => {
    const long = `bearer-${"x".repeat(300)}`;
    const { send } = await tenant(() => ({ status, body: `<p>Bad token ${long}</p>` }), {
      token: () => ({ body: { access_token: long, expires_in: 60 } }),
    });
    const error = await errorOf(send());
    expect(error.message).toContain("Bad token ***");
    expect(error.message).not.toContain("xxxx");
  });
});

describe("a client that is told to stop", () => {
  const reading = { action: "Reading", method: "GET", path: "/" } as const;

  test("gives up a read at once, also while it waits for the vendor's answer", async () => {
    const abort = new AbortController();
    const { client, tokens } = await tenant(() => () => abort.abort(new Error("stopped")));
    await expect(client.within(abort.signal).send(reading, tokens)).rejects.toThrow("stopped");
  });

  test("ends for that reason, not for the connection that breaks with it", async () => {
    const abort = new AbortController();
    const reason = Object.assign(new Error("stopped"), { code: "ECONNRESET" });
    const { client, tokens, requests } = await tenant(() => (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => setImmediate(() => abort.abort(reason)));
    });
    expect(await errorOf(client.within(abort.signal).send(reading, tokens))).toBe(reason);
    expect(requests).toHaveLength(1);
  });

  test("finishes a write that is under way, so that it is known whether it was done", async () => {
    const abort = new AbortController();
    const { client, tokens } = await tenant(() => (response) => {
      abort.abort(new Error("stopped"));
      response.writeHead(201, { "content-type": "application/json" });
      response.end('{"id":"7"}');
    });
    expect((await client.within(abort.signal).send({ ...create, method: "POST" }, tokens)).body).toEqual({ id: "7" });
  });

  test("ends at once while it waits out a pause", async () => {
    const abort = new AbortController();
    const { client, tokens, clock, requests } = await tenant(() => ({ status: 429, headers: { "retry-after": "100" } }));
    const call = client.within(abort.signal).send(reading, tokens);
    while (clock.waits.length === 0) await settled();
    abort.abort(new Error("stopped"));
    await expect(call).rejects.toThrow("stopped");
    expect(requests).toHaveLength(1);
  });

  test("leaves the queue for a place, and the places to others", async () => {
    const abort = new AbortController();
    const { client, tokens, requests } = await tenant(() => ({ body: {} }));
    abort.abort(new Error("stopped"));
    await expect(client.within(abort.signal).send(reading, tokens)).rejects.toThrow("stopped");
    await client.send(reading, tokens);
    expect(requests).toHaveLength(1);
  });
});

test("a vendor that is unavailable for a time it names is asked again after that time", async () => {
  let calls = 0;
  const { send, clock } = await tenant(() => (++calls === 1 ? { status: 503, headers: { "retry-after": "7" } } : { body: {} }));
  const startedAt = clock.now();
  await send();
  expect(clock.now() - startedAt).toBe(7000);
});
