import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { members } from "./resources.mts";
import { compiled, docOf, parse, proseOf, root, SYSTEMS, sectionOf, table } from "./source.mts";

const { definitions } = compiled("definitions");
const { operations } = compiled("operations");
const { commands } = compiled("cli/main");

/** What this page needs of a command of the command line. */
interface Command {
  name(): string;
  usage(): string;
  commands: Command[];
}

/** docs/functions.md: every function that asks a vendor or acts there, with the command that does the same. */
export async function functionsPage(): Promise<string> {
  const program: Command = await commands();
  const vendors = [...new Set(Object.values(definitions).map((definition) => (definition as { vendor: { name: string } }).vendor.name))];
  const all = vendors.flatMap((vendor) => functionsOf(vendor).map((fn) => ({ vendor, fn })));
  const names = Object.keys(operations);
  const missing = names.filter((name) => !all.some(({ fn }) => fn.body?.getText().includes(`"${name}"`)));
  if (missing.length > 0) throw new Error(`no function of functions.ts leads to ${missing.join(", ")}`);
  const index = all.map(({ fn }) => {
    const { text } = docOf(fn);
    return [`[\`${nameOf(fn)}\`](#${nameOf(fn).toLowerCase()})`, `${proseOf(text).split(/(?<=\.)\s/)[0]}`, commandOf(program, fn) ?? ""];
  });
  return `${[
    "# Functions",
    "Questions to the systems, and jobs there, that leave no object in state. A program calls a function with the configuration of its stack, as Pulumi's own `get` functions; a person runs the command with `--stack <name>` or the environment's variables.",
    "Each function comes in two forms: one that takes plain values and returns a promise, and one whose name ends in `Output`, which takes outputs, too, and returns an output. What changes something at a vendor sends nothing in a preview and is `undefined` there. All take `connection`, the name of the connection to use.",
    "Arguments are checked before anything is sent (`IDP_INPUT`), and missing settings are named (`IDP_CONFIG`); the [codes of errors](errors.md#by-code) are those of resources.",
    table(["function", "what it does", "command"], index),
    ...vendors.flatMap((vendor) => [
      ...(functionsOf(vendor).length > 0 ? [`## ${SYSTEMS[vendor]}`] : []),
      ...functionsOf(vendor).map((fn) => sectionFor(program, fn)),
      ...furtherTypes(vendor).map((type) => `### ${type.name.text}\n\n${docOf(type).text}\n\n${held(type)}`),
    ]),
    "_Generated from the source by `npm run docs`._",
  ].join("\n\n")}\n`;
}

const sources = new Map<string, ts.SourceFile>();

function sourceOf(vendor: string): ts.SourceFile | undefined {
  const file = join(vendor, "functions.ts");
  if (!sources.has(vendor) && existsSync(join(root, "provider/src", file))) sources.set(vendor, parse(file));
  return sources.get(vendor);
}

/** The functions for plain values; those for outputs take and give the same. */
function functionsOf(vendor: string): ts.FunctionDeclaration[] {
  const all = sourceOf(vendor)?.statements.filter(ts.isFunctionDeclaration) ?? [];
  return all.filter((fn) => !nameOf(fn).endsWith("Output") && fn.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
}

function nameOf(fn: ts.FunctionDeclaration): string {
  return fn.name?.text ?? "";
}

/** The command that does the same, with what it takes. Errors: Error for one that is not there. */
function commandOf(program: Command, fn: ts.FunctionDeclaration): string | undefined {
  const path = sectionOf(docOf(fn).text, "Command");
  if (path === undefined) return undefined;
  const command = path.split(" ").reduce<Command | undefined>((found, name) => found?.commands.find((one) => one.name() === name), program);
  if (!command) throw new Error(`${nameOf(fn)} names the command "${path}", which is not there`);
  return `\`npx identity-as-code ${path} ${command.usage()}\``;
}

function sectionFor(program: Command, fn: ts.FunctionDeclaration): string {
  const { text } = docOf(fn);
  const name = nameOf(fn);
  const [parameter] = fn.parameters;
  const args = interfaceOf(fn, parameter?.type);
  const result = interfaceOf(fn, fn.type);
  const optional = parameter?.initializer ? "?" : "";
  const signature = `${name}(args${optional}: ${parameter?.type?.getText()}): ${fn.type?.getText().replace(/\s+/g, " ")}`;
  const command = commandOf(program, fn);
  const line = (title: string, section: string | undefined) => (section ? [`${title}: ${section}`] : []);
  return [
    `### ${name}`,
    proseOf(text),
    `\`\`\`ts\n${signature}\n\`\`\``,
    ...(args ? [`Arguments:${docLine(args)}\n\n${members(complete(args))}`] : []),
    ...(result ? [`Result:${docLine(result)}\n\n${held(result)}`] : []),
    ...line("Gives", sectionOf(text, "Out")),
    ...line("Errors", sectionOf(text, "Errors")),
    ...line("At a terminal", command),
    ...line("Source", sectionOf(text, "Source")),
  ].join("\n\n");
}

/** What the comments of an interface, and of those that it extends, say beyond whose arguments or result it is. */
function docLine(type: ts.InterfaceDeclaration): string {
  const texts = [type, ...basesOf(type)].map((one) =>
    docOf(one).text.replace(/^(?:Arguments of|What) `\w+`(?: found| did)?[.:;,]?\s*/, ""),
  );
  return texts.map((text) => text && ` ${text}`).join("");
}

/** The members of what is given, rather than taken. */
function held(type: ts.InterfaceDeclaration): string {
  return members(complete(type), {}, "always there");
}

/** The interface of the same file that a type names first, as in `Promise<X | undefined>`. */
function interfaceOf(fn: ts.FunctionDeclaration, type: ts.TypeNode | undefined): ts.InterfaceDeclaration | undefined {
  const name = type
    ?.getText()
    .match(/\w+/g)
    ?.find((word) => word !== "Promise");
  return fn
    .getSourceFile()
    .statements.filter(ts.isInterfaceDeclaration)
    .find((candidate) => candidate.name.text === name);
}

/** The interfaces of the same file that one extends. */
function basesOf(type: ts.InterfaceDeclaration): ts.InterfaceDeclaration[] {
  const names = (type.heritageClauses ?? []).flatMap(({ types }) => types.map((base) => base.expression.getText()));
  const all = type.getSourceFile().statements.filter(ts.isInterfaceDeclaration);
  return all.filter(({ name }) => names.includes(name.text));
}

/** An interface with the members of those that it extends, its own ones first. */
function complete(type: ts.InterfaceDeclaration): ts.InterfaceDeclaration {
  const all = [...type.members, ...basesOf(type).flatMap((base) => [...complete(base).members])];
  return { ...type, members: all } as unknown as ts.InterfaceDeclaration;
}

/** Interfaces that are neither arguments nor results, nor extended by these, but what these hold. */
function furtherTypes(vendor: string): ts.InterfaceDeclaration[] {
  const shown = functionsOf(vendor)
    .flatMap((fn) => [interfaceOf(fn, fn.parameters[0]?.type), interfaceOf(fn, fn.type)])
    .flatMap((type) => (type ? [type, ...basesOf(type)] : []));
  const all = sourceOf(vendor)?.statements.filter(ts.isInterfaceDeclaration) ?? [];
  return all.filter((type) => !shown.includes(type));
}
