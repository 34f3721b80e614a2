import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { marked, type Token } from "marked";
import { describe, expect, test } from "vitest";
import { type CommentOptions, renderComment, renderFailure } from "../../provider/src/cli/render-comment";
import { definitions } from "../../provider/src/definitions";

const CLI = join(import.meta.dirname, "../../provider/bin/identity-as-code.js");
/** What the real engine answered; test/engine/preview-comment keeps it so. */
const PREVIEWS = join(import.meta.dirname, "previews");
const company = JSON.parse(readFileSync(join(PREVIEWS, "company.json"), "utf8"));

const OPTIONS: CommentOptions = { kindOf: (type) => definitions[type], limit: 65_536, key: "" };
const render = (preview: unknown, options: Partial<CommentOptions> = {}) => renderComment(preview, { ...OPTIONS, ...options });

interface Resource {
  custom?: boolean;
  type?: string;
  inputs?: object;
  outputs?: object;
}
interface Step {
  urn: string;
  op: string;
  oldState?: Resource;
  newState?: Resource;
}
const nameOf = ({ urn }: Step) => urn.slice(urn.lastIndexOf("::") + 2);
/** The part of the company's preview that is about these resources. */
const about = (...names: string[]) => ({ changeSummary: {}, steps: company.steps.filter((step: Step) => names.includes(nameOf(step))) });
const stepOf = (name: string): Step => about(name).steps[0];
/** The step of a resource under another name, with other values. */
function like(name: string, other: string, values: object = {}): Step {
  const { urn, oldState, newState, ...rest } = structuredClone(stepOf(name));
  const changed = <T extends { inputs?: object; outputs?: object }>(state: T | undefined) =>
    state && { ...state, inputs: { ...state.inputs, ...values }, outputs: { ...state.outputs, ...values } };
  return { ...rest, urn: urn.replace(/[^:]*$/, other), oldState: changed(oldState), newState: changed(newState) };
}
/** An object of no known kind. */
const foreign = (op: string, before?: object, after?: object, more: object = {}): Step => ({
  op,
  urn: "urn:pulumi:dev::scratch::random:index/randomPassword:RandomPassword::mine",
  ...(before && { oldState: { custom: true, type: "random:index/randomPassword:RandomPassword", inputs: before } }),
  ...(after && { newState: { custom: true, type: "random:index/randomPassword:RandomPassword", inputs: after } }),
  ...more,
});

/** The Markdown's tokens of a kind, at any depth, as a forge's parser sees them. */
function tokens(markdown: string, type: string): Token[] {
  const found: Token[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => void (token.type === type && found.push(token)));
  return found;
}
/** First column to last of each row of each table. */
const cellsOf = (markdown: string) =>
  tokens(markdown, "table").flatMap((table) =>
    "rows" in table ? table.rows.map((cells: { text: string }[]) => cells.map(({ text }) => text)) : [],
  );

describe("each kind of change reads as in its file", () => {
  test.each(
    Object.entries({
      "deleted-profile": ["contractors"],
      "refused-delete": ["retirees"],
      "replaced-profile": ["partners"],
      "changed-source": ["interns"],
      "changed-mapping": ["employees"],
      "new-profile": ["nurses"],
      "let-go": ["warehouse", "badges"],
      "renamed-source": ["people", "k.johnson"],
      "adopted-source": ["crm"],
      "restored-source": ["directory"],
      "renamed-person": ["a.lovelace"],
      "deleted-person": ["g.hopper"],
      "new-person": ["m.jackson"],
      "disabled-person": ["mlopez"],
      "disabled-by-removal": ["tsmith"],
      "forgotten-person": ["nokafor"],
      "unbound-device": ["iduarte"],
      "changed-import": ["summer"],
      "other-entra-user": ["ada"],
      "moved-link": ["grace"],
      "removed-link": ["katherine"],
      "hostile-description": ["students"],
      nothing: [],
    }),
  )("%s", async (kind, names) => {
    const preview = about(...names);
    expect(preview.steps).toHaveLength(names.length);
    await expect(render(preview).comment).toMatchFileSnapshot(join(PREVIEWS, `${kind}.md`));
  });

  test("a company's whole day, and a preview that failed", async () => {
    const { comment, failed } = render(company, { key: "dev", fullName: "full.md" });
    expect(failed).toBe(false);
    await expect(comment).toMatchFileSnapshot(join(PREVIEWS, "company.md"));
    const refused = render(JSON.parse(readFileSync(join(PREVIEWS, "refused.json"), "utf8")), { key: "dev" });
    expect(refused.failed).toBe(true);
    await expect(refused.comment).toMatchFileSnapshot(join(PREVIEWS, "refused.md"));
  });

  test("a preview that stops half-way shows what it found, and that this is not all", () => {
    const diagnostics = [{ severity: "error", message: "error: Preview failed: \u001b[31mresource is protected\u001b[39m\n" }];
    const { comment, failed } = render({ ...about("g.hopper"), diagnostics });
    expect(failed).toBe(true);
    expect(comment).toMatch(/preview failed[\s\S]*resource is protected\n[\s\S]*which is not all[\s\S]*Deletes the user/);
  });
});

test.each(Object.entries(definitions))("what happens to a %s as a whole is told, whatever is known of it", (_type, { review }) => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const hidden = new Proxy({}, { get: () => unknown });
  for (const op of ["create", "replace", "delete"] as const)
    for (const values of [{}, hidden]) {
      const change = { op, before: values, after: values, state: values, changed: new Set<string>(), referrers: [] };
      expect(review?.whole(change).length).toBeGreaterThan(0);
      for (const input of Object.values(review?.inputs ?? {})) expect(input({ ...change, op: "update" })).toBeInstanceOf(Array);
    }
});

describe("objects of other libraries", () => {
  test("are judged by what happens to them, and components, providers and what is only read are left out", () => {
    const rows = (...steps: object[]) => cellsOf(render({ steps }).comment).map(([risk, , , meaning]) => `${risk}: ${meaning}`);
    expect(rows(foreign("delete", { a: 1 }))).toEqual(["🔴 high: Deletes the object"]);
    expect(rows(foreign("replace", { a: 1 }, { a: 2 }))).toEqual(["🔴 high: Deletes the object and makes a new one"]);
    // A replacement that creates first may come as several steps.
    const [created, deleted] = [foreign("create-replacement", { a: 1 }, { a: 2 }), foreign("delete-replaced", { a: 1 })];
    expect(rows(deleted, created)).toEqual(["🔴 high: Deletes the object and makes a new one"]);
    expect(rows(deleted)).toEqual(["🔴 high: Deletes the object"]);
    expect(rows(foreign("update", { a: 1 }, { a: 1, b: [2] }))).toEqual(["⚪ low: Changes `b`"]);
    expect(rows(foreign("create", undefined, { a: 1 }))).toEqual(["⚪ low: A new object"]);
    expect(rows(foreign("read", { a: 1 }, { a: 1 }), foreign("refresh", { a: 1 }, { a: 2 }), foreign("same", { a: 1 }, { a: 1 }))).toEqual(
      [],
    );
    const component = foreign("create", undefined, { a: 1 });
    Object.assign(component.newState ?? {}, { custom: false });
    expect(rows(component)).toEqual([]);
  });

  test("that are kept by retainOnDelete are let go of, and a replacement leaves the old one there", () => {
    const kept = (op: string, after?: object) => {
      const step = foreign(op, { a: 1 }, after);
      Object.assign(step.oldState ?? {}, { retainOnDelete: true });
      return cellsOf(render({ steps: [step] }).comment)[0];
    };
    expect(kept("delete")).toMatchObject(["🟠 medium", "**let go**", expect.any(String), expect.stringContaining("Stays in its system")]);
    expect(kept("replace", { a: 2 })).toMatchObject([
      "🔴 high",
      "**replace**",
      expect.any(String),
      expect.stringContaining("the old one stays"),
    ]);
  });
});

describe("what goes with an object depends on what state knows", () => {
  const gone = (name: string, outputs: object) => {
    const step = { ...like(name, name), op: "delete" };
    Object.assign(step.oldState ?? {}, { outputs });
    return cellsOf(render({ steps: [step] }).comment).map((cells) => [cells[0], cells[1], cells[3]].join(" "));
  };
  test.each([
    ["contractors", { identityCount: 1, forceDelete: true }, /high \*\*delete\*\* Removes the profile of \*\*1\*\* identity, with/],
    ["contractors", { identityCount: 0 }, /medium \*\*delete\*\* Removes the profile, to which no identity belonged/],
    ["contractors", { forceDelete: true }, /high .* how many identities belong to it is not known/],
    ["contractors", {}, /high .* will refuse to remove the profile if identities belong to it/],
    ["badges", { onDelete: "fail" }, /high \*\*delete\*\* The run will refuse to give the source up/],
    ["badges", { onDelete: "restoreOriginalId", sourceId: "a", originalSourceId: "a" }, /medium \*\*let go\*\* Stays at PlainID/],
    ["nokafor", {}, /high \*\*delete\*\* Deletes the user: the person can no longer log on/],
    ["summer", { onDelete: "delete", imported: 3 }, /high \*\*delete\*\* Deletes \*\*3\*\* users whom this import made/],
    ["summer", {}, /medium \*\*let go\*\* All users stay/],
  ])("%s %j", (name, outputs, says) => {
    expect(gone(name, outputs)).toEqual([expect.stringMatching(says)]);
  });
});

test.each([
  [{ by: "name" }, "🟠 medium", "and brings it to what is declared"],
  [{ id: "1", mode: "match" }, "⚪ low", "fails if it is not just as declared"],
])("an object that is taken over by adopt %j is not a new one", (adopt, risk, says) => {
  const steps = [
    like("nurses", "a", { adopt }),
    like("m.jackson", "b", { adopt }),
    { ...like("mlopez", "c", { adopt, active: true }), op: "create" },
  ];
  const rows = cellsOf(render({ steps }).comment);
  expect(rows).toHaveLength(3);
  for (const cells of rows) expect([cells[0], cells[3]]).toEqual([risk, expect.stringContaining(says)]);
});

describe("what means little", () => {
  const update = (name: string, before: object, after: object) => {
    const step = like(name, name);
    Object.assign(step.oldState ?? {}, { inputs: { ...step.oldState?.inputs, ...before } });
    Object.assign(step.newState ?? {}, { inputs: { ...step.oldState?.inputs, ...after } });
    return cellsOf(render({ steps: [{ ...step, detailedDiff: null }] }).comment).map(([risk, , , meaning]) => `${risk}: ${meaning}`);
  };

  test("is told by the field table: what is no longer managed, and what only steers the program", () => {
    expect(update("employees", { owner: undefined, renameBy: "update" }, { priority: undefined, renameBy: "replace" })).toEqual([
      "⚪ low: Leaves `priority` as it is and no longer manages it<br>Changes how the program treats it: `renameBy`",
    ]);
  });

  test("is told from what means much: the same source by its id, the same state of a user", () => {
    const id = "00000000000000000000000000000004";
    expect(update("interns", {}, { authoritativeSource: { id } })).toEqual(["⚪ low: Names the same authoritative source in other words"]);
    expect(update("iduarte", {}, { active: true })).toEqual(["⚪ low: Changes `active`"]);
    expect(update("iduarte", {}, { active: false })).toEqual(["🔴 high: Disables the user: the person can no longer log on"]);
  });
});

describe("secrets", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"Winter-1"' };
  const values = (text: string) => ({
    username: "ada",
    password: `${text}-1`,
    customAttributes: {
      initialPassword: `${text}-2`,
      api_key: `${text}-3`,
      PIN: `${text}-4`,
      deep: { list: [{ clientSecret: `${text}-5`, shown: "visible" }] },
    },
    nickname: secret,
  });

  test("are never shown, whoever marked them, neither here nor in the full text, and that they differ is", () => {
    const steps = [
      like("a.lovelace", "one", values("Winter")),
      { ...like("g.hopper", "two", values("Winter")), op: "delete" },
      { ...foreign("update", values("Winter"), values("Summer")), detailedDiff: { nickname: { kind: "update" } } },
      { ...like("m.jackson", "three", { email: secret }) },
    ];
    const { comment, full } = render({ steps });
    for (const text of [comment, full]) {
      expect(text).not.toMatch(/Winter|Summer/);
      expect(text).toContain("- password: (secret)\n+ password: (another secret)");
      expect(text).toContain("- nickname: (secret)\n+ nickname: (another secret)");
      expect(text).toContain("+ customAttributes.PIN: (another secret)");
      expect(text).toContain('customAttributes.deep.list[]: {"clientSecret":"[secret]","shown":"visible"}');
    }
  });

  test("are whatever the field table says is only ever sent", () => {
    const kindOf = () => ({ fields: { first: { mutability: "writeOnly" as const } } });
    const { full } = render({ steps: [foreign("create", undefined, { first: { a: "Winter" }, other: "shown" })] }, { kindOf });
    expect(full).toContain('+ first: (secret)\n+ other: "shown"');
  });

  test("in a sentence are words", () => {
    const step = like("g.hopper", "two", { username: "[secret]" });
    expect(cellsOf(render({ steps: [step] }).comment)[0]?.[2]).toBe("PingOne user (secret)");
  });

  test("do not hide what only sounds like one", () => {
    const { comment } = render({ steps: [foreign("create", undefined, { passport: "P1", spinning: "S1", assigned: "A1" })] });
    expect(comment).toContain('"P1"');
    expect(comment).toContain('"S1"');
  });
});

describe("texts of objects", () => {
  const HOSTILE = [
    "@octocat",
    "#1",
    "GH-1",
    "a|b",
    "\\|",
    "`",
    "```",
    "``a|`",
    "<b>",
    "<!--",
    "-->",
    "</details>",
    "\n\n# x",
    "\r\n",
    "[x](http://e.vil)",
    "![i](http://e.vil)",
    "http://e.vil",
    "www.e.vil",
    "*b*",
    "_i_",
    "~s~",
    "\u202e",
    "\u0000",
    "\ud800",
    "&amp;",
    "$x$",
    "{}",
    '"',
    "'",
    " ",
    "1204",
  ];
  const text = fc.oneof(
    fc.array(fc.constantFrom(...HOSTILE), { maxLength: 6 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 40 }),
  );

  /** What a forge would act on: everything but code, and the HTML that is this library's own. */
  function expectHarmless(markdown: string) {
    const [marker = "", ...rest] = markdown.split("\n");
    expect(marker).toMatch(/^<!-- [^<>]* -->$/);
    const body = rest.join("\n");
    expect(tokens(body, "link")).toEqual([]);
    expect(tokens(body, "image")).toEqual([]);
    for (const cells of cellsOf(body)) expect(cells).toHaveLength(4);
    const own = /^<(?:br|\/?details(?: open)?|\/?summary|\/?code)>/;
    for (const { raw } of tokens(body, "html")) for (const [tag] of raw.matchAll(/<[^>]*>?/g)) expect(tag, raw).toMatch(own);
    const outside = [...tokens(body, "text"), ...tokens(body, "html")].map(({ raw }) => raw.replaceAll(/<code>.*?<\/code>/gs, ""));
    for (const raw of outside) expect(raw).not.toMatch(/(?:^|[^&])[@#]\w/);
    expect(tokens(body, "heading").map(({ raw }) => raw.trim())).toEqual(expect.not.arrayContaining(["# x"]));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point.
    expect(body).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\ufeff]/);
  }

  test("can neither format, link nor call anybody, wherever they stand", () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const steps = [
          like("students", a, { name: a, description: b, [`key ${c}`]: c }),
          like("people", b, { sourceId: a, [a]: b }),
          foreign("update", { [a]: b }, { [a]: c, [b]: [a, c] }),
          { ...foreign("delete", { [c]: a }), urn: `urn:pulumi:dev::x::y::${c}` },
        ];
        const diagnostics = ["error", "warning"].map((severity) => ({ severity, message: `${severity}: ${b}` }));
        const { comment, full } = render({ steps, diagnostics }, { title: c, key: c });
        for (const markdown of [comment, full, renderFailure("It is cut off.", a, { ...OPTIONS, title: b }).comment])
          expectHarmless(markdown);
      }),
      { numRuns: 300 },
    );
  });

  test("are shown as they are", () => {
    const steps = [like("students", "students", { description: "a|b `c` <d> @e", name: "a|b `c` <d> @e" })];
    const { comment } = render({ steps });
    expect(cellsOf(comment)[0]?.[2]).toBe("SailPoint identity profile `` a|b `c` <d> @e ``");
    expect(render({ steps: [foreign("create", undefined, { a: "a|b `c` <d> @e" })] }).comment).toContain('+ a: "a|b `c` <d> @e"');
  });

  test("that are long are cut in the comment, between characters, and whole in the full text", () => {
    const long = "😀".repeat(5_000);
    const { comment, full } = render({ steps: [foreign("create", undefined, { a: long })] });
    expect(comment).toContain("… (10,002 characters)");
    expect(comment).not.toMatch(/\p{Cs}/u);
    expect(full).toContain(long);
  });
});

test("the same preview gives the same bytes, whatever order its steps come in", () => {
  const expected = render(company);
  fc.assert(
    fc.property(fc.shuffledSubarray(company.steps, { minLength: company.steps.length }), (steps) => {
      expect(render({ ...company, steps })).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

describe("a comment that would be too long", () => {
  const people = (from: string, prefix: string, number: number) =>
    Array.from({ length: number }, (_, index) => like(from, `${prefix}${index}`, { username: `${prefix}${index}` }));
  const run = { runUrl: "https://ci.example/runs/1", fullName: "preview.md" };

  test("of 500 objects fits, shows every delete with its meaning, and says where the rest is", () => {
    const steps = [
      ...people("g.hopper", "gone", 130),
      ...people("a.lovelace", "moved", 250),
      ...people("m.jackson", "new", 120),
      stepOf("contractors"),
    ];
    const { comment, full } = render({ steps }, run);
    expect(comment.length).toBeLessThanOrEqual(65_536);
    expect(comment).toContain("**131 deletes, 250 updates, 120 creates**");
    for (let index = 0; index < 130; index += 1) expect(comment).toContain(`\`gone${index}\``);
    expect(comment).toContain("Removes the profile of **1,204** identities");
    expect(comment).toContain("Deletes the user: the person can no longer sign on");
    expect(comment).toContain("<summary>120 more changes with low risk</summary>");
    expect(comment).toContain("Everything is in `preview.md`, among the artifacts of [the run](<https://ci.example/runs/1>)");
    for (const { urn } of steps) expect(full).toContain(`<code>${urn.slice(urn.lastIndexOf("::") + 2)}</code>`);
    expect(full).not.toContain("Cut to");
  });

  test("shows the names of 500 deletes, even the ones that are let go of, before anything else", () => {
    const kept = people("g.hopper", "kept", 100).map((step) => ({ ...step, oldState: { ...step.oldState, retainOnDelete: true } }));
    const { comment } = render({ steps: [...people("g.hopper", "gone", 400), ...kept, ...people("a.lovelace", "moved", 500)] }, run);
    expect(comment.length).toBeLessThanOrEqual(65_536);
    for (let index = 0; index < 400; index += 1) expect(comment).toContain(`gone${index}\``);
    for (let index = 0; index < 100; index += 1) expect(comment).toContain(`kept${index}\``);
  });

  test("counts what it has no room to name", () => {
    const { comment } = render({ steps: people("g.hopper", "a-rather-long-username-number-", 5_000) }, { limit: 10_000 });
    expect(comment.length).toBeLessThanOrEqual(10_000);
    const [, named = ""] = /5,000 × PingOne user: (.*?) \*\*and/.exec(comment) ?? [];
    const [, more = ""] = /\*\*and ([\d,]+) more\*\*/.exec(comment) ?? [];
    expect(named.split(", ").length + Number(more.replace(",", ""))).toBe(5_000);
    expect(comment).toContain("_Cut to what a comment may hold. The option --full keeps everything in a file._");
  });

  test("never exceeds the limit, whatever is in it", () => {
    const wide = "|\u0001`".repeat(300);
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 70_000 }), fc.integer({ min: 0, max: 200 }), (limit, number) => {
        const steps = Array.from({ length: number }, (_, index) => ({
          ...foreign(index % 3 ? "delete" : "update", { [wide]: wide, index }, { [wide]: "x" }),
          urn: `urn:pulumi:${wide}::x::y${index}::${wide}${index}`,
        }));
        const diagnostics = Array.from({ length: 40 }, (_, index) => ({ severity: index % 2 ? "error" : "warning", message: wide }));
        const { comment } = render({ steps, diagnostics }, { limit, title: wide, key: wide, ...run });
        expect(comment.length).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 10 },
    );
  });

  test("folds few objects open and many closed", () => {
    expect(render(about("ada", "grace")).comment).toContain("<details open>");
    expect(render(company).comment).not.toContain("<details open>");
  });
});

describe("the command", () => {
  /** Runs the command line; a process each, so several run side by side. */
  const cli = (args: string[], input = "") =>
    new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, [CLI, "preview-comment", ...args], (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  const whole = JSON.stringify(about("m.jackson"));

  test("reads standard input and files, and writes the comment and the full text to files", async () => {
    const dir = await mkdtemp(join(tmpdir(), "preview-comment-"));
    try {
      const [out, full] = [join(dir, "comment.md"), join(dir, "preview.md")];
      const title = "Preview for @prod -->";
      const written = await cli([
        join(PREVIEWS, "company.json"),
        "--out",
        out,
        "--full",
        full,
        "--title",
        title,
        "--run-url",
        "https://ci.example/(1)?<>",
      ]);
      expect(written).toMatchObject({ status: 0, stdout: "" });
      const comment = await readFile(out, "utf8");
      expect(comment).toMatch(
        /^<!-- identity-as-code preview-comment Preview%20for%20%40prod%20--%3E -->\n\n### Preview for @&#8203;prod --&#62;\n/,
      );
      expect(comment).toContain("in `preview.md`, among the artifacts of [the run](<https://ci.example/(1)?%3C%3E>)");
      expect(await readFile(full, "utf8")).toContain("| 🔴 high | **delete** |");
      const piped = await cli(["-", "--stack", "prod"], `\uFEFF${whole}\n`);
      expect(piped).toMatchObject({ status: 0, stdout: expect.stringMatching(/^<!-- identity-as-code preview-comment prod -->\n/) });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  test.concurrent.for([
    ["", "There was no answer at all."],
    ["error: no stack named 'prod' found\n", "error: no stack named 'prod' found"],
    [whole.slice(0, -40), "The answer is cut off or damaged."],
    [`{"password":"Winter-is-2026!","steps":[`, "The answer is cut off or damaged."],
    ['warning: slow\n{"password":"Winter-is-2026!"', "warning: slow"],
    ["[]", "The answer is not that of"],
    ["{}", "The answer is not that of"],
    ['{"steps":[{"op":1}]}', "The answer is not that of"],
    ["null", "The answer is not that of"],
  ] as const)("comments on %j that the preview failed", async ([input, says]) => {
    const { status, stdout } = await cli(["-"], input);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^<!-- identity-as-code preview-comment -->\n\n### Identity preview\n\n\*\*❌ The preview failed/);
    expect(stdout).toContain(says);
    expect(stdout).not.toContain("Winter");
  });

  test.concurrent.for([
    [[], "It is not said which preview is meant", "or --stack"],
    [["/no/such/file"], "/no/such/file cannot be read", "pulumi preview --json"],
    [["-", "--limit", "9"], '--limit is "9"', "10000 or more"],
    [["-", "--limit", "many"], '--limit is "many"', "65536"],
    [["-", "--run-url", "javascript:alert(1)"], "--run-url is", "https://"],
    [["-", "--out", "/no/such/folder/comment.md"], "comment.md cannot be written", "folder that is there"],
  ] as const)("%j is refused with what to do", async ([args, what, next]) => {
    const { status, stdout, stderr } = await cli([...args], whole);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(what);
    expect(stderr).toContain(next);
  });
});
