import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { ZodError } from "zod";
import { ConfigError } from "../core/errors";
import { definitions } from "../definitions";
import type { Command } from "./operation";
import { type Comment, type CommentOptions, renderComment, renderFailure } from "./render-comment";
import { PulumiStack } from "./stack";

/** What GitHub takes, in characters. */
const DEFAULT_LIMIT = 65_536;
const LEAST_LIMIT = 10_000;

interface Flags {
  stack?: string;
  limit: string;
  full?: string;
  title?: string;
  runUrl?: string;
  out?: string;
}

/** Adds the command that turns a preview into a comment for a review. */
export function addPreviewComment(program: Command): void {
  program
    .command("preview-comment")
    .summary("turn a preview into a comment for a review")
    .description(
      "Turns the answer of `pulumi preview --json` into Markdown that says what would happen to people: the gravest first, attribute by attribute,\nsecrets masked. The same preview gives the same text. No system is asked.",
    )
    .argument("[file]", "the preview's answer, or - for standard input; left out, the preview of --stack is run")
    .option("--stack <name>", "stack to preview, in the folder of its Pulumi project; it also tells its comment from others")
    .option("--limit <characters>", "what a comment may hold: 65536 at GitHub, 1000000 at GitLab", String(DEFAULT_LIMIT))
    .option("--full <file>", "file for the full text, for a workflow to keep as an artifact")
    .option("--title <text>", "heading of the comment; it also tells it from others")
    .option("--run-url <url>", "address of the run, for the comment to point to")
    .option("--out <file>", "file for the comment; left out, it is printed")
    .addHelpText(
      "after",
      `
The first line of a comment is hidden and the same for every run of the same title, or stack: a workflow finds the comment to replace by it.

Examples:
  $ pulumi preview --json | npx identity-as-code preview-comment - > comment.md
  $ npx identity-as-code preview-comment --stack prod --full preview.md --out comment.md

Exit codes: 0 when there is a comment on a whole preview, 1 when the preview failed, which the comment says, or nothing could be read.`,
    )
    .action(previewComment);
}

async function previewComment(file: string | undefined, flags: Flags): Promise<void> {
  const options = optionsOf(flags);
  const { comment, full, failed } = toComment(await readPreview(file, flags.stack), options);
  if (flags.full !== undefined) write(flags.full, full);
  if (flags.out === undefined) process.stdout.write(comment);
  else write(flags.out, comment);
  if (failed) process.exitCode = 1;
}

function optionsOf({ stack, limit, full, title, runUrl }: Flags): CommentOptions {
  const characters = Number(limit);
  if (!Number.isSafeInteger(characters) || characters < LEAST_LIMIT)
    throw new ConfigError(`--limit is ${JSON.stringify(limit)}`, `Give a whole number of ${LEAST_LIMIT} or more, such as ${DEFAULT_LIMIT}`);
  return {
    kindOf: (type) => definitions[type],
    limit: characters,
    key: title ?? stack ?? "",
    title,
    runUrl: runUrl && addressOf(runUrl),
    fullName: full && basename(full),
  };
}

/** An address in the form in which it cannot end a link: angle brackets and blanks are percent-encoded. */
function addressOf(runUrl: string): string {
  const url = URL.canParse(runUrl) ? new URL(runUrl) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
  throw new ConfigError(`--run-url is ${JSON.stringify(runUrl)}`, "Give an address that begins with https://");
}

/** The answer of a preview, from a file, standard input or a stack. Errors: ConfigError when none is meant or readable. */
export async function readPreview(file: string | undefined, stack: string | undefined): Promise<string> {
  if (file === "-") return text(process.stdin);
  if (file === undefined) {
    if (stack !== undefined) return new PulumiStack(process.cwd(), stack).previewText();
    throw new ConfigError("It is not said which preview is meant", "Give a file, - for standard input, or --stack");
  }
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`, "Give the answer of `pulumi preview --json`");
  }
}

function toComment(answer: string, options: CommentOptions): Comment {
  const trimmed = answer.replace(/^\uFEFF/, "").trim();
  // What is cut off may hold values that nothing masks any more, so only the words before it are shown.
  const [words = ""] = trimmed.split(/^\s*[{[]/m);
  let preview: unknown;
  try {
    preview = JSON.parse(trimmed);
  } catch {
    const what =
      trimmed === "" ? "There was no answer at all." : words === "" ? "The answer is cut off or damaged." : "The answer is no preview.";
    return renderFailure(what, words, options);
  }
  try {
    return renderComment(preview, options);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return renderFailure("The answer is not that of `pulumi preview --json`.", "", options);
  }
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new ConfigError(`${file} cannot be written: ${(error as Error).message}`, "Give a file in a folder that is there");
  }
}
