/** Pages that tell readers what to type, and a folder in which it is typed. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { engineEnv, ensureEngine } from "../../scripts/engine.mjs";

export const ROOT = join(import.meta.dirname, "../..");

/** The code blocks of a page that are in this language, in the page's order. `page` is a path in the repository. */
export async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, block = ""]) => block);
}

/** The commands of a page, one a line, in its order. */
export async function commandsOf(page: string): Promise<string[]> {
  return (await blocksOf(page, "sh")).flatMap((block) => block.trim().split("\n"));
}

/** A reader's folder: the packages are installed, Pulumi is on PATH and keeps its state here. */
export class Desk implements AsyncDisposable {
  private constructor(
    readonly dir: string,
    private readonly env: Record<string, string>,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<Desk> {
    await ensureEngine();
    const dir = await mkdtemp(join(tmpdir(), "identity-readme-"));
    await symlink(join(ROOT, "node_modules"), join(dir, "node_modules"));
    return new Desk(dir, env);
  }

  /** Types a command. Rejects, with `code`, `stdout` and `stderr`, when it fails. */
  type(command: string): Promise<{ stdout: string; stderr: string }> {
    const env = {
      ...engineEnv(),
      PULUMI_BACKEND_URL: `file://${this.dir}`,
      PULUMI_HOME: join(this.dir, "home"),
      PULUMI_CONFIG_PASSPHRASE: "readme",
      // As in test/harness/stack.ts: less collecting of garbage, and an SDK that loads faster.
      GOGC: "400",
      NODE_COMPILE_CACHE: join(ROOT, ".cache", "compile"),
      ...this.env,
    };
    return promisify(execFile)("bash", ["-ec", command], { cwd: this.dir, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}
