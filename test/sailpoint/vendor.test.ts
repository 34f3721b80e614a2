import { describe, expect, test } from "vitest";
import { readSettings } from "../../provider/src/core/config";
import { quote } from "../../provider/src/sailpoint/api";
import { hasCode, type SailPointSettings, sailPoint, settings } from "../../provider/src/sailpoint/vendor";

const CREDENTIALS = { clientId: "client", clientSecret: "very secret" };
const read = (given: Record<string, string>, env: Record<string, string> = {}) =>
  readSettings("sailpoint", settings, { get: (key) => given[key.replace("sailpoint:", "")], env });
const { readFailure } = sailPoint.dialect;

describe("settings", () => {
  test("have defaults for everything but the tenant and the credentials", () => {
    expect(read(CREDENTIALS)).toEqual({ ...CREDENTIALS, apiVersion: "beta", requestsPer10Seconds: 100, experimental: false });
  });

  test("come from the environment where the stack says nothing", () => {
    const env = { SAIL_BASE_URL: "https://x.example", SAIL_CLIENT_ID: "from env", SAIL_CLIENT_SECRET: "from env too" };
    expect(read({ clientId: "client" }, env)).toMatchObject({
      baseUrl: env.SAIL_BASE_URL,
      clientId: "client",
      clientSecret: "from env too",
    });
  });

  test.each(["beta", "v3", "v2024", "v2025", "v2026", "v1"])("accept the API version %s", (apiVersion) => {
    expect(read({ ...CREDENTIALS, apiVersion }).apiVersion).toBe(apiVersion);
  });

  test.each([
    ["apiVersion", "v2", "must be beta, v3"],
    ["tenant", "acme.identitynow.com", "must be the bare name"],
    ["requestsPer10Seconds", "0", ""],
    ["experimental", "perhaps", ""],
  ])("refuse a wrong %s: %s", (key, value, reason) => {
    expect(() => read({ ...CREDENTIALS, [key]: value })).toThrow(new RegExp(`sailpoint:${key} is wrong \\("${value}"\\): .*${reason}`));
  });

  test("that are missing are named together, with the command and the variable that set them", () => {
    expect(() => read({})).toThrow(
      /`pulumi config set 'sailpoint:clientId' .*SAIL_CLIENT_ID[\s\S]*--secret 'sailpoint:clientSecret' <secret>`, or set SAIL_CLIENT_SECRET/,
    );
  });
});

describe("the tenant's address", () => {
  const address = (given: Partial<SailPointSettings>) => sailPoint.baseUrl(given as SailPointSettings);

  test("follows from the tenant's name, or is given as a whole", () => {
    expect(address({ tenant: "acme" })).toBe("https://acme.api.identitynow.com");
    expect(address({ baseUrl: "https://api.example.com/" })).toBe("https://api.example.com");
    expect(address({ tenant: "acme", baseUrl: "https://acme.api.identitynow.com/" })).toBe("https://acme.api.identitynow.com");
  });

  test("must be there, and must be one", () => {
    expect(() => address({})).toThrow("The SailPoint tenant is not configured");
    expect(() => address({ tenant: "acme", baseUrl: "https://other.example" })).toThrow("Two tenants are configured");
  });

  test("makes another connection, and so do client, version and header", () => {
    const given = { ...read(CREDENTIALS), baseUrl: "https://a.example" };
    const others = [{ baseUrl: "https://b.example" }, { clientId: "other" }, { apiVersion: "v3" }, { experimental: true }];
    const keys = [{}, ...others].map((other) => sailPoint.key({ ...given, ...other }));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.join()).not.toContain(given.clientSecret);
  });
});

describe("a failure's words", () => {
  const text = (...texts: string[]) => texts.map((one) => ({ locale: "en-US", text: one }));

  test("are those of messages and causes, each once, with code and tracking id", () => {
    const body = { detailCode: "400.1 Bad", trackingId: "t", messages: text("Generic.", "Same."), causes: text("Same.", "Useful.") };
    expect(readFailure(body)).toEqual({ vendorCode: "400.1 Bad", trackingId: "t", words: "Generic. Same. Useful." });
  });

  test.each<[string, unknown, string | undefined]>([
    ["of a refused token", { error: "JWT validation failed: JWT is expired" }, "JWT validation failed: JWT is expired"],
    ["of OAuth", { error: "invalid_client", error_description: "Bad credentials" }, "invalid_client Bad credentials"],
    ["of the gateway, without its spaces", { message: " Rate Limit Exceeded " }, "Rate Limit Exceeded"],
    ["of nobody", {}, undefined],
    ["of another shape", { messages: "text", detailCode: 5 }, undefined],
    ["of no object", ["x"], undefined],
    ["of nothing", undefined, undefined],
  ])("%s", (_whose, body, words) => {
    expect(readFailure(body).words).toBe(words);
  });

  test("count by the number of the code, whatever the words behind it", () => {
    expect(hasCode({ vendorCode: "400.1.409 reference CONFLICT" }, "400.1.409")).toBe(true);
    expect(hasCode({ vendorCode: "400.1.409" }, "400.1.409")).toBe(true);
    expect(hasCode({ vendorCode: "400.1.4090 x" }, "400.1.409")).toBe(false);
    expect(hasCode({}, "400.1.409")).toBe(false);
    expect(sailPoint.dialect.isConflict?.({ status: 400, vendorCode: "400.1.409 Reference conflict" })).toBe(true);
  });
});

test("a name in a filter has its quotes and backslashes escaped", () => {
  expect(quote('a "b" \\ c#')).toBe('"a \\"b\\" \\\\ c#"');
});
