import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that is gone after the test. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "identity-as-code-scripts-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Writes an executable Node program without needing anything on PATH. */
export function program(path: string, source: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!${process.execPath}\n${source}\n`, { mode: 0o755 });
  return path;
}

/** An engine as far as its finder looks: a `pulumi` that tells its version, and a language host. Returns the folder. */
export function fakeEngine(dir: string, version = "v3.255.0"): string {
  program(join(dir, "pulumi"), `console.log(${JSON.stringify(version)})`);
  program(join(dir, "pulumi-language-nodejs"), "");
  return dir;
}
