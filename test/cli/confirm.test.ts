import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { confirm } from "../../provider/src/cli/confirm";

/** A terminal at which somebody types this, or ends the input. */
function terminal(typed: string) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  input.end(typed);
  return input;
}

test.each(["y\n", "Yes\n", " y \n"])("%j is a yes", async (typed) => {
  await confirm("Erase it", false, terminal(typed));
});

test.each(["n\n", "\n", "yep\n", ""])("%j is no yes", async (typed) => {
  await expect(confirm("Erase it", false, terminal(typed))).rejects.toThrow("Erase it: that was not confirmed. Nothing was sent");
});

test("nobody is asked who said so beforehand, or where there is no terminal", async () => {
  await confirm("Erase it", true, terminal("n\n"));
  await expect(confirm("Erase it", false, new PassThrough())).rejects.toThrow(
    "there is no terminal to ask at. Nothing was sent. Give --yes",
  );
});
