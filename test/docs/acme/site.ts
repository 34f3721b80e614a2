/** A site of Acme in memory, on a real socket: the smallest stand-in that shows a resource's whole life. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "../../core/http/lab";

type Door = { id: string; name: string; building: string; note: string | null };

export interface Site {
  url: string;
  doors: Map<string, Door>;
  /** What was asked, tokens left out, as `METHOD path`. */
  requests: string[];
  /** Whether the next create is carried out without an answer. */
  losesAnswer: boolean;
  /** Whether something else answers at its address. */
  isElsewhere: boolean;
}

/** Starts a site that closes with the test. */
export async function startSite(): Promise<Site> {
  const site: Site = { url: "", doors: new Map(), requests: [], losesAnswer: false, isElsewhere: false };
  site.url = await listen(createServer((request, response) => void answer(site, request, response)));
  return site;
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const say = (status: number, body?: object) => response.writeHead(status).end(body && JSON.stringify(body));
  const { pathname, searchParams } = new URL(request.url ?? "", "http://site");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (pathname === "/token") return void say(text.includes("client_secret=key") ? 200 : 401, { access_token: "t", expires_in: 60 });
  const { method = "" } = request;
  site.requests.push(`${method} ${pathname}`);
  if (site.isElsewhere) return void say(404, {});
  const body = text === "" ? {} : JSON.parse(text);
  const id = pathname.split("/")[2];
  const named = [...site.doors.values()].filter(({ name }) => name === (body.name ?? searchParams.get("name")));
  const door = id === undefined ? undefined : site.doors.get(id);
  if (id === undefined && method === "GET") return void say(200, named);
  if (id === undefined && named.length > 0) return void say(409, { code: "NAME_TAKEN", message: "The name is taken." });
  if (id !== undefined && !door) return void say(404, { code: "NO_SUCH_DOOR", message: "There is no such door." });
  if (method === "DELETE") return void say(site.doors.delete(id ?? "") ? 204 : 404);
  const changed: Door = { id: id ?? `d${site.doors.size + 1}`, ...door, ...body };
  site.doors.set(changed.id, changed);
  if (method !== "POST" || !site.losesAnswer) return void say(method === "POST" ? 201 : 200, changed);
  site.losesAnswer = false;
  response.socket?.resetAndDestroy();
}
