import { describe, expect, test } from "vitest";
import { redact } from "../../../provider/src/core/http/redact";

const secret = "p&ss w/rd!+ü";

describe("a secret is taken out of a text", () => {
  test("as it is, wherever and however often it occurs", () => {
    expect(redact(`a ${secret} b${secret}`, [secret])).toBe("a *** b***");
  });

  test("percent-encoded", () => {
    expect(redact(`client_secret=${encodeURIComponent(secret)}&x=1`, [secret])).toBe("client_secret=***&x=1");
  });

  test("as a form holds it", () => {
    const form = new URLSearchParams({ client_secret: secret, x: "1" }).toString();
    expect(form).not.toContain(encodeURIComponent(secret));
    expect(redact(form, [secret])).toBe("client_secret=***&x=1");
  });

  test("as a JSON text holds it", () => {
    expect(redact(JSON.stringify({ secret: 'quoted"one' }), ['quoted"one'])).toBe('{"secret":"***"}');
  });

  test.each(["base64", "base64url"] as const)("in %s", (coding) => {
    expect(redact(`Basic ${Buffer.from("???>>>~~~abcd").toString(coding)}`, ["???>>>~~~abcd"])).toMatch(/^Basic [*]{3}=*$/);
  });

  test("when it is the beginning of another one, which is taken out whole", () => {
    expect(redact("abcd-efgh abcd", ["abcd", "abcd-efgh"])).toBe("*** ***");
  });
});

test("a text without secrets stays as it is", () => {
  expect(redact("nothing to hide", [secret])).toBe("nothing to hide");
});

test("a secret shorter than four characters is left alone", () => {
  expect(redact("a cat sat", ["a", "cat", ""])).toBe("a cat sat");
});
