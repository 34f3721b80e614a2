import { HelperCall, SharedMembers } from "../core/find";

/** One resource of a program to write. */
export interface Declaration {
  /** Class of the library. */
  className: string;
  /** Name of the resource in the program. */
  name: string;
  /** Its arguments; HelperCall stands for a call of one of the library's helpers. */
  args: object;
}

const PACKAGE = "pulumi-identity-as-code";
/** Lines longer than this are broken, in characters. */
const LINE_WIDTH = 120;
const WORD = /^[A-Za-z_$][\w$]*$/;
/** Names that a program cannot give to a constant, or that the written file uses. Source: ECMAScript, reserved words, for modules. */
const TAKEN = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function " +
    "if implements import in instanceof interface let new null package private protected public return static super switch this throw true try " +
    "typeof undefined var void while with yield"
  ).split(" "),
);

/**
 * The name of a resource for what people call an object: lower-case words with hyphens, the same for the same name every time.
 *
 * In:     name, any text; `used`, names that are taken, to which the new one is added.
 */
export function resourceName(name: string, used: Set<string>): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "");
  const words = plain.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return unused(words.replace(/^-+|-+$/g, "") || "object", used, "-");
}

/** `name`, or the first of name2, name3 and so on that is not used yet; it is used from then on. */
function unused(name: string, used: Set<string>, separator = ""): string {
  let free = name;
  for (let number = 2; used.has(free); number += 1) free = `${name}${separator}${number}`;
  used.add(free);
  return free;
}

function identifier(name: string, used: Set<string>): string {
  const camel = name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
  const word = WORD.test(camel) ? camel : `_${camel.replace(/[^\w$]/g, "_")}`;
  return unused(TAKEN.has(word) ? `${word}_` : word, used);
}

/**
 * Adds resources to the text of a program's file.
 *
 * In:     text, the file as it is, empty for a new one; protect, whether the engine is to refuse their deletion.
 * Out:    the new text; resources that the file declares already, by class and name, are left as they are.
 */
export function addToProgram(text: string, declarations: Declaration[], { protect }: { protect: boolean }): string {
  const missing = declarations.filter(({ className, name }) => !text.includes(`new ${className}(${JSON.stringify(name)},`));
  if (missing.length === 0) return text;
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].flatMap(([, list = ""]) => list.split(/[\s,]+/).filter(Boolean));
  const imported = new Set(names(/import \{([^}]*)\} from "pulumi-identity-as-code"/g));
  const used = new Set([...names(/\bconst (\w+)/g), ...imported]);
  const isFirst = !used.has("options");
  const printer = new Printer(used);
  const resources = missing.map(({ className, name, args }) => {
    const declared = printer.print(args, 0, 0);
    const constants = printer.takeConstants();
    const constant = identifier(name, used);
    const options = protect ? ", options" : "";
    return [...constants, `export const ${constant} = new ${className}(${JSON.stringify(name)}, ${declared}${options});`].join("\n");
  });
  const needed = [...missing.map(({ className }) => className), ...printer.helpers].filter((name) => !imported.has(name));
  const head = [
    needed.length > 0 ? `import { ${[...new Set(needed)].sort().join(", ")} } from "${PACKAGE}";` : "",
    text.trimEnd(),
    protect && isFirst
      ? "// These objects were there before the program: the engine refuses to delete them until protect is taken away.\nconst options = { protect: true };"
      : "",
  ];
  return `${[...head, ...resources].filter(Boolean).join("\n\n")}\n`;
}

/** Prints values as TypeScript, and remembers which helpers and constants that takes. */
class Printer {
  readonly helpers = new Set<string>();
  /** Shared constants by their content. */
  private readonly shared = new Map<string, string>();
  private constants: string[] = [];

  constructor(private readonly used: Set<string>) {}

  /** Constants that what was printed since the last call needs and that are not written yet. */
  takeConstants(): string[] {
    return this.constants.splice(0);
  }

  /** In: indent of the line, and how many characters stand before the value on it. */
  print(value: unknown, indent: number, before: number): string {
    const flat = this.flat(value);
    // A resource's own arguments always stand one per line, so that a diff shows just the one that changes.
    if (before + flat.length <= LINE_WIDTH && !(indent === 0 && isRecord(value))) return flat;
    const pad = " ".repeat(indent + 2);
    const end = " ".repeat(indent);
    if (value instanceof HelperCall) {
      const args = value.args.map((arg) => this.print(arg, indent, before + value.helper.length));
      return `${value.helper}(${args.join(", ")})`;
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => `${pad}${this.print(item, indent + 2, indent + 2)},\n`);
      return `[\n${items.join("")}${end}]`;
    }
    if (!isRecord(value)) return flat;
    const members = entries(value).map(([key, member]) => {
      const name = this.key(key, member);
      if (member instanceof SharedMembers) return `${pad}${name},\n`;
      const text = this.print(member, indent + 2, indent + 2 + name.length);
      return text === key ? `${pad}${key},\n` : `${pad}${name}${text},\n`;
    });
    return `{\n${members.join("")}${end}}`;
  }

  private flat(value: unknown): string {
    if (value instanceof HelperCall) {
      this.helpers.add(value.helper);
      return `${value.helper}(${value.args.map((arg) => this.flat(arg)).join(", ")})`;
    }
    if (Array.isArray(value)) return `[${value.map((item) => this.flat(item)).join(", ")}]`;
    if (!isRecord(value)) return JSON.stringify(value);
    const [only, ...others] = Object.values(value);
    if (only instanceof SharedMembers && others.length === 0) return this.constantOf(only);
    const members = entries(value).map(
      ([key, member]) => `${this.key(key, member)}${member instanceof SharedMembers ? "" : this.flat(member)}`,
    );
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }

  /** What stands before a member's value, or all of it where the members of a constant are spread. */
  private key(key: string, member: unknown): string {
    if (member instanceof SharedMembers) return `...${this.constantOf(member)}`;
    return key === "__proto__" ? '["__proto__"]: ' : `${WORD.test(key) ? key : JSON.stringify(key)}: `;
  }

  private constantOf({ about, members }: SharedMembers): string {
    const content = this.flat(members);
    const known = this.shared.get(content);
    if (known !== undefined) return known;
    const constant = identifier(resourceName(about, new Set()), this.used);
    this.shared.set(content, constant);
    this.constants.push(`const ${constant} = ${content};`);
    return constant;
  }
}

function entries(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof HelperCall);
}
