import { readFileSync } from "node:fs";
import { z } from "zod";
import { didYouMean } from "./check";
import { ConfigError } from "./errors";

/** One setting of a vendor's connection. */
export interface Setting {
  /** What it is, for the docs and for error messages. */
  description: string;
  /** Environment variable that supplies it for the unnamed connection. */
  env?: string;
  /** Whether it is set with `--secret` and never shown. */
  secret?: boolean;
  /** An example value for error messages and docs. */
  example: string;
  /** Checks and converts the text a person wrote. */
  schema: z.ZodType;
}

export type SettingTable = Record<string, Setting>;

/** The checked settings of one connection, by key. */
export type Settings<T extends SettingTable> = { [K in keyof T]: z.output<T[K]["schema"]> };

/** Where settings are looked up. */
export interface ConfigSource {
  /** Reads `<vendor>:<key>` of the stack configuration, secrets in clear; structured values are JSON text. */
  get(key: string): string | undefined;
  env: Record<string, string | undefined>;
}

/** Settings every vendor's connection has. */
export const httpSettings = {
  caFile: {
    description: "PEM file with the certificate authority of a server that public authorities do not vouch for",
    example: "/etc/ssl/corporate-ca.pem",
    schema: z.string().optional().transform(readPem),
  },
  connectTimeoutSeconds: {
    description: "How long to try to reach the server, in seconds",
    example: "10",
    schema: z.coerce.number().positive().max(300).default(10),
  },
  requestTimeoutSeconds: {
    description: "How long to wait for an answer to begin, and between two parts of it, in seconds",
    example: "60",
    schema: z.coerce.number().positive().max(3600).default(60),
  },
  maxWaitSeconds: {
    description: "The longest wait in all that one call accepts from a vendor that limits its rate, in seconds; a longer one fails at once",
    example: "300",
    schema: z.coerce.number().nonnegative().max(86_400).default(300),
  },
} satisfies SettingTable;

/**
 * Collects the settings of one connection: the stack configuration first, then the environment, then the default.
 *
 * In:     vendor, the configuration namespace; connection, a name from `<vendor>:connections`, or undefined for the unnamed one.
 * Out:    checked settings.
 * Errors: one ConfigError that lists every missing or wrong setting with its key, environment variable and the command to set it.
 *         A named connection never takes anything from the environment: mixing two tenants' credentials must be impossible.
 */
export function readSettings<T extends SettingTable>(vendor: string, table: T, source: ConfigSource, connection?: string): Settings<T> {
  const named = connection === undefined ? undefined : readConnection(vendor, table, source, connection);
  const settings: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [key, setting] of Object.entries(table)) {
    const given = named ? named[key] : (source.get(`${vendor}:${key}`) ?? (setting.env && source.env[setting.env]));
    const parsed = setting.schema.safeParse(given === "" ? undefined : given);
    if (parsed.success) settings[key] = parsed.data;
    else faults.push(describeFault(vendor, key, setting, given, parsed.error, connection));
  }
  if (faults.length > 0) {
    const subject = connection === undefined ? `The configuration of ${vendor}` : `Connection "${connection}" of ${vendor}`;
    throw new ConfigError(`${subject} is not complete:\n${faults.join("\n")}`);
  }
  return settings as Settings<T>;
}

function readConnection(vendor: string, table: SettingTable, source: ConfigSource, connection: string): Record<string, unknown> {
  const text = source.get(`${vendor}:connections`);
  const connections = z.record(z.string(), z.record(z.string(), z.unknown())).safeParse(text === undefined ? {} : parseJson(text));
  if (!connections.success) {
    throw new ConfigError(
      `${vendor}:connections must hold one object of settings per connection name`,
      `Set each value with \`pulumi config set --path '${vendor}:connections.${connection}.<key>' <value>\``,
    );
  }
  const found = Object.hasOwn(connections.data, connection) ? connections.data[connection] : undefined;
  if (!found) {
    const names = Object.keys(connections.data);
    throw new ConfigError(
      `There is no connection "${connection}" of ${vendor}${didYouMean(connection, names)}`,
      `Set its values with \`pulumi config set --path '${vendor}:connections.${connection}.<key>' <value>\`; known connections: ${names.join(", ") || "none"}`,
    );
  }
  for (const key of Object.keys(found)) {
    if (!Object.hasOwn(table, key))
      throw new ConfigError(
        `Connection "${connection}" of ${vendor} has an unknown setting "${key}"${didYouMean(key, Object.keys(table))}`,
      );
  }
  return found;
}

function describeFault(
  vendor: string,
  key: string,
  setting: Setting,
  given: unknown,
  error: z.ZodError,
  connection: string | undefined,
): string {
  const path = connection === undefined ? `${vendor}:${key}` : `${vendor}:connections.${connection}.${key}`;
  // A wrong secret is not repeated back: the message ends up in logs.
  const wrong =
    given === undefined || given === ""
      ? "is missing"
      : `is wrong${setting.secret ? "" : ` (${JSON.stringify(given)})`}: ${error.issues[0]?.message}`;
  const flags = `${connection === undefined ? "" : "--path "}${setting.secret ? "--secret " : ""}`;
  const env = setting.env && connection === undefined ? `, or set ${setting.env}` : "";
  return `  ${path} ${wrong} (${setting.description}). Run \`pulumi config set ${flags}'${path}' ${setting.example}\`${env}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readPem(file: string | undefined, context: z.RefinementCtx): string | undefined {
  if (file === undefined) return undefined;
  try {
    const pem = readFileSync(file, "utf8");
    if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
    context.addIssue("the file holds no PEM certificate");
  } catch (error) {
    context.addIssue(`the file cannot be read: ${(error as Error).message}`);
  }
  return z.NEVER;
}
