import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { compiled, declared, docOf, parse, root, table, typeOf } from "./source.mts";

const { definitions } = compiled("definitions");
const { httpSettings } = compiled("core/config");

/** What the field table says about a property, in words. */
function behaviour(field: Record<string, unknown> | undefined, fallback: string | undefined): string {
  if (!field) return "";
  const words = [fallback && `Default: \`${fallback}\`.`];
  if (field.mutability === "immutable") words.push("Changing it replaces the object.");
  if (field.mutability === "local") words.push("Never sent to the vendor.");
  if (field.mutability === "writeOnly")
    words.push("Secret. Only read while the object is created; a later change of it is no change, and it is in no output.");
  if (field.createOnly) words.push("Only read while the object is created.");
  if (field.replaceWhen) words.push("A change is made in place, unless the program asks for a replacement.");
  if (field.whenDropped === "cleared") words.push("No longer declared: removed at the vendor.");
  if (field.whenDropped === "released") words.push("No longer declared: stays as it is, unmanaged.");
  return words.filter(Boolean).join(" ");
}

export function members(
  type: ts.InterfaceDeclaration,
  fields: Record<string, Record<string, unknown>> = {},
  required = "required",
): string {
  const rows = type.members.filter(ts.isPropertySignature).map((member) => {
    const name = (member.name as ts.Identifier).text;
    const doc = docOf(member);
    const more = fields[name] ? behaviour(fields[name], doc.fallback) : doc.fallback ? `Default: \`${doc.fallback}\`.` : "";
    return [`\`${name}\``, `\`${typeOf(member.type)}\``, member.questionToken ? "" : "yes", [doc.text, more].filter(Boolean).join(" ")];
  });
  return table(
    ["property", "type", required, "what it is"],
    rows.filter(([, type]) => type !== "``"),
  );
}

/** An interface as a section of its own. */
function section(type: ts.InterfaceDeclaration): string {
  return `### ${type.name.text}\n\n${docOf(type).text}\n\n${members(type)}`;
}

function settingRows(
  vendor: string,
  settings: Record<string, { description: string; env?: string; secret?: boolean; example: string }>,
): string[][] {
  return Object.entries(settings).map(([key, { description, env, secret, example }]) => [
    `\`${vendor}:${key}\``,
    env ? `\`${env}\`` : "",
    `${description}${secret ? ". Secret: set it with `--secret`" : ""}. Example: \`${example}\``,
  ]);
}

/** `SailPointIdentityProfile` of sailpoint/identity-profile.ts -> docs/resources/sailpoint-identity-profile.md. */
function page(
  file: string,
  definition: {
    type: string;
    vendor: { name: string; settings: object };
    fields: Record<string, Record<string, unknown>>;
    adoption?: object;
  },
): string {
  const source = parse(file);
  const resource = source.statements.filter(ts.isClassDeclaration)[0];
  if (!resource?.name) throw new Error(`${file} declares no resource class`);
  const fields = { ...definition.fields, connection: { mutability: "immutable" } };
  const args = declared(source, ts.isInterfaceDeclaration, `${resource.name.text}Args`);
  const others = source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter((type) => type !== args && !type.name.text.endsWith("State"))
    .map(section);
  const outputs = resource.members
    .filter(ts.isPropertyDeclaration)
    // Outputs are declared only: what has a value is the class's own.
    .filter((member) => !member.initializer)
    .map((member) => [`\`${(member.name as ts.Identifier).text}\``, `\`${typeOf(member.type)}\``, docOf(member).text]);
  return `${[
    `# ${resource.name.text}`,
    docOf(resource).text,
    `## Inputs\n\n${members(args, fields)}`,
    ...others,
    ...(definition.adoption ? [section(declared(parse("core/adopt-options.ts"), ts.isInterfaceDeclaration, "AdoptOptions"))] : []),
    ...helpers(join(dirname(file), "transforms.ts")),
    `## Outputs\n\nBesides the inputs as declared:\n\n${table(["property", "type", "what it is"], outputs)}`,
    `## Configuration\n\n${table(["key", "environment", "what it is"], settingRows(definition.vendor.name, { ...definition.vendor.settings, ...httpSettings }))}`,
    `Several tenants in one stack: put the same settings below \`${definition.vendor.name}:connections.<name>\` (\`pulumi config set --path\`) and name the connection in the resource. A named connection takes nothing from the environment.`,
    "## Errors\n\n[Every error by its code](../errors.md), with what to do.",
    "_Generated from the source by `npm run docs`._",
  ].join("\n\n")}\n`;
}

/** The functions and types for attribute transforms, where a vendor has them. */
function helpers(file: string): string[] {
  if (!existsSync(join(root, "provider/src", file))) return [];
  const source = parse(file);
  const functions = source.statements.filter(ts.isFunctionDeclaration).map((fn) => {
    const parameters = fn.parameters.map((parameter) => parameter.getText().replace(/Input<string>/g, "string"));
    return [`\`${fn.name?.text}(${parameters.join(", ").replaceAll("|", "\\|")})\``, docOf(fn).text];
  });
  const types = source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter((type) => type.members.some((member) => ts.isPropertySignature(member) && ts.isLiteralTypeNode(member.type as ts.TypeNode)))
    .map(section);
  return [`## Transforms\n\n${table(["function", "what it makes"], functions)}`, ...types];
}

function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
}

/** The pages of docs/resources, by file name. */
export function resourcePages(): Map<string, string> {
  const pages = new Map<string, string>();
  for (const definition of Object.values(definitions) as Parameters<typeof page>[1][]) {
    const [vendor = "", noun = ""] = definition.type.split(":");
    pages.set(`${vendor}-${kebab(noun)}.md`, page(`${vendor}/${kebab(noun)}.ts`, definition));
  }
  return pages;
}
