import { endpoints } from "../endpoints/index.mts";
import { compiled, SYSTEMS, table } from "./source.mts";

const { definitions } = compiled("definitions");
const library = compiled("index");

/** Notes on what a vendor's paths mean. */
const NOTES: Record<string, string> = {
  sailpoint: "`beta` stands for whatever `sailpoint:apiVersion` says; with `v1` it stands behind the noun, as in `/identity-profiles/v1`.",
};

/** docs/coverage.md: every endpoint of the five vendors, and what leads there or why nothing does. */
export function coveragePage(): string {
  const all = Object.values(endpoints).flat();
  const count = all.filter((endpoint) => "api" in endpoint).length;
  const sections = Object.entries(endpoints).map(([vendor, table]) => sectionOf(vendor, table));
  return `${[
    "# Coverage",
    `Every endpoint that the vendors' pages for these objects name, and neighbours that they mention: ${count} are reached, and ${all.length - count} rows say why something is not. Paths are as the vendors print them; \`{…}\` is what differs.`,
    "The tables are in [scripts/endpoints](../scripts/endpoints). A test calls every function of every vendor's `api.ts` and compares method and path of what it sends with them, so no endpoint can be claimed that is not called, and none called that is not here ([test/coverage](../test/coverage)). The test named in a row fails when its endpoint is not called.",
    ...sections,
    "_Generated from the source by `npm run docs`._",
  ].join("\n\n")}\n`;
}

function sectionOf(vendor: string, rows: (typeof endpoints)[string]): string {
  const reached = rows.flatMap((endpoint) => {
    if (!("api" in endpoint)) return [];
    const { method, path, source, api, reach, test } = endpoint;
    const code = api[0] === "fetchToken" ? "vendor.ts" : "api.ts";
    const [file, name] = test;
    return [
      [
        `\`${method} ${path}\``,
        source,
        `[${api.map((fn) => `\`${fn}\``).join(", ")}](../provider/src/${vendor}/${code})`,
        reach.length === 0 ? "every call" : reach.map(linkTo).join(", "),
        `[${file.replace("test/", "")}](../${file}): ${name}`,
      ],
    ];
  });
  const notReached = rows.flatMap((endpoint) =>
    "why" in endpoint ? [[`\`${endpoint.method} ${endpoint.path}\``, endpoint.source, endpoint.why]] : [],
  );
  return [
    `## ${SYSTEMS[vendor]}`,
    ...(NOTES[vendor] ? [NOTES[vendor]] : []),
    table(["endpoint", "documented in", "function of the API", "what leads there", "test"], reached),
    "Not reached:",
    table(["endpoint", "documented in", "why"], notReached),
  ].join("\n\n");
}

/** A resource's page, a function's section, or a command. */
function linkTo(name: string): string {
  const page = Object.keys(definitions)
    .map((type) => type.replace(":", "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
    .find((slug) => slug.replaceAll("-", "") === name.toLowerCase());
  if (page) return `[\`${name}\`](resources/${page}.md)`;
  if (name in library) return `[\`${name}\`](functions.md#${name.toLowerCase()})`;
  return `\`identity-as-code ${name}\``;
}
