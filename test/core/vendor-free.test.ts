import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const CORE = join(import.meta.dirname, "../../provider/src/core");
const files = globSync("**/*.ts", { cwd: CORE });

test("there is a core to look at", () => {
  expect(files.length).toBeGreaterThan(15);
});

test.each(files)("%s names no vendor", (file) => {
  const text = readFileSync(join(CORE, file), "utf8");
  // Short names only as words of their own, or "hidden" would count.
  expect(text.match(/sail-?point|plain-?id|ping-?(one|identity|federate)|activid|intercede|identitynow/gi)).toBeNull();
  expect(text.match(/\b(hid|my-?id)\b/gi)).toBeNull();
});

test.each(files)("%s imports nothing from outside of core but packages", (file) => {
  const depth = file.split(/[\\/]/).length - 1;
  const imports = [...readFileSync(join(CORE, file), "utf8").matchAll(/from "(\.[^"]+)"/g)].map(([, path]) => path ?? "");
  for (const path of imports) expect(path.split("/").filter((part) => part === "..").length).toBeLessThanOrEqual(depth);
});
