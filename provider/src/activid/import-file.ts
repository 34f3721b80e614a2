import { readFileSync } from "node:fs";
import type { ActivIdImportedUser } from "./user-import";

const REQUIRED = ["externalId", "givenName", "familyName", "email"];
const COLUMNS = [...REQUIRED, "userName", "phoneNumber", "title", "active"];

/**
 * Reads the users of an import from a file.
 *
 * In:     path, relative to the folder of the program; `.json` holds a list of users as in `users`, anything else is CSV (RFC 4180, UTF-8, comma
 *         or semicolon) with the columns `externalId`, `givenName`, `familyName`, `email` and optionally `userName`, `phoneNumber`, `title`, `active`, in any order.
 * Out:    the users. What is in them is checked with the resource's inputs.
 * Errors: Error that names the file and the line for a file that cannot be read, an unknown or missing column, or a line of another length.
 */
export function readImportFile(path: string): ActivIdImportedUser[] {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  if (/\.json$/i.test(path)) {
    const users = parseJson(text, path);
    if (!Array.isArray(users)) throw new Error(`${path} holds no list of users`);
    return users as ActivIdImportedUser[];
  }
  const [head, ...lines] = parseCsv(text, path);
  const columns = (head?.cells ?? []).map((name) => name.trim());
  const unknown = columns.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) throw new Error(`${path} has the unknown column "${unknown}"; there are: ${COLUMNS.join(", ")}`);
  const missing = REQUIRED.find((name) => !columns.includes(name));
  if (missing) throw new Error(`${path} lacks the column "${missing}"`);
  return lines.map(({ cells, line }) => {
    if (cells.length !== columns.length) throw new Error(`${path}, line ${line}: ${cells.length} values for ${columns.length} columns`);
    return toUser(Object.fromEntries(columns.map((name, index) => [name, cells[index]?.trim() ?? ""])), `${path}, line ${line}`);
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
}

function toUser(row: Record<string, string>, place: string): ActivIdImportedUser {
  const { externalId = "", givenName = "", familyName = "", email = "", userName, phoneNumber, title, active } = row;
  if (active && !/^(true|false)$/i.test(active)) throw new Error(`${place}: active must be true or false, not "${active}"`);
  return {
    externalId,
    ...(userName && { userName }),
    name: { givenName, familyName },
    emails: [{ value: email }],
    ...(phoneNumber && { phoneNumbers: [{ value: phoneNumber }] }),
    ...(title && { title }),
    ...(active && { active: /^true$/i.test(active) }),
  };
}

/** Lines of CSV with the number of the line they begin at; empty ones are left out. A quoted value may hold separators, quotes and line ends. */
function parseCsv(text: string, path: string): { cells: string[]; line: number }[] {
  const separator = /^[^,;\n]*;/.test(text) ? ";" : ",";
  const rows: { cells: string[]; line: number }[] = [];
  const cell = new RegExp(`("(?:[^"]|"")*"|[^"${separator}\\r\\n]*)(${separator}|\\r?\\n|$)`, "y");
  let line = 1;
  let row = { cells: [] as string[], line };
  while (cell.lastIndex < text.length || row.cells.length > 0) {
    const [found, value = "", end = ""] = cell.exec(text) ?? [];
    if (found === undefined) throw new Error(`${path}, line ${line}: a quote where none may be, or one that is not closed`);
    row.cells.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    line += found.split("\n").length - 1;
    if (end === separator) continue;
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
    row = { cells: [], line };
  }
  return rows;
}
