import { createPrivateKey, X509Certificate } from "node:crypto";
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
  /** Whether it must be given, as the other settings of the connection are, which nobody has checked yet. */
  needed?(others: Record<string, unknown>): boolean;
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
    schema: z.string().optional().transform(readAuthorities),
  },
  certFile: {
    description:
      "PEM file with the certificate, and those that lead to its authority, by which this client makes itself known to a server that asks for one (mutual TLS)",
    example: "/etc/ssl/client.pem",
    schema: z.string().optional().transform(readOwnCertificate),
    needed: ({ keyFile }: Record<string, unknown>) => keyFile !== undefined,
  },
  keyFile: {
    description: "PEM file with the private key of certFile, without a passphrase; keep it out of version control",
    example: "/etc/ssl/client.key",
    schema: z.string().optional().transform(readPrivateKey),
    needed: ({ certFile }: Record<string, unknown>) => certFile !== undefined,
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
  const given: Record<string, unknown> = {};
  for (const [key, { env }] of Object.entries(table)) {
    const value = named ? named[key] : (source.get(`${vendor}:${key}`) ?? (env && source.env[env]));
    given[key] = value === "" ? undefined : value;
  }
  const settings: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [key, setting] of Object.entries(table)) {
    const parsed = setting.schema.safeParse(given[key]);
    const missing = given[key] === undefined && setting.needed?.(given);
    if (parsed.success && !missing) settings[key] = parsed.data;
    else faults.push(describeFault(vendor, key, setting, given[key], parsed.error, connection));
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
  error: z.ZodError | undefined,
  connection: string | undefined,
): string {
  const path = connection === undefined ? `${vendor}:${key}` : `${vendor}:connections.${connection}.${key}`;
  // A wrong secret is not repeated back: the message ends up in logs.
  const wrong =
    given === undefined ? "is missing" : `is wrong${setting.secret ? "" : ` (${JSON.stringify(given)})`}: ${error?.issues[0]?.message}`;
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

function readAuthorities(file: string | undefined, context: z.RefinementCtx): string | undefined {
  return readPem(file, context, certificateFault);
}

function readOwnCertificate(file: string | undefined, context: z.RefinementCtx): string | undefined {
  return readPem(file, context, (pem) => {
    const fault = certificateFault(pem);
    if (fault !== undefined) return fault;
    try {
      new X509Certificate(pem);
    } catch (error) {
      return `holds no certificate that can be read: ${(error as Error).message}`;
    }
  });
}

function certificateFault(pem: string): string | undefined {
  return pem.includes("-----BEGIN CERTIFICATE-----") ? undefined : "holds no PEM certificate";
}

function readPrivateKey(file: string | undefined, context: z.RefinementCtx): string | undefined {
  return readPem(file, context, privateKeyFault);
}

/** What is wrong with the text of a private key, as the rest of a sentence that begins with what holds it; undefined for nothing. */
export function privateKeyFault(pem: string): string | undefined {
  if (!/-----BEGIN (\w+ )?PRIVATE KEY-----/.test(pem)) return "holds no PEM private key";
  try {
    createPrivateKey(pem);
  } catch (error) {
    const locked = /-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem);
    return locked
      ? "holds a private key with a passphrase; take it off"
      : `holds no private key that can be read: ${(error as Error).message}`;
  }
}

function readPem(file: string | undefined, context: z.RefinementCtx, faultOf: (pem: string) => string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const pem = readFileSync(file, "utf8");
    const fault = faultOf(pem);
    if (fault === undefined) return pem;
    context.addIssue(`the file ${fault}`);
  } catch (error) {
    context.addIssue(`the file cannot be read: ${(error as Error).message}`);
  }
  return z.NEVER;
}
