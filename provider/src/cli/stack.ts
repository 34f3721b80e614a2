import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import type { ConfigSource } from "../core/config";
import { ConfigError } from "../core/errors";
import { DYNAMIC } from "../core/provider-source";

/** A resource as a stack's state holds it. */
export interface StoredResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
}

/** Name of a resource in the program. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Type, as `<vendor>:<Noun>`, and name of a resource of this library; undefined for any other. */
export function resourceOf(urn: string): { type: string; name: string } | undefined {
  // ...$<type>::<name>, where the type of a parent may stand before it.
  const own = urn.includes(DYNAMIC) ? urn.slice(urn.lastIndexOf(DYNAMIC) + DYNAMIC.length) : "";
  const [, type, name] = /^([^:]+:[^:]+)::(.*)$/.exec(own) ?? [];
  return type === undefined || name === undefined ? undefined : { type, name };
}

const deployment = z.looseObject({
  deployment: z
    .looseObject({
      resources: z
        .array(
          z.looseObject({
            urn: z.string(),
            type: z.string(),
            id: z.string().optional(),
            inputs: z.record(z.string(), z.unknown()).optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
const side = z
  .looseObject({
    inputs: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((inputs) => inputs ?? undefined),
  })
  .nullish();
const preview = z.looseObject({
  steps: z
    .array(z.looseObject({ op: z.string(), urn: z.string(), oldState: side, newState: side }))
    .nullish()
    .transform((steps) => steps ?? []),
});
/** What a preview says, step by step, with secrets masked. */
export type Preview = z.output<typeof preview>;

const configuration = z.record(z.string(), z.looseObject({ value: z.string().optional() }));

/** A stack, reached through the `pulumi` on PATH, as a person at a terminal would reach it. */
export class PulumiStack {
  constructor(
    /** Folder of the Pulumi project. */
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** The stack's configuration with secrets in clear, and the environment. Errors: ConfigError for a stack that is not there. */
  async config(): Promise<ConfigSource> {
    const settings = configuration.parse(JSON.parse(await this.pulumi("config", "--json", "--show-secrets")));
    return { get: (key) => settings[key]?.value, env: process.env };
  }

  /** The stack's state: the resources in it, and its text in the form that `pulumi stack import` takes back, secrets encrypted. */
  async state(): Promise<{ resources: StoredResource[]; text: string }> {
    const text = await this.pulumi("stack", "export");
    return { resources: deployment.parse(JSON.parse(text)).deployment?.resources ?? [], text };
  }

  /** What the program would change of what state says. */
  async preview(): Promise<Preview> {
    return preview.parse(JSON.parse(await this.pulumi("preview", "--json")));
  }

  /** The same as the engine answers it, also when the preview fails; its words where it gives no answer. */
  async previewText(): Promise<string> {
    const { stdout, stderr } = await this.run(["preview", "--json"]);
    return stdout.trim() === "" ? stderr : stdout;
  }

  /** What the systems say differently than state. */
  async previewRefresh(): Promise<Preview> {
    return preview.parse(JSON.parse(await this.pulumi("refresh", "--preview-only", "--json")));
  }

  /**
   * Puts resources into state without reading or writing anything at the vendor. The engine holds the stack's lock meanwhile.
   *
   * State is written once, at the end: after each resource it would be rewritten as a whole, which takes minutes for a few hundred, and a run
   * that stops in between loses nothing that could not be imported again.
   */
  async takeIn(file: string, resources: object[], { protect }: { protect: boolean }): Promise<void> {
    await writeFile(file, JSON.stringify({ resources }, undefined, 2));
    const once = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };
    await this.succeed(["import", "--file", file, "--generate-code=false", `--protect=${protect}`, "--yes", "--skip-preview"], once);
  }

  private pulumi(...args: string[]): Promise<string> {
    return this.succeed(args);
  }

  private async succeed(args: string[], env?: Record<string, string>): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, env);
    if (code === 0) return stdout;
    const words = `${stderr}\n${stdout}`.trim();
    throw new ConfigError(`\`pulumi ${args[0]}\` of stack ${this.name} ended with exit code ${code}: ${words}`);
  }

  private async run(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn("pulumi", [...args, "--stack", this.name, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", (error) => reject(new ConfigError(`pulumi does not run (${error.message})`, "Install Pulumi and put it on PATH")));
      child.on("close", resolve);
    });
    return { code, ...output };
  }
}
