import { expect, test } from "vitest";
import { warnOnce } from "../../provider/src/core/log";

test("what is true of a whole server is said once per process, whoever comes across it", () => {
  const lines: string[] = [];
  const log = () => ({ warn: (message: string) => void lines.push(message), progress() {} });
  for (const message of ["server a hides values", "server b hides values", "server a hides values"]) warnOnce(log(), message);
  expect(lines).toEqual(["server a hides values", "server b hides values"]);
});
