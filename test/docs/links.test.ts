import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import GithubSlugger from "github-slugger";
import { marked, type Token, type Tokens } from "marked";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const pages = globSync(["*.md", "{docs,examples}/**/*.md", "{provider,policy,test/simulators}/*.md"], {
  cwd: ROOT,
  exclude: (name) => name === "node_modules",
});

/** All tokens of a page with their children, in its order. */
function tokensOf(page: string): Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(readFileSync(join(ROOT, page), "utf8")), (token) => void tokens.push(token));
  return tokens;
}

/** The text of a heading as a reader sees it: no link targets, no marks. */
function textOf(token: Token): string {
  return "tokens" in token && token.tokens ? token.tokens.map(textOf).join("") : "text" in token ? token.text : token.raw;
}

function anchorsOf(page: string): string[] {
  const slugger = new GithubSlugger();
  return tokensOf(page).flatMap((token) => (token.type === "heading" ? [slugger.slug(textOf(token))] : []));
}

/** What is wrong with a link that stands on a page; undefined when it leads somewhere. */
function fault(page: string, href: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return URL.canParse(href) && /^https:/.test(href) ? undefined : "is no https address";
  const [path = "", anchor] = href.split("#");
  const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), decodeURIComponent(path)));
  if (target.startsWith("..")) return "leads out of the repository";
  if (!existsSync(join(ROOT, target))) return "leads to nothing";
  if (anchor === undefined) return undefined;
  if (!statSync(join(ROOT, target)).isFile() || !target.endsWith(".md")) return "has an anchor, and leads to no page";
  return anchorsOf(target).includes(anchor) ? undefined : `names no heading of ${target}`;
}

test("there are pages, and what is wrong with a link is noticed", () => {
  expect(pages).toEqual(
    expect.arrayContaining(["README.md", "docs/state.md", "test/simulators/README.md", "examples/promotion/README.md"]),
  );
  expect(fault("docs/state.md", "decisions/0001-constant-provider-text.md")).toBeUndefined();
  expect(fault("docs/state.md", "../README.md#objects-that-exist-already")).toBeUndefined();
  expect(fault("docs/state.md", "#what-it-costs")).toBeUndefined();
  expect(fault("docs/state.md", "https://www.rfc-editor.org/rfc/rfc7644#section-3.12")).toBeUndefined();
  expect(fault("docs/state.md", "http://example.com")).toBe("is no https address");
  expect(fault("docs/state.md", "decisions/0001.md")).toBe("leads to nothing");
  expect(fault("docs/state.md", "../../elsewhere.md")).toBe("leads out of the repository");
  expect(fault("docs/state.md", "../README.md#no-such-heading")).toBe("names no heading of README.md");
  expect(fault("docs/state.md", "decisions#reasons")).toBe("has an anchor, and leads to no page");
});

describe.each(pages)("%s", (page) => {
  test("links lead somewhere", () => {
    const links = tokensOf(page).filter((token): token is Tokens.Link | Tokens.Image => token.type === "link" || token.type === "image");
    const faults = links.flatMap(({ href }) => {
      const found = fault(page, href);
      return found ? [`${href} ${found}`] : [];
    });
    expect(faults).toEqual([]);
  });
});
