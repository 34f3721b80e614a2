import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { httpSettings, readSettings, type SettingTable } from "../../provider/src/core/config";
import { ConfigError } from "../../provider/src/core/errors";

const table = {
  tenant: { description: "name of the tenant", example: "acme", schema: z.string("is required") },
  clientId: { description: "id of the client", example: "0123", env: "ACME_CLIENT_ID", schema: z.string("is required") },
  clientSecret: {
    description: "its secret",
    example: "<secret>",
    env: "ACME_CLIENT_SECRET",
    secret: true,
    schema: z.string().min(8, "must have 8 characters"),
  },
  pace: { description: "calls per second", example: "5", schema: z.coerce.number().positive("must be positive").default(7) },
} satisfies SettingTable;

type Given = { config?: Record<string, string>; env?: Record<string, string>; connection?: string };

function read({ config = {}, env = {}, connection }: Given) {
  return readSettings("acme", table, { get: (key) => config[key], env }, connection);
}

function complaint(given: Given): string {
  try {
    read(given);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("It should have failed");
}

const good = { "acme:tenant": "one", "acme:clientId": "id", "acme:clientSecret": "very secret" };

describe("a setting comes", () => {
  test("from the stack configuration, then from the environment, then from its default", () => {
    const env = { ACME_CLIENT_ID: "from env", ACME_CLIENT_SECRET: "also from env" };
    expect(read({ config: { "acme:tenant": "one", "acme:clientId": "from config" }, env })).toEqual({
      tenant: "one",
      clientId: "from config",
      clientSecret: "also from env",
      pace: 7,
    });
  });

  test("in the type it is used in", () => {
    expect(read({ config: { ...good, "acme:pace": "2.5" } }).pace).toBe(2.5);
  });

  test("not from another vendor's namespace", () => {
    expect(complaint({ config: { ...good, "acme:tenant": "", "other:tenant": "x" } })).toContain("acme:tenant is missing");
  });
});

describe("what is missing", () => {
  test("is listed all at once, each with key, variable and command", () => {
    expect(complaint({})).toBe(
      [
        "The configuration of acme is not complete:",
        "  acme:tenant is missing (name of the tenant). Run `pulumi config set 'acme:tenant' acme`",
        "  acme:clientId is missing (id of the client). Run `pulumi config set 'acme:clientId' 0123`, or set ACME_CLIENT_ID",
        "  acme:clientSecret is missing (its secret). Run `pulumi config set --secret 'acme:clientSecret' <secret>`, or set ACME_CLIENT_SECRET (IDP_CONFIG).",
      ].join("\n"),
    );
  });

  test("includes what is empty", () => {
    expect(complaint({ config: { ...good, "acme:tenant": "" } })).toContain("acme:tenant is missing");
    expect(complaint({ config: { "acme:tenant": "one", "acme:clientId": "x" }, env: { ACME_CLIENT_SECRET: "" } })).toContain(
      "acme:clientSecret is missing",
    );
  });
});

describe("what is wrong", () => {
  test("is named with what was given and why it is refused", () => {
    expect(complaint({ config: { ...good, "acme:pace": "-3" } })).toContain(
      'acme:pace is wrong ("-3"): must be positive (calls per second). Run',
    );
    expect(complaint({ config: { ...good, "acme:pace": "fast" } })).toMatch(/acme:pace is wrong \("fast"\): .*number/);
  });

  test("is not repeated when it is a secret", () => {
    const message = complaint({ config: { ...good, "acme:clientSecret": "hunter2" } });
    expect(message).toContain("acme:clientSecret is wrong: must have 8 characters");
    expect(message).not.toContain("hunter2");
  });
});

describe("a named connection", () => {
  const config = {
    "acme:connections": JSON.stringify({
      prod: { tenant: "p", clientId: "i", clientSecret: "very secret", pace: 3 },
      half: { tenant: "h" },
    }),
  };

  test("has its settings under its name", () => {
    expect(read({ config, connection: "prod" })).toEqual({ tenant: "p", clientId: "i", clientSecret: "very secret", pace: 3 });
  });

  test("never takes anything from the environment or from the unnamed one", () => {
    const env = { ACME_CLIENT_ID: "leak", ACME_CLIENT_SECRET: "leak leak leak" };
    const message = complaint({ config: { ...config, ...good }, env, connection: "half" });
    expect(message).toBe(
      [
        'Connection "half" of acme is not complete:',
        "  acme:connections.half.clientId is missing (id of the client). Run `pulumi config set --path 'acme:connections.half.clientId' 0123`",
        "  acme:connections.half.clientSecret is missing (its secret). Run `pulumi config set --path --secret 'acme:connections.half.clientSecret' <secret>` (IDP_CONFIG).",
      ].join("\n"),
    );
  });

  test("that does not exist is answered with the name that was meant", () => {
    const message = complaint({ config, connection: "prdo" });
    expect(message).toContain('There is no connection "prdo" of acme - did you mean "prod"?');
    expect(message).toContain("pulumi config set --path 'acme:connections.prdo.<key>' <value>");
    expect(message).toContain("known connections: prod, half");
  });

  test.each(["constructor", "__proto__", "toString"])("is not found under a name that every object has: %s", (connection) => {
    expect(complaint({ config, connection })).toContain(`There is no connection "${connection}"`);
  });

  test("that does not exist is answered when there are none", () => {
    expect(complaint({ connection: "prod" })).toMatch(/There is no connection "prod" of acme\. .*known connections: none/);
  });

  test("with a setting that does not exist is refused, and the right one named", () => {
    const wrong = { "acme:connections": JSON.stringify({ prod: { tenant: "p", clientID: "i" } }) };
    expect(complaint({ config: wrong, connection: "prod" })).toContain(
      'Connection "prod" of acme has an unknown setting "clientID" - did you mean "clientId"?',
    );
  });

  test.each(["not json", "[]", '"text"', "7", '{"prod": "text"}', '{"prod": null}'])("cannot be read from %s", (text) => {
    const message = complaint({ config: { "acme:connections": text }, connection: "prod" });
    expect(message).toContain("acme:connections must hold one object of settings per connection name");
    expect(message).toContain("pulumi config set --path 'acme:connections.prod.<key>' <value>");
  });

  test("does not repeat a wrong secret either", () => {
    const wrong = { "acme:connections": JSON.stringify({ prod: { tenant: "p", clientId: "i", clientSecret: "hunter2" } }) };
    expect(complaint({ config: wrong, connection: "prod" })).not.toContain("hunter2");
  });
});

describe("the settings every connection has", () => {
  const http = (config: Record<string, string>) => readSettings("acme", httpSettings, { get: (key) => config[key], env: {} });

  test("have defaults", () => {
    expect(http({})).toEqual({
      caFile: undefined,
      certFile: undefined,
      keyFile: undefined,
      connectTimeoutSeconds: 10,
      requestTimeoutSeconds: 60,
      maxWaitSeconds: 300,
    });
  });

  test.each([
    ["connectTimeoutSeconds", "0"],
    ["connectTimeoutSeconds", "301"],
    ["requestTimeoutSeconds", "-1"],
    ["requestTimeoutSeconds", "3601"],
    ["maxWaitSeconds", "-1"],
    ["maxWaitSeconds", "86401"],
    ["maxWaitSeconds", "5 minutes"],
  ])("have bounds: %s is not %s", (key, value) => {
    expect(() => http({ [`acme:${key}`]: value })).toThrow(`acme:${key} is wrong`);
  });

  test("may forbid every wait", () => {
    expect(http({ "acme:maxWaitSeconds": "0" }).maxWaitSeconds).toBe(0);
  });

  describe("a file", () => {
    const file = (content: string) => {
      const folder = mkdtempSync(join(tmpdir(), "ca-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, "ca.pem"), content);
      return join(folder, "ca.pem");
    };

    test("is read", () => {
      const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
      expect(http({ "acme:caFile": file(pem) }).caFile).toBe(pem);
    });

    test("that is not there is named, with the reason", () => {
      expect(() => http({ "acme:caFile": "/nowhere/ca.pem" })).toThrow(
        /acme:caFile is wrong \("\/nowhere\/ca\.pem"\): the file cannot be read: ENOENT/,
      );
    });

    test("that holds no certificate is refused, and its content not shown", () => {
      const key = file("-----BEGIN PRIVATE KEY-----\nAAAA\n");
      expect(() => http({ "acme:caFile": key })).toThrow("the file holds no PEM certificate");
      expect(() => http({ "acme:caFile": key })).not.toThrow("AAAA");
    });

    test.each([
      ["certFile", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "the file holds no certificate that can be read"],
      ["certFile", "-----BEGIN PRIVATE KEY-----\nAAAA\n", "the file holds no PEM certificate"],
      ["keyFile", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "the file holds no PEM private key"],
      ["keyFile", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "the file holds no private key that can be read"],
    ])("%s that holds something else is refused: %s", (key, content, reason) => {
      expect(() => http({ [`acme:${key}`]: file(content) })).toThrow(reason);
    });
  });
});
