/** The five simulated systems of the demo: how to start them, look into them, and change them behind the program's back. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual, parseEnv, styleText } from "node:util";

/** An object as a system holds it. */
interface Item {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the vendor's simulator stores
  [member: string]: any;
}

/** What the demo shows of a system. */
interface View {
  /** Which variable of the simulators' output holds its address. */
  address: string;
  what: string;
  /** The objects, out of the simulator's dump. */
  items(dump: Item): Item[];
  head: string[];
  row(item: Item): string[];
}

const attributeOf = (user: Item, wanted: string) => user.attributes.find(({ name }: { name: string }) => name === wanted)?.value ?? "–";

const VIEWS: Record<string, View> = {
  SailPoint: {
    address: "SAIL_BASE_URL",
    what: "identity profiles",
    items: ({ profiles }) => profiles,
    head: ["priority", "profile", "source", "owner", "mapped", "e-mail from", "description"],
    row({ priority, name, authoritativeSource, owner, description, identityAttributeConfig: { attributeTransforms: mapped } }) {
      const email = mapped.find((entry: Item) => entry.identityAttributeName === "email")?.transformDefinition.attributes;
      const from = email?.input?.attributes.attributeName ?? "–";
      return [String(priority), name, authoritativeSource.name, owner?.name ?? "–", String(mapped.length), from, description ?? "–"];
    },
  },
  PlainID: {
    address: "PLAINID_BASE_URL",
    what: "identity sources",
    items: ({ environments }) =>
      environments.flatMap(({ envId, templates }: Item) =>
        templates.flatMap(({ identityTemplateId, sources }: Item) =>
          sources.map((source: Item) => ({ ...source, id: [envId, identityTemplateId, source.sourceId].join(), identityTemplateId })),
        ),
      ),
    head: ["source id", "display name", "template", "view"],
    row: ({ sourceId, displayName, identityTemplateId, sourceMetaData }) => [
      sourceId,
      displayName,
      identityTemplateId,
      sourceMetaData.viewName ?? "–",
    ],
  },
  PingOne: {
    address: "PINGONE_SCIM_BASE_URL",
    what: "users",
    items: ({ environments }) => environments.flatMap(({ users }: Item) => users),
    head: ["username", "name", "e-mail", "title", "cost center", "Entra object id"],
    row: ({ attributes: { username, name, email, title, costCenter, externalId } }) =>
      [username, name?.formatted, email, title, costCenter, externalId].map((value) => value ?? "–"),
  },
  ActivID: {
    address: "ACTIVID_BASE_URL",
    what: "users",
    items: ({ users }) => users,
    head: ["user", "name", "group", "title", "can sign on"],
    row: (user) => [
      user.externalId,
      `${attributeOf(user, "FIRSTNAME")} ${attributeOf(user, "LASTNAME")}`,
      user.group,
      user.title ?? "–",
      user.active ? "yes" : "no",
    ],
  },
  MyID: {
    address: "MYID_BASE_URL",
    what: "people",
    items: ({ people }) => people,
    head: ["person", "name", "Entra object id"],
    row: ({ logonName, name, externalReferences: { id1 } }) => [logonName, `${name.first} ${name.last}`, id1 || "–"],
  },
};

/** Systems that run. */
export interface Systems {
  /** What a program needs to reach them. */
  env: Record<string, string>;
  process: ChildProcess;
  /** Every object of every system. */
  snapshot(): Promise<Record<string, Item[]>>;
  /** Calls a hook of a system's simulator, which does what a person in the vendor's console does. */
  drift(system: string, hook: string, ...args: unknown[]): Promise<void>;
}

/** Starts them as one process, out of reach of this terminal's Ctrl-C. */
export async function startSystems(root: string): Promise<Systems> {
  const cli = join(root, "test/simulators/dist/cli.js");
  const process_ = spawn(process.execPath, [cli, "all", "--demo"], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const env: Record<string, string> = {};
  let announced = 0;
  for await (const line of createInterface({ input: process_.stdout })) {
    const [, assignments = ""] = line.split(" - export ");
    Object.assign(env, parseEnv(assignments.replaceAll(/ (?=[A-Z_]+=)/g, "\n")));
    announced += 1;
    if (announced === Object.keys(VIEWS).length) break;
  }
  if (announced < Object.keys(VIEWS).length) throw new Error("The simulated systems did not start");
  process_.stdout.resume();
  const control = async (system: string, path: string, init?: RequestInit) => {
    const answer = await fetch(`${env[VIEWS[system]?.address ?? ""]}/_simulator/${path}`, init);
    if (!answer.ok) throw new Error(`${system} answered ${answer.status}: ${await answer.text()}`);
    return answer.json() as Promise<Item>;
  };
  return {
    env,
    process: process_,
    async snapshot() {
      const systems = Object.entries(VIEWS).map(async ([system, { items }]) => [system, items(await control(system, "dump"))] as const);
      return Object.fromEntries(await Promise.all(systems));
    },
    async drift(system, hook, ...args) {
      const headers = { "content-type": "application/json" };
      await control(system, `drift/${hook}`, { method: "POST", headers, body: JSON.stringify(args) });
    },
  };
}

/** Prints what differs from an earlier snapshot, a table for each system that has such objects. */
export function show(before: Record<string, Item[]>, now: Record<string, Item[]>): void {
  for (const [system, { what, head, row }] of Object.entries(VIEWS)) {
    const others = before[system] ?? [];
    const rows = (now[system] ?? [])
      .filter((item) => !others.some((other) => isDeepStrictEqual(other, item)))
      .map(row)
      .toSorted(([a = ""], [b = ""]) => a.localeCompare(b, "en", { numeric: true }));
    const count = `${others.length} ${what} of others`;
    if (rows.length === 0) {
      console.log(`${styleText("bold", `\n${system}`)}  ${styleText("dim", `nothing of this program, ${count}`)}`);
      continue;
    }
    const widths = head.map((name, column) => Math.max(name.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
    const line = (cells: string[]) => `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd();
    console.log(`${styleText("bold", `\n${system}`)}  ${styleText("dim", `${rows.length} of this program, ${count}`)}`);
    console.log([styleText("dim", line(head)), ...rows.map(line)].join("\n"));
  }
}
